"""Margins of whole posts: long posts in windows, many posts in one call."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from classifier import Classifier, lang
from classifier.kernels.score import LEAST_WINDOW, LONG_POST, PIECE, WINDOW, windows_of
from classifier.text import fold
from tests.classifier import slow
from tests.classifier.making import TRICKY, fit_texts, long_texts, made_classifier, reproducibly

HOSTILE = [
    *(
        "a",
        "a ",
        ".",
        "?",
        "\u0301",
        "e\u0301\u0323",
        "1",
        "1 ",
        "+1",
        "@",
        "x.",
        "x/",
        "http://",
        "a-",
        "(1",
        "c",
        "щ",
    ),
    *(
        "\u200b",
        "a'",
        "a1",
        "😀",
        "\ue003",
        "中",
        "한",
        "аб. ",
        "набор в отряд ",
        "CBO",
        "CBO ",
        "а",
        "а б",
        "а.",
        "а  б   ",
        "аБ",
        "АбвГде",
        "🎻",
        "*",
        "а*",
        "1.1.",
        "5$",
        "#Аб",
        "\n",
        '"',
        "\u202e",
        "8 701 123 45 67 ",
    ),
]


def bounds_of(text: str) -> tuple[str, list[tuple[int, int]]]:
    post = fold(text)
    return str(post), [(int(a), int(b)) for a, b in windows_of(post.symbols, len(post.symbols))]


ROUNDING = 1e-4  # of margins, whose sums are in 32 bits and whose weights here are large


@settings(reproducibly, max_examples=30)
@given(fit_texts | long_texts)
@example("вступай в отряд. " * 60 + "Он сообщил: вступай! 5$ " * 30)
def test_a_margin_is_the_highest_of_the_slow_twin_over_the_post_and_its_windows(text: str) -> None:
    model = made_classifier()
    skeleton, windows = bounds_of(text)
    margins, chosen, notes = model.margins([text])
    assert notes[0, :2].tolist() == list(slow.known_words(skeleton, 0, len(skeleton), model.settings, model.weights))
    for label in range(len(model.labels)):
        best = slow.best_margin(skeleton, windows, label, model.weights, model.settings, model.cues)
        assert margins[0, label] == pytest.approx(best, abs=ROUNDING)
        start, end = chosen[0, label].tolist()
        assert (start, end) in [(0, len(skeleton)), *windows]
        spoken = slow.margin(skeleton, start, end, label, model.weights, model.settings, model.cues)
        assert margins[0, label] == pytest.approx(spoken, abs=ROUNDING)


@settings(reproducibly)
@given(st.text(TRICKY, max_size=300).map(lambda text: text * 20) | long_texts)
def test_windows_cover_a_long_post_from_space_to_space(text: str) -> None:
    skeleton, windows = bounds_of(text)
    if len(skeleton) <= LONG_POST:
        assert windows == []
        return
    assert windows[0][0] == 0
    assert windows[-1][1] == len(skeleton)
    for start, end in windows:
        assert skeleton[start] == skeleton[end - 1] == " "
        assert end - start >= LEAST_WINDOW
    for (start, end), (next_start, next_end) in pairwise(windows):
        assert start < next_start < end <= next_end


@pytest.mark.parametrize("unit", HOSTILE, ids=ascii)
def test_the_work_on_a_megabyte_grows_with_its_length(unit: str) -> None:
    text = (unit * 1_000_000)[:1_000_000]
    skeleton, windows = bounds_of(text)
    assert len(windows) <= len(skeleton) // (LEAST_WINDOW // 2) + 1
    assert sum(end - start for start, end in windows) <= 5 * len(skeleton)
    assert all(end - start <= WINDOW + PIECE + LEAST_WINDOW + 64 for start, end in windows)


@pytest.mark.parametrize("unit", HOSTILE, ids=ascii)
def test_a_megabyte_of_anything_is_scored(made: Classifier, unit: str) -> None:
    score = made.score([("начало " + unit * 1_000_000)[:1_000_000]])[0]
    assert all(0 <= label.probability <= 1 for label in score.labels.values())


def test_repeating_a_word_cannot_move_a_margin_without_bound() -> None:
    model = made_classifier(scale=10.0)
    neutral = "сегодня мы поедем на рынок за яблоками и потом домой"

    def margins(times: int) -> list[float]:
        moved: list[float] = model.margins([f"{neutral} {'вступай ' * times}"]).margins[0].tolist()
        return moved

    # from the fourth time every n-gram of the word and of its pair with itself is full
    assert margins(10) == pytest.approx(margins(4), abs=1e-9)
    assert margins(60) == pytest.approx(margins(4), abs=1e-9)
    # once windows hold nothing else, they too say the same however often it stands
    assert margins(10_000) == pytest.approx(margins(300), abs=1e-9)


def test_many_posts_in_one_call_do_not_touch_each_other(made: Classifier) -> None:
    several = ["вступай в отряд", "а. " * 600, "x", "join us " * 200, "\u0301", "вступай в отряд"]
    together = made.margins(several)
    for place, text in enumerate(several):
        alone = made.margins([text])
        np.testing.assert_array_equal(together.margins[place], alone.margins[0])
        np.testing.assert_array_equal(together.windows[place], alone.windows[0])
        np.testing.assert_array_equal(together.notes[place], alone.notes[0])


def test_what_a_word_gave_before_does_not_change_what_it_gives(made: Classifier) -> None:
    """Rows of words are kept, so that the second time goes another way than the first."""
    text = ["вступай в отряд, набор в роту"]
    fresh, first = made_classifier(), made.margins(text)
    for other in ("набор", "роту в вступай", "x " * 300):
        made.margins([other])
    np.testing.assert_array_equal(made.margins(text).margins, first.margins)
    np.testing.assert_array_equal(fresh.margins(text).margins, first.margins)


def test_words_and_the_language_are_noted(made: Classifier) -> None:
    several = ["", "слово", "где мои зелёные носки?", "слово. слово! слово? слово слово", "қазір жұмыс керек 5$"]
    for text, (words, known, tongue) in zip(several, made.margins(several).notes.tolist(), strict=True):
        skeleton = str(fold(text))
        assert words == sum(word != "." for word in skeleton.split())
        assert known == slow.known_words(skeleton, 0, len(skeleton), made.settings, made.weights)[1]
        assert lang.name_of(tongue) == lang.detect(text)
