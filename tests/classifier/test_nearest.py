"""The labelled posts most like a post: the compiled search against counting by hand."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from classifier import Classifier
from classifier.bundle import read_bundle, write_bundle
from classifier.errors import BundleError
from classifier.kernels.near import LEAST, STEM, STEMS
from classifier.nearest import LEAST_ALIKE, MOST, NearestIndex, build_index, fault_of, stem_buckets
from classifier.ngrams import GramSettings
from classifier.text import fold
from tests.classifier import slow
from tests.classifier.making import made_bundle, reproducibly, texts

POSTS = [
    "Вступай в наш отряд, набор открыт",
    "Вступайте в отряды добровольцев",
    "Мама испекла пирог с вишней",
    "қосылыңыз, жұмыс бар",
    "",
    "ab cd",
]
ROWS = [
    {"text": text, "lang": "ru", "category": f"kind{k}", "labels": {"a": k % 2, "b": None}}
    for k, text in enumerate(POSTS)
]
INDEX = build_index(map(fold, POSTS), ROWS)


def stems_of(text: str) -> set[int]:
    """Buckets of the first letters of every word that is long enough."""
    words = (word for word in str(fold(text)).split() if len(word) >= LEAST and ord(word[0]) < 0x20000)
    return {slow.bucket_of(slow.word_digest(word[:STEM]), GramSettings(STEMS)) for word in words}


def cosines(text: str) -> list[float]:
    """Cosine of the stems, weighted by how rare they are, with those of every post."""
    posts = [stems_of(post) for post in POSTS]
    frequency = Counter(stem for post in posts for stem in post)

    def idf(stem: int) -> float:
        return math.log((1 + len(POSTS)) / (1 + frequency[stem]))

    def length(stems: set[int]) -> float:
        return math.sqrt(sum(idf(stem) ** 2 for stem in stems)) or 1.0

    mine = stems_of(text)
    return [sum(idf(stem) ** 2 for stem in mine & post) / length(mine) / length(post) for post in posts]


@settings(reproducibly)
@given(texts | st.lists(st.sampled_from(" ".join(POSTS).split()), max_size=12).map(" ".join))
@example("")
@example("отряд")
@example(POSTS[0])
def test_the_most_alike_come_first_and_with_their_cosine(text: str) -> None:
    expected = cosines(text)
    found = INDEX.find(fold(text))
    assert len(found) <= MOST
    assert [row["similarity"] for row in found] == sorted((row["similarity"] for row in found), reverse=True)
    for row in found:
        assert row["similarity"] == pytest.approx(expected[POSTS.index(row["text"])], abs=6e-4)
    names = {row["text"] for row in found}
    left = [share for post, share in zip(POSTS, expected, strict=True) if post not in names]
    assert all(
        share < LEAST_ALIKE + 1e-4 or (len(found) == MOST and share <= found[-1]["similarity"] + 1e-3) for share in left
    )


def test_a_post_is_most_like_itself_and_its_row_is_whole() -> None:
    found = INDEX.find(fold(POSTS[0].upper()))
    assert found[0] == ROWS[0] | {"similarity": 1.0}
    assert [row["text"] for row in INDEX.find(fold(POSTS[0]), 1)] == [POSTS[0]]
    assert INDEX.find(fold("ничего общего")) == []


def test_stems_are_counted_once_and_words_too_short_not_at_all() -> None:
    assert len(stem_buckets(fold("отряд отряды отрядов аб"))) == 1
    assert len(stem_buckets(fold("аб вг 5 5$ t.me/x"))) == 0
    assert set(stem_buckets(fold(POSTS[0])).tolist()) == stems_of(POSTS[0])


def test_an_index_of_nothing_finds_nothing() -> None:
    empty = build_index([], [])
    assert fault_of(empty) is None
    assert empty.find(fold("вступай")) == []


FAULTS: dict[str, tuple[dict[str, Any], str]] = {
    "idf": ({"idf": INDEX.idf[:-1]}, "idf has the wrong shape"),
    "starts": ({"starts": INDEX.starts[:-1]}, "starts has the wrong shape"),
    "weights": ({"weights": INDEX.weights[:-1]}, "weights has the wrong shape"),
    "falling": ({"starts": INDEX.starts[::-1].copy()}, "its places do not fit"),
    "no start": ({"starts": np.maximum(INDEX.starts, 1)}, "its places do not fit"),
    "beyond": ({"starts": INDEX.starts + (INDEX.starts == INDEX.starts[-1])}, "its places do not fit"),
    "rows": ({"rows": INDEX.rows[:-1]}, "its places do not fit"),
    "other post": ({"posts": INDEX.posts + np.int32(len(POSTS))}, "it names posts that it does not hold"),
    "negative post": ({"posts": INDEX.posts - np.int32(9)}, "it names posts that it does not hold"),
    "infinite": ({"weights": INDEX.weights * np.float32(np.inf)}, "it holds NaN or infinity"),
    "not a number": ({"idf": INDEX.idf * np.float32(np.nan)}, "it holds NaN or infinity"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_damaged_index_is_refused_before_the_loops_see_it(name: str, tmp_path: Any) -> None:
    change, message = FAULTS[name]
    damaged = INDEX._replace(**change)
    assert fault_of(damaged) == message
    bundle = made_bundle()
    write_bundle(tmp_path / "bundle", bundle.manifest, bundle.arrays, bundle.cues, damaged)
    with pytest.raises(BundleError, match=rf"nearest\.npz: damaged: {message}; make one with"):
        read_bundle(tmp_path / "bundle")


def test_arrays_of_another_kind_are_refused(tmp_path: Any) -> None:
    bundle, other = made_bundle(), INDEX._replace(idf=INDEX.idf.astype(float))
    write_bundle(tmp_path / "bundle", bundle.manifest, bundle.arrays, bundle.cues, other)
    with pytest.raises(BundleError, match=r"nearest\.npz: other arrays than idf, starts, posts, weights, rows, row_at"):
        read_bundle(tmp_path / "bundle")


def test_a_bundle_carries_its_index_and_full_evidence_shows_the_nearest(tmp_path: Any) -> None:
    bundle = made_bundle()
    write_bundle(tmp_path / "bundle", bundle.manifest, bundle.arrays, bundle.cues, INDEX)
    found = read_bundle(tmp_path / "bundle").nearest
    assert found is not None
    for one, other in zip(found, INDEX, strict=True):
        np.testing.assert_array_equal(one, other)
    model = Classifier.load(tmp_path / "bundle")
    (full,), (plain,) = (model.score([POSTS[0]], explain=explain) for explain in ("full", True))
    assert full.to_dict()["nearest"] == INDEX.find(fold(POSTS[0]))
    assert plain.nearest is None
    assert "nearest" not in plain.to_dict()
    without = Classifier(replace(bundle, nearest=None), bundle.cues)
    assert "nearest" not in without.score([POSTS[0]], explain="full")[0].to_dict()


def test_an_index_is_a_plain_tuple_of_arrays() -> None:
    assert NearestIndex._fields == ("idf", "starts", "posts", "weights", "rows", "row_at")
