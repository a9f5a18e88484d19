"""A small real bundle, trained once for the whole run, and what else every floor's tests share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from classifier import Classifier
from classifier.bundle import write_bundle
from classifier.cues import CueSet, read_cues
from classifier.ngrams import GramSettings
from tests.commands import Command, commands
from training.fit import Fitter
from training.nearest import index_of
from training.posts import LabelledPosts, read_posts
from training.schema import Schema
from training.settings import FitSettings
from training.shipped import data_directory, post_files

SMALL = FitSettings(ngrams=GramSettings(buckets=2**15))


@pytest.fixture(scope="session")
def some_posts() -> LabelledPosts:
    """Shipped posts of a few batches in every language, enough to train on in seconds."""
    return read_posts(post_files()[::12], Schema())


@pytest.fixture(scope="session")
def shipped_cues() -> CueSet:
    """The cues that ship."""
    return read_cues(data_directory() / "cues")


@pytest.fixture(scope="session")
def bundle(tmp_path_factory: pytest.TempPathFactory, some_posts: LabelledPosts, shipped_cues: CueSet) -> Path:
    """Directory of a bundle trained on `some_posts`, which shows some of them; not to be changed."""
    fitter = Fitter(some_posts, shipped_cues, SMALL, "test")
    list(fitter.run())
    assert fitter.bundle is not None
    directory = tmp_path_factory.mktemp("models") / "current"
    nearest = index_of(some_posts, 500, 0)
    write_bundle(directory, fitter.bundle.manifest, fitter.bundle.arrays, shipped_cues, nearest)
    return directory


@pytest.fixture(scope="session")
def classifier(bundle: Path) -> Classifier:
    """The bundle, loaded."""
    return Classifier.load(bundle)


@pytest.fixture
def clarion(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Command]:
    """Types `clarion ...`, with `typed` on standard input, and waits for its end."""
    yield from commands(monkeypatch, capsys)
