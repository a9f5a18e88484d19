"""`clarion study`: the figures, the picture and the document agree, and the same posts give the same bytes."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.commands import Command
from tests.training.making import Row, invented, write
from training.study import run
from training.study.plot import learning_curve
from training.study.tables import BEGIN, END, all_tables, brought_up_to_date, share

LABELS = ("recruitment", "separatism")
CHECKS = """\
id,functionality,text,recruitment,separatism,lang,pair
1,offer,join our squad today,1,0,en,
2,chatter,a warning about the weather,0,0,en,
3,identity_pair,my neighbour sells bread,0,0,en,p
4,identity_pair,my neighbour sells beans,0,0,en,p
"""


def batched(rows: list[Row], size: int = 20) -> list[Row]:
    return [row | {"batch": f"b{number // size}", "region": f"r{number % 2}"} for number, row in enumerate(rows)]


@pytest.fixture
def files(tmp_path: Path) -> dict[str, Path]:
    hard = [row | {"id": f"h{row['id']}"} for row in batched(invented(60, seed=9))]
    (tmp_path / "checks.csv").write_text(CHECKS, encoding="utf-8")
    ordinary = [{"text": row["text"], "lang": "en"} for row in invented(40, seed=5) if row["recruitment"] == "0"]
    (tmp_path / "doc.md").write_text("# Doc\n" + BEGIN.format("hard") + END.format("hard") + "\n", encoding="utf-8")
    return {
        "posts": write(tmp_path / "posts.csv", batched(invented(240))),
        "hard": write(tmp_path / "hard.csv", hard),
        "checks": tmp_path / "checks.csv",
        "ordinary": write(tmp_path / "ordinary.csv", ordinary),
        "document": tmp_path / "doc.md",
    }


def study(clarion: Command, files: dict[str, Path], out: Path, *more: object) -> Any:
    hard, checks, document = files["hard"], files["checks"], files["document"]
    given = ("--hard", hard, "--checks", checks, "--background", files["ordinary"], "--document", document, *more)
    return clarion("study", files["posts"], "--out", out, *given)


def test_figures_picture_and_document_agree(
    clarion: Command, files: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run, "SIZES", (60, 120, 240))
    monkeypatch.setattr(run, "LEAST_REGION", 100)
    ended = study(clarion, files, tmp_path / "out")
    assert (ended.code, "figures in" in ended.err) == (0, True)
    figures = json.loads((tmp_path / "out" / "data.json").read_text("utf-8"))
    assert figures["posts"]["n"] == 240
    assert figures["hard"]["recruitment"]["all"]["average_precision"] > 0.7
    assert figures["batches"]["separatism"]["all"]["n"] == 240
    assert set(figures["regions"]) == {"r0", "r1"}
    assert [point["posts"] for point in figures["curve"]] == [60, 120, 240] * 3
    tables = all_tables(figures, LABELS)
    assert tables["hard"] in files["document"].read_text("utf-8")
    svg = (tmp_path / "out" / "curve.svg").read_bytes()
    assert svg == learning_curve(figures["curve"], LABELS)
    assert b"<script" not in svg
    before = (tmp_path / "out" / "data.json").read_bytes()
    study(clarion, files, tmp_path / "out")
    assert (tmp_path / "out" / "data.json").read_bytes() == before


def test_quick_leaves_out_what_needs_many_models(clarion: Command, files: dict[str, Path], tmp_path: Path) -> None:
    assert study(clarion, files, tmp_path / "out", "--quick").code == 0
    figures = json.loads((tmp_path / "out" / "data.json").read_text("utf-8"))
    assert not {"curve", "regions"} & set(figures)
    assert not (tmp_path / "out" / "curve.svg").exists()
    assert all_tables(figures, LABELS)["curve"] == "not measured\n"


def test_a_hard_set_that_is_learnt_from_is_refused(clarion: Command, files: dict[str, Path], tmp_path: Path) -> None:
    write(files["hard"], [row | {"id": f"h{row['id']}"} for row in batched(invented(60))])
    ended = study(clarion, files, tmp_path / "out")
    assert ended.code == 2
    assert "posts of the hard set are also learnt from" in ended.err
    assert "hard.csv, row 2" in ended.err
    assert not (tmp_path / "out").exists()


def test_only_what_stands_between_the_marks_is_changed() -> None:
    document = f"a\n{BEGIN.format('x')}old\n{END.format('x')}\nb\n"
    assert brought_up_to_date(document, {"x": "new\n", "y": "lost\n"}) == document.replace("old", "new")
    assert brought_up_to_date("nothing", {"x": "new\n"}) == "nothing"


@pytest.mark.parametrize(("value", "said"), [(0.5, ".50"), (1.0, "1.00"), (0.0, ".00"), (None, "–"), (0.999, "1.00")])
def test_shares_are_short(value: float | None, said: str) -> None:
    assert re.fullmatch(re.escape(said), share(value))
