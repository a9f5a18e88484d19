"""The compiled hashing and summing against its slow twin."""

from __future__ import annotations

import math
from collections import Counter

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_matrix

from classifier.kernels.grams import add_up, count_all, list_buckets, room_for_spots, share_out
from classifier.kernels.hashing import list_words, room_for_words, words_between
from classifier.kernels.kept import WAYS, Counting, Scratch
from classifier.kernels.rows import COMMON, KNOWN, SPARE, SQUARE, SUMS, Weights
from classifier.memory import scratch
from classifier.ngrams import GramSettings, count, counting_for, values
from classifier.text import fold
from classifier.weights import weights_for
from tests.classifier import slow
from tests.classifier.making import made_bundle, reproducibly, texts

SHAPES = [
    GramSettings(2**10),
    GramSettings(2**4),
    GramSettings(2**16, 3, 5, 1),
    GramSettings(2, 2, 2, 255),
    GramSettings(2**8, 2, 16, 2),
    GramSettings(2**10, alike=False),
]
shapes = pytest.mark.parametrize("shape", SHAPES, ids=str)
ROUNDING = 1e-5  # of sums in 32 bits, as a share of the sum of all sizes


def random_weights(shape: GramSettings) -> Weights:
    bundle = made_bundle(grams=shape)
    return weights_for(bundle, [cue.name for cue in bundle.cues.cues])


def memory_for(shape: GramSettings, weights: Weights) -> Scratch:
    return scratch(shape, weights.columns)


def compiled_counts(skeleton: np.ndarray, shape: GramSettings, memory: Counting) -> tuple[dict[int, int], set[int]]:
    tally, buckets = np.zeros(shape.buckets, np.int32), np.empty(shape.buckets, np.int32)
    words = np.empty(max(1, len(skeleton)), np.int32)
    used, spoken = count_all(skeleton, len(skeleton), shape.gram, memory, tally, buckets, 0, words)
    found = buckets[:used].tolist()
    assert len(set(found)) == used
    assert tally.sum() == tally[found].sum()
    return {bucket: int(tally[bucket]) for bucket in found}, set(words[:spoken].tolist())


def summed(
    skeleton: np.ndarray, a: int, b: int, shape: GramSettings, weights: Weights, memory: Scratch
) -> tuple[np.ndarray, int]:
    sums, room, spots = np.zeros(weights.columns + SPARE), room_for_words(len(skeleton)), room_for_spots(len(skeleton))
    number = list_words(skeleton, len(skeleton), room)
    list_buckets(skeleton, room, number, shape.gram, memory.counting, spots)
    first, last = words_between(a, b, room, number)
    words = add_up(skeleton, room, first, last, shape.gram, weights, memory, spots, sums)
    assert not sums[weights.columns :].any()
    return sums[: weights.columns], words


def expected_sums(found: list[slow.Occurrence], weights: Weights) -> tuple[np.ndarray, np.ndarray]:
    """Every column of a row but the second, and how large the numbers are that it is added up from."""
    categories, labels = weights.category_weights.shape[1], len(weights.bias)
    rows = [
        [float(weights.base[one.bucket, 0]) ** 2, 0.0]
        + [slow.label_value(one.bucket, label, weights) for label in range(labels)]
        + [slow.category_value(one.bucket, kind, weights) for kind in range(categories)]
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
    counts, words = compiled_counts(post.symbols, shape, counting_for(shape))
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
    skeleton, memory, words = str(post), memory_for(shape, weights), room_for_words(len(post.symbols))
    number, spots = list_words(post.symbols, len(post.symbols), words), room_for_spots(len(post.symbols))
    factors = np.random.default_rng(seed).normal(size=weights.columns)
    factors[KNOWN] = 0.0
    list_buckets(post.symbols, words, number, shape.gram, memory.counting, spots)
    given, row = np.zeros(number), np.empty(weights.columns + SPARE)
    share_out(post.symbols, words, 0, number, factors, shape.gram, weights, memory, spots, row, given)
    parts = np.zeros(len(skeleton))
    parts[words.begins[:number]] = given
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
        assert (np.abs(product - (sums[SUMS : SUMS + 2] / norm if norm else 0.0)) <= ROUNDING * size).all()


def test_the_common_number_of_categories_goes_another_way_to_the_same_sums() -> None:
    shape, post = GramSettings(2**10), fold("вступай в отряд, набор в роту")
    weights, steps = random_weights(shape), np.zeros((2**10, 64), np.int8)
    steps[:, : weights.steps.shape[1]] = weights.steps
    common = weights._replace(floats=steps.view(np.float32), steps=steps, category_scale=np.zeros(COMMON - SUMS - 2))
    some, _ = summed(post.symbols, 0, len(post.symbols), shape, weights, memory_for(shape, weights))
    more, _ = summed(post.symbols, 0, len(post.symbols), shape, common, memory_for(shape, common))
    assert (len(some), len(more)) == (16, 48)
    np.testing.assert_array_equal(more[:16], some)
    assert some[SUMS + 2 :].any()
    assert not more[16:].any()


@shapes
def test_the_working_memory_is_clean_after_every_call(shape: GramSettings) -> None:
    post, weights = fold("вступай в отряд " * 30), random_weights(shape)
    memory = memory_for(shape, weights)
    first = compiled_counts(post.symbols, shape, memory.counting)
    sums, _ = summed(post.symbols, 0, len(post.symbols), shape, weights, memory)
    assert not memory.counting.seen.any()
    assert not memory.counting.inside.any()
    assert compiled_counts(post.symbols, shape, memory.counting) == first
    np.testing.assert_array_equal(summed(post.symbols, 0, len(post.symbols), shape, weights, memory)[0], sums)


def test_words_that_meet_in_one_row_do_not_take_each_others_place_for_their_own() -> None:
    shape = GramSettings(2**10)
    weights = random_weights(shape)
    one_row = memory_for(shape, weights)
    one_row = one_row._replace(keys=one_row.keys[:1], rows=one_row.rows[:WAYS])
    post = fold("вступай в отряд набор подпиши контракт вступай в роту набор на фронт в отряд набор отряд в роту")
    crowded, _ = summed(post.symbols, 0, len(post.symbols), shape, weights, one_row)
    np.testing.assert_array_equal(
        crowded, summed(post.symbols, 0, len(post.symbols), shape, weights, memory_for(shape, weights))[0]
    )


@pytest.mark.parametrize("cap", [1, 3, 255])
def test_no_word_or_pair_counts_more_often_than_the_cap(cap: int) -> None:
    shape = GramSettings(2**16, 2, 6, cap)
    counts, _ = compiled_counts(fold("слово " * 500).symbols, shape, counting_for(shape))
    assert set(counts.values()) == {cap}  # its n-grams and the pair of it with itself likewise
    assert len(counts) == len(set(slow.grams_of(slow.symbols_of("slovo"), shape))) + 1


def test_an_ngram_counts_no_more_often_than_the_cap_in_one_word_but_anew_in_every_word() -> None:
    shape = GramSettings(2**16, 2, 2, 2)
    ab = slow.bucket_of(slow.fnv(slow.symbols_of("ab"), 0xCBF29CE484222325), shape)
    for text, times in (("ababababab", 2), ("ababababab abababac", 4), ("ab", 1)):
        counts, _ = compiled_counts(fold(text).symbols, shape, counting_for(shape))
        assert counts[ab] == times
