"""The collector of cycles rests while answers are put together, and is found as it was."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest

from classifier import Classifier
from classifier.resting import collector_at_rest


@pytest.fixture(autouse=True)
def _as_it_was() -> Iterator[None]:
    yield
    gc.enable()


def test_it_rests_inside_and_wakes_after() -> None:
    with collector_at_rest():
        assert not gc.isenabled()
        with collector_at_rest():
            assert not gc.isenabled()
        assert not gc.isenabled()
    assert gc.isenabled()


def test_it_wakes_after_a_fault() -> None:
    with pytest.raises(ValueError, match="fault"), collector_at_rest():
        raise ValueError("fault")
    assert gc.isenabled()


def test_it_stays_off_where_somebody_switched_it_off() -> None:
    gc.disable()
    with collector_at_rest():
        pass
    assert not gc.isenabled()


def test_scoring_leaves_it_on(classifier: Classifier) -> None:
    classifier.score(["join us", "nothing"], explain=True)
    assert gc.isenabled()
