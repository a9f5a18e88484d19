"""The report of a training run judges every post by a model that has not seen it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sklearn.metrics import average_precision_score, brier_score_loss, precision_score, recall_score, roc_auc_score

from classifier import Classifier
from tests.commands import Command
from tests.training.making import classes, invented, write
from training.fit import Fitter
from training.report.figures import SEEN, Report
from training.report.outoffold import OutOfFold
from training.report.page import page

LABELS = ("recruitment", "separatism")


@pytest.fixture(scope="module")
def report(tiny_classifier: Classifier, fitter: Fitter) -> dict[str, Any]:
    """Figures of the run that the small bundle came from."""
    report = Report(OutOfFold.of(tiny_classifier, fitter))
    steps = list(report.run())
    assert steps == [(done, len(steps)) for done in range(1, len(steps) + 1)]
    return report.figures


def test_figures_are_those_of_scikit_learn_on_the_predictions_out_of_fold(
    report: dict[str, Any], fitter: Fitter, tiny_classifier: Classifier
) -> None:
    for place, label in enumerate(LABELS):
        truth, chance = fitter.posts.frame[label].to_numpy() == 1, fitter.chances[:, place]
        known = tiny_classifier.probabilities(tiny_classifier.margins(fitter.posts.texts).margins)[:, place]
        assert np.abs(known - chance).max() > 0.01, "the bundle itself, which has seen the posts, says something else"
        found = report["labels"][label]
        assert found["average_precision"] == pytest.approx(average_precision_score(truth, chance), abs=6e-5)
        assert found["average_precision"] == tiny_classifier.manifest.metrics[label]["average_precision"]
        assert found["curves"]["auc"]["value"] == pytest.approx(roc_auc_score(truth, chance), abs=6e-5)
        assert found["calibration"]["brier"]["value"] == pytest.approx(brier_score_loss(truth, chance), abs=6e-5)
        for name, row in found["rates"].items():
            flagged = chance >= tiny_classifier.thresholds(name)[label]
            assert row["precision"]["value"] == pytest.approx(precision_score(truth, flagged), abs=6e-5)
            assert row["recall"]["value"] == pytest.approx(recall_score(truth, flagged), abs=6e-5)


def test_it_says_so_and_leaves_out_what_the_bundle_would_know_by_heart(report: dict[str, Any]) -> None:
    assert report["held_out"] == "5-fold out of fold, groups kept whole"
    assert [report[part] for part in ("disguises", "identities", "drift")] == [{"skipped": SEEN}] * 3
    mistakes = [
        one for label in LABELS for kind in report["labels"][label]["mistakes"].values() for one in kind["worst"]
    ]
    assert mistakes
    assert {one["evidence"] for one in mistakes} == {None}
    about = {"model": {"name": "t", "version": "1", "sha256": "0"}, "posts": {"n": 80, "sha256": "1", "left_out": {}}}
    html = page(about | {"notes": []} | report)
    assert "<h1>t 1 on 80 posts, out of fold</h1>" in html
    assert "Every figure of these posts is out of fold by group (5-fold out of fold, groups kept whole)" in html
    assert html.count(f"Skipped: {SEEN}.") == 3
    assert mistakes[0]["text"] in html


def test_one_command_leaves_bundle_card_and_report_with_the_same_bytes(
    clarion: Command, cue_directory: Path, tmp_path: Path
) -> None:
    path, pages = write(tmp_path / "posts.csv", invented(80, seed=1)), []
    for name in ("one", "two"):
        out, place = tmp_path / name, tmp_path / f"{name}.html"
        ended = clarion("train", path, "--out", out, "--cues", cue_directory, "--report", place)
        assert ended.code == 0, ended.err
        assert ended.err.splitlines()[-1] == f"report {place}: out of fold; it holds posts"
        assert (out / "card.md").exists()
        pages.append(place.read_bytes())
    assert pages[0] == pages[1]
    html = pages[0].decode()
    classifier = Classifier.load(tmp_path / "one")
    assert f"Bundle {classifier.sha256}" in html
    for label in LABELS:
        summary = re.search(rf'<tr><th scope="row">{label}</th><td>80</td><td>16</td><td>([\d.]+)', html)
        assert summary
        assert summary[1] == f"{classifier.manifest.metrics[label]['average_precision']:.3f}"


def test_groups_that_were_kept_whole_are_resampled_whole(clarion: Command, cue_directory: Path, tmp_path: Path) -> None:
    path = write(tmp_path / "p.csv", [row | {"author": f"a{n % 40}"} for n, row in enumerate(invented(80))])
    call = ("train", path, "--out", tmp_path / "m", "--cues", cue_directory, "--group-by", "author")
    ended = clarion(*call, "--report", "-")
    assert ended.code == 0
    assert ended.out.startswith("<!DOCTYPE html>"), "the summary does not stand in the page"
    assert "bootstrap samples of 40 whole groups" in ended.out


def test_of_too_many_posts_for_folds_the_fifth_that_was_held_out_is_judged(
    clarion: Command, cue_directory: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("training.fit.LARGE", 100)
    path = write(tmp_path / "many.csv", invented(600))
    call = ("train", path, "--out", tmp_path / "m", "--cues", cue_directory)
    assert clarion(*call, "--report", tmp_path / "r.html").code == 0
    html = (tmp_path / "r.html").read_text("utf-8")
    figures = Classifier.load(tmp_path / "m").manifest.metrics["recruitment"]
    assert f"on {figures['n']} posts, out of fold</h1>" in html
    assert "(a fifth of the posts held out, groups kept whole)" in html
    row = f'<th scope="row">recruitment</th><td>{figures["n"]}</td><td>{figures["positives"]}</td>'
    assert f"{row}<td>{figures['average_precision']:.3f}" in html


def test_exclusive_classes_have_their_table(clarion: Command, cue_directory: Path, tmp_path: Path) -> None:
    path = write(tmp_path / "t.csv", classes(90))
    call = ("train", path, "--label", "topic", "--out", tmp_path / "m", "--cues", cue_directory)
    assert clarion(*call, "--report", tmp_path / "r.html").code == 0
    html = (tmp_path / "r.html").read_text("utf-8")
    assert "(accuracy); macro-F1" in html
    assert "[spam]" in html


def test_a_place_that_cannot_be_written_is_refused_before_training(clarion: Command, tmp_path: Path) -> None:
    out = tmp_path / "m"
    for place, said in (
        (tmp_path / "none" / "r.html", f"there is no directory {tmp_path / 'none'}"),
        (tmp_path, "it is a directory"),
        (out / "r.html", f"{out} is for the bundle alone; write the report elsewhere"),
    ):
        ended = clarion("train", "--out", out, "--report", place)
        assert (ended.code, ended.out) == (2, "")
        assert ended.err.startswith(f"clarion: --report {place}: ")
        assert said in ended.err
    assert list(tmp_path.iterdir()) == []
