"""Slices, categories, lawful speech, mistakes and checks of a whole report, by counting."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from sklearn.metrics import average_precision_score

from classifier import Classifier
from tests.training.making import table
from tests.training.report.conftest import cases
from training.check import passes
from training.disguise import DISGUISES, disguise
from training.measure import at_threshold
from training.report import robust
from training.report.judged import Judged
from training.report.lawful import members_of, read_speech
from training.report.slices import by_length, month_names


def test_every_post_is_in_one_slice_of_each_kind(figures: dict[str, Any]) -> None:
    for one in figures["labels"].values():
        for kind, parts in one["slices"].items():
            assert sum(part["n"] for part in parts.values()) == one["n"], kind
            assert sum(part["positives"] for part in parts.values()) == one["positives"], kind
        assert list(one["slices"]["month"]) == ["2026-01", "2026-02", "2026-03", "2026-04"]


def test_a_slice_has_the_figures_of_its_posts(judged: Judged, figures: dict[str, Any]) -> None:
    one = judged.one("recruitment")
    mine = (judged.posts.frame["source"] == "chat").to_numpy()[one.rows]
    found = figures["labels"]["recruitment"]["slices"]["source"]["chat"]
    expected = at_threshold(one.truth[mine], one.chance[mine], one.threshold)
    assert found["n"] == expected["n"]
    assert found["recall"]["value"] == expected["recall"]
    assert found["precision"]["value"] == expected["precision"]
    precision = average_precision_score(one.truth[mine], one.chance[mine])
    assert found["average_precision"]["value"] == pytest.approx(precision, abs=5e-5)


def test_lengths_are_slices_that_grow() -> None:
    found = by_length(["a" * size for size in (5000, 1, 39, 40, 99, 1000)])
    assert {name: np.flatnonzero(inside).tolist() for name, inside in found.items()} == {
        "0 to 39": [1, 2],
        "40 to 99": [3, 4],
        "1000 or more": [0, 5],
    }
    assert list(found) == ["0 to 39", "40 to 99", "1000 or more"]


def test_months_are_those_of_the_post_or_else_of_the_decision(tiny_classifier: Classifier) -> None:
    dates = [("2026-03-04", "2026-05-01"), ("", "2026-05-01T00:00:00Z"), ("", ""), ("yesterday", "")]
    posts = table([{"created_at": made, "decided_at": decided} for made, decided in dates])
    assert month_names(Judged(tiny_classifier, posts)).tolist() == ["2026-03", "2026-05", "", ""]


def test_categories_count_what_is_flagged_and_what_is_right(judged: Judged, figures: dict[str, Any]) -> None:
    frame = judged.posts.frame
    right = np.ones(len(frame), bool)
    for place, label in enumerate(judged.classifier.labels):
        truth = frame[label].to_numpy(float)
        flagged = judged.chances[:, place] >= judged.classifier.thresholds("balanced")[label]
        right &= np.isnan(truth) | (flagged == (truth == 1))
        mine = (frame["category"] == "slogan").to_numpy() & ~np.isnan(truth)
        found = figures["categories"]["slogan"]["labels"][label]
        assert found == {"positives": int((truth[mine] == 1).sum()), "flagged": int(flagged[mine].sum())}
    for name, row in figures["categories"].items():
        mine = (frame["category"] == name).to_numpy()
        assert row["n"] == mine.sum()
        assert row["right"]["value"] == pytest.approx(right[mine].mean(), abs=5e-5)
    shares = [row["right"]["value"] for row in figures["categories"].values()]
    assert shares == sorted(shares)


def test_mistakes_are_on_the_wrong_side_and_explained(judged: Judged, figures: dict[str, Any]) -> None:
    for label, one in figures["labels"].items():
        threshold = judged.classifier.thresholds("balanced")[label]
        counts = one["profiles"]["balanced"]
        assert one["mistakes"]["missed"]["n"] == round(counts["positives"] * (1 - counts["recall"]))
        assert one["mistakes"]["false_flags"]["n"] == round(counts["flagged"] * (1 - counts["precision"]))
        for kind, found in one["mistakes"].items():
            chances = [worst["probability"] for worst in found["worst"]]
            assert chances == sorted(chances, reverse=kind == "false_flags")
            assert all((chance >= threshold) == (kind == "false_flags") for chance in chances)
            for worst in found["worst"]:
                (score,) = judged.classifier.score([worst["text"]], explain=True)
                assert worst["evidence"] == (score.evidence or {})[label]
                assert worst["probability"] == score.labels[label].probability
                assert worst["place"].startswith("row ")


# Lawful speech.


def test_lawful_speech_is_told_by_columns_and_words(tiny_classifier: Classifier) -> None:
    rows = [
        {"text": "nothing here", "category": "religion", "recruitment": "0", "separatism": "0"},
        {"text": "Мечети открыты", "recruitment": "0", "separatism": "0"},
        {"text": "Мечети открыты", "recruitment": "1", "separatism": "0"},
        {"text": "Мечети открыты", "recruitment": "0", "separatism": ""},
        {"text": "a vote", "means": "peaceful", "recruitment": "0", "separatism": "1"},
        {"text": "STRIKE tomorrow", "recruitment": "0", "separatism": "0"},
        {"text": "striking colours", "recruitment": "0", "separatism": "0"},
    ]
    members = members_of(Judged(tiny_classifier, table(rows)), read_speech())
    found = {name: np.flatnonzero(inside).tolist() for name, inside in members.items() if inside.any()}
    assert found == {"worship": [0, 1], "peaceful_campaign": [4], "strike": [5]}


def test_lawful_flags_are_counted_and_kinds_without_posts_are_named(judged: Judged, figures: dict[str, Any]) -> None:
    found = figures["lawful"]["protest"]
    one = judged.one("recruitment")
    frame = judged.posts.frame
    mine = ((frame["category"] == "protest_or_strike") & (frame["separatism"] == 0)).to_numpy()
    assert found["n"] == mine.sum() > 0
    assert found["labels"]["recruitment"]["value"] == pytest.approx(1000 * one.flagged[mine[one.rows]].mean(), abs=5e-4)
    assert found["checks"] == {"n": 1, "passed": 0}
    assert figures["lawful"]["journalism"]["n"] == 0
    assert figures["lawful"]["journalism"]["labels"]["recruitment"] is None


# Checks and disguises.


def test_checks_pass_as_in_clarion_check(judged: Judged, figures: dict[str, Any]) -> None:
    scores = judged.classifier.score([case.text for case in cases()])
    passed = [case.id for case, score in zip(cases(), scores, strict=True) if passes(case, score)]
    found = figures["checks"]
    assert (found["n"], found["passed"]) == (3, len(passed))
    assert [name for one in found["functionalities"].values() for name in one["failed"]] == ["c3"]
    assert (found["pairs"], found["flipped"]) == (1, 0)
    assert list(found["functionalities"]) == ["protest_or_strike_call", "offer"]


def test_a_disguise_loses_what_scikit_learn_says(judged: Judged, figures: dict[str, Any]) -> None:
    assert list(figures["disguises"]) == list(DISGUISES)
    hidden = [disguise(text, "stars", 0) for text in judged.posts.texts]
    chances = judged.classifier.probabilities(judged.classifier.margins(hidden).margins)
    for place, label in enumerate(judged.classifier.labels):
        one, found = judged.one(label), figures["disguises"]["stars"][label]
        other = chances[one.rows, place]
        drop = average_precision_score(one.truth, one.chance) - average_precision_score(one.truth, other)
        assert found["drop"]["value"] == pytest.approx(drop, abs=5e-5)
        flips = (other >= one.threshold) != one.flagged
        assert found["flips"]["value"] == pytest.approx(flips.mean(), abs=5e-5)


def test_of_many_posts_a_sample_is_disguised(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(robust, "MOST", 5)
    rows = robust.disguised_rows(50, seed=1)
    assert len(set(rows.tolist())) == 5
    assert rows.tolist() == robust.disguised_rows(50, seed=1).tolist() != robust.disguised_rows(50, seed=2).tolist()
    assert robust.disguised_rows(5, seed=1).tolist() == [0, 1, 2, 3, 4]
