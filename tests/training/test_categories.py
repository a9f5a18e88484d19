"""Which categories a model knows, and what it learns of them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy.sparse import csr_matrix
from sklearn.metrics import average_precision_score

from classifier.cues import CueSet
from classifier.ngrams import inverse_document_frequency, values
from tests.training.conftest import TINY
from tests.training.making import table
from training.categories import LEAST, UNKNOWN, Categories, categories_of, fit_categories
from training.features import features_of
from training.fit import Fitter
from training.posts import LabelledPosts

OFFERS = (
    "join our squad today|we take men for the front|sign for the unit and come|brothers are waiting in the trenches|"
    "papers and pay for a year of service|volunteers leave on Thursday|your place is beside us"
).split("|")
NEWS = (
    "the court heard the case|the minister spoke on prices|rain is expected on Sunday|a bridge was opened downtown|"
    "police warn of thin ice|teachers ask for higher wages|the museum shows old maps"
).split("|")
SLOGANS = (
    "this land must leave|the region goes its own way|independence for the coast|our valley belongs to the neighbours|"
    "sign for a vote on parting|no more rule from the capital|the north is coming home"
).split("|")


def posts_of(**how: Any) -> LabelledPosts:
    kinds = {"offer": (OFFERS, 1, 0), "news": (NEWS, 0, 0), "slogan": (SLOGANS, 0, 1)}
    rows: list[dict[str, Any]] = []
    for name, (texts, war, land) in kinds.items():
        written = [f"{texts[n % len(texts)]} number {n} {name[0]}" for n in range(how.get(name, LEAST))]
        rows += [{"text": text, "war": war, "land": land, "category": name} for text in written]
    return table(rows + how.get("more", []), "war", "land")


def test_a_category_has_the_labels_that_most_of_its_posts_have() -> None:
    assert categories_of(posts_of()).labels == {"news": (), "offer": ("war",), "slogan": ("land",)}


def test_a_category_with_too_few_posts_is_not_known_and_its_posts_have_none() -> None:
    found = categories_of(posts_of(slogan=LEAST - 1))
    assert list(found.labels) == ["news", "offer"]
    assert (found.of_post == UNKNOWN).sum() == LEAST - 1


def test_a_post_with_a_blank_label_or_without_category_has_none() -> None:
    odd = [
        {"text": "join or not", "war": None, "land": 0, "category": "offer"},
        {"text": "of no kind", "war": 0, "land": 0, "category": ""},
    ]
    found = categories_of(posts_of(more=odd))
    assert found.of_post[-2:].tolist() == [UNKNOWN, UNKNOWN]
    assert found.of_post[0] == list(found.labels).index("offer")


def test_categories_that_all_say_the_same_are_none() -> None:
    assert categories_of(posts_of(offer=0, slogan=0)).labels == {}


def ngrams_of(posts: LabelledPosts, cues: CueSet) -> csr_matrix:
    counts = features_of(posts, cues, TINY).counts
    idf = inverse_document_frequency(counts, TINY.ngrams.buckets)
    return csr_matrix((values(counts, idf), counts.buckets, counts.indptr), (len(posts.texts), TINY.ngrams.buckets))


def test_what_is_learnt_tells_categories_apart_in_whole_steps_of_a_byte(cues: CueSet) -> None:
    posts = posts_of()
    categories, ngrams = categories_of(posts), ngrams_of(posts, cues)
    arrays = fit_categories(ngrams, categories, 100.0, seed=0)
    assert arrays["category_weights"].dtype == np.int8
    assert np.abs(arrays["category_weights"]).max(axis=0).tolist() == [127, 127, 127]
    odds = ngrams @ (arrays["category_weights"] * arrays["category_scale"]) + arrays["category_bias"]
    for place in range(3):
        assert average_precision_score(categories.of_post == place, odds[:, place]) == pytest.approx(1.0)


def test_without_categories_there_are_no_arrays(cues: CueSet) -> None:
    posts = posts_of(offer=0, slogan=0)
    assert fit_categories(ngrams_of(posts, cues), categories_of(posts), 100.0, seed=0) == {}


def test_a_category_without_posts_in_this_part_is_never_likely(cues: CueSet) -> None:
    posts = posts_of()
    categories = categories_of(posts)
    part = np.flatnonzero(categories.of_post != list(categories.labels).index("slogan"))
    arrays = fit_categories(ngrams_of(posts, cues)[part], categories.rows(part), 100.0, seed=0)
    odds = ngrams_of(posts, cues) @ (arrays["category_weights"] * arrays["category_scale"]) + arrays["category_bias"]
    assert (odds[:, 2] < 0).all()


def test_a_bundle_names_its_categories_and_scores_with_them(cues: CueSet) -> None:
    fitter = Fitter(posts_of(), cues, TINY, "kinds")
    list(fitter.run())
    assert fitter.bundle is not None
    assert fitter.bundle.manifest.categories == {"news": [], "offer": ["war"], "slogan": ["land"]}
    assert fitter.bundle.manifest.category_weight == TINY.category_weight
    assert fitter.bundle.arrays["category_weights"].shape == (TINY.ngrams.buckets, 3)


def test_rows_keep_what_they_are_told() -> None:
    kept = Categories({"a": (), "b": ("war",)}, np.array([0, 1, UNKNOWN])).rows(np.array([2, 1]))
    assert kept.of_post.tolist() == [UNKNOWN, 1]
