"""The posts, checks and cues that ship are what the labelling guide and the datasheet promise."""

from __future__ import annotations

import csv
import hashlib
import re
from collections import Counter, defaultdict
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from classifier.cues import LANGUAGES as DESCRIBED
from classifier.cues import CueSet
from classifier.errors import InputError
from training.check import read_cases
from training.corpus.findings import Inspection
from training.corpus.run import read_checks
from training.corpus.topics import read_topics
from training.guide import LABELS, MEANS, NEGATIVE, POSITIVE
from training.posts import LabelledPosts, read_posts
from training.schema import Schema
from training.shipped import (
    check_files,
    checks_file,
    data_directory,
    hard_file,
    policy_version,
    post_files,
    topics_file,
)

COLUMNS = (
    "id text recruitment separatism means uncertain lang category disguised group twin region batch source".split()
)
PHONE = re.compile(r"(?:\d[\s()\-]{0,2}){9,}")  # nine digits or more; two years are eight


@pytest.fixture(scope="module")
def posts() -> LabelledPosts:
    return read_posts(post_files(), Schema())


@pytest.fixture(scope="module")
def hard() -> LabelledPosts:
    return read_posts([hard_file()], Schema())


@pytest.fixture(scope="module")
def checks() -> list[dict[str, str]]:
    with Path(checks_file()).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def header(name: str) -> list[str]:
    with Path(name).open(encoding="utf-8", newline="") as file:
        return next(csv.reader(file))


# The frozen sets: a change is a decision of its own, with its reason in the changelog.
FROZEN = {
    "hard.csv": "d96d772c2220bc59a78463037bf3e044a290a36c52c433a24fe05818cdbaace8",
    "functional.csv": "8d2c537c8023c42daa8dddb870553eb3c8cb5156d19e4bc6e693e48f31e1d47e",
}


# Posts.


def test_all_posts_are_read_without_a_fault(posts: LabelledPosts) -> None:
    assert len(posts.frame) >= 10_000
    assert posts.dropped == {}
    assert posts.frame["id"].is_unique


@pytest.mark.parametrize("name", [Path(name).name for name in post_files()])
def test_columns_are_those_of_the_guide(name: str) -> None:
    assert header(str(data_directory() / "posts" / name)) == COLUMNS


def test_the_guide_describes_every_column() -> None:
    table = (data_directory() / "labelling-guide.md").read_text("utf-8").split("## Columns")[1].split("\n\n")[0]
    described = [
        name for line in re.findall(r"^\| (`.*?) \|", table, re.MULTILINE) for name in re.findall(r"\w+", line)
    ]
    assert described == COLUMNS


@pytest.mark.parametrize(
    ("language", "least"), [("ru", 3500), ("kk", 2500), ("en", 1600), ("uz", 1000), ("ky", 800), ("tg", 400)]
)
def test_every_language_is_there_with_both_kinds_of_both_labels(
    language: str, least: int, posts: LabelledPosts
) -> None:
    part = posts.frame[posts.frame["lang"].str.split("-").str[0] == language]
    assert len(part) >= least
    for label in LABELS:
        assert (part[label] == 1).sum() >= 0.1 * len(part)
        assert (part[label] == 0).sum() >= 0.5 * len(part)


@pytest.mark.parametrize(("language", "least"), [("ru-Latn", 280), ("kk-Latn", 375), ("uz", 500), ("uz-Cyrl", 250)])
def test_both_scripts_are_there(language: str, least: int, posts: LabelledPosts) -> None:
    assert (posts.frame["lang"] == language).sum() >= least


def test_every_category_is_there_in_strength(posts: LabelledPosts) -> None:
    counts = posts.frame["category"].value_counts()
    assert set(counts.index) == POSITIVE | NEGATIVE
    assert counts.min() >= 80


def test_every_batch_has_its_brief(posts: LabelledPosts) -> None:
    with (data_directory() / "briefs.csv").open(encoding="utf-8", newline="") as file:
        briefs = {row["batch"]: row["brief"] for row in csv.DictReader(file)}
    assert set(briefs) == set(posts.frame["batch"])
    assert all(len(brief) > 20 for brief in briefs.values())


