"""The compiled hashing and summing against its slow twin."""

from __future__ import annotations

import math
from collections import Counter

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_matrix

from classifier.kernels.grams import COMMON, KNOWN, SQUARE, SUMS, Scratch, add_up, count_grams, share_out
from classifier.ngrams import GramSettings, count, scratch, values
from classifier.text import fold
from classifier.weights import Weights, padded, weights_for
from tests.classifier import slow
from tests.classifier.making import made_bundle, reproducibly, texts

SHAPES = [
    GramSettings(2**10),
    GramSettings(2**4),
    GramSettings(2**16, 3, 5, 1),
    GramSettings(2, 2, 2, 255),
    GramSettings(2**8, 2, 16, 2),
]
shapes = pytest.mark.parametrize("shape", SHAPES, ids=str)
ROUNDING = 1e-5  # of sums in 32 bits, as a share of the sum of all sizes


def random_weights(shape: GramSettings) -> Weights:
    bundle = made_bundle(grams=shape)
    return weights_for(bundle, [cue.name for cue in bundle.cues.cues])


def memory_for(shape: GramSettings, weights: Weights) -> Scratch:
    return scratch(shape, weights.columns, 0)


def compiled_counts(skeleton: np.ndarray, shape: GramSettings, memory: Scratch) -> tuple[dict[int, int], set[int]]:
    tally, buckets = np.zeros(shape.buckets, np.int32), np.empty(shape.buckets, np.int32)
    words = np.empty(max(1, len(skeleton)), np.int32)
    used, spoken = count_grams(skeleton, len(skeleton), shape.gram, *memory[:4], tally, buckets, 0, words)
    found = buckets[:used].tolist()
    assert len(set(found)) == used
    assert tally.sum() == tally[found].sum()
    return {bucket: int(tally[bucket]) for bucket in found}, set(words[:spoken].tolist())


def summed(
    skeleton: np.ndarray, a: int, b: int, shape: GramSettings, weights: Weights, memory: Scratch
) -> tuple[np.ndarray, int]:
    sums = np.zeros(weights.columns)
    words = add_up(skeleton, a, b, shape.gram, weights.base, weights.category_weights, *memory[:6], sums)
    return sums, words


def expected_sums(found: list[slow.Occurrence], weights: Weights) -> tuple[np.ndarray, np.ndarray]:
    """Every column of a row but the second, and how large the numbers are that it is added up from."""
    categories, labels = weights.category_weights.shape[1], len(weights.bias)
    rows = [
        [float(weights.base[one.bucket, 0]) ** 2, 0.0]
        + [slow.category_value(one.bucket, kind, weights) for kind in range(categories)]
        + [slow.label_value(one.bucket, label, weights) for label in range(labels)]
        for one in found
    ]
    columns = list(zip(*rows, strict=True)) or [(0.0,)] * (SUMS + categories + labels)
    return np.array([math.fsum(column) for column in columns]), np.array([sum(map(abs, c)) for c in columns])


@shapes
@settings(reproducibly, max_examples=40)
@given(text=texts)
def test_counts_are_those_of_the_slow_twin(shape: GramSettings, text: str) -> None:
    post = fold(text)
    skeleton = str(post)
    found = slow.occurrences(skeleton, 0, len(skeleton), shape)
    counts, words = compiled_counts(post.symbols, shape, scratch(shape, 0, 0))
    assert counts == Counter(one.bucket for one in found)
    assert words == set(slow.own(found))


