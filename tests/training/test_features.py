"""Posts in the form that models are fitted to."""

from __future__ import annotations

import numpy as np

from classifier.cues import CueSet
from tests.training.conftest import TINY
from tests.training.making import invented, table
from training.features import features_of, stated_weights


def test_a_post_without_a_weight_counts_once() -> None:
    rows = [row | {"weight": weight} for row, weight in zip(invented(3), (2.5, float("nan"), 0.1), strict=True)]
    assert stated_weights(table(rows)).tolist() == [2.5, 1.0, 0.1]


def test_rows_of_features_are_those_of_their_posts(cues: CueSet) -> None:
    rows = [row | {"weight": float(number + 1)} for number, row in enumerate(invented(6))]
    whole, some = features_of(table(rows), cues, TINY), np.array([4, 1])
    part = whole.rows(some)
    assert part.weights.tolist() == [5.0, 2.0]
    np.testing.assert_array_equal(part.cues, whole.cues[some])
    for place, row in enumerate(some):
        mine, all_ = part.counts, whole.counts
        found = mine.buckets[mine.indptr[place] : mine.indptr[place + 1]]
        np.testing.assert_array_equal(np.sort(found), all_.buckets[all_.indptr[row] : all_.indptr[row + 1]])