def test_a_third_are_positive(posts: LabelledPosts) -> None:
    positive = (posts.frame[list(LABELS)] == 1).any(axis=1).mean()
    assert 0.30 <= positive <= 0.40


def test_every_post_has_language_category_batch_and_source(posts: LabelledPosts) -> None:
    for column in ("lang", "category", "batch", "region", "source"):
        assert (posts.frame[column] != "").all(), column
    assert set(posts.frame["disguised"]) == {"0", "1"}
    assert set(posts.frame["source"]) == {"authored"}
    for post_id, batch in zip(posts.frame["id"], posts.frame["batch"], strict=True):
        assert re.fullmatch(rf"{batch}-\d{{3}}", post_id)


def test_separatism_always_says_by_what_means(posts: LabelledPosts) -> None:
    assert set(posts.frame["means"][posts.frame["separatism"] == 1]) <= set(MEANS)


def test_a_blank_label_is_named_in_uncertain(posts: LabelledPosts) -> None:
    for label in LABELS:
        named = posts.frame["uncertain"].str.split().map(lambda names, label=label: label in names)
        assert (named == posts.frame[label].isna()).all()
    assert 0 < posts.frame["uncertain"].astype(bool).mean() <= 0.03


def test_twins_share_a_group_and_differ_in_a_label(posts: LabelledPosts) -> None:
    frame = posts.frame.set_index("id")
    twins = frame[frame["twin"] != ""]
    assert len(twins) >= 1500
    for post_id, twin in zip(twins.index, twins["twin"], strict=True):
        one, other = frame.loc[post_id], frame.loc[twin]
        assert one["group"] == other["group"] != "", post_id
        assert any(one[label] != other[label] for label in LABELS), post_id


def test_telephone_numbers_are_invented(posts: LabelledPosts, checks: list[dict[str, str]]) -> None:
    texts = [*posts.texts, *(row["text"] for row in checks)]
    numbers = [number for text in texts for number in PHONE.findall(text)]
    assert len(numbers) >= 30, "the pattern finds numbers"
    assert [number for number in numbers if "000" not in re.sub(r"\D", "", number)] == []


def test_all_limits_of_an_inspection_are_kept(posts: LabelledPosts) -> None:
    inspection = Inspection(posts, list(read_checks(check_files())), read_topics(topics_file()))
    assert [one.what for found in inspection.run() for one in found if not one.passed] == []


def test_no_text_stands_twice(posts: LabelledPosts) -> None:
    assert [text for text, times in Counter(posts.texts).items() if times > 1] == []


# The second reading.


