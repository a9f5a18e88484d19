"""`clarion evaluate`: the figures are those that anybody would compute, and what they are of is said."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.stats import binomtest
from sklearn.metrics import average_precision_score

from classifier import Classifier
from classifier import lang as languages
from tests.commands import Command
from tests.training.making import invented, write


def measured(clarion: Command, tmp_path: Path, *arguments: object) -> dict[str, Any]:
    ended = clarion("evaluate", *arguments, "--json", tmp_path / "figures.json", "--resamples", 20)
    assert ended.code == 0, ended.err
    figures: dict[str, Any] = json.loads((tmp_path / "figures.json").read_text("utf-8"))
    return figures


@pytest.fixture
def rows() -> list[dict[str, Any]]:
    """Other posts than those of training, some labels blank, one post without a language."""
    rows = invented(100, seed=7)
    for number in range(0, 100, 9):
        rows[number]["separatism"] = ""
    rows[6]["lang"], rows[8]["lang"] = "", "kk-Latn"
    return rows


def test_columns_of_other_names_are_mapped(
    clarion: Command, tiny: Path, rows: list[dict[str, Any]], tmp_path: Path
) -> None:
    other = [{{"text": "body", "recruitment": "join"}.get(name, name): row[name] for name in row} for row in rows]
    names = ("--map", "text=body", "--map", "recruitment=join")
    mapped = measured(clarion, tmp_path, tiny, write(tmp_path / "a.csv", other), *names)
    assert mapped == measured(clarion, tmp_path, tiny, write(tmp_path / "a.csv", rows))
    path = write(tmp_path / "a.csv", other)
    ended = clarion("evaluate", tiny, path, "--map", "text=content", "--map", "recruitment=join")
    assert ended.code == 2
    assert ended.err.startswith(f"clarion: {path}: missing column 'content'; it has: id, body, join, separatism, lang")


def test_conflicts_are_refused_or_left_out_and_counted(
    clarion: Command, tiny: Path, rows: list[dict[str, Any]], tmp_path: Path
) -> None:
    contradicted = rows[3] | {"id": "again", "recruitment": "1"}
    path = write(tmp_path / "a.csv", [*rows, contradicted])
    refused = clarion("evaluate", tiny, path)
    assert refused.code == 2
    assert "2 posts stand elsewhere with the same text and different labels" in refused.err
    figures = measured(clarion, tmp_path, tiny, path, "--drop-conflicts")
    assert figures["posts"]["n"] == len(rows) - 1
    assert figures["posts"]["left_out"] == {"same text with different labels": 2}


def test_figures_can_be_computed_again(
    clarion: Command, tiny: Path, tiny_classifier: Classifier, rows: list[dict[str, Any]], tmp_path: Path
) -> None:
    figures = measured(clarion, tmp_path, tiny, write(tmp_path / "a.csv", rows))
    scores = tiny_classifier.score([row["text"] for row in rows])
    for label in ("recruitment", "separatism"):
        known = [number for number, row in enumerate(rows) if row[label] != ""]
        truth = np.array([rows[number][label] == "1" for number in known])
        chance = np.array([scores[number].labels[label].probability for number in known])
        found = figures["labels"][label]
        assert (found["n"], found["positives"]) == (len(known), truth.sum())
        assert found["average_precision"] == pytest.approx(average_precision_score(truth, chance), abs=5e-5)
        for name, profile in found["profiles"].items():
            flagged = chance >= tiny_classifier.thresholds(name)[label]
            hits = int((truth & flagged).sum())
            for figure, tries in (("precision", int(flagged.sum())), ("recall", int(truth.sum()))):
                interval = binomtest(hits, tries).proportion_ci(0.95, "wilson")
                assert profile[figure] == pytest.approx(hits / tries, abs=5e-5)
                assert profile[f"{figure}_low"] == pytest.approx(interval.low, abs=5e-5)
                assert profile[f"{figure}_high"] == pytest.approx(interval.high, abs=5e-5)
        for name, part in found["by_language"].items():
            mine = [
                place
                for place, number in enumerate(known)
                if (rows[number]["lang"].split("-")[0] or languages.detect(rows[number]["text"])) == name
            ]
            assert (part["n"], part["positives"]) == (len(mine), truth[mine].sum())
            if 0 < truth[mine].sum() < len(mine):
                expected = average_precision_score(truth[mine], chance[mine])
                assert part["average_precision"] == pytest.approx(expected, abs=5e-5)
        assert sum(part["n"] for part in found["by_language"].values()) == len(known)
    assert figures["labels"]["separatism"]["n"] == 88


def test_the_figures_say_whose_they_are_and_of_what(
    clarion: Command, tiny: Path, tiny_classifier: Classifier, posts_file: Path, tmp_path: Path
) -> None:
    figures = measured(clarion, tmp_path, tiny, posts_file)
    assert figures["model"] == {
        "name": "tiny",
        "version": tiny_classifier.version,
        "sha256": tiny_classifier.sha256,
    }
    assert (figures["posts"]["n"], figures["posts"]["left_out"]) == (80, {})
    assert list(figures["labels"]) == ["recruitment", "separatism"]
    assert set(figures["labels"]["recruitment"]["profiles"]) == {"balanced", "high_precision", "high_recall"}


def test_what_is_printed_is_what_is_written(clarion: Command, tiny: Path, posts_file: Path, tmp_path: Path) -> None:
    ended = clarion("evaluate", tiny, posts_file, "--json", tmp_path / "m.json")
    figures = json.loads((tmp_path / "m.json").read_text("utf-8"))
    lines = ended.out.splitlines()
    assert lines[0].endswith("on 80 posts")
    for label, found in figures["labels"].items():
        assert (
            f"{label}: average precision {found['average_precision']:.3f}, {found['positives']} of {found['n']} "
            "posts positive"
        ) in lines
        for name, profile in found["profiles"].items():
            (line,) = [line for line in lines if line.split()[:3] == [name, "from", f"{profile['threshold']:.3f}"]]
            assert f"recall {profile['recall']:.3f} [{profile['recall_low']:.2f}–{profile['recall_high']:.2f}]" in line
    assert ended.err == ""


def test_json_on_standard_output_stands_there_alone(clarion: Command, tiny: Path, posts_file: Path) -> None:
    ended = clarion("evaluate", tiny, posts_file, "--json", "-")
    assert (ended.code, ended.err) == (0, "")
    assert json.loads(ended.out)["posts"]["n"] == 80


def test_measuring_on_the_training_posts_is_noticed(
    clarion: Command, posts_file: Path, cue_directory: Path, tmp_path: Path
) -> None:
    assert clarion("train", posts_file, "--out", tmp_path / "m", "--cues", cue_directory).code == 0
    ended = clarion("evaluate", tmp_path / "m", posts_file)
    assert ended.code == 0
    assert "the very posts that the bundle was trained on" in ended.err


# Of a split column, the rest.


@pytest.fixture
def split_file(tmp_path: Path) -> Path:
    parts = ("train", "test", "", "dev")
    return write(tmp_path / "s.csv", [row | {"split": parts[n // 5 % 4]} for n, row in enumerate(invented(80, seed=3))])


def test_of_a_split_column_only_what_training_left_out_is_measured(
    clarion: Command, split_file: Path, cue_directory: Path, tmp_path: Path
) -> None:
    trained = clarion("train", split_file, "--out", tmp_path / "m", "--cues", cue_directory)
    assert trained.code == 0
    assert Classifier.load(tmp_path / "m").manifest.training["rows"] == 40
    figures = measured(clarion, tmp_path, tmp_path / "m", split_file)
    assert figures["posts"]["n"] == 40, "posts without a split were trained on, too"
    assert list(figures["posts"]["left_out"].values()) == [40]


def test_all_measures_all(clarion: Command, tiny: Path, split_file: Path, tmp_path: Path) -> None:
    figures = measured(clarion, tmp_path, tiny, split_file, "--all")
    assert (figures["posts"]["n"], figures["posts"]["left_out"]) == (80, {})


def test_posts_that_are_all_for_training_are_refused(clarion: Command, tiny: Path, tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", [row | {"split": "train"} for row in invented(10)])
    ended = clarion("evaluate", tiny, path)
    assert (ended.code, ended.out) == (2, "")
    assert str(path) in ended.err
    assert "pass --all" in ended.err


# What it refuses.


def test_faults_of_the_posts_are_listed(clarion: Command, tiny: Path, tmp_path: Path) -> None:
    rows = [row | {"recruitment": "maybe"} for row in invented(3)]
    path = write(tmp_path / "a.csv", rows)
    ended = clarion("evaluate", tiny, path)
    assert (ended.code, ended.out) == (2, "")
    assert all(f"{path}, row {row}, column 'recruitment'" in ended.err for row in (2, 3, 4))


def test_a_column_of_classes_must_have_the_bundles_classes(clarion: Command, tiny: Path, tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", [{"text": "one", "topic": "sport"}, {"text": "two", "topic": "recruitment"}])
    ended = clarion("evaluate", tiny, path, "--label", "topic")
    assert ended.code == 2
    assert ended.err == "clarion: classes unknown to this bundle: sport; it has: recruitment, separatism\n"


def test_figures_that_cannot_be_written_are_no_figures(
    clarion: Command, tiny: Path, posts_file: Path, tmp_path: Path
) -> None:
    place = tmp_path / "nowhere" / "m.json"
    ended = clarion("evaluate", tiny, posts_file, "--json", place)
    assert (ended.code, ended.out) == (2, "")
    assert ended.err.startswith(f"clarion: {place}: cannot be written: ")


# The report.


def test_the_report_holds_the_figures_of_the_json_and_both_are_the_same_every_time(
    clarion: Command, tiny: Path, rows: list[dict[str, Any]], tmp_path: Path
) -> None:
    posts = write(tmp_path / "a.csv", rows)
    made = []
    for name in ("one", "two"):
        places = tmp_path / f"{name}.html", tmp_path / f"{name}.json"
        options = ("--resamples", 20, "--seed", 3, "--volume", 500, "--prevalence", 0.01, "--seconds", 60)
        ended = clarion("evaluate", tiny, posts, "--report", places[0], "--json", places[1], *options)
        assert ended.code == 0, ended.err
        made.append([place.read_bytes() for place in places])
    assert made[0] == made[1]
    figures = json.loads(made[0][1])
    assert (figures["resamples"], figures["seed"]) == (20, 3)
    assert figures["stream"] == {"volume": 500, "prevalence": 0.01, "seconds": 60.0}
    assert f"{figures['labels']['separatism']['curves']['auc']['value']:.3f}" in made[0][0].decode()
    assert figures["checks"]["n"] > 100, "the functional checks that ship"


def test_decisions_on_flagged_posts_alone_are_never_recall(
    clarion: Command, tiny: Path, rows: list[dict[str, Any]], tmp_path: Path
) -> None:
    for row in rows[:30]:
        row["sampled_by"] = "flag"
    posts = write(tmp_path / "a.csv", rows)
    figures = measured(clarion, tmp_path, tiny, posts)
    assert figures["sampling"]["recall_measurable"] is False
    for found in figures["labels"].values():
        assert found["average_precision"] is None
        assert found["workload"] is None
        assert all(profile["recall"] is None for profile in found["profiles"].values())
        assert all(part["average_precision"] is None for part in found["by_language"].values())
        assert found["profiles"]["balanced"]["precision"] is not None
    ended = clarion("evaluate", tiny, posts, "--report", tmp_path / "r.html")
    assert "not measurable from these posts" in ended.out
    assert "recall –" in ended.out
    assert "not measurable from these posts" in (tmp_path / "r.html").read_text("utf-8")


def test_sampled_posts_count_for_those_they_stand_for(
    clarion: Command, tiny: Path, tiny_classifier: Classifier, rows: list[dict[str, Any]], tmp_path: Path
) -> None:
    for number, row in enumerate(rows):
        row |= {"sampled_by": "random", "inclusion_probability": (1, 0.1)[number % 2]}
    figures = measured(clarion, tmp_path, tiny, write(tmp_path / "a.csv", rows))
    assert figures["sampling"] == {"weighted": 50, "recall_measurable": True, "reason": None}
    chance = np.array(
        [one.labels["recruitment"].probability for one in tiny_classifier.score([r["text"] for r in rows])]
    )
    truth = np.array([row["recruitment"] == "1" for row in rows])
    weights = np.array([1 / row["inclusion_probability"] for row in rows])
    found = figures["labels"]["recruitment"]
    expected = average_precision_score(truth, chance, sample_weight=weights)
    assert found["average_precision"] == pytest.approx(expected, abs=5e-5)
    flagged = chance >= tiny_classifier.thresholds("balanced")["recruitment"]
    recall = weights[truth & flagged].sum() / weights[truth].sum()
    assert found["profiles"]["balanced"]["recall"] == pytest.approx(recall, abs=5e-5)


def test_posts_that_the_bundle_carries_are_noticed(
    clarion: Command, posts_file: Path, cue_directory: Path, tmp_path: Path
) -> None:
    trained = clarion("train", posts_file, "--out", tmp_path / "m", "--cues", cue_directory, "--nearest", 80)
    assert trained.code == 0
    fresh = [row | {"id": f"n{row['id']}"} for row in invented(20, seed=9)]
    known = write(tmp_path / "k.csv", [*fresh, *invented(80, seed=1)[:5]])
    ended = clarion("evaluate", tmp_path / "m", known)
    assert ended.err == "5 of these posts are among the labelled posts that the bundle carries: it knows them\n"


def test_one_standard_output_takes_one_thing(clarion: Command, tiny: Path, posts_file: Path) -> None:
    ended = clarion("evaluate", tiny, posts_file, "--json", "-", "--report", "-")
    assert (ended.code, ended.out) == (2, "")
    assert "give one of them a file" in ended.err


@pytest.mark.parametrize(("option", "value"), [("--prevalence", 2), ("--volume", 0), ("--resamples", 1)])
def test_numbers_that_mean_nothing_are_refused(
    clarion: Command, tiny: Path, posts_file: Path, option: str, value: float
) -> None:
    assert clarion("evaluate", tiny, posts_file, option, value).code == 2


@pytest.mark.parametrize("labels", [("1", ""), ("", ""), ("0", "1")])
def test_a_single_post_has_a_report(clarion: Command, tiny: Path, tmp_path: Path, labels: tuple[str, str]) -> None:
    post = {"id": "1", "text": "one post", "recruitment": labels[0], "separatism": labels[1]}
    places = tmp_path / "r.html", tmp_path / "m.json"
    ended = clarion("evaluate", tiny, write(tmp_path / "a.csv", [post]), "--report", places[0], "--json", places[1])
    assert (ended.code, ended.err) == (0, "")
    figures = json.loads(places[1].read_text("utf-8"), parse_constant=pytest.fail)
    assert [found["average_precision"] for found in figures["labels"].values()] == [None, None]
    assert [found["n"] for found in figures["labels"].values()] == [int(label != "") for label in labels]
    assert "Worst mistakes" in places[0].read_text("utf-8")
