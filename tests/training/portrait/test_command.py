"""`clarion portrait`: figures and document agree, and the same posts give the same bytes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.commands import Command, Ended
from tests.training.making import Row, invented, write
from tests.training.study.test_command import CHECKS, LABELS, batched
from training.disguise import DISGUISES
from training.portrait import run
from training.portrait.tables import all_tables
from training.settings import FitSettings
from training.study.tables import BEGIN, END

TWO = ("as it ships", "without cues and categories")
KINDS = ("state_contract", "slogan", "official_warning", "news", "chatter")


@pytest.fixture(autouse=True)
def _quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two variants, one round of posts around an appeal, and few draws."""
    every = run.variants

    def two(settings: FitSettings) -> dict[str, FitSettings]:
        return {name: every(settings)[name] for name in TWO}

    monkeypatch.setattr(run, "variants", two)
    monkeypatch.setattr(run, "DILUTED", (0, 3))
    monkeypatch.setattr("training.reliability.DRAWS", 5)


@pytest.fixture
def files(tmp_path: Path) -> dict[str, Path]:
    rows: list[Row] = [row | {"category": KINDS[n % 5]} for n, row in enumerate(batched(invented(240)))]
    rows[0]["twin"], rows[1]["twin"] = rows[1]["id"], rows[0]["id"]
    ordinary = [{"text": row["text"], "lang": "en"} for row in invented(40, seed=5) if row["recruitment"] == "0"]
    (tmp_path / "checks.csv").write_text(CHECKS, encoding="utf-8")
    marks = "".join(BEGIN.format(name) + END.format(name) for name in ("ablation", "mistakes"))
    (tmp_path / "doc.md").write_text(f"# Doc\n{marks}end\n", encoding="utf-8")
    return {
        "posts": write(tmp_path / "posts.csv", rows),
        "checks": tmp_path / "checks.csv",
        "ordinary": write(tmp_path / "ordinary.csv", ordinary),
        "document": tmp_path / "doc.md",
    }


def portrait(clarion: Command, files: dict[str, Path], out: Path, *more: object) -> Ended:
    return clarion("portrait", files["posts"], "--out", out, "--checks", files["checks"], *more)


def without_times(path: Path) -> str:
    """What was written, the only figure that differs from run to run taken out."""
    figures: Any = json.loads(path.read_text("utf-8"))
    for one in figures["ablation"].values():
        assert one.pop("microseconds") > 0
    return json.dumps(figures)


def test_figures_and_document_agree_and_come_out_the_same_twice(
    clarion: Command, files: dict[str, Path], tmp_path: Path
) -> None:
    more = ("--background", files["ordinary"], "--document", files["document"])
    ended = portrait(clarion, files, tmp_path / "out", *more)
    assert (ended.code, ended.err) == (0, f"figures in {tmp_path / 'out'}\n")
    figures = json.loads((tmp_path / "out" / "model.json").read_text("utf-8"))
    assert figures["posts"]["n"] == 240
    assert list(figures["ablation"]) == list(TWO)
    assert figures["ablation"]["as it ships"]["recruitment"] > figures["ablation"][TWO[1]]["recruitment"] - 0.05 > 0.6
    assert figures["ablation"]["as it ships"]["checks"] in (0.25, 0.5, 0.75, 1.0)
    assert 0 <= figures["ablation"]["as it ships"]["ordinary"] <= 1000
    assert list(figures["disguises"]) == ["plain", *DISGUISES]
    plain = figures["disguises"]["plain"]["separatism"]["average_precision"]
    assert plain == figures["ablation"]["as it ships"]["separatism"], "both are margins over batches"
    assert figures["calibration"]["recruitment"]["all"]["n"] == 240
    assert set(figures["calibration"]["recruitment"]) == {"all", "ru", "kk", "en"}
    assert sum(counts["n"] for counts in figures["languages"]["all"].values()) == 240
    assert set(figures["hidden"]) == {"0", "3"}
    assert {name: one["n"] for name, one in figures["categories"].items()} == dict.fromkeys(sorted(KINDS), 48)
    tables = all_tables(figures, LABELS)
    written = files["document"].read_text("utf-8")
    for name in ("ablation", "mistakes"):
        assert f"{BEGIN.format(name)}{tables[name]}{END.format(name)}" in written
    assert tables["disguises"] not in written, "only what the document has marks for"
    assert all(f"{name}\n{content}" in ended.out for name, content in tables.items())
    first = without_times(tmp_path / "out" / "model.json")
    assert portrait(clarion, files, tmp_path / "again", *more).code == 0
    assert without_times(tmp_path / "again" / "model.json") == first


def test_posts_of_one_language_without_twins_or_categories_do(
    clarion: Command, files: dict[str, Path], tmp_path: Path
) -> None:
    write(files["posts"], [row | {"lang": "kk-Latn"} for row in batched(invented(240))])
    ended = portrait(clarion, files, tmp_path / "out")
    assert ended.code == 0, ended.err
    figures = json.loads((tmp_path / "out" / "model.json").read_text("utf-8"))
    assert figures["ablation"]["as it ships"]["twins"] is None
    assert figures["ablation"]["as it ships"]["ordinary"] is None
    assert set(figures["calibration"]["separatism"]) == {"all", "kk"}
    assert figures["categories"] == {}


def test_posts_in_too_few_batches_are_refused(clarion: Command, files: dict[str, Path], tmp_path: Path) -> None:
    write(files["posts"], batched(invented(120)))
    ended = portrait(clarion, files, tmp_path / "out")
    assert (ended.code, ended.out) == (2, "")
    assert ended.err.startswith("clarion: label 'recruitment': 24 positive posts in 6 groups; at least 10 groups")
    assert not (tmp_path / "out").exists()
