"""Small sets and a small bundle."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from classifier import Classifier
from classifier.bundle import write_bundle
from classifier.cues import CueSet, read_cues
from classifier.ngrams import GramSettings
from tests.training.making import CUES, invented, table, write
from training.fit import Fitter
from training.posts import LabelledPosts
from training.settings import FitSettings

# The same examples in every run: what fails here fails for everybody.
settings.register_profile(
    "reproducible",
    derandomize=True,
    deadline=None,
    max_examples=60,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
reproducibly = settings.get_profile("reproducible")
TINY = FitSettings(ngrams=GramSettings(buckets=2**12))


@pytest.fixture(scope="session")
def cue_directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four invented cues; one speaks against what the invented posts say."""
    directory = tmp_path_factory.mktemp("cues")
    (directory / "invented.yaml").write_text(CUES, encoding="utf-8")
    return directory


@pytest.fixture(scope="session")
def cues(cue_directory: Path) -> CueSet:
    return read_cues(cue_directory)


@pytest.fixture(scope="session")
def few() -> LabelledPosts:
    """Eighty invented posts."""
    return table(invented(80))


@pytest.fixture(scope="session")
def fitter(few: LabelledPosts, cues: CueSet) -> Fitter:
    """A finished training run on the invented posts."""
    fitter = Fitter(few, cues, TINY, "tiny")
    list(fitter.run())
    return fitter


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory, fitter: Fitter) -> Path:
    """Directory of the bundle that came of it; not to be changed."""
    assert fitter.bundle is not None
    directory = tmp_path_factory.mktemp("tiny") / "bundle"
    write_bundle(directory, fitter.bundle.manifest, fitter.bundle.arrays, fitter.cues)
    return directory


@pytest.fixture(scope="session")
def tiny_classifier(tiny: Path) -> Classifier:
    return Classifier.load(tiny)


@pytest.fixture
def posts_file(tmp_path: Path) -> Path:
    """Eighty other invented posts as a file."""
    return write(tmp_path / "posts.csv", invented(80, seed=1))
