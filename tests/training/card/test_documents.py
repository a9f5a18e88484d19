"""Card and datasheet: every figure is the manifest's or counted, nothing of a post, nothing of Clarion's own posts."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from classifier.bundle import CARD, DATASHEET
from classifier.cues import CueSet
from classifier.visible import hidden
from tests.training.conftest import TINY
from tests.training.making import Row, classes, invented, table
from training.card.about import NOT_STATED, read_about
from training.card.documents import documents_of
from training.fit import Fitter
from training.nearest import index_of
from training.posts import LabelledPosts

NASTY = "a|b`c\n# d\u202e<script>"
OURS = (
    "composed",
    "data/README.md",
    "CC BY",
    "uses-to-avoid.md",
    "Clarion contributors",
    "by a language model",
)


def written(fitter: Fitter, *, shipped: bool = False) -> dict[str, str]:
    return documents_of(fitter, read_about(None, shipped), None, shipped)


def fitted(posts: LabelledPosts, cues: CueSet) -> Fitter:
    fitter = Fitter(posts, cues, TINY, "tiny")
    list(fitter.run())
    return fitter


def rows(markdown: str, heading: str) -> list[list[str]]:
    """Cells of the table below a heading, its head and rule left out."""
    body = markdown.split(f"{heading}\n", 1)[1].split("\n#", 1)[0]
    lines = [line for line in body.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


@pytest.fixture(scope="module")
def documents(fitter: Fitter) -> dict[str, str]:
    return written(fitter)


def test_both_are_written_in_whole_tables(documents: dict[str, str]) -> None:
    assert list(documents) == [CARD, DATASHEET]
    for text in documents.values():
        assert text.startswith("# ")
        assert text.endswith("\n")
        assert "\n\n\n\n" not in text
        for block in re.findall(r"(?:^\|.*\n)+", text, re.MULTILINE):
            assert len({line.count("|") for line in block.splitlines()}) == 1, block


def test_figures_are_those_of_the_manifest(fitter: Fitter, documents: dict[str, str]) -> None:
    assert fitter.bundle is not None
    manifest = fitter.bundle.manifest
    figures = {row[0]: row[1:] for row in rows(documents[CARD], "## Figures")}
    for label in manifest.labels:
        one = manifest.metrics[label]
        bounds = f"[{one['average_precision_low']:.3f}–{one['average_precision_high']:.3f}]"
        assert figures[f"`{label}`"] == [
            str(one["n"]), str(one["positives"]), f"{one['average_precision']:.3f} {bounds}",
        ]  # fmt: skip
        profiles = {row[0].split("`")[1]: row for row in rows(documents[CARD], f"### `{label}` by profile")}
        assert list(profiles) == list(manifest.profiles)
        for name, row in profiles.items():
            profile = manifest.profiles[name][label]
            assert row[1] == f"{profile['threshold']:.3f}"
            assert row[2] == (
                f"{profile['precision']:.3f} [{profile['precision_low']:.3f}–{profile['precision_high']:.3f}]"
            )
            assert row[3].startswith(f"{profile['recall']:.3f} [")
            assert row[4].startswith(f"{profile['precision_at_1_in_1000']:.3f} [")
            assert ("aim not reached" in row[0]) is not profile["reached"]
        languages = {row[0]: row[1:3] for row in rows(documents[CARD], f"### `{label}` by language")}
        assert languages == {
            f"`{name}`": [str(part["n"]), str(part["positives"])] for name, part in one["by_language"].items()
        }
    assert manifest.training["data_sha256"] in documents[CARD]
    assert manifest.training["data_sha256"] in documents[DATASHEET]
    assert all(f"| {name} | {version} |" in documents[CARD] for name, version in manifest.libraries.items())
    assert f"| seed | `{manifest.training['seed']}` |" in documents[CARD]


def test_the_same_run_gives_the_same_text_without_a_date(
    few: LabelledPosts, cues: CueSet, documents: dict[str, str]
) -> None:
    assert written(fitted(few, cues)) == documents
    assert not re.search(r"\b20[2-9]\d-\d\d", "".join(documents.values()))


def test_nothing_of_clarions_own_posts_is_said_of_others(documents: dict[str, str]) -> None:
    text = "".join(documents.values())
    assert [word for word in OURS if word in text] == []
    assert text.count(f"_{NOT_STATED}_") >= 8


def test_of_the_shipped_posts_it_is_said_what_they_are(fitter: Fitter) -> None:
    text = "".join(written(fitter, shipped=True).values())
    assert [word for word in OURS if word not in text] == []


def test_shipped_posts_among_others_are_named(fitter: Fitter) -> None:
    documents = documents_of(fitter, read_about(None, shipped=False), None, shipped=False, base=True)
    assert all("The posts that ship with Clarion are among them (`--base`)" in text for text in documents.values())
    assert "| Made by | _not stated_ |" in documents[CARD]


def test_no_post_and_nobody_is_in_them(cues: CueSet) -> None:
    secret = {"author": "u-771", "reader": "Aigerim", "created_at": "2031-05-06"}
    posts = table([row | secret for row in invented(80)])
    documents = written(fitted(posts, cues))
    text = "".join(documents.values())
    words = {word for post in posts.texts for word in post.split() if len(word) > 6}
    assert words
    assert not words & set(re.findall(r"\w+", text)) - {"referendum", "warning"}
    assert [told for told in secret.values() if told in text] == []
    assert "80 posts name who labelled them, 1 readers in all." in documents[DATASHEET]
    assert not [post_id for post_id in posts.frame["id"] if post_id in text]


def test_names_of_strangers_stay_in_their_cells(cues: CueSet) -> None:
    """Labels, languages, kinds and sources of any file, on a page that is still one of whole tables."""
    named: list[Row] = [row | {"source": NASTY, "lang": NASTY, "category": NASTY} for row in invented(80)]
    posts = table(named)
    frame = posts.frame.rename(columns={"recruitment": NASTY})
    documents = written(fitted(LabelledPosts(frame, (NASTY, "separatism"), False, posts.sha256), cues))
    test_both_are_written_in_whole_tables(documents)
    for text in documents.values():
        assert "`a¦b'c # d[U+202E]<script>`" in text
        assert not [line for line in text.splitlines() if line.startswith("# d")]
        assert hidden(text) == frozenset()
    assert "labelling guide" not in documents[CARD]


def test_exclusive_classes_have_a_card_too(cues: CueSet) -> None:
    found = classes(120)
    names = tuple(sorted({row["topic"] for row in found}))
    frame = table([row | {name: int(row["topic"] == name) for name in names} for row in found], *names).frame
    documents = written(fitted(LabelledPosts(frame, names, True, "0" * 64), cues))
    test_both_are_written_in_whole_tables(documents)
    assert "`[spam]`, `sport`, `weather`: classes, of which a post has exactly one" in documents[CARD]
    assert "Every post has exactly one of these." in documents[DATASHEET]
    assert "lawful" not in documents[CARD]


def test_recall_is_not_given_where_only_flagged_posts_were_seen(few: LabelledPosts, cues: CueSet) -> None:
    posts = replace(few, frame=few.frame.assign(sampled_by="flagged"))
    documents = written(fitted(posts, cues))
    for label in few.labels:
        assert {row[3] for row in rows(documents[CARD], "## Figures")} == {"–"}
        assert {(row[3], row[4]) for row in rows(documents[CARD], f"### `{label}` by profile")} == {("–", "–")}
        assert {row[3] for row in rows(documents[CARD], f"### `{label}` by language")} == {"–"}
    assert "recall and average precision are not given" in documents[CARD]
    assert "say nothing of what was missed" in documents[DATASHEET]


def test_limits_name_languages_with_few_posts_and_blanks(cues: CueSet) -> None:
    few = invented(160)
    for row in few[2::40]:
        row["separatism"] = ""
    text = written(fitted(table(few), cues))[CARD]
    limits = text.split("## Limits\n", 1)[1].split("\n## ", 1)[0]
    assert "`recruitment`: fewer than 30 posts with the label, or without it, in " in limits
    assert "In any language but `" in limits
    assert "`separatism` is blank in 4 posts (2.5 %): neither learned from nor measured on" in limits
    assert "`recruitment` is blank" not in limits


def test_posts_that_the_bundle_shows_are_announced(fitter: Fitter, few: LabelledPosts) -> None:
    documents = documents_of(fitter, read_about(None, shipped=False), index_of(few, 12, 0), shipped=False)
    assert "**The bundle carries 12 of the posts**" in documents[CARD]
    assert "The bundle carries 12 of the posts." in documents[DATASHEET]


def test_a_run_that_has_not_ended_has_no_card(few: LabelledPosts, cues: CueSet) -> None:
    with pytest.raises(RuntimeError, match="has not ended"):
        written(Fitter(few, cues, TINY, "early"))
