"""Every fault that an inspection looks for is found where it was put, and nowhere else."""

from __future__ import annotations

import numpy as np
import pytest

from tests.training.making import Row, invented, rolling, table, words
from training.corpus.copies import copies, shared, similarity, undeclared
from training.corpus.findings import Finding, Inspection, Limits
from training.corpus.script import cyrillic_share, other_language, other_script
from training.corpus.spread import spread
from training.corpus.style import STYLE, style_baseline, style_of
from training.corpus.topics import LEAST_POSTS, Topic, topic_shares
from training.corpus.words import telling_words
from training.sketch import shingles

LONG = "Every Saturday the market by the river opens at seven and closes when the last melon is gone."


def finding(findings: list[Finding], part: str) -> Finding:
    (found,) = [one for one in findings if part in one.what]
    return found


# Copies.


def test_similarity_is_the_share_of_common_shingles() -> None:
    one, other = LONG, LONG.replace("melon", "lemon")
    a, b = set(shingles(one)), set(shingles(other))
    assert similarity(one, other) == len(a & b) / len(a | b)
    assert similarity(one, one) == 1


def test_copies_are_found_and_a_common_group_excuses_them() -> None:
    texts = [LONG, "Something else altogether, about snow.", LONG.replace("seven", "eight")]
    assert copies(texts) == [(2, 0)]
    assert undeclared(texts, ["", "", ""]) == [(2, 0)]
    assert undeclared(texts, ["g", "", "h"]) == [(2, 0)]
    assert undeclared(texts, ["g", "", "g"]) == []


def test_candidates_of_the_sketch_lose_no_copy() -> None:
    dice = rolling(3)
    originals = [words(dice, 12) for _ in range(150)]
    edited = [f"{text} {words(dice, 1)}" for text in originals]
    found = set(copies([*originals, *edited]))
    assert {(row + 150, row) for row in range(150)} <= found


def test_a_post_that_stands_among_the_checks_is_named() -> None:
    assert shared(["Nothing of the kind.", LONG], ["Snow again.", LONG.upper()]) == [(1, 1)]
    inspection = Inspection(table([{"text": LONG}]), checks=[("c1", LONG)])
    assert inspection.shared() == [Finding("posts that are nearly a check", 1, 0, where=("0 ~ c1",))]


# Scripts and languages.


@pytest.mark.parametrize(
    ("text", "lang", "wrong"),
    [
        ("Сегодня холодно", "ru", False),
        ("Segodnya holodno", "ru", True),
        ("Segodnya holodno", "ru-Latn", False),
        ("Bugun havo sovuq", "uz", False),
        ("Бугун ҳаво совуқ", "uz", True),
        ("Бугун ҳаво совуқ", "uz-Cyrl", False),
        ("It is cold today", "en", False),
        ("It is cold today", "kk", True),
        ("ок", "en", False),
        ("👍 12 345", "en", False),
    ],
)
def test_the_script_is_held_against_the_language(text: str, lang: str, *, wrong: bool) -> None:
    assert other_script(text, lang) is wrong


def test_the_share_of_cyrillic_counts_letters_only() -> None:
    assert cyrillic_share("абвгд abcde 123 !!") == 0.5
    assert cyrillic_share("аб 12345678") is None


def test_a_post_that_reads_as_another_language_is_held_against_it() -> None:
    assert other_language("Бүгін ауылда той болады, бәрі келіңіздер", "ru")
    assert not other_language("Бүгін ауылда той болады, бәрі келіңіздер", "kk")
    assert not other_language("ахах", "kk")


def test_disguised_posts_may_look_like_another_script() -> None:
    rows = [{"text": "k0ntrakt segodnya", "lang": "ru", "disguised": mark} for mark in ("1", "0")]
    script = finding(Inspection(table(rows)).script(), "another script")
    assert (script.value, script.where) == (1.0, ("1",))


# Spread.


def test_spread_counts_lengths_words_and_openings() -> None:
    found = spread(["one two three", "one two", "four five six seven", "eight"])
    assert (found.posts, found.shortest, found.median, found.longest) == (4, 5, 10, 19)
    assert found.vocabulary == 8 / 10
    assert found.openings == 0.5
    assert found.quartiles == pytest.approx(np.quantile([13, 7, 19, 5], 0.75) / np.quantile([13, 7, 19, 5], 0.25))


