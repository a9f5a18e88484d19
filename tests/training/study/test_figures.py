"""Figures of a study are those that counting by hand gives."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import average_precision_score

from classifier.cues import CueSet
from tests.training.making import Row, table
from training.posts import LabelledPosts
from training.settings import FitSettings
from training.study.bench import Bench
from training.study.figures import (
    Scored,
    best_threshold,
    by_category,
    by_language,
    per_thousand,
    precision_of,
    recall_at,
    scored,
    share_of,
    twins_right,
)


def one_label(truth: list[bool], margins: list[float], languages: list[str] | None = None) -> Scored:
    size = len(truth)
    return Scored(
        np.array([str(number) for number in range(size)], object),
        np.array(truth),
        np.array(margins, float),
        np.arange(size),
        np.array(languages or ["ru"] * size, object),
    )


def posts(*rows: Row) -> LabelledPosts:
    return table([{"recruitment": 0, "separatism": 0, "lang": "ru"} | row for row in rows])


def test_average_precision_comes_with_an_interval_around_it() -> None:
    truth, margins = [True, False, True, False, False, True], [3.0, 2.5, 2.0, 1.0, 0.5, 0.0]
    figures = precision_of(one_label(truth, margins), seed=0)
    assert figures["average_precision"] == round(average_precision_score(truth, margins), 4)
    low, high = figures["interval"]
    assert 0 < low < figures["average_precision"] < high <= 1
    assert (figures["n"], figures["positives"]) == (6, 3)
    assert precision_of(one_label([False] * 3, [1, 2, 3]), 0) == {"n": 3, "positives": 0, "average_precision": None}


def test_languages_come_with_the_largest_first_and_scripts_together() -> None:
    found = scored(posts({"lang": "kk"}, {"lang": "ru-Latn"}, {"lang": "ru"}), 0, np.zeros((3, 2)), np.arange(3))
    assert list(by_language(found, 0)) == ["all", "ru", "kk"]
    assert by_language(found, 0)["ru"]["n"] == 2


def test_a_blank_label_is_left_out() -> None:
    found = scored(posts({"recruitment": None}, {"recruitment": 1}), 0, np.array([[1.0, 0], [2.0, 0]]), np.arange(2))
    assert (list(found.ids), list(found.truth), list(found.margins)) == (["1"], [True], [2.0])


TWINS = [
    {"id": "a", "recruitment": 1},
    {"id": "b", "twin": "a"},
    {"id": "c", "separatism": 1},
    {"id": "d", "twin": "c", "recruitment": 1},
    {"id": "e", "twin": "a", "recruitment": None},
    {"id": "f", "twin": "gone"},
]


@pytest.mark.parametrize(
    ("margins", "both", "order"),
    [
        ([[1, -1], [-1, -1], [-1, 1], [1, -1], [9, 9], [9, 9]], 1.0, 1.0),
        ([[1, -1], [0.5, -1], [-1, 1], [1, -1], [9, 9], [9, 9]], 0.5, 1.0),
        ([[1, -1], [-1, -1], [-1, 1], [-2, -1], [9, 9], [9, 9]], 0.5, 0.5),
        ([[-1, -1], [1, -1], [1, -1], [-1, 1], [9, 9], [9, 9]], 0.0, 0.0),
    ],
)
def test_twins_are_right_when_every_label_on_which_they_differ_is(
    margins: list[list[float]], both: float, order: float
) -> None:
    figures = twins_right(posts(*TWINS), np.array(margins, float), [0.0, 0.0], np.arange(6), seed=0)
    assert figures["pairs"] == 2, "a blank label and a twin that is not there make no pair"
    assert figures["both_right"]["share"] == both
    assert figures["in_order"]["share"] == order


def test_without_twins_there_is_nothing_to_say() -> None:
    assert twins_right(posts({}), np.zeros((1, 2)), [0, 0], np.arange(1), 0) == {"pairs": 0}


def test_recall_is_taken_above_the_ordinary_post_that_may_not_be_flagged() -> None:
    one = one_label([True, True, True, True, False], [5000.0, 1500.5, 1996.5, -1.0, 3000.0])
    ordinary = np.arange(2000.0)  # 2 of 2000 may be flagged, then 6
    figures = recall_at(one, ordinary, seed=0)
    assert figures["1"]["share"] == 0.25
    assert figures["3"]["share"] == 0.5
    assert (ordinary > 1997).sum() == 2


def test_flags_per_thousand_are_wilsons() -> None:
    figures = per_thousand(3, 1500)
    assert figures["per_thousand"] == 2.0
    assert figures["interval"] == [0.68, 5.86]
    assert per_thousand(0, 0)["per_thousand"] is None


def test_a_post_is_right_when_every_known_label_is() -> None:
    given = posts(
        {"category": "news"},
        {"category": "news"},
        {"category": "slogan", "separatism": 1},
        {"category": "both", "recruitment": 1, "separatism": None},
    )
    flags = {
        "recruitment": np.array([False, True, False, True]),
        "separatism": np.array([False, False, True, False]),
    }
    assert by_category(given, flags) == {
        "both": {"n": 1, "right": 1},
        "news": {"n": 2, "right": 1},
        "slogan": {"n": 1, "right": 1},
    }


def test_a_share_is_resampled_by_group() -> None:
    hits = np.array([True] * 50 + [False] * 50)
    alone, together = share_of(hits, np.arange(100), 0), share_of(hits, np.arange(100) // 50, 0)
    assert alone["share"] == together["share"] == 0.5
    assert together["interval"] == [0.0, 1.0]
    assert alone["interval"] == pytest.approx([0.4, 0.6], abs=0.02)


def test_the_best_threshold_has_the_highest_f1_where_positives_are_rare() -> None:
    assert best_threshold(one_label([True, False, True, False], [4, 3, 2, 1])) == 4
    assert best_threshold(one_label([True, True, True, False], [4, 3, 2, 1])) == 2


def test_parts_grow_by_whole_batches_in_a_seeded_order(cues: CueSet) -> None:
    given = table([{"batch": f"b{number // 10}"} for number in range(60)])
    bench = Bench(given, cues, FitSettings())
    grown = dict(bench.growing((20, 40, 100), seed=1))
    assert sorted(grown) == [20, 40], "more posts than there are make no point"
    assert set(grown[20]) < set(grown[40])
    for rows in grown.values():
        counts = given.frame["batch"][rows].value_counts()
        assert (counts == 10).all()
    assert dict(bench.growing((20,), seed=1))[20].tolist() == grown[20].tolist()
    assert dict(bench.growing((20,), seed=2))[20].tolist() != grown[20].tolist()