@shapes
@settings(reproducibly, max_examples=40)
@given(text=texts)
@example(text="")
@example(text="... ???")
@example(text="вступай в отряд " * 9)
@example(text="ab ab ab ab. ab ab")
def test_sums_and_known_words_are_those_of_the_slow_twin(shape: GramSettings, text: str) -> None:
    post, weights = fold(text), random_weights(shape)
    skeleton, memory = str(post), memory_for(shape, weights)
    spaces = [place for place, char in enumerate(skeleton) if char == " "]
    for a, b in ((0, len(skeleton)), (spaces[len(spaces) // 3], spaces[len(spaces) * 2 // 3] + 1)):
        sums, words = summed(post.symbols, a, b, shape, weights, memory)
        expected, size = expected_sums(slow.occurrences(skeleton, a, b, shape), weights)
        expected_words, known = slow.known_words(skeleton, a, b, shape, weights)
        assert words == expected_words
        assert sums[KNOWN] == known
        sums[KNOWN] = 0.0
        assert (np.abs(sums - expected) <= ROUNDING * size).all()


@shapes
@settings(reproducibly, max_examples=40)
@given(text=texts, seed=st.integers(0, 9))
@example(text="вступай в отряд " * 9, seed=0)
def test_what_words_give_is_that_of_the_slow_twin(shape: GramSettings, text: str, seed: int) -> None:
    post, weights = fold(text), random_weights(shape)
    skeleton, memory, parts = str(post), memory_for(shape, weights), np.zeros(len(post.symbols))
    factors = np.random.default_rng(seed).normal(size=weights.columns)
    factors[KNOWN] = 0.0
    rest = (weights.base, weights.category_weights, *memory[:6], parts)
    share_out(post.symbols, 0, len(skeleton), factors, shape.gram, *rest)
    found = slow.occurrences(skeleton, 0, len(skeleton), shape)
    expected, size = np.zeros(len(skeleton)), np.zeros(len(skeleton))
    for one in found:
        row, sizes = expected_sums([one], weights)
        for at, share in one.parts.items():
            expected[at] += share * float(factors @ row)
            size[at] += share * float(np.abs(factors) @ sizes)
    assert (np.abs(parts - expected) <= ROUNDING * size).all()


@shapes
@settings(reproducibly, max_examples=25)
@given(several=st.lists(texts, min_size=1, max_size=4))
def test_the_sparse_matrix_of_training_gives_the_same_sums(shape: GramSettings, several: list[str]) -> None:
    posts, weights = [fold(text) for text in several], random_weights(shape)
    memory, (counts, _) = memory_for(shape, weights), count([(post,) for post in posts], shape)
    idf, of_labels = weights.base[:, 0], weights.base[:, SUMS:].astype(float)
    matrix = csr_matrix((values(counts, idf), counts.buckets, counts.indptr), (len(posts), shape.buckets))
    for post, product, size in zip(posts, matrix @ of_labels, matrix @ np.abs(of_labels), strict=True):
        sums, _ = summed(post.symbols, 0, len(post.symbols), shape, weights, memory)
        norm = math.sqrt(sums[SQUARE])
        assert (np.abs(product - (sums[-2:] / norm if norm else 0.0)) <= ROUNDING * size).all()


def test_the_common_number_of_categories_goes_another_way_to_the_same_sums() -> None:
    shape, post = GramSettings(2**10), fold("вступай в отряд, набор в роту")
    weights, wide = random_weights(shape), np.zeros((2**10, COMMON), np.int8)
    wide[:, :16] = weights.category_weights
    common = weights._replace(category_weights=wide)
    some, _ = summed(post.symbols, 0, len(post.symbols), shape, weights, memory_for(shape, weights))
    more, _ = summed(post.symbols, 0, len(post.symbols), shape, common, memory_for(shape, common))
    assert weights.category_weights.shape[1] == 16
    np.testing.assert_array_equal(more[: SUMS + 16], some[: SUMS + 16])
    np.testing.assert_array_equal(more[SUMS + COMMON :], some[SUMS + 16 :])
    assert not more[SUMS + 16 : SUMS + COMMON].any()


@shapes
def test_the_working_memory_is_clean_after_every_call(shape: GramSettings) -> None:
    post, weights = fold("вступай в отряд " * 30), random_weights(shape)
    memory = memory_for(shape, weights)
    first = compiled_counts(post.symbols, shape, memory)
    sums, _ = summed(post.symbols, 0, len(post.symbols), shape, weights, memory)
    assert not memory.seen.any()
    assert not memory.inside.any()
    assert compiled_counts(post.symbols, shape, memory) == first
    np.testing.assert_array_equal(summed(post.symbols, 0, len(post.symbols), shape, weights, memory)[0], sums)


def test_words_that_meet_in_one_row_do_not_take_each_others_place_for_their_own() -> None:
    shape = GramSettings(2**10)
    weights = random_weights(shape)
    one_row = memory_for(shape, weights)
    one_row = one_row._replace(keys=one_row.keys[:1], rows=one_row.rows[:1])
    post = fold("вступай в отряд вступай в роту")
    crowded, _ = summed(post.symbols, 0, len(post.symbols), shape, weights, one_row)
    np.testing.assert_array_equal(
        crowded, summed(post.symbols, 0, len(post.symbols), shape, weights, memory_for(shape, weights))[0]
    )


@pytest.mark.parametrize("cap", [1, 3, 255])
def test_no_word_or_pair_counts_more_often_than_the_cap(cap: int) -> None:
    shape = GramSettings(2**16, 2, 6, cap)
    counts, _ = compiled_counts(fold("слово " * 500).symbols, shape, scratch(shape, 0, 0))
    assert set(counts.values()) == {cap}  # its n-grams and the pair of it with itself likewise
    assert len(counts) == len(set(slow.grams_of(slow.symbols_of("slovo"), shape))) + 1


def test_an_ngram_counts_no_more_often_than_the_cap_in_one_word_but_anew_in_every_word() -> None:
    shape = GramSettings(2**16, 2, 2, 2)
    ab = slow.bucket_of(slow.fnv(slow.symbols_of("ab"), 0xCBF29CE484222325), shape)
    for text, times in (("ababababab", 2), ("ababababab abababac", 4), ("ab", 1)):
        counts, _ = compiled_counts(fold(text).symbols, shape, scratch(shape, 0, 0))
        assert counts[ab] == times


def test_columns_of_nothing_fill_up_to_a_width_that_the_loops_like() -> None:
    for categories, columns in ((0, 0), (1, 16), (16, 16), (17, 32), (44, 48)):
        weights = np.ones((4, categories), np.int8)
        wide = padded(weights)
        assert wide.shape == (4, columns)
        assert wide.flags.c_contiguous
        assert wide.sum() == weights.sum() == wide[:, :categories].sum()