@pytest.fixture(scope="module")
def readings() -> list[dict[str, str]]:
    with (data_directory() / "checks" / "second-reading.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_more_than_one_post_in_seven_was_read_twice(posts: LabelledPosts, readings: list[dict[str, str]]) -> None:
    ids = {row["id"] for row in readings}
    assert len(ids) == len(readings) >= 0.15 * len(posts.frame)
    assert ids <= set(posts.frame["id"])


def test_every_disagreement_was_decided_in_writing_and_the_posts_say_what_was_decided(
    posts: LabelledPosts, readings: list[dict[str, str]]
) -> None:
    with (data_directory() / "checks" / "adjudicated.csv").open(encoding="utf-8", newline="") as file:
        decided = {(row["id"], row["label"]): row for row in csv.DictReader(file)}
    frame, split = posts.frame.set_index("id"), set()
    for row in readings:
        for label in LABELS:
            now = frame.loc[row["id"], label]
            written = "" if np.isnan(now) else str(int(now))
            if row[label] != row[f"first_{label}"]:
                split.add((row["id"], label))
                decision = decided[row["id"], label]
                assert (decision["first"], decision["second"]) == (row[f"first_{label}"], row[label])
                assert decision["decided"] == written
                assert len(decision["reason"]) > 10
            else:
                assert written == row[label], row["id"]
    assert split == set(decided)


# The hard set.


@pytest.mark.parametrize("name", FROZEN)
def test_the_frozen_sets_have_not_changed(name: str) -> None:
    content = (data_directory() / "checks" / name).read_bytes()
    assert hashlib.sha256(content).hexdigest() == FROZEN[name]


def test_the_hard_set_is_read_without_a_fault_and_mostly_negative(hard: LabelledPosts) -> None:
    assert len(hard.frame) >= 600
    assert header(hard_file()) == COLUMNS
    assert set(hard.frame["lang"].str.split("-").str[0]) == {"en", "kk", "ky", "ru", "tg", "uz"}
    positive = (hard.frame[list(LABELS)] == 1).any(axis=1).mean()
    assert 0.30 <= positive <= 0.37
    assert hard.frame["category"].nunique() >= 40
    assert (hard.frame["twin"] != "").sum() >= 0.14 * len(hard.frame)


def test_no_post_shares_an_id_or_a_batch_with_the_hard_set(posts: LabelledPosts, hard: LabelledPosts) -> None:
    assert not set(posts.frame["id"]) & set(hard.frame["id"])
    assert not set(posts.frame["batch"]) & set(hard.frame["batch"])


# Functional checks.


def test_there_are_checks_of_many_kinds(checks: list[dict[str, str]]) -> None:
    assert len(read_cases(checks_file(), LABELS)) == len(checks) >= 700
    assert header(checks_file()) == ["id", "functionality", "text", "recruitment", "separatism", "lang", "pair"]
    assert len({row["id"] for row in checks}) == len(checks)
    kinds = defaultdict(set)
    for row in checks:
        kinds[row["lang"].split("-")[0]].add(row["functionality"])
    assert all(len(kinds[language]) >= 40 for language in ("ru", "kk", "en"))
    assert all(len(kinds[language]) >= 20 for language in ("uz", "ky", "tg"))
    for label in LABELS:
        assert min(Counter(row[label] for row in checks)[value] for value in "01") >= 100
    for language in ("ru", "kk", "en", "uz", "ky", "tg"):
        assert sum(row["lang"].split("-")[0] == language for row in checks) >= 90


def test_identity_pairs_have_two_members_or_more_with_the_same_labels(checks: list[dict[str, str]]) -> None:
    pairs = defaultdict(list)
    for row in checks:
        assert (row["functionality"] == "identity_pair") == bool(row["pair"])
        if row["pair"]:
            pairs[row["pair"]].append(row)
    assert len(pairs) >= 24
    for name, members in pairs.items():
        assert len(members) >= 2, name
        for one, other in pairwise(members):
            assert all(one[key] == other[key] for key in LABELS), name
            assert one["lang"].split("-")[0] == other["lang"].split("-")[0], name
            assert one["text"] != other["text"], name


# Cues.


def test_a_dozen_cues_speak_in_both_directions_and_three_languages(shipped_cues: CueSet) -> None:
    assert len(shipped_cues.cues) >= 12
    for label in LABELS:
        for way in ("for", "against"):
            assert any(cue.speaks == way and label in cue.labels for cue in shipped_cues.cues), (label, way)
    for cue in shipped_cues.cues:
        assert set(cue.labels) <= set(LABELS)
        assert all(cue.description[language] for language in DESCRIBED)
        assert len(shipped_cues.written[cue.name]) >= 15


# Finding it.


def test_the_policy_version_is_a_digest_of_the_guide(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = policy_version()
    assert re.fullmatch(r"[0-9a-f]{12}", before)
    copy = tmp_path / "_data"
    copy.mkdir()
    guide = (data_directory() / "labelling-guide.md").read_bytes()
    monkeypatch.setattr("training.shipped.HERE", tmp_path)
    (copy / "labelling-guide.md").write_bytes(guide)
    assert policy_version() == before
    (copy / "labelling-guide.md").write_bytes(guide + b"!")
    assert policy_version() != before


def test_the_wheels_copy_is_found_and_without_one_the_message_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("training.shipped.HERE", tmp_path / "training")
    with pytest.raises(InputError, match="name the files of labelled posts"):
        data_directory()
    (tmp_path / "training" / "_data" / "posts").mkdir(parents=True)
    (tmp_path / "training" / "_data" / "labelling-guide.md").touch()
    for name in ("b.csv", "a.csv"):
        (tmp_path / "training" / "_data" / "posts" / name).touch()
    assert [Path(name).name for name in post_files()] == ["a.csv", "b.csv"]
    assert all("_data" in name for name in (*post_files(), checks_file()))
