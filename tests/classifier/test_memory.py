"""Working memory: one piece for each call, clean, and in lines that a processor fetches at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from classifier import model
from classifier.blocks import LINE
from classifier.memory import Memory, scratch
from tests.classifier.making import TINY, made_classifier


def test_calls_at_the_same_time_have_pieces_of_their_own_and_later_ones_take_the_last() -> None:
    memory = Memory(TINY, 16)
    first, second = memory.take(), memory.take()
    assert first is not second
    memory.give(first)
    memory.give(second)
    assert memory.take() is second
    assert memory.take() is first
    assert Memory(TINY, 16).take() is not first


def test_as_many_pieces_are_made_as_threads_score_at_once() -> None:
    shared = made_classifier()
    for _ in range(3):
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(lambda k: shared.score([f"вступай {k}"], explain=True), range(60)))
    assert 1 <= len(shared.memory.idle) <= 4


def test_a_piece_is_not_used_again_after_a_call_that_failed(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise MemoryError

    made = made_classifier()
    made.score(["вступай"])
    monkeypatch.setattr(model, "score_posts", fail)
    with pytest.raises(MemoryError):
        made.score(["вступай"])
    assert not made.memory.idle


def test_it_holds_rows_of_the_width_asked_for_and_nothing_yet() -> None:
    mine = scratch(TINY, 32)
    assert mine.rows.shape[1] == 32
    assert mine.rows.ctypes.data % LINE == 0
    assert not any(table.any() for table in (mine.keys, mine.noted.keys, mine.voted.keys, mine.counting.seen))
