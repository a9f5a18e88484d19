"""Drift is the population stability index over what the bundle remembers of its training posts."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from classifier import Classifier
from classifier.ngrams import count
from classifier.text import fold
from tests.training.making import invented, table
from training.fit import Fitter
from training.groups import group_posts
from training.reference import reference_of, shares_between, tenths, unseen_by, unseen_out_of_fold
from training.report.drift import drift_of
from training.report.judged import Judged
from training.shares import LEAST, by_chance, stability_index
from training.split import fold_numbers


def test_the_index_by_hand() -> None:
    before, now = np.array([0.5, 0.5]), np.array([0.2, 0.8])
    expected = (0.2 - 0.5) * math.log(0.2 / 0.5) + (0.8 - 0.5) * math.log(0.8 / 0.5)
    assert stability_index(before, now) == pytest.approx(expected) == pytest.approx(stability_index(now, before))
    assert stability_index(before, before) == 0
    gone = (LEAST - 0.5) * math.log(LEAST / 0.5) + (1 - 0.5) * math.log(1 / 0.5)
    assert stability_index(before, np.array([0.0, 1.0])) == pytest.approx(gone)


def test_by_chance_is_what_unchanged_posts_show_on_average() -> None:
    dice = np.random.default_rng(0)
    even = np.full(10, 0.1)
    drawn = [
        stability_index(dice.multinomial(2000, even) / 2000, dice.multinomial(1000, even) / 1000) for _ in range(400)
    ]
    assert np.mean(drawn) == pytest.approx(by_chance(10, 2000, 1000), rel=0.1)


def test_tenths_are_tenths_and_equal_values_share_one() -> None:
    found = tenths(np.arange(100, dtype=float))
    assert found["shares"] == pytest.approx([0.1] * 10)
    assert tenths(np.zeros(5)) == {"edges": [0.0], "shares": [1.0, 0.0]}
    weighted = shares_between(np.array([0.0, 1.0]), np.array([0.5]), np.array([1.0, 3.0]))
    assert weighted.tolist() == [0.25, 0.75]


def test_the_bundle_remembers_its_training_posts(fitter: Fitter) -> None:
    assert fitter.bundle is not None
    reference = fitter.bundle.manifest.training["reference"]
    posts = fitter.posts
    assert reference["posts"] == len(posts.frame)
    counts = posts.frame["lang"].value_counts(normalize=True)
    assert reference["language"] == pytest.approx(dict(counts), abs=1e-6)
    lengths = np.array([len(text) for text in posts.texts])
    edges = np.quantile(lengths, np.arange(1, 10) / 10, method="inverted_cdf")
    assert reference["length"]["edges"] == sorted(set(edges.tolist()))
    assert set(reference["scores"]) == set(posts.labels)
    assert not any(text in json.dumps(reference, ensure_ascii=False) for text in posts.texts)


def test_unseen_is_what_no_other_fold_has(fitter: Fitter) -> None:
    folded = [fold(text) for text in fitter.posts.texts]
    settings = fitter.settings.ngrams
    counts, _ = count([(post,) for post in folded], settings)
    folds = fold_numbers(fitter.posts, group_posts(fitter.posts), fitter.settings.seed)
    found = unseen_out_of_fold(counts, folds, settings.buckets)
    row = 17
    of_row = [slice(a, b) for a, b in zip(counts.indptr, counts.indptr[1:], strict=False)]
    seen = {b for other in np.flatnonzero(folds != folds[row]) for b in counts.buckets[of_row[other]].tolist()}
    mine = dict(zip(counts.buckets[of_row[row]].tolist(), counts.counts[of_row[row]].tolist(), strict=True))
    expected = sum(times for bucket, times in mine.items() if bucket not in seen) / sum(mine.values())
    assert expected > 0
    assert found[row] == pytest.approx(expected)


def test_training_posts_have_nothing_unseen_and_new_ones_what_their_buckets_say(
    tiny_classifier: Classifier, fitter: Fitter
) -> None:
    assert unseen_by(tiny_classifier, fitter.posts.texts).max() == 0
    text = "Ξένες λέξεις που κανείς δεν έγραψε ποτέ"
    seen = set(count([(fold(one),) for one in fitter.posts.texts], fitter.settings.ngrams)[0].buckets.tolist())
    counts, _ = count([(fold(text),)], fitter.settings.ngrams)
    new = [times for bucket, times in zip(counts.buckets, counts.counts, strict=True) if bucket not in seen]
    assert sum(new) > 0
    assert unseen_by(tiny_classifier, [text])[0] == pytest.approx(sum(new) / counts.counts.sum())


def test_other_posts_drift_and_the_same_posts_do_not(tiny_classifier: Classifier, fitter: Fitter) -> None:
    same = drift_of(Judged(tiny_classifier, fitter.posts))
    assert same is not None
    assert same["language"]["psi"] == same["length in characters"]["psi"] == 0
    rows = [row | {"text": "я " * 300, "lang": "tg"} for row in invented(10)]
    other = drift_of(Judged(tiny_classifier, table(rows)))
    assert other is not None
    assert other["length in characters"]["psi"] > 1
    assert other["language"]["psi"] > 1
    assert [found["now"] for found in other["language"]["bins"] if found["name"] == "tg"] == [1.0]


def test_an_old_bundle_has_nothing_to_compare_with(tiny_classifier: Classifier, fitter: Fitter) -> None:
    bundle = tiny_classifier.bundle
    training = {name: part for name, part in bundle.manifest.training.items() if name != "reference"}
    old = replace(bundle, manifest=replace(bundle.manifest, training=training))
    assert drift_of(Judged(Classifier(old, bundle.cues), fitter.posts)) is None


def test_the_reference_is_shares_only() -> None:
    reference: dict[str, Any] = reference_of(
        ("a",), np.array([[0.1], [0.9]]), ["one", "three"], ["en", "en"], np.array([0.0, 0.5])
    )
    assert reference["language"] == {"en": 1.0}
    assert reference["scores"]["a"]["edges"] == [0.1, 0.9]
