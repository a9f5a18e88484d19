"""Spans of evidence as they are laid out in the compiled loop, against a slow twin in plain Python."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from classifier.kernels.spans import in_order, lay_out_spans, to_text

WORD = st.tuples(st.integers(0, 30), st.integers(1, 6), st.sampled_from([0.0, 0.01, -0.02, 0.5, -1.0, 3.0]))
WORDS = st.lists(WORD, max_size=8)


def as_arrays(words: list[tuple[int, int, float]]) -> tuple[np.ndarray, np.ndarray]:
    table = np.array([(0, 0, beg, beg + long) for beg, long, _ in words], np.int32).reshape(-1, 4)
    return table, np.array([[part for *_, part in words]]).reshape(1, -1)


def slow_spans(words: list[tuple[int, int, float]], shown_from: float) -> tuple[list[tuple[int, int, float]], float]:
    """Merge what overlaps, in the order of the text; tell strong from weak."""
    inside: list[tuple[int, int, float]] = []
    for beg, long, part in sorted((word for word in words if word[2]), key=lambda word: (word[0], word[0] + word[1])):
        if inside and beg < inside[-1][1]:
            first, before, other = inside.pop()
            inside.append((first, max(beg + long, before), part + other))
        else:
            inside.append((beg, beg + long, part))
    least = shown_from * max((abs(part) for *_, part in inside), default=0.0)
    shown = [one for one in inside if one[2] and abs(one[2]) >= least]
    return shown, math.fsum(one[2] for one in inside if one not in shown)


@settings(deadline=None)  # the first call may compile
@given(WORDS, WORDS, st.sampled_from([0.0, 0.05, 0.5]))
def test_spans_are_those_of_the_slow_twin(words: list, plain: list, shown_from: float) -> None:
    (table, parts), (plain_table, plain_parts) = as_arrays(words), as_arrays(plain)
    most = len(words) + len(plain)
    spans, values, rows = np.zeros((most + 3, 2), np.int32), np.zeros(most + 3), np.zeros((1, 3), np.int64)
    lay_out_spans(table, parts, plain_table, plain_parts, shown_from, spans, values, 3, rows)
    first, shown, every = rows[0].tolist()
    assert first == 3
    found = [(*place, part) for place, part in zip(spans[3:][:shown].tolist(), values[3:].tolist(), strict=False)]
    expected, weak = slow_spans(words + plain, shown_from)
    assert [one[:2] for one in found] == [one[:2] for one in expected]
    assert [one[2] for one in found] == pytest.approx([one[2] for one in expected], abs=1e-12)
    assert math.fsum(values[3 + shown : 3 + every]) == pytest.approx(weak, abs=1e-12)


@settings(deadline=None)
@given(WORDS, WORDS)
def test_words_come_by_their_places(words: list, plain: list) -> None:
    tables = [as_arrays(one)[0] for one in (words, plain)]
    order = in_order(*tables).tolist()
    keys = [(row[2], row[3]) for table in tables for row in table.tolist()]
    assert order == sorted(range(len(keys)), key=lambda at: keys[at])


def test_places_of_a_composed_text_point_into_the_text_as_given() -> None:
    rows = np.array([[7, 9, 0, 2], [7, 9, 1, 3]], np.int32)
    to_text(rows, 2, np.array([0, 2, 5, 6], np.int32), np.array([1, 4, 6, 8], np.int32))
    assert rows.tolist() == [[7, 9, 0, 6], [7, 9, 2, 8]]
