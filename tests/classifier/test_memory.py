"""Working memory: one for each thread, clean, and in lines that a processor fetches at once."""

from __future__ import annotations

import threading

from classifier.blocks import LINE
from classifier.memory import Memory, scratch
from tests.classifier.making import TINY


def test_every_thread_has_working_memory_of_its_own() -> None:
    memory, others = Memory(TINY, 16), []
    mine = memory.here()
    thread = threading.Thread(target=lambda: others.append(memory.here()))
    thread.start()
    thread.join()
    assert memory.here() is mine
    assert others[0] is not mine
    assert Memory(TINY, 16).here() is not mine


def test_it_holds_rows_of_the_width_asked_for_and_nothing_yet() -> None:
    mine = scratch(TINY, 32)
    assert mine.rows.shape[1] == 32
    assert mine.rows.ctypes.data % LINE == 0
    assert not any(table.any() for table in (mine.keys, mine.noted.keys, mine.voted.keys, mine.counting.seen))
