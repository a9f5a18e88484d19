"""`clarion compare`: the verdict, what stands behind it, and what is refused."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.stats import binomtest
from sklearn.metrics import accuracy_score, average_precision_score, f1_score

from classifier import Classifier
from classifier.bundle import write_bundle
from classifier.cues import CueSet
from tests.commands import Command
from tests.training.conftest import TINY
from tests.training.making import classes, invented, table, write
from training.evaluate import TRAINED_ON
from training.fit import Fitter
from training.posts import LabelledPosts, read_posts
from training.schema import Schema


def trained(directory: Path, posts: LabelledPosts, cues: CueSet, name: str) -> Path:
    fitter = Fitter(posts, cues, TINY, name)
    list(fitter.run())
    assert fitter.bundle is not None
    write_bundle(directory / name, fitter.bundle.manifest, fitter.bundle.arrays, cues)
    return directory / name


@pytest.fixture(scope="module")
def weaker(tmp_path_factory: pytest.TempPathFactory, cues: CueSet) -> Path:
    """A bundle of posts half of whose labels are wrong."""
    rows = invented(80, seed=4)
    for row, other in zip(rows[::2], rows[1::2], strict=True):
        row["recruitment"], other["recruitment"] = other["recruitment"], row["recruitment"]
    return trained(tmp_path_factory.mktemp("weaker"), table(rows), cues, "weaker")


@pytest.fixture(scope="module")
def topics(tmp_path_factory: pytest.TempPathFactory, cues: CueSet) -> list[Path]:
    """Two bundles of three classes, and one that knows two of them."""
    home, bundles = tmp_path_factory.mktemp("topics"), []
    for name, rows in (
        ("one", classes(60)),
        ("two", classes(90, seed=3)),
        ("two-classes", [row for row in classes(90, seed=3) if row["topic"] != "[spam]"]),
    ):
        posts = read_posts([str(write(home / f"{name}.csv", rows))], Schema(label="topic"))
        bundles.append(trained(home, posts, cues, name))
    return bundles


@pytest.fixture
def rows() -> list[dict[str, Any]]:
    """Posts that neither has seen; some labels are blank."""
    rows = invented(200, seed=11)
    for row in rows[::17]:
        row["separatism"] = ""
    return rows


def compared(clarion: Command, tmp_path: Path, *arguments: object) -> dict[str, Any]:
    ended = clarion("compare", *arguments, "--json", tmp_path / "c.json")
    assert ended.code == 0, ended.err
    found: dict[str, Any] = json.loads((tmp_path / "c.json").read_text("utf-8"))
    return found


def test_the_better_bundle_is_told_and_what_stands_behind_it(
    clarion: Command, weaker: Path, tiny: Path, rows: list[dict[str, Any]], tmp_path: Path
) -> None:
    path = write(tmp_path / "posts.csv", rows)
    found = compared(clarion, tmp_path, weaker, tiny, path)
    assert found["verdict"].startswith("B is better for recruitment (average precision +")
    models = [Classifier.load(weaker), Classifier.load(tiny)]
    assert [found[side]["sha256"] for side in "ab"] == [model.sha256 for model in models]
    for label in ("recruitment", "separatism"):
        known = [row for row in rows if row[label] != ""]
        truth = np.array([row[label] == "1" for row in known])
        scores = [model.score([row["text"] for row in known]) for model in models]
        chances = [np.array([score.labels[label].probability for score in each]) for each in scores]
        right = [np.array([score.labels[label].flagged for score in each]) == truth for each in scores]
        one = found["by_label"][label]
        assert (one["n"], one["positives"]) == (len(known), truth.sum())
        for side, chance in zip("ab", chances, strict=True):
            expected = average_precision_score(truth, chance)
            assert one["average_precision"][side]["value"] == pytest.approx(expected, abs=6e-5)
        only = [int((right[0] & ~right[1]).sum()), int((right[1] & ~right[0]).sum())]
        assert [one["mcnemar"]["only_a"], one["mcnemar"]["only_b"]] == only
        assert one["mcnemar"]["p"] == pytest.approx(binomtest(only[1], sum(only)).pvalue if sum(only) else 1)
    mean = np.mean([found["by_label"][label]["auc"]["b"]["value"] for label in found["labels"]])
    assert found["macro"]["auc"]["b"]["value"] == pytest.approx(mean, abs=1e-4)


def test_the_same_call_gives_the_same_bytes(
    clarion: Command, weaker: Path, tiny: Path, posts_file: Path, tmp_path: Path
) -> None:
    compared(clarion, tmp_path, weaker, tiny, posts_file)
    before = (tmp_path / "c.json").read_bytes()
    compared(clarion, tmp_path, weaker, tiny, posts_file)
    assert (tmp_path / "c.json").read_bytes() == before


def test_a_person_reads_the_verdict_first(clarion: Command, weaker: Path, tiny: Path, posts_file: Path) -> None:
    ended = clarion("compare", weaker, tiny, posts_file)
    assert (ended.code, ended.err) == (0, "")
    lines = ended.out.splitlines()
    assert lines[0].startswith("A: weaker")
    assert lines[1].startswith("B: tiny")
    assert lines[2] == "80 posts in 80 groups; flags at balanced"
    assert " for recruitment (average precision " in lines[3]
    assert any(line.startswith("slices: ") for line in lines)


def test_posts_that_change_sides_are_listed_without_their_text(
    clarion: Command, weaker: Path, tiny: Path, rows: list[dict[str, Any]], tmp_path: Path
) -> None:
    path, out = write(tmp_path / "posts.csv", rows), tmp_path / "changed.csv"
    assert clarion("compare", weaker, tiny, path, "--changed", out).code == 0
    with out.open(encoding="utf-8", newline="") as file:
        found = list(csv.DictReader(file))
    models = [Classifier.load(bundle) for bundle in (weaker, tiny)]
    scores = [model.score([row["text"] for row in rows]) for model in models]
    expected = {
        (row["id"], label): (one.labels[label].probability, other.labels[label].probability, row[label])
        for label in ("recruitment", "separatism")
        for row, one, other in zip(rows, *scores, strict=True)
        if one.labels[label].flagged != other.labels[label].flagged
    }
    assert expected
    assert {
        (row["id"], row["label"]): (float(row["probability_a"]), float(row["probability_b"]), row["truth"])
        for row in found
    } == expected
    assert all({row["flagged_a"], row["flagged_b"]} == {"0", "1"} for row in found)
    assert found[0]["place"].startswith(str(path))
    assert "text" not in found[0]
    shown = tmp_path / "shown.jsonl"
    assert clarion("compare", weaker, tiny, path, "--changed", shown, "--show-text").code == 0
    first = json.loads(shown.read_text("utf-8").splitlines()[0])
    assert first["text"] == next(row["text"] for row in rows if row["id"] == first["id"])


def test_what_was_learnt_is_no_fair_ground(
    clarion: Command, weaker: Path, posts_file: Path, cue_directory: Path, tmp_path: Path
) -> None:
    assert clarion("train", posts_file, "--out", tmp_path / "m", "--cues", cue_directory).code == 0
    ended = clarion("compare", weaker, tmp_path / "m", posts_file)
    assert ended.err == f"B: {TRAINED_ON}\n"
    ended = clarion("compare", weaker, weaker, posts_file)
    assert (ended.code, ended.err) == (0, "A and B are the same bundle\n")
    assert "No difference is told for recruitment" in ended.out


def test_of_a_split_the_rest_is_compared(clarion: Command, weaker: Path, tiny: Path, tmp_path: Path) -> None:
    parts = ("train", "test")
    path = write(tmp_path / "s.csv", [row | {"split": parts[n // 5 % 2]} for n, row in enumerate(invented(80, seed=3))])
    found = compared(clarion, tmp_path, weaker, tiny, path)
    assert (found["posts"]["n"], list(found["posts"]["left_out"].values())) == (40, [40])
    assert compared(clarion, tmp_path, weaker, tiny, path, "--all")["posts"]["n"] == 80
    learnt = write(tmp_path / "t.csv", [row | {"split": "train"} for row in invented(10)])
    ended = clarion("compare", weaker, tiny, learnt)
    assert ended.code == 2
    assert "pass --all" in ended.err


def test_columns_of_other_names_and_contradictions_are_taken_as_when_training(
    clarion: Command, weaker: Path, tiny: Path, rows: list[dict[str, Any]], tmp_path: Path
) -> None:
    expected = compared(clarion, tmp_path, weaker, tiny, write(tmp_path / "a.csv", rows[1:]))
    other = [{{"text": "body", "recruitment": "join"}.get(name, name): row[name] for name in row} for row in rows]
    path = write(tmp_path / "b.csv", [*other, other[0] | {"id": "again", "join": "0"}])
    call = (weaker, tiny, path, "--map", "text=body", "--map", "recruitment=join")
    refused = clarion("compare", *call)
    assert (refused.code, refused.out) == (2, "")
    assert "2 posts stand elsewhere with the same text and different labels; mend them or pass --drop-" in refused.err
    found = compared(clarion, tmp_path, *call, "--drop-conflicts")
    assert found["posts"]["left_out"] == {"same text with different labels": 2}
    assert found["by_label"] == expected["by_label"]
    ended = clarion("compare", weaker, tiny, path, "--map", "text=content", "--map", "recruitment=join")
    assert (ended.code, ended.out) == (2, "")
    assert f"{path}: missing column 'content'; it has: id, body" in ended.err


# Other labels.


def test_exclusive_classes_are_compared_by_what_is_predicted(
    clarion: Command, topics: list[Path], tmp_path: Path
) -> None:
    rows = classes(120, seed=8)
    path = write(tmp_path / "t.csv", rows)
    found = compared(clarion, tmp_path, topics[0], topics[1], path, "--label", "topic")
    truth = [row["topic"] for row in rows]
    for side, bundle in zip("ab", topics[:2], strict=True):
        told = [score.predicted for score in Classifier.load(bundle).score([row["text"] for row in rows])]
        assert found["classes"]["accuracy"][side]["value"] == pytest.approx(accuracy_score(truth, told), abs=6e-5)
        expected = f1_score(truth, told, average="macro")
        assert found["classes"]["macro_f1"][side]["value"] == pytest.approx(expected, abs=6e-5)
    assert "macro-F1" in found["verdict"]
    ended = clarion("compare", topics[0], topics[1], path, "--label", "topic")
    assert "classes right: both " in ended.out
    assert "[spam]: 40 of 120 posts positive" in ended.out


def test_only_shared_classes_are_compared_and_the_rest_is_said(
    clarion: Command, topics: list[Path], tmp_path: Path
) -> None:
    path = write(tmp_path / "t.csv", classes(90, seed=8))
    ended = clarion("compare", topics[0], topics[2], path, "--label", "topic")
    assert ended.code == 0, ended.err
    assert "not compared, only in A: [spam]" in ended.out.splitlines()
    assert "left out: 30 posts, of a class that only one of the bundles knows" in ended.out.splitlines()


def test_what_cannot_be_compared_is_refused(
    clarion: Command, tiny: Path, weaker: Path, topics: list[Path], posts_file: Path, tmp_path: Path
) -> None:
    spam = write(tmp_path / "spam.csv", [row for row in classes(9) if row["topic"] == "[spam]"] + classes(3)[1:2])
    unknown = write(tmp_path / "u.csv", [{"text": "one", "topic": "chess"}, {"text": "two", "topic": "sport"}])
    for arguments, message in (
        ((tiny, topics[0], posts_file), "the bundles share no label: A has recruitment, separatism, B has [spam]"),
        ((topics[0], topics[1], posts_file), "name the column of classes with --label"),
        ((topics[0], topics[1], unknown, "--label", "topic"), "classes unknown to both bundles: chess"),
        ((tiny, weaker, posts_file, "--profile", "strict"), "unknown profile 'strict'"),
        ((tiny, weaker, spam), "missing column 'recruitment', 'separatism'"),
        ((tiny, tmp_path / "none", posts_file), "none: no bundle here"),
    ):
        ended = clarion("compare", *arguments)
        assert (ended.code, ended.out) == (2, "")
        assert message in ended.err
    assert clarion("compare", tiny, weaker).code == 2, "no files"
