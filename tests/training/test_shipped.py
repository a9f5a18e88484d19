"""The posts, checks and cues that ship are what the labelling guide and the datasheet promise."""

from __future__ import annotations

import csv
import re
from collections import Counter, defaultdict
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from scipy.sparse import coo_matrix, csr_matrix

from classifier.cues import LANGUAGES as DESCRIBED
from classifier.cues import CueSet
from classifier.errors import InputError
from training.check import read_cases
from training.groups import shingles
from training.guide import LABELS, MEANS
from training.posts import LabelledPosts, Schema, read_posts
from training.shipped import checks_file, data_directory, policy_version, post_files

COLUMNS = (
    "id text recruitment separatism means uncertain lang category disguised group twin region batch source".split()
)
PHONE = re.compile(r"(?:\d[\s()\-]{0,2}){9,}")  # nine digits or more; two years are eight
Pair = tuple[int, int]


@pytest.fixture(scope="module")
def posts() -> LabelledPosts:
    return read_posts(post_files(), Schema())


@pytest.fixture(scope="module")
def checks() -> list[dict[str, str]]:
    with Path(checks_file()).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def header(name: str) -> list[str]:
    with Path(name).open(encoding="utf-8", newline="") as file:
        return next(csv.reader(file))


def shares(texts: list[str]) -> csr_matrix:
    """Exact Jaccard similarity of all pairs of texts, by shingles of the folded text."""
    pieces = [shingles(text) for text in texts]
    numbers = {piece: number for number, piece in enumerate({piece for row in pieces for piece in row})}
    rows = np.repeat(np.arange(len(pieces)), list(map(len, pieces)))
    columns = [numbers[piece] for row in pieces for piece in row]
    table = csr_matrix((np.ones(len(rows)), (rows, columns)), (len(texts), len(numbers)))
    common = coo_matrix(table @ table.T)
    sizes = np.array(list(map(len, pieces)), float)
    common.data /= sizes[common.row] + sizes[common.col] - common.data
    return common


def alike(texts: list[str], least: float) -> list[Pair]:
    """Pairs of rows that are nearly the same, the earlier first."""
    common = shares(texts)
    found = zip(common.row.tolist(), common.col.tolist(), common.data.tolist(), strict=True)
    return [(one, other) for one, other, share in found if one < other and share >= least]


# Posts.


def test_all_posts_are_read_without_a_fault(posts: LabelledPosts) -> None:
    assert len(posts.frame) >= 600
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


def test_every_language_is_there_with_both_kinds_of_both_labels(posts: LabelledPosts) -> None:
    for language in ("ru", "kk", "en"):
        part = posts.frame[posts.frame["lang"].str.split("-").str[0] == language]
        assert len(part) >= 150
        for label in LABELS:
            assert (part[label] == 1).sum() >= 15
            assert (part[label] == 0).sum() >= 15


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
    assert len(twins) >= 100
    for post_id, twin in zip(twins.index, twins["twin"], strict=True):
        one, other = frame.loc[post_id], frame.loc[twin]
        assert one["group"] == other["group"] != "", post_id
        assert any(one[label] != other[label] for label in LABELS), post_id


def test_telephone_numbers_are_invented(posts: LabelledPosts, checks: list[dict[str, str]]) -> None:
    texts = [*posts.texts, *(row["text"] for row in checks)]
    numbers = [number for text in texts for number in PHONE.findall(text)]
    assert len(numbers) >= 30, "the pattern finds numbers"
    assert [number for number in numbers if "000" not in re.sub(r"\D", "", number)] == []


def test_posts_of_different_groups_are_no_copies(posts: LabelledPosts) -> None:
    groups = list(posts.frame["group"])
    pairs = [(one, other) for one, other in alike(posts.texts, 0.6) if not groups[one] or groups[one] != groups[other]]
    concerned = {row for pair in pairs for row in pair}
    ids = posts.frame["id"]
    assert len(concerned) <= 0.01 * len(posts.frame), [(ids[one], ids[other]) for one, other in pairs]


def test_no_text_stands_twice(posts: LabelledPosts) -> None:
    assert [text for text, times in Counter(posts.texts).items() if times > 1] == []


# Functional checks.


def test_there_are_a_hundred_checks_of_many_kinds(checks: list[dict[str, str]]) -> None:
    assert len(read_cases(checks_file(), LABELS)) == len(checks) >= 100
    assert header(checks_file()) == ["id", "functionality", "text", "recruitment", "separatism", "lang", "pair"]
    assert len({row["id"] for row in checks}) == len(checks)
    assert len({row["functionality"] for row in checks}) >= 20
    for label in LABELS:
        assert min(Counter(row[label] for row in checks)[value] for value in "01") >= 20
    for language in ("ru", "kk", "en"):
        assert sum(row["lang"] == language for row in checks) >= 30


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
            assert all(one[key] == other[key] for key in (*LABELS, "lang")), name
            assert one["text"] != other["text"], name


def test_no_check_is_a_post_or_nearly_one(posts: LabelledPosts, checks: list[dict[str, str]]) -> None:
    texts = [row["text"] for row in checks]
    assert not set(texts) & set(posts.texts)
    pairs = [(one, other) for one, other in alike([*texts, *posts.texts], 0.6) if one < len(texts) <= other]
    ids = list(posts.frame["id"])
    assert [(checks[one]["id"], ids[other - len(texts)]) for one, other in pairs] == []


# Cues.


def test_a_dozen_cues_speak_in_both_directions_and_three_languages(shipped_cues: CueSet) -> None:
    assert len(shipped_cues.cues) >= 12
    for label in LABELS:
        for way in ("for", "against"):
            assert any(cue.speaks == way and label in cue.labels for cue in shipped_cues.cues), (label, way)
    for cue in shipped_cues.cues:
        assert set(cue.labels) <= set(LABELS)
        assert all(cue.description[language] for language in DESCRIBED)
        assert len(cue.patterns) >= 15


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
