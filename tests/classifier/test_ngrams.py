"""The n-gram features as sparse rows."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from classifier.ngrams import (
    Counts,
    GramSettings,
    count,
    counting_for,
    inverse_document_frequency,
    values,
)
from classifier.text import fold
from tests.classifier import slow
from tests.classifier.making import TINY, reproducibly, texts


@settings(reproducibly)
@given(st.lists(texts, max_size=5))
def test_rows_hold_ascending_buckets_and_whole_counts(several: list[str]) -> None:
    counts, _ = count([(fold(text),) for text in several], TINY)
    assert counts.indptr[0] == 0
    assert counts.indptr[-1] == len(counts.buckets) == len(counts.counts)
    for start, stop in zip(counts.indptr[:-1], counts.indptr[1:], strict=True):
        assert (np.diff(counts.buckets[start:stop]) > 0).all()
        assert (counts.counts[start:stop] >= 1).all()


def test_a_post_without_words_has_an_empty_row() -> None:
    counts, _ = count([(fold(text),) for text in ("", "слово", "...")], TINY)
    sizes = np.diff(counts.indptr)
    assert sizes[0] == sizes[2] == 0
    assert sizes[1] > 0


def test_the_rows_of_a_post_do_not_depend_on_its_neighbours() -> None:
    several = [(fold(text),) for text in ("другие слова", "слово", "a")]
    (alone, _), (among, _) = count(several[1:2], TINY), count(several, TINY)
    row = slice(among.indptr[1], among.indptr[2])
    np.testing.assert_array_equal(alone.buckets, among.buckets[row])
    np.testing.assert_array_equal(alone.counts, among.counts[row])


def test_every_post_has_norm_one_when_an_occurrence_stands_alone_in_its_bucket() -> None:
    shape = GramSettings(2**16, cap=1)
    counts, _ = count([(fold("пример слов"),), (fold("другой пример"),)], shape)
    idf = inverse_document_frequency(counts, shape.buckets)
    squares = values(counts, idf) ** 2
    np.testing.assert_allclose(np.add.reduceat(squares, counts.indptr[:-1]), 1.0)


def test_rare_buckets_weigh_more_and_unseen_ones_most() -> None:
    counts = Counts(np.array([0, 2, 3], np.int64), np.array([0, 1, 1], np.int32), np.array([3, 1, 1], np.int32))
    idf = inverse_document_frequency(counts, 4)
    np.testing.assert_allclose(idf, [np.log(3 / 2) + 1, 1.0, np.log(3) + 1, np.log(3) + 1], rtol=1e-6)
    assert idf.dtype == np.float32


def test_values_are_summed_idf_over_the_norm_of_all_occurrences() -> None:
    counts = Counts(np.array([0, 2], np.int64), np.array([0, 3], np.int32), np.array([3, 1], np.int32))
    idf = np.array([2, 9, 9, 1], np.float32)
    np.testing.assert_allclose(values(counts, idf), [6 / np.sqrt(13), 1 / np.sqrt(13)])


@settings(reproducibly)
@given(st.lists(texts, max_size=5))
def test_known_are_the_words_of_the_posts_and_nothing_else(several: list[str]) -> None:
    posts = [fold(text) for text in several]
    _, known = count([(post,) for post in posts], TINY)
    words = {word for post in posts for word in str(post).split() if not word.startswith(".")}
    expected = {slow.bucket_of(slow.counted_digest(word, TINY), TINY) for word in words}
    assert known.dtype == np.uint8
    assert set(np.flatnonzero(known).tolist()) == expected
    assert set(known.tolist()) <= {0, 1}


def test_a_post_longer_than_there_are_buckets_is_counted() -> None:
    counts, known = count([(fold("слово другое " * 2000),), (fold("третье"),)], TINY)
    assert counts.indptr[1] == len(set(counts.buckets[: counts.indptr[1]].tolist()))
    assert known.sum() == 3


@pytest.mark.parametrize("most", [2, 6, 16])
def test_the_working_memory_has_room_for_the_longest_word(most: int) -> None:
    shape = GramSettings(2**16, 2, most, 255)
    post = fold("щюя" * 200 + " " + "".join(map(chr, range(0x4E00, 0x4E80))))
    room = len(counting_for(shape).occ)
    longest = max(len(word) for word in str(post).split())
    assert sum(max(0, longest + 2 - length + 1) for length in range(2, most + 1)) + 2 <= room
    count([(post,)], shape)
