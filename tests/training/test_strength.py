"""How strongly to regularise is chosen by what ranks posts of one's own best, and only theirs."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from classifier.bundle import read_bundle
from classifier.cues import CueSet
from tests.commands import Command
from tests.training.conftest import TINY
from tests.training.making import invented, table
from training import strength
from training.features import features_of
from training.fit import Fitter
from training.measure import average_precision
from training.posts import LabelledPosts
from training.shipped import post_files
from training.split import fold_numbers
from training.strength import CANDIDATES, TRIED, chosen_strength, mean_precision


@pytest.mark.parametrize(
    ("figures", "chosen"),
    [
        ((0.4, 0.5, 0.6, 0.7), 30.0),
        ((0.4, 0.5, 0.6, 0.55), 10.0),
        ((0.8, 0.7, 0.6, 0.5), 1.0),
        ((0.4, 0.5, 0.501, 0.5025), 30.0),
        ((0.4, 0.5, 0.5015, 0.4), 3.0),
        ((0.0, 0.0, 0.0, 0.0), 1.0),
    ],
)
def test_the_best_is_chosen_and_the_stronger_of_near_equals(
    figures: tuple[float, ...], chosen: float, few: LabelledPosts, cues: CueSet, monkeypatch: pytest.MonkeyPatch
) -> None:
    by_candidate = dict(zip(CANDIDATES, figures, strict=True))
    monkeypatch.setattr(strength, "mean_precision", lambda _fitter, _features, candidate, *_: by_candidate[candidate])
    nothing = np.empty((0, 2))
    features = features_of(few, cues, TINY)
    assert chosen_strength(Fitter(few, cues, TINY, "x"), features, nothing, np.empty(0, np.int64)) == chosen


def test_a_candidate_is_judged_by_posts_that_it_has_not_seen(few: LabelledPosts, cues: CueSet) -> None:
    features, labels = features_of(few, cues, TINY), few.frame[list(few.labels)].to_numpy(float)
    labels[0, 0] = np.nan
    folds = fold_numbers(few, np.arange(len(labels)), 0)
    found = []
    for number in range(TRIED):
        fitter = Fitter(few, cues, replace(TINY, regularisation=3.0), "x")
        margins, mine = fitter.held_out_margins(features, labels, folds, number), folds == number
        for place in range(2):
            known = ~np.isnan(labels[mine, place])
            found.append(average_precision(labels[mine, place][known] == 1, margins[known, place]))
    figure = mean_precision(Fitter(few, cues, TINY, "x"), features, 3.0, labels, folds)
    assert figure == pytest.approx(np.mean([one for one in found if one is not None]))


def test_nothing_to_judge_by_is_worth_nothing(few: LabelledPosts, cues: CueSet) -> None:
    features, labels = features_of(few, cues, TINY), few.frame[list(few.labels)].to_numpy(float)
    folds = np.where((labels == 1).any(axis=1), 5, 0)  # what is held out is never positive
    assert mean_precision(Fitter(few, cues, TINY, "x"), features, 3.0, labels, folds) == 0.0


def test_only_a_search_and_only_without_categories_changes_the_strength(
    cues: CueSet, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("training.fit.chosen_strength", lambda *_: 3.0)
    plain = table(invented(80))
    kinds = table(
        [row | {"category": ("offer", "slogan", *["news"] * 3)[n % 5]} for n, row in enumerate(invented(200))]
    )
    found = {}
    for name, posts, search in (("asked", plain, True), ("not asked", plain, False), ("categories", kinds, True)):
        fitter = Fitter(posts, cues, replace(TINY, search=search), "x")
        list(fitter.run())
        assert fitter.bundle is not None
        found[name] = fitter.bundle.manifest.training["regularisation"]
    assert found == {"asked": 3.0, "not asked": TINY.regularisation, "categories": TINY.regularisation}


def test_the_command_searches_for_posts_of_ones_own(
    clarion: Command, posts_file: Path, cue_directory: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("training.fit.chosen_strength", lambda *_: 10.0)
    monkeypatch.setattr("training.run.post_files", lambda: post_files()[:2])
    for name, files in {"own": (posts_file,), "shipped": ()}.items():
        assert clarion("train", *files, "--out", tmp_path / name, "--cues", cue_directory).code == 0
    strengths = [read_bundle(tmp_path / name).manifest.training["regularisation"] for name in ("own", "shipped")]
    assert strengths == [10.0, TINY.regularisation]
