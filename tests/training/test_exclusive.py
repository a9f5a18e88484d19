"""One column of classes, from labelled posts to scores."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier import Classifier
from classifier.bundle import write_bundle
from classifier.cues import CueSet
from tests.commands import Command
from tests.training.conftest import TINY, reproducibly
from tests.training.making import classes, write
from training.fit import Fitter
from training.posts import read_posts
from training.schema import Schema

NAMES = ("[spam]", "sport", "weather")


@pytest.fixture(scope="module")
def topics(tmp_path_factory: pytest.TempPathFactory, cues: CueSet) -> Path:
    """A bundle of three classes."""
    directory = tmp_path_factory.mktemp("topics")
    posts = read_posts([str(write(directory / "topics.csv", classes(90)))], Schema(label="topic"))
    fitter = Fitter(posts, cues, TINY, "topics")
    list(fitter.run())
    assert fitter.bundle is not None
    write_bundle(directory / "m", fitter.bundle.manifest, fitter.bundle.arrays, cues)
    return directory / "m"


@pytest.fixture(scope="module")
def topic(topics: Path) -> Classifier:
    return Classifier.load(topics)


def test_the_bundle_knows_its_classes(topic: Classifier) -> None:
    assert (topic.labels, topic.exclusive) == (NAMES, True)
    assert {name: topic.manifest.training["labels"][name]["blank"] for name in NAMES} == dict.fromkeys(NAMES, 0)


@reproducibly
@given(st.lists(st.text(min_size=1, max_size=60).filter(lambda text: not text.isspace()), max_size=4))
def test_probabilities_sum_to_1_and_the_highest_is_predicted(topic: Classifier, texts: list[str]) -> None:
    texts = [text.replace("\0", "") + " goal" for text in texts]
    for score in topic.score(texts):
        chances = {name: label.probability for name, label in score.labels.items()}
        assert sum(chances.values()) == pytest.approx(1, abs=len(chances) * 5e-7 + 1e-12)
        assert score.predicted is not None
        assert chances[score.predicted] == max(chances.values())
        for label in score.labels.values():
            assert label.flagged == (label.probability >= label.threshold)


def test_new_posts_are_put_into_their_class(topic: Classifier) -> None:
    rows = classes(60, seed=5)
    predicted = [score.predicted for score in topic.score([row["text"] for row in rows])]
    assert np.mean([row["topic"] == name for row, name in zip(rows, predicted, strict=True)]) > 0.8


def test_evidence_is_of_each_class_against_the_rest(topic: Classifier) -> None:
    (score,) = topic.score(["bobo match goal dada"], explain=True)
    assert score.evidence is not None
    assert list(score.evidence) == list(NAMES)
    loudest = max(score.evidence["sport"]["spans"], key=lambda span: span["weight"])
    assert loudest["text"] in ("match", "goal")


def test_train_evaluate_and_score_agree(clarion: Command, cue_directory: Path, tmp_path: Path) -> None:
    train, test = write(tmp_path / "a.csv", classes(60)), write(tmp_path / "b.csv", classes(60, seed=5))
    out = tmp_path / "m"
    trained = clarion("train", train, "--label", "topic", "--out", out, "--cues", cue_directory)
    assert trained.code == 0, trained.err
    for name in NAMES:
        assert f"\n{name}: average precision " in trained.out, "a class is printed as it is written"
    judged = clarion("evaluate", out, test, "--label", "topic", "--json", tmp_path / "m.json")
    assert judged.code == 0, judged.err
    figures = json.loads((tmp_path / "m.json").read_text("utf-8"))["labels"]
    assert {name: (found["n"], found["positives"]) for name, found in figures.items()} == dict.fromkeys(NAMES, (60, 20))
    assert clarion("score", test, "--model", out, "--out", tmp_path / "s.jsonl").code == 0
    scored = [json.loads(line) for line in (tmp_path / "s.jsonl").read_text("utf-8").splitlines()]
    for name in NAMES:
        flagged = sum(row[f"{name}_flagged"] for row in scored)
        assert figures[name]["profiles"]["balanced"]["flagged"] == flagged
    assert {row["predicted"] for row in scored} == set(NAMES)


def test_a_file_may_lack_some_of_the_classes(clarion: Command, topics: Path, tmp_path: Path) -> None:
    rows = [row for row in classes(60, seed=5) if row["topic"] != "sport"]
    ended = clarion("evaluate", topics, write(tmp_path / "a.csv", rows), "--label", "topic")
    assert ended.code == 0
    assert "\nsport: average precision –, 0 of 40 posts positive" in ended.out


def test_evaluate_must_be_told_the_column(clarion: Command, topics: Path, tmp_path: Path) -> None:
    ended = clarion("evaluate", topics, write(tmp_path / "a.csv", classes(9)))
    assert ended.code == 2
    assert ended.err == ("clarion: the labels of this bundle are exclusive; name the column of classes with --label\n")


def test_classes_that_the_bundle_does_not_know_are_refused(clarion: Command, topics: Path, tmp_path: Path) -> None:
    rows = [*classes(9), {"id": "x", "text": "vote now", "topic": "politics"}]
    ended = clarion("evaluate", topics, write(tmp_path / "a.csv", rows), "--label", "topic")
    assert ended.code == 2
    assert ended.err == f"clarion: classes unknown to this bundle: politics; it has: {', '.join(NAMES)}\n"


def test_checks_are_read_with_the_bundles_own_classes(clarion: Command, topics: Path, tmp_path: Path) -> None:
    rows = [
        {"id": row["id"], "functionality": "topic", "text": row["text"], "lang": "en", "pair": ""}
        | {name: str(int(row["topic"] == name)) for name in NAMES}
        for row in classes(12, seed=5)
    ]
    ended = clarion("check", topics, "--checks", write(tmp_path / "c.csv", rows), "--fail-under", 0)
    assert ended.code == 0
    assert " of 12 checks pass" in ended.out
    ended = clarion("check", topics)
    assert ended.code == 2
    assert "missing column '[spam]', 'sport', 'weather'" in ended.err
