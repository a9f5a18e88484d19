"""Posts chosen to be labelled next."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pytest

from classifier import Classifier
from classifier.errors import InputError
from tests.training.making import invented, write
from training.posts import read_posts
from training.schema import Schema
from training.select.choose import DIVERSE, LIKELIEST, RANDOM, UNCERTAIN, choose, different, spread
from training.select.run import SelectionJob, judged, select_posts

TEXTS = [row["text"] for row in invented(120)]


def by_number(count: int) -> tuple[np.ndarray, np.ndarray]:
    """The first posts are the least sure, the last the likeliest."""
    return np.arange(count, dtype=float), np.arange(count) / count


def test_a_share_is_drawn_by_lot_and_says_how_likely_it_was() -> None:
    choice = choose(TEXTS, *by_number(120), 20, 0.25, 0)
    assert len(set(choice.rows.tolist())) == 20
    assert [choice.sampled_by.count(kind) for kind in (RANDOM, LIKELIEST, UNCERTAIN)] == [5, 8, 7]
    assert choice.inclusion[:5].tolist() == [5 / 120] * 5
    assert np.isnan(choice.inclusion[5:]).all()


def test_the_likeliest_and_the_least_sure_are_taken() -> None:
    choice = choose(TEXTS, *by_number(120), 20, 0.0, 0)
    likely = [row for row, kind in zip(choice.rows.tolist(), choice.sampled_by, strict=True) if kind == LIKELIEST]
    unsure = [row for row, kind in zip(choice.rows.tolist(), choice.sampled_by, strict=True) if kind == UNCERTAIN]
    assert likely == list(range(119, 109, -1))
    assert max(unsure) < 50  # of the five times ten least sure
    assert len(unsure) == 10


def test_the_lot_falls_on_every_post_as_often() -> None:
    times = np.zeros(40)
    for seed in range(400):
        times[choose(TEXTS[:40], None, None, 10, 1.0, seed).rows] += 1
    assert times.mean() == pytest.approx(100)
    assert times.min() > 60
    assert times.max() < 140


def test_without_a_model_posts_are_spread() -> None:
    choice = choose(TEXTS, None, None, 12, 0.5, 0)
    assert [choice.sampled_by.count(kind) for kind in (RANDOM, DIVERSE)] == [6, 6]


def test_of_a_campaign_one_post_is_chosen() -> None:
    copied = [TEXTS[0] + " and so on and so forth until the end" + "!" * number for number in range(30)]
    assert different([*copied, *TEXTS[1:5]]).tolist() == [0, 30, 31, 32, 33]
    choice = choose([*copied, *TEXTS[1:5]], *by_number(34), 20, 0.5, 0)
    assert len(choice.rows) == 5
    assert choice.copies == 29


def test_every_cluster_gives_a_post() -> None:
    kinds = [
        f"{word} {word}ish {word}like number{n} thing{n}" for word in ("alpha", "bravo", "delta") for n in range(20)
    ]
    taken = spread(kinds, np.arange(60), 3, 0)
    assert {int(row) // 20 for row in taken} == {0, 1, 2}


def test_the_same_seed_chooses_the_same() -> None:
    one, other = (choose(TEXTS, *by_number(120), 30, 0.2, 7) for _ in range(2))
    assert one.rows.tolist() == other.rows.tolist()


def test_chosen_rows_keep_their_columns_and_can_be_read_once_labelled(
    tiny: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [{"id": row["id"], "text": row["text"], "channel": "c"} for row in invented(80, seed=2)]
    rows += [{"id": "bad", "text": " ", "channel": "c"}]
    known = write(
        tmp_path / "known.csv", [{"id": rows[3]["id"], "text": "other"}, {"id": "k", "text": rows[4]["text"]}]
    )
    out = tmp_path / "chosen.csv"
    job = SelectionJob((str(write(tmp_path / "a.csv", rows)),), str(out), 20, tiny, (str(known),))
    select_posts(job)
    with out.open(encoding="utf-8", newline="") as file:
        chosen = list(csv.DictReader(file))
    assert list(chosen[0]) == ["id", "text", "channel", "rank", "sampled_by", "inclusion_probability"]
    assert [row["rank"] for row in chosen] == [str(n) for n in range(1, 21)]
    assert not {rows[3]["id"], rows[4]["id"], "bad"} & {row["id"] for row in chosen}
    assert {row["inclusion_probability"] != "" for row in chosen if row["sampled_by"] == RANDOM} == {True}
    assert {row["inclusion_probability"] for row in chosen if row["sampled_by"] != RANDOM} == {""}
    said = capsys.readouterr().err
    assert "20 of 78 posts chosen: 4 random, 8 likely, 8 uncertain" in said
    assert "left out: 1 posts, bad rows" in said
    assert "left out: 2 posts, already labelled" in said
    labelled = [row | {"recruitment": "0", "separatism": "0"} for row in chosen]
    frame = read_posts([str(write(tmp_path / "labelled.csv", labelled))], Schema()).frame
    assert frame["sampled_by"].tolist() == [row["sampled_by"] for row in chosen]


def odds_of(share: float) -> float:
    share = min(max(share, 1e-6), 1 - 1e-6)
    return float(np.log(share / (1 - share)))


def test_distance_is_to_the_nearest_threshold_in_log_odds(tiny: Path) -> None:
    model = Classifier.load(tiny)
    distance, likelihood = judged(SelectionJob((), "", 1, tiny), TEXTS[:10])
    assert distance is not None
    assert likelihood is not None
    for text, far, likely in zip(TEXTS, distance, likelihood, strict=False):
        labels = model.score([text])[0].labels.values()
        odds = [abs(odds_of(one.probability) - odds_of(one.threshold)) for one in labels]
        assert far == pytest.approx(min(odds))
        assert likely == pytest.approx(max(one.probability for one in labels), abs=2e-6)


def test_files_without_posts_are_refused(tmp_path: Path) -> None:
    empty = write(tmp_path / "a.jsonl", [])
    empty.write_text(json.dumps({"text": " "}) + "\n", "utf-8")
    with pytest.raises(InputError, match="no posts to choose from"):
        select_posts(SelectionJob((str(empty),), str(tmp_path / "out.csv"), 5, None))
    with pytest.raises(InputError, match="missing column 'body'; it has: text"):
        select_posts(SelectionJob((str(empty),), str(tmp_path / "out.csv"), 5, None, text="body"))
