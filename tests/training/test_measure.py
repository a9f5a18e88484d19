"""Figures agree with other people's implementations and, where there is none, with trying everything."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest
from sklearn.metrics import average_precision_score, f1_score, precision_score, recall_score

from tests.training.conftest import reproducibly
from training.measure import (
    PROFILES,
    RARE,
    at_share,
    at_threshold,
    average_precision,
    by_slice,
    choosers,
    effective,
    precision_at,
    profile_figures,
)
from training.shares import wilson

Drawn = tuple[npt.NDArray[np.bool_], npt.NDArray[np.float64]]


@st.composite
def scored(draw: st.DrawFn, most: int = 120) -> Drawn:
    """Labels of both kinds and probabilities with many ties."""
    steps = draw(st.sampled_from([2, 5, 20, 10**6]))
    lean = draw(st.floats(0, 1))
    chance = np.array(draw(st.lists(st.integers(0, steps), min_size=2, max_size=most))) / steps
    dice = np.random.default_rng(draw(st.integers(0, 2**32)))
    truth = dice.random(len(chance)) < (lean * chance + (1 - lean) * dice.random())
    truth[:2] = True, False
    return truth, np.round(chance, 6)


def exact_interval(hits: int, tries: int) -> tuple[float, float]:
    interval = binomtest(hits, tries).proportion_ci(0.95, method="wilson")
    return float(interval.low), float(interval.high)


@reproducibly
@given(st.integers(1, 5000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_the_interval_is_wilsons(counts: tuple[int, int]) -> None:
    hits, tries = counts
    low, high = wilson(np.array([float(hits)]), np.array([float(tries)]))
    assert (low[0], high[0]) == pytest.approx(exact_interval(hits, tries), abs=1e-12)


def test_no_tries_leave_everything_open() -> None:
    low, high = wilson(np.array([0.0, 3.0]), np.array([0.0, 4.0]))
    assert (low[0], high[0]) == (0.0, 1.0)
    assert 0 < low[1] < 0.75 < high[1] < 1


@reproducibly
@given(scored())
def test_average_precision_is_scikit_learns(drawn: Drawn) -> None:
    truth, chance = drawn
    assert average_precision(truth, chance) == pytest.approx(average_precision_score(truth, chance), abs=5e-5)


@pytest.mark.parametrize("truth", [[True, True], [False, False], []])
def test_average_precision_needs_both_kinds(truth: list[bool]) -> None:
    assert average_precision(np.array(truth, bool), np.linspace(0, 1, len(truth))) is None


@reproducibly
@given(scored(), st.integers(0, 10**6))
def test_precision_and_recall_are_scikit_learns(drawn: Drawn, millionths: int) -> None:
    truth, chance = drawn
    threshold = millionths / 10**6
    figures, flagged = at_threshold(truth, chance, threshold), chance >= threshold
    hits, flags, positives = (int(part.sum()) for part in (truth & flagged, flagged, truth))
    assert (figures["n"], figures["positives"], figures["flagged"]) == (len(truth), positives, flags)
    assert figures["recall"] == pytest.approx(recall_score(truth, flagged), abs=5e-5)
    bounds = (figures["recall_low"], figures["recall_high"])
    assert bounds == pytest.approx(exact_interval(hits, positives), abs=5e-5)
    if flags:
        assert figures["precision"] == pytest.approx(precision_score(truth, flagged), abs=5e-5)
        bounds = (figures["precision_low"], figures["precision_high"])
        assert bounds == pytest.approx(exact_interval(hits, flags), abs=5e-5)
    else:
        assert (figures["precision"], figures["precision_low"], figures["precision_high"]) == (None, 0.0, 1.0)


def test_a_probability_equal_to_the_threshold_is_flagged() -> None:
    figures = at_threshold(np.array([True, False]), np.array([0.25, 0.249999]), 0.25)
    assert (figures["flagged"], figures["precision"]) == (1, 1.0)


# Precision in a stream, where one post in a thousand is positive.


def test_precision_in_a_stream_is_that_of_counting_by_hand() -> None:
    """Eight of ten are found and ten of a thousand others flagged: of a million posts 800 rightly, 9,990 wrongly."""
    found = at_share(8, 10, 10, 1000)
    assert found["precision_at_1_in_1000"] == round(800 / (800 + 9990), 4) == 0.0741
    (recall_low, recall_high), (false_low, false_high) = exact_interval(8, 10), exact_interval(10, 1000)
    low, high = (
        1000 * recall_low / (1000 * recall_low + 999_000 * false_high),
        1000 * recall_high / (1000 * recall_high + 999_000 * false_low),
    )
    assert found["precision_at_1_in_1000_low"] == pytest.approx(low, abs=5e-5)
    assert found["precision_at_1_in_1000_high"] == pytest.approx(high, abs=5e-5)
    assert at_share(8, 10, 10, 1000, share=0.5)["precision_at_1_in_1000"] == round(0.8 / 0.81, 4)


def test_precision_in_a_stream_that_nobody_knows() -> None:
    assert precision_at(0.0, 0.0, RARE) is None
    nothing_flagged = at_share(0, 0, 10, 1000)
    assert nothing_flagged["precision_at_1_in_1000"] is None
    assert nothing_flagged["precision_at_1_in_1000_low"] == 0.0
    assert at_share(8, 0, 10, 1000)["precision_at_1_in_1000"] == 1.0
    assert at_share(8, 0, 10, 1000)["precision_at_1_in_1000_low"] < 0.3, "a thousand posts do not show that none is"
    only_positives = at_share(8, 0, 10, 0)
    assert (only_positives["precision_at_1_in_1000_low"], only_positives["precision_at_1_in_1000"]) == (
        pytest.approx(0.0005, abs=1e-4),
        1.0,
    )


@reproducibly
@given(scored(), st.integers(0, 10**6))
def test_figures_at_a_threshold_say_what_they_are_worth_in_a_stream(drawn: Drawn, millionths: int) -> None:
    truth, chance = drawn
    figures, flagged = at_threshold(truth, chance, millionths / 10**6), chance >= millionths / 10**6
    recall, false = (truth & flagged).sum() / truth.sum(), (~truth & flagged).sum() / max(1, (~truth).sum())
    rare = figures["precision_at_1_in_1000"]
    if not flagged.any():
        assert rare is None
        return
    weights = np.where(truth, RARE / truth.sum(), (1 - RARE) / (~truth).sum())
    assert rare == pytest.approx(precision_score(truth, flagged, sample_weight=weights), abs=5e-5)
    assert rare == pytest.approx(precision_at(recall, false, RARE), abs=5e-5)
    assert figures["precision_at_1_in_1000_low"] <= rare <= figures["precision_at_1_in_1000_high"]


# Profiles, against every threshold there is.


def tried(truth: npt.NDArray[np.bool_], chance: npt.NDArray[np.float64]) -> list[dict[str, Any]]:
    """Figures at every probability that occurs, rising."""
    found = []
    for threshold in sorted(set(chance.tolist())):
        flagged = chance >= threshold
        hits, flags = int((truth & flagged).sum()), int(flagged.sum())
        found.append(
            {
                "threshold": threshold,
                "f1": f1_score(truth, flagged),
                "low": exact_interval(hits, flags)[0],
                "enough": 20 * hits >= 19 * int(truth.sum()),
            }
        )
    return found


@reproducibly
@given(scored(60))
def test_balanced_has_the_highest_f1(drawn: Drawn) -> None:
    chosen = profile_figures(*drawn, share=None)["balanced"]
    rows = tried(*drawn)
    (row,) = [row for row in rows if row["threshold"] == chosen["threshold"]]
    assert row["f1"] == pytest.approx(max(row["f1"] for row in rows), abs=1e-12)
    assert chosen["reached"] is True


@reproducibly
@given(scored(60), st.sampled_from([0.01, 0.05, 0.3]))
def test_balanced_has_the_highest_f1_where_positives_are_rare(drawn: Drawn, share: float) -> None:
    """Against scikit-learn with every post weighed so that the positives have that share, or their own if less."""
    truth, chance = drawn
    wanted = min(share, truth.mean())
    weights = np.where(truth, wanted / truth.sum(), (1 - wanted) / max(1, (~truth).sum()))
    threshold = profile_figures(truth, chance, share)["balanced"]["threshold"]
    best = max(f1_score(truth, chance >= one, sample_weight=weights) for one in set(chance.tolist()))
    assert f1_score(truth, chance >= threshold, sample_weight=weights) == pytest.approx(best, abs=1e-9)


def check_high_precision(drawn: Drawn) -> bool:
    chosen = profile_figures(*drawn)["high_precision"]
    rows = tried(*drawn)
    good = [row["threshold"] for row in rows if row["low"] >= 0.90]
    assert chosen["reached"] == bool(good)
    if good:
        assert chosen["threshold"] == min(good)
    else:
        (row,) = [row for row in rows if row["threshold"] == chosen["threshold"]]
        assert row["low"] == pytest.approx(max(row["low"] for row in rows), abs=1e-12)
    return bool(good)


@reproducibly
@given(scored(60))
def test_high_precision_is_the_lowest_threshold_that_is_surely_precise_or_the_nearest(drawn: Drawn) -> None:
    check_high_precision(drawn)


def test_high_precision_can_be_reached_and_can_be_missed() -> None:
    """Forty hits without a miss bound precision at .91, thirty at .89."""
    for hits, reached in ((10, False), (20, True), (60, True)):
        truth = np.array([True] * 3 * hits + [False] * 50)
        chance = np.repeat([0.9, 0.8, 0.7, 0.1], [hits, hits, hits, 50])
        assert check_high_precision((truth, chance)) is reached
        assert profile_figures(truth, chance)["high_precision"]["threshold"] == 0.7


@reproducibly
@given(scored(60))
def test_high_recall_is_the_highest_threshold_that_finds_95_in_100(drawn: Drawn) -> None:
    chosen = profile_figures(*drawn)["high_recall"]
    assert chosen["threshold"] == max(row["threshold"] for row in tried(*drawn) if row["enough"])
    assert chosen["reached"] is True


def test_exactly_95_in_100_are_enough() -> None:
    for positives in range(20, 401, 20):
        wanted = positives * 19 // 20
        truth = np.array([True] * positives + [False] * 10)
        chance = np.array([0.9] * wanted + [0.2] * (positives - wanted) + [0.1] * 10)
        assert profile_figures(truth, chance)["high_recall"]["threshold"] == 0.9


@reproducibly
@given(scored())
def test_the_figures_of_a_profile_are_those_at_its_threshold(drawn: Drawn) -> None:
    figures = profile_figures(*drawn)
    assert set(figures) == set(PROFILES) == {"balanced", "high_precision", "high_recall"}
    for profile in figures.values():
        assert profile == at_threshold(*drawn, profile["threshold"]) | {"reached": profile["reached"]}
        assert profile["threshold"] in drawn[1]


def test_slices_are_measured_apart_the_largest_first() -> None:
    truth = np.array([True, False, True, False, False, True])
    chance = np.array([0.9, 0.8, 0.2, 0.7, 0.1, 0.6])
    names = np.array(["kk", "ru", "ru", "ru", "en", "en"], object)
    slices = by_slice(truth, chance, names)
    assert list(slices) == ["ru", "en", "kk"]
    assert slices["ru"] == {"n": 3, "positives": 1, "average_precision": pytest.approx(1 / 3, abs=5e-5)}
    assert slices["en"]["average_precision"] == 1.0
    assert slices["kk"] == {"n": 1, "positives": 1, "average_precision": None}


def test_weighted_figures_are_those_of_posts_that_stand_several_times() -> None:
    dice = np.random.default_rng(3)
    truth, chance, times = dice.random(200) < 0.3, dice.random(200).round(2), dice.integers(1, 5, 200)
    truth_all, chance_all = np.repeat(truth, times), np.repeat(chance, times)
    weights = times.astype(float)
    assert average_precision(truth, chance, weights) == average_precision(truth_all, chance_all)
    one, other = at_threshold(truth, chance, 0.6, weights), at_threshold(truth_all, chance_all, 0.6)
    for name in ("precision", "recall", "precision_at_1_in_1000"):
        assert one[name] == pytest.approx(other[name], abs=1e-4)
        assert one[f"{name}_low"] <= other[f"{name}_low"]  # unequal weights tell less than as many posts
    assert (one["n"], one["flagged"]) == (200, int((chance >= 0.6).sum()))
    for name, choose in choosers(0.05).items():
        if name != "high_precision":  # whose bound depends on how many posts there are
            assert choose(truth, chance, weights=weights) == choose(truth_all, chance_all)


def test_equal_weights_change_nothing_and_unequal_ones_count_for_fewer_posts() -> None:
    assert effective(None, 4).tolist() == [1, 1, 1, 1]
    assert effective(np.full(4, 3.0), 4).tolist() == [1, 1, 1, 1]
    assert effective(np.array([1.0, 1, 1, 5]), 4).sum() == pytest.approx(64 / 28)
