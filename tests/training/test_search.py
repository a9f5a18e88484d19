"""The search for settings: what gains is taken, nothing is judged by posts it was chosen on, nothing is lost."""

from __future__ import annotations

import errno
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import joblib
import numpy as np
import pytest

from classifier.bundle import read_bundle
from classifier.cues import CueSet
from classifier.errors import InputError
from tests.commands import Command
from tests.training.conftest import TINY
from tests.training.making import invented, table
from training import remembered, search
from training.features import features_of
from training.fit import Fitter
from training.posts import LabelledPosts
from training.remembered import Remembered, Trial
from training.search import FOLDS, Search, described, value_of, with_value
from training.split import fold_numbers
from training.strength import TRIED, precision_of

SMALL = {"regularisation": (1.0, 30.0), "most": (4, 6), "cue_scale": (0.06, 0.12)}
STEPS = (FOLDS + 1) * (1 + len(SMALL))
TRIALS = (FOLDS + 1) * (1 + len(SMALL)) + FOLDS  # two values a name, of which one is there already


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "SPACE", SMALL)


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> list[Trial]:
    """Every trial that was worked out."""
    asked: list[Trial] = []

    def one(fitter: Fitter, *_: Any) -> float:
        asked.append(Trial({}, fitter))
        return 0.5 + fitter.settings.cue_scale

    monkeypatch.setattr(remembered, "precision_of", one)
    monkeypatch.setattr(remembered, "features_of", lambda *_: None)
    return asked


def searched(posts: LabelledPosts, cues: CueSet, cache: Path | None = None) -> Search:
    looking = Search(Fitter(posts, cues, TINY, "x"), cache)
    assert list(looking.run()) == [(done, STEPS) for done in range(1, STEPS + 1)]
    return looking


# What is chosen.


def test_a_value_is_read_and_set_wherever_it_stands() -> None:
    for name, value in {"most": 5, "buckets": 2**10, "cue_scale": 0.5, "regularisation": 7.0}.items():
        changed = with_value(TINY, name, value)
        assert value_of(changed, name) == value != value_of(TINY, name)
        assert with_value(changed, name, value_of(TINY, name)) == TINY


def by_hand(figure: Callable[[dict[str, float]], float]) -> Callable[..., float]:
    return lambda fitter, *_: figure(described(fitter.settings))