def test_the_batch_with_the_least_spread_is_named_and_twins_do_not_count() -> None:
    same: list[Row] = [{"text": f"Come and see number {number}", "batch": "dull"} for number in range(25)]
    other = [{"text": row["text"], "batch": "lively"} for row in invented(25)]
    findings = Inspection(table([*same, *other])).batches()
    assert finding(findings, "open like").where == ("dull",)
    assert not finding(findings, "open like").passed
    excused = [row | {"twin": "0"} for row in same]
    assert all(one.passed for one in Inspection(table([*excused, *other])).batches() if "open" in one.what)


# Words.


def test_the_word_that_tells_a_label_leads_the_list() -> None:
    rows = invented(200)
    truth = np.array([row["recruitment"] == "1" for row in rows])
    found = telling_words([row["text"] for row in rows], truth)
    assert {one.word for one in found[:3]} == {"join", "our", "squad"}
    squads = [row["recruitment"] for row in rows if "squad" in row["text"]]
    assert (found[0].posts, found[0].positives) == (len(squads), squads.count("1"))
    assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)


def test_a_label_that_nobody_or_everybody_has_is_told_by_no_word() -> None:
    assert telling_words(["a b"] * 9, np.ones(9, bool)) == []
    assert telling_words(["a b"] * 9, np.zeros(9, bool)) == []


def test_shares_of_topic_words_are_counted_in_their_language() -> None:
    count = LEAST_POSTS
    texts = ["Kazakhs at home"] * count + ["The kazakhstani way"] * count + ["unrelated"]
    languages = ["en"] * len(texts)
    truth = np.array([1.0] * count + [0.0] * count + [1.0])
    stem, word, other = (
        Topic("en", "people", "kazakh*"),
        Topic("en", "people", "kazakhs"),
        Topic("ru", "people", "kazakh*"),
    )
    shares = topic_shares(texts, languages, truth, [stem, word, other])
    assert [(one.topic, one.posts, one.share) for one in shares] == [(word, count, 1.0), (stem, 2 * count, 0.5)]


def test_a_blank_label_is_left_out_of_the_share() -> None:
    texts, truth = ["war"] * (LEAST_POSTS + 1), np.array([1.0] * LEAST_POSTS + [np.nan])
    (one,) = topic_shares(texts, ["en"] * len(texts), truth, [Topic("en", "war", "war")])
    assert (one.posts, one.share) == (LEAST_POSTS, 1.0)


# Style.


def test_style_is_measured_in_the_order_of_its_names() -> None:
    values = dict(zip(STYLE, style_of(["Wow!!! Ring +7 now 😀\nplease"])[0], strict=True))
    assert values["length"] == 27
    assert values["exclamation marks"] == 3
    assert values["emoji"] == 1
    assert values["lines"] == 1
    assert values["contacts"] == 1
    assert values["opens in lower case"] == 0
    assert values["ends with a mark"] == 0


def test_style_that_gives_a_label_away_is_noticed_and_no_style_is_not() -> None:
    dice = rolling(0)
    plain = [words(dice, 8) for _ in range(300)]
    truth = np.array([number % 2 == 0 for number in range(300)])
    loud = [f"{text}!!!" if label else text for text, label in zip(plain, truth, strict=True)]
    groups = np.arange(300) // 10
    assert style_baseline(loud, truth, groups, 0)["auc"] > 0.99
    assert 0.35 < style_baseline(plain, truth, groups, 0)["auc"] < 0.65
    assert style_baseline(plain, truth, groups, 0) == style_baseline(plain, truth, groups, 0)


def test_limits_are_kept_or_broken_on_their_own_side() -> None:
    assert Finding("a", 1, 1).passed
    assert not Finding("a", 2, 1).passed
    assert Finding("a", 2, 1, at_most=False).passed
    assert not Finding("a", 0, 1, at_most=False).passed
    assert Limits().copies < 0.011
