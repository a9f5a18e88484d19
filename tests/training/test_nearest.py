"""The labelled posts that a bundle carries: which, how many, and what is shown of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from classifier import Classifier
from classifier.bundle import read_bundle, write_bundle
from classifier.nearest import NearestIndex
from classifier.text import fold
from tests.commands import Command
from tests.training.making import invented, table, write
from training.fit import Fitter
from training.nearest import MOST_NEAREST, index_of
from training.posts import LabelledPosts
from training.shipped import post_files


def rows_of(index: NearestIndex | None) -> list[dict[str, Any]]:
    return [] if index is None else [index.row(place) for place in range(len(index.row_at) - 1)]


def texts_of(index: NearestIndex | None) -> list[str]:
    return [row["text"] for row in rows_of(index)]


def test_all_posts_are_carried_in_their_order(few: LabelledPosts) -> None:
    assert texts_of(index_of(few, 80, 0)) == few.texts
    assert texts_of(index_of(few, MOST_NEAREST, 1)) == few.texts


def test_what_is_shown_is_text_language_category_and_labels() -> None:
    given = table(
        [
            {"text": "a b", "recruitment": 1, "separatism": None, "lang": "kk-Latn", "category": "offer"},
            {"text": "c d", "recruitment": 0, "separatism": 0},
        ]
    )
    assert rows_of(index_of(given, 9, 0)) == [
        {"text": "a b", "lang": "kk-Latn", "category": "offer", "labels": {"recruitment": 1, "separatism": None}},
        {"text": "c d", "lang": "", "category": "", "labels": {"recruitment": 0, "separatism": 0}},
    ]


def test_of_too_many_posts_some_are_drawn_by_a_seeded_lot(few: LabelledPosts) -> None:
    drawn = [texts_of(index_of(few, 30, seed)) for seed in (0, 0, 1)]
    assert [len(texts) for texts in drawn] == [30] * 3
    assert drawn[0] == drawn[1] != drawn[2]
    assert drawn[0] == [text for text in few.texts if text in drawn[0]], "in the order of the posts"
    assert drawn[0] != few.texts[:30]


def test_there_is_a_most(few: LabelledPosts, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("training.nearest.MOST_NEAREST", 7)
    assert len(texts_of(index_of(few, 1000, 0))) == 7


def test_none_are_carried_when_none_are_asked_for(few: LabelledPosts) -> None:
    assert index_of(few, 0, 0) is None
    assert index_of(few.part([False] * 80, "of no use"), 5, 0) is None


def test_every_post_finds_itself_after_a_round_trip_through_a_bundle(
    few: LabelledPosts, fitter: Fitter, tmp_path: Path
) -> None:
    made, bundle = index_of(few, 80, 0), fitter.bundle
    assert bundle is not None
    write_bundle(tmp_path / "m", bundle.manifest, bundle.arrays, fitter.cues, made)
    index = read_bundle(tmp_path / "m").nearest
    assert index is not None
    for text in few.texts:
        first, *_ = index.find(fold(text))
        assert (first["text"], first["similarity"]) == (text, pytest.approx(1, abs=1e-3))
    (score,) = Classifier.load(tmp_path / "m").score([few.texts[3]], explain="full")
    assert score.nearest is not None
    assert score.nearest[0]["text"] == few.texts[3]


# `clarion train --nearest`.


@pytest.mark.parametrize(("options", "number"), [((), 0), (("--nearest", 0), 0), (("--nearest", 30), 30)])
def test_posts_of_ones_own_are_carried_only_when_asked(
    options: tuple[object, ...], number: int, clarion: Command, posts_file: Path, cue_directory: Path, tmp_path: Path
) -> None:
    ended = clarion("train", posts_file, "--out", tmp_path / "m", "--cues", cue_directory, *options)
    assert ended.code == 0
    index = read_bundle(tmp_path / "m").nearest
    assert (tmp_path / "m" / "nearest.npz").exists() == (index is not None) == (number > 0)
    assert len(texts_of(index)) == number


def test_the_shipped_posts_are_carried_unless_told_otherwise(
    clarion: Command, cue_directory: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    two = post_files()[:2]
    monkeypatch.setattr("training.run.post_files", lambda: two)
    for name, options in {"all": (), "none": ("--nearest", 0)}.items():
        assert clarion("train", "--out", tmp_path / name, "--cues", cue_directory, *options).code == 0
    every, none = (read_bundle(tmp_path / name) for name in ("all", "none"))
    assert len(texts_of(every.nearest)) == every.manifest.training["rows"]
    assert none.nearest is None
    assert every.manifest == none.manifest, "what is shown beside a score is no part of the model"


def test_posts_of_another_split_are_not_carried(clarion: Command, cue_directory: Path, tmp_path: Path) -> None:
    rows = [row | {"split": ("train", "test")[n // 5 % 2]} for n, row in enumerate(invented(160))]
    path = write(tmp_path / "a.csv", rows)
    arguments = ("train", path, "--out", tmp_path / "m", "--cues", cue_directory, "--nearest", 20_000)
    assert clarion(*arguments).code == 0
    learnt = [row["text"] for row in rows if row["split"] == "train"]
    assert texts_of(read_bundle(tmp_path / "m").nearest) == learnt


@pytest.mark.parametrize("number", ["-1", "20001", "many"])
def test_a_number_that_cannot_be_is_refused(number: str, clarion: Command, posts_file: Path, tmp_path: Path) -> None:
    ended = clarion("train", posts_file, "--out", tmp_path / "m", "--nearest", number)
    assert ended.code == 2
    assert "--nearest" in ended.err
