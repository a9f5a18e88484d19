"""Small models with random weights."""

from __future__ import annotations

from pathlib import Path

import pytest

from classifier import Classifier
from classifier.cues import CueSet
from tests.classifier.making import cue_set, made_classifier, write_made


@pytest.fixture(scope="session")
def cues() -> CueSet:
    """Three small cues."""
    return cue_set()


@pytest.fixture(scope="session")
def made() -> Classifier:
    """Two independent labels, random weights."""
    return made_classifier()


@pytest.fixture(scope="session")
def exclusive() -> Classifier:
    """Three classes, of which a post has one."""
    return made_classifier(labels=("against", "neutral", "favour"), exclusive=True)


@pytest.fixture(scope="session")
def made_bundle_directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The model `made` on disk; not to be changed."""
    return write_made(tmp_path_factory.mktemp("made") / "bundle")


@pytest.fixture(scope="session")
def data() -> Path:
    """The data of the checkout."""
    return Path(__file__).parents[2] / "data"
