"""Words that are kept in four places each: found again, never taken for another, and turned out in turn."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from classifier.kernels.kept import WAYS, kept_at, place_for, row_of
from tests.classifier.making import reproducibly

hashes = st.integers(1, 2**64 - 1).map(np.uint64)


def fresh(rows: int) -> tuple[np.ndarray, np.ndarray]:
    return np.zeros((rows, WAYS), np.uint64), np.zeros(1, np.int32)


@settings(reproducibly)
@given(st.lists(hashes, max_size=60, unique=True), st.sampled_from([1, 2, 16]))
def test_what_is_found_is_what_was_kept_last_at_that_place(several: list[np.uint64], rows: int) -> None:
    keys, turn = fresh(rows)
    holds: dict[int, np.uint64] = {}
    for word in several:
        assert kept_at(word, keys) == -1
        at = place_for(word, keys, turn)
        assert at // WAYS == row_of(word, keys)
        holds[at] = word
        assert {place: kept_at(kept, keys) for place, kept in holds.items()} == {place: place for place in holds}


def test_no_word_is_turned_out_while_there_is_room_and_each_in_its_turn_when_there_is_none() -> None:
    keys, turn = fresh(1)
    words = [np.uint64(word) for word in range(1, 2 * WAYS + 1)]
    assert [place_for(word, keys, turn) for word in words[:WAYS]] == list(range(WAYS))
    later = [place_for(word, keys, turn) for word in words[WAYS:]]
    assert sorted(later) == list(range(WAYS))
    assert all(kept_at(word, keys) == -1 for word in words[:WAYS])
    assert [kept_at(word, keys) for word in words[WAYS:]] == later


@pytest.mark.parametrize("rows", [1, 2, 8, 1024])
def test_every_row_is_used(rows: int) -> None:
    keys, _ = fresh(rows)
    spread = np.random.default_rng(0).integers(1, 2**63, 64 * rows, np.uint64)
    assert {row_of(word, keys) for word in spread} == set(range(rows))
