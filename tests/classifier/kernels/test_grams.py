"""The compiled hashing and summing against its slow twin."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_matrix

from classifier.kernels.grams import Scratch, add_up, count_grams, shares
from classifier.ngrams import GramSettings, count, scratch, values
from classifier.text import fold
from classifier.weights import Weights, weights_for
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


def random_weights(shape: GramSettings) -> Weights:
    bundle = made_bundle(grams=shape)
    return weights_for(bundle, [cue.name for cue in bundle.cues.cues])


def compiled_counts(skeleton: np.ndarray, shape: GramSettings, memory: Scratch) -> dict[int, int]:
    room = np.empty((2, shape.buckets), np.int32)
    used = count_grams(skeleton, len(skeleton), shape.gram, memory, room[0], room[1])
    return dict(zip(room[0, :used].tolist(), room[1, :used].tolist(), strict=True))


@shapes
@settings(reproducibly, max_examples=40)
@given(text=texts)
def test_counts_are_those_of_the_slow_twin(shape: GramSettings, text: str) -> None:
    post = fold(text)
    expected = Counter(place for place, _, _ in slow.occurrences(str(post), 0, len(post.symbols), shape))
    assert compiled_counts(post.symbols, shape, scratch(shape)) == expected


def assert_category_sums(
    sums: np.ndarray, values_of: list[float], found: list[slow.Occurrence], weights: Weights
) -> None:
    rows = weights.category_weights[[place for place, _, _ in found]].astype(float)
    np.testing.assert_allclose(sums, np.array(values_of) @ rows if found else 0.0, atol=1e-6)


@shapes
@settings(reproducibly, max_examples=40)
@given(text=texts)
@example(text="")
@example(text="... ???")
def test_sums_norms_and_shares_are_those_of_the_slow_twin(shape: GramSettings, text: str) -> None:
    post, weights, memory = fold(text), random_weights(shape), scratch(shape)
    categories = weights.category_weights.shape[1]
    end, sums, pull = len(post.symbols), np.empty(2 + categories), np.linspace(-0.2, 0.3, categories)
    norm = add_up(post.symbols, 0, end, shape.gram, weights, memory, sums)
    found = slow.occurrences(str(post), 0, end, shape)
    values_of = [float(weights.idf[place]) for place, _, _ in found]
    assert norm**2 == pytest.approx(sum(value * value for value in values_of), rel=1e-12)
    for label in range(2):
        parts = [
            value * float(weights.weights[place, label]) for value, (place, _, _) in zip(values_of, found, strict=True)
        ]
        assert sums[label] == pytest.approx(sum(parts), abs=1e-9)
        assert_category_sums(sums[2:], values_of, found, weights)
        if not norm:
            continue
        pulls = [float(pull @ weights.category_weights[place]) for place, _, _ in found]
        parts = [part + value * more for part, value, more in zip(parts, values_of, pulls, strict=True)]
        share, expected = np.zeros(end), np.zeros(end)
        shares(post.symbols, 0, end, label, pull, norm, shape.gram, weights, memory, share)
        for part, (_, a, b) in zip(parts, found, strict=True):
            letters = [k for k in range(a, b) if post.symbols[k] != ord(" ")]
            expected[letters] += part / norm / len(letters)
        np.testing.assert_allclose(share, expected, atol=1e-9)


@shapes
@settings(reproducibly, max_examples=25)
@given(several=st.lists(texts, min_size=1, max_size=4))
def test_the_sparse_matrix_of_training_gives_the_same_sums(shape: GramSettings, several: list[str]) -> None:
    posts, weights, memory = [fold(text) for text in several], random_weights(shape), scratch(shape)
    counts = count(posts, shape)
    matrix = csr_matrix((values(counts, weights.idf), counts.buckets, counts.indptr), (len(posts), shape.buckets))
    products = matrix @ weights.weights.astype(np.float64)
    for post, product in zip(posts, products, strict=True):
        sums = np.empty(2)
        norm = add_up(post.symbols, 0, len(post.symbols), shape.gram, weights, memory, sums)
        np.testing.assert_allclose(product, sums / norm if norm else sums, atol=1e-9)


@shapes
def test_the_working_memory_is_clean_after_every_call(shape: GramSettings) -> None:
    post, weights, memory = fold("вступай в отряд " * 30), random_weights(shape), scratch(shape)
    first = compiled_counts(post.symbols, shape, memory)
    add_up(post.symbols, 0, len(post.symbols), shape.gram, weights, memory, np.empty(6))
    assert not memory.seen.any()
    assert compiled_counts(post.symbols, shape, memory) == first


@pytest.mark.parametrize("cap", [1, 3, 255])
def test_no_bucket_counts_more_often_than_the_cap(cap: int) -> None:
    shape = GramSettings(2**6, 2, 6, cap)
    found = compiled_counts(fold("слово " * 500).symbols, shape, scratch(shape))
    assert max(found.values()) == cap
