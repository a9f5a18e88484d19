"""Thresholds of B that do what those of A did, found by trying every one."""

from __future__ import annotations

import numpy as np
import pytest

from tests.training.compare.making import noisy, posts_of, side
from training.compare.mapping import GRID, LEAST_FLAGS, mapping_of
from training.compare.sides import Paired, paired

TRUTH = [1, 0, 0, 1, 0, 0, 0, 1, 0, 0] * 20


def pair_of(chances_b: np.ndarray | None = None) -> Paired:
    posts, a = posts_of(TRUTH), noisy(TRUTH, 0.3, 1)
    return paired("recruitment", side(posts, a, 0.45), side(posts, a if chances_b is None else chances_b))


def test_every_threshold_is_the_lowest_that_does_the_same() -> None:
    pair = pair_of(noisy(TRUTH, 0.2, 2))
    rows = mapping_of(pair)
    assert [row["threshold"] for row in rows] == sorted([*GRID, 0.45])
    assert sum(row["flags"] >= LEAST_FLAGS for row in rows) > 5
    for row in rows:
        flagged = pair.a.chance >= row["threshold"]
        assert row["flags"] == flagged.sum()
        if row["flags"] < LEAST_FLAGS:
            assert row["equal_precision"] is None
            assert row["equal_flags"] is None
            continue
        precision = pair.truth[flagged].mean()
        assert row["precision"]["value"] == pytest.approx(precision, abs=6e-5)
        tried = {float(t): pair.b.chance >= t for t in np.unique(pair.b.chance)}
        precise = [t for t, flags in tried.items() if pair.truth[flags].mean() >= precision - 1e-12]
        level = [t for t, flags in tried.items() if flags.sum() <= row["flags"]]
        assert row["equal_precision"]["value"] == min(precise)
        assert row["equal_flags"]["value"] == min(level)
        for name in ("equal_precision", "equal_flags"):
            low, high = row[name]["low"], row[name]["high"]
            assert low is None or 0 <= low < high <= 1


def test_scores_stretched_in_order_are_found_again() -> None:
    a = noisy(TRUTH, 0.3, 1)
    pair = pair_of(a / 2)
    for row in mapping_of(pair):
        if row["equal_flags"]:
            above = pair.a.chance[pair.a.chance >= row["threshold"]].min()
            assert row["equal_flags"]["value"] == pytest.approx(above / 2)
            assert row["equal_precision"]["value"] <= row["equal_flags"]["value"]


def test_a_precision_that_b_never_has_leads_nowhere() -> None:
    chances = np.stack([np.where(np.array(TRUTH) == 1, 0.1, 0.9)] * 2, axis=1)
    rows = mapping_of(pair_of(chances))
    assert rows[5]["precision"]["value"] > 0.3
    assert rows[5]["equal_precision"] is None
    assert rows[-3]["equal_flags"] is None, "B flags 140 posts or none"
