"""Posts as they stand, beside their skeletons: against the slow twin, and what comes of them."""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import example, given, settings

from classifier.kernels.score import windows_of
from classifier.kernels.verbatim import VERBATIM
from classifier.ngrams import count, readings
from classifier.text import Folded, compose, fold, verbatim
from tests.classifier import slow
from tests.classifier.making import TINY, fit_texts, long_texts, made_classifier, reproducibly, texts

SHAPE = replace(TINY, verbatim=True)
MODEL = made_classifier(grams=SHAPE)
ROUNDING = 1e-4  # of margins, whose sums are in 32 bits and whose weights here are large


def tokens_of(post: Folded) -> list[str]:
    """Tokens as text."""
    codes = [int(symbol) - VERBATIM if symbol >= VERBATIM else 32 for symbol in post.symbols]
    return "".join(map(chr, codes)).split()


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("L'Espanya ens ROBA!!", ["l", "'", "espanya", "ens", "roba", "!!"]),
        ("@user_1: #FreeTown, (now)", ["@user_1", ":", "#freetown", ",", "(", "now", ")"]),
        ("see HTTPS://Example.org/a/b?c and http://x.y", ["see", "https://example.org", "and", "http://x.y"]),
        ("Сво\u0301бода… 😀😀", ["свобода", "…", "😀😀"]),
        ("...... a", ["....", "..", "a"]),
        ("!#tag !# @ #", ["!", "#tag", "!#", "@", "#"]),
        ("http:// https://", ["http://", "https://"]),
        ("https:/", ["https", ":/"]),
        ("", []),
    ],
)
def test_words_and_marks_stand_apart_in_small_letters(text: str, tokens: list[str]) -> None:
    assert tokens_of(verbatim(text)) == tokens


@settings(reproducibly, max_examples=200)
@given(texts)
@example("a\u034f_ @\u0301 #\u200b# !\U000e0001")
@example("İx ſ \u0345 http://a\u3000b Ⅷ")
def test_tokens_are_those_of_the_slow_twin(text: str) -> None:
    composed = compose(text)[0]
    post, at = verbatim(composed), 1
    found = []
    for token in "".join("x" if symbol >= VERBATIM else " " for symbol in post.symbols).split():
        end = at + len(token)
        found.append((int(post.starts[at]), int(post.ends[end - 1]), post.symbols[at:end].tolist()))
        at = end + 1
    assert found == slow.tokens(composed)
    assert at == len(post.symbols)


@settings(reproducibly, max_examples=30)
@given(fit_texts | long_texts)
@example("вступай в отряд @wagner_1 #Набор! " * 60 + "Он сообщил: http://a.b/c вступай! 5$ " * 30)
def test_a_margin_is_that_of_the_slow_twin_over_both_readings(text: str) -> None:
    composed = compose(text)[0]
    post = fold(composed)
    skeleton, size = str(post), len(post.symbols)
    margins, chosen, _ = MODEL.margins([composed])
    for label in range(len(MODEL.labels)):
        a, b = chosen[0, label].tolist()
        whole = (a, b) == (0, size)
        start, end = (0, len(composed)) if whole else (int(post.starts[a + 1]), int(post.ends[b - 2]))
        silent = whole and len(windows_of(post.symbols, size)) > 1
        plain = slow.verbatim(composed, start, end, SHAPE)
        args = (label, MODEL.weights, SHAPE, MODEL.cues)
        expected = slow.margin(skeleton, a, b, *args, silent=silent, plain=plain)
        assert margins[0, label] == pytest.approx(expected, abs=ROUNDING)


@settings(reproducibly, max_examples=40)
@given(texts)
def test_counts_are_those_of_the_slow_twin(text: str) -> None:
    composed = compose(text)[0]
    skeleton = str(fold(composed))
    both = slow.occurrences(skeleton, 0, len(skeleton), SHAPE) + slow.verbatim(composed, 0, len(composed), SHAPE)
    counts, _ = count([readings(composed, SHAPE)], SHAPE)
    expected = np.bincount([one.bucket for one in both], minlength=SHAPE.buckets)
    assert dict(zip(counts.buckets.tolist(), counts.counts.tolist(), strict=True)) == {
        place: number for place, number in enumerate(expected.tolist()) if number
    }


@settings(reproducibly, max_examples=40)
@given(fit_texts | long_texts)
@example("@join_us #НаборВОтряд http://a.b/c !!! вступай")
def test_evidence_adds_up_and_its_spans_do_not_overlap(text: str) -> None:
    for one in (MODEL.score([text], explain=True)[0].evidence or {}).values():
        parts = [span["weight"] for span in one["spans"]] + [cue["weight"] for cue in one["cues"]]
        assert math.fsum([one["bias"], one["other"], *parts]) == pytest.approx(one["margin"], abs=ROUNDING)
        places = [(span["start"], span["end"]) for span in one["spans"]]
        assert places == sorted(places)
        assert all(end <= start for (_, end), (start, _) in pairwise(places))
        assert all(text[span["start"] : span["end"]] == span["text"] for span in one["spans"])


def test_what_folding_takes_away_moves_a_margin_only_where_posts_are_read_verbatim() -> None:
    plain = made_classifier()
    for one, other in [("@first calls", "@second calls"), ("сте́пь", "степь!"), ("http://a.b/c", "http://d.e/f")]:
        both = MODEL.margins([one, other]).margins
        assert not np.allclose(both[0], both[1])
    handles = plain.margins(["@first calls", "@second calls"]).margins
    np.testing.assert_array_equal(handles[0], handles[1])


def test_many_posts_in_one_call_do_not_touch_each_other() -> None:
    several = ["вступай #в отряд", "а! " * 600, "x", "join us " * 200, "\u0301", "вступай #в отряд"]
    together = MODEL.margins(several)
    for place, text in enumerate(several):
        np.testing.assert_array_equal(together.margins[place], MODEL.margins([text]).margins[0])