@pytest.mark.parametrize(
    ("figure", "chosen"),
    [
        (lambda _: 0.5, {"regularisation": 30.0, "most": 6, "cue_scale": 0.06}),
        (lambda at: at["cue_scale"] / 100, {"regularisation": 30.0, "most": 6, "cue_scale": 0.06}),
        (lambda at: 1 / at["most"], {"regularisation": 30.0, "most": 4, "cue_scale": 0.06}),
        (lambda at: 1 / (at["most"] * at["regularisation"]), {"regularisation": 1.0, "most": 4, "cue_scale": 0.06}),
    ],
)
def test_what_gains_enough_is_taken_name_by_name(
    figure: Callable[[dict[str, float]], float],
    chosen: dict[str, float],
    few: LabelledPosts,
    cues: CueSet,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(remembered, "precision_of", by_hand(figure))
    looking = searched(few, cues)
    assert looking.told["chosen"] == chosen == described(looking.chosen)
    assert [one["average_precision"] for one in looking.told["tried"]] == [
        pytest.approx(figure(one), abs=5e-5) for one in looking.told["tried"]
    ]
    assert len(looking.told["tried"]) == 4
    assert looking.told["average_precision"] == pytest.approx(figure(chosen), abs=5e-5)


def test_how_much_cues_count_is_left_alone_where_no_cue_speaks(cues: CueSet) -> None:
    rows = [{"text": row["text"], "war": float(row["recruitment"])} for row in invented(80)]
    assert Search(Fitter(table(rows, "war"), cues, TINY, "x")).names == ["regularisation", "most"]
    assert Search(Fitter(table(invented(80)), cues, TINY, "x")).names == list(SMALL)


# Nothing is judged by posts that it was chosen on.


def test_the_whole_search_is_judged_on_posts_that_it_has_not_seen(
    few: LabelledPosts, cues: CueSet, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks: list[tuple[set[str], set[str]]] = []

    def look(fitter: Fitter, _features: Any, _labels: Any, folds: Any, numbers: tuple[int, ...]) -> float:
        texts = np.array(fitter.posts.texts)
        looks.append((set(texts), set(texts[np.isin(folds, numbers)])))
        return 0.5

    monkeypatch.setattr(remembered, "precision_of", look)
    searched(few, cues)
    judged = [held for seen, held in looks if len(seen) == 80 and len(held) < 80 // FOLDS * TRIED]
    assert len(judged) == FOLDS
    assert set.union(*judged) == set(few.texts)
    chosen_on = list(dict.fromkeys(frozenset(seen) for seen, _ in looks if len(seen) < 80))
    for seen, held in zip(chosen_on, judged, strict=True):
        assert not seen & held
        assert seen | held == set(few.texts)


def test_a_figure_is_that_of_models_fitted_with_these_settings(few: LabelledPosts, cues: CueSet) -> None:
    folds, settings = fold_numbers(few, np.arange(80), 0), with_value(TINY, "most", 4)
    fitter, labels = Fitter(few, cues, settings, "x"), few.frame[list(few.labels)].to_numpy(float)
    expected = precision_of(fitter, features_of(few, cues, settings), labels, folds, (1, 3))
    other = precision_of(Fitter(few, cues, TINY, "x"), features_of(few, cues, TINY), labels, folds, (1, 3))
    found = Remembered(None)(Trial.of(Fitter(few, cues, TINY, "x"), settings, folds, (1, 3)))
    assert found == expected != other


# Nothing is lost.


def test_what_was_tried_is_not_tried_again(
    few: LabelledPosts, cues: CueSet, tmp_path: Path, counted: list[Trial]
) -> None:
    first = searched(few, cues, tmp_path)
    assert len(counted) == TRIALS
    counted.clear()
    assert searched(few, cues, tmp_path).told == first.told
    assert counted == []


def test_an_interrupted_search_goes_on_where_it_was(
    few: LabelledPosts, cues: CueSet, tmp_path: Path, counted: list[Trial]
) -> None:
    steps = Search(Fitter(few, cues, TINY, "x"), tmp_path).run()
    for _ in range(7):
        next(steps)
    steps.close()
    assert len(counted) == 7
    told = searched(few, cues, tmp_path).told
    assert len(counted) == TRIALS
    assert told == searched(few, cues).told


def test_other_posts_weights_cues_or_settings_are_other_trials(few: LabelledPosts, cues: CueSet) -> None:
    folds = fold_numbers(few, np.arange(80), 0)
    heavy = LabelledPosts(few.frame.assign(weight=2.0), few.labels, False, few.sha256)
    fewer = few.part([False] + [True] * 79, "no reason")
    keys = [
        Trial.of(Fitter(posts, with_cues, TINY, "x"), settings, some, numbers).key
        for posts, with_cues, settings, some, numbers in (
            (few, cues, TINY, folds, (0,)),
            (heavy, cues, TINY, folds, (0,)),
            (fewer, cues, TINY, folds[1:], (0,)),
            (few, replace(cues, sha256="0" * 64), TINY, folds, (0,)),
            (few, cues, replace(TINY, balanced_classes=True), folds, (0,)),
            (few, cues, TINY, folds[::-1], (0,)),
            (few, cues, TINY, folds, (1,)),
        )
    ]
    assert len({joblib.hash(key) for key in keys}) == len(keys)
    assert joblib.hash(keys[0]) == joblib.hash(Trial.of(Fitter(few, cues, TINY, "y"), TINY, folds.copy(), (0,)).key)


def test_no_post_stands_in_the_cache(few: LabelledPosts, cues: CueSet, tmp_path: Path) -> None:
    trial = Trial.of(Fitter(few, cues, TINY, "x"), TINY, fold_numbers(few, np.arange(80), 0), (0,))
    Remembered(tmp_path)(trial)
    kept = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert b"average" not in repr(trial).encode()
    for text in few.texts:
        word = max(text.split(), key=len)
        assert word.encode() not in kept
        assert word not in repr(trial)


def test_a_damaged_entry_is_worked_out_anew_without_a_word(
    few: LabelledPosts, cues: CueSet, tmp_path: Path, counted: list[Trial], capsys: pytest.CaptureFixture[str]
) -> None:
    told = searched(few, cues, tmp_path).told
    for path in tmp_path.rglob("output.pkl"):
        path.write_bytes(b"no pickle")
    assert searched(few, cues, tmp_path).told == told
    assert len(counted) == 2 * TRIALS
    assert capsys.readouterr().err == ""


# Where nothing can be kept.


def test_a_cache_that_cannot_be_made_is_done_without(
    few: LabelledPosts, cues: CueSet, tmp_path: Path, counted: list[Trial], capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("in the way")
    searched(few, cues, tmp_path / "file")
    assert len(counted) == TRIALS
    said = capsys.readouterr().err
    assert said.startswith(f"--cache {tmp_path / 'file'}: nothing can be kept there, so the search goes on without: ")
    assert len(said.splitlines()) == 1


@pytest.mark.parametrize("place", ["_open_item", "create_location"])
def test_no_space_for_the_cache_is_said_once_and_the_search_goes_on(
    few: LabelledPosts,
    cues: CueSet,
    tmp_path: Path,
    counted: list[Trial],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    place: str,
) -> None:
    told = searched(few, cues).told
    counted.clear()

    def full(*_: Any, **__: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(f"joblib._store_backends.FileSystemStoreBackend.{place}", staticmethod(full))
    assert searched(few, cues, tmp_path).told == told
    assert len(counted) >= TRIALS
    said = capsys.readouterr().err
    assert "No space left on device" in said
    assert said.count("--cache") == 1


# As it is typed.


def test_the_command_searches_and_says_so_and_the_manifest_keeps_it(
    clarion: Command, posts_file: Path, cue_directory: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "SPACE", {"regularisation": (1.0, 30.0)})
    places = ("--out", tmp_path / "m", "--cache", tmp_path / "cache", "--cues", cue_directory)
    ended = clarion("train", posts_file, *places, "--search")
    assert ended.code == 0, ended.err
    training = read_bundle(tmp_path / "m").manifest.training
    told = training["search"]
    assert training["regularisation"] == told["chosen"]["regularisation"]
    assert f"\nsearch: regularisation {training['regularisation']:g}; average precision" in ended.out
    assert [one["regularisation"] for one in told["tried"]] == [30.0, 1.0]
    assert len(list((tmp_path / "cache").rglob("output.pkl"))) == (FOLDS + 1) * 2 + FOLDS


def test_a_cache_without_a_search_is_refused(clarion: Command, posts_file: Path, tmp_path: Path) -> None:
    ended = clarion("train", posts_file, "--out", tmp_path / "m", "--cache", tmp_path / "c")
    assert ended.code == 2
    assert "add --search" in ended.err


def test_too_many_posts_are_not_searched(few: LabelledPosts, cues: CueSet, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("training.fit.LARGE", 80)
    with pytest.raises(InputError, match="80 posts are too many for that; leave it out"):
        next(Search(Fitter(few, cues, TINY, "x")).run())
