"""Scoring rows of files: the same answers as anywhere else, every row in its place, bad ones with their reason."""

from __future__ import annotations

import csv
import gzip
import json
import sys
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from classifier import Classifier
from classifier.errors import InputError, MissingExtraError
from classifier.files import open_source
from classifier.frames import Job, Report, score_files
from tests.classifier.making import fit_texts, made_classifier, reproducibly

MODEL = made_classifier()
ADDED = ["detected_lang", "recruitment", "recruitment_flagged", "separatism", "separatism_flagged"]
Rows = list[dict[str, Any]]


def write(path: Path, rows: Rows) -> str:
    """Write a table with another library's writer than the one under test."""
    columns = list(rows[0])
    if path.suffix == ".parquet":
        pq.write_table(pa.Table.from_pylist(rows), path)
        return str(path)
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "wt", encoding="utf-8", newline="") as file:
        if ".csv" in path.name:
            csv.writer(file, quoting=csv.QUOTE_ALL).writerows([columns, *([row[c] for c in columns] for row in rows)])
        else:
            file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    return str(path)


def run(job: Job, files: list[str], out: Path) -> tuple[Report, Rows]:
    """Score files and read what was written."""
    report = Report()
    for _ in score_files(job, files, str(out), report):
        pass
    with open_source(str(out)) as source:
        return report, [row.values for row in source.rows]


@pytest.mark.parametrize("kind", ["csv", "csv.gz", "jsonl", "jsonl.gz", "parquet"])
@settings(reproducibly, max_examples=25)
@given(texts=st.lists(fit_texts, min_size=1, max_size=6))
def test_a_post_in_a_file_scores_as_alone_and_in_a_batch(kind: str, tmp_path: Path, texts: list[str]) -> None:
    path = write(tmp_path / f"in.{kind}", [{"text": text} for text in texts])
    _, found = run(Job(MODEL), [path], tmp_path / f"out.{kind}")
    batch = MODEL.score(texts)
    assert [row["text"] for row in found] == texts
    for text, row, score in zip(texts, found, batch, strict=True):
        assert MODEL.score([text]) == [score]
        for label, one in score.labels.items():
            assert float(row[label]) == one.probability
            assert int(row[f"{label}_flagged"]) == one.flagged
        assert row["detected_lang"] == score.detected_lang
        assert not row["error"]


def test_rows_keep_order_columns_and_cells_and_are_numbered_without_an_id(tmp_path: Path) -> None:
    rows = [{"note": "007", "text": "вступай", "x": "NA"}, {"note": " 1e5 ", "text": "б", "x": "=1+1"}]
    _, found = run(Job(MODEL), [write(tmp_path / "in.csv", rows)], tmp_path / "out.csv")
    assert list(found[0]) == ["id", "note", "text", "x", *ADDED, "error"]
    assert [row["id"] for row in found] == ["0", "1"]
    assert [{name: row[name] for name in rows[0]} for row in found] == rows


def test_ids_are_kept_and_numbers_run_on_over_files(tmp_path: Path) -> None:
    with_ids = write(tmp_path / "a.csv", [{"id": "007", "text": "а"}])
    assert run(Job(MODEL), [with_ids], tmp_path / "out.csv")[1][0]["id"] == "007"
    files = [write(tmp_path / f"{k}.jsonl", [{"text": "а"}, {"text": "б"}]) for k in range(2)]
    assert [row["id"] for row in run(Job(MODEL), files, tmp_path / "out.jsonl")[1]] == [0, 1, 2, 3]


def test_a_column_that_scoring_adds_is_kept_under_another_name(tmp_path: Path) -> None:
    rows = [{"text": "a b", "recruitment": "old", "error": "old", "recruitment_input": "older", "evidence": "mine"}]
    _, [found] = run(Job(MODEL), [write(tmp_path / "in.csv", rows)], tmp_path / "out.csv")
    assert found["recruitment"] == f"{MODEL.score(['a b'])[0].labels['recruitment'].probability:.6f}"
    assert found["recruitment_input"] == "older"
    assert found["recruitment_input_input"] == found["error_input"] == "old"
    assert found["evidence"] == "mine"
    explained = run(Job(MODEL, explain=True), [str(tmp_path / "in.csv")], tmp_path / "out.csv")[1][0]
    assert explained["evidence_input"] == "mine"


@pytest.mark.parametrize("kind", ["csv", "jsonl"])
def test_files_whose_renamed_columns_meet_keep_them_apart(tmp_path: Path, kind: str) -> None:
    one = write(tmp_path / f"one.{kind}", [{"text": "a", "error": "1"}])
    two = write(tmp_path / f"two.{kind}", [{"text": "b", "error_input": "2"}])
    first, second = run(Job(MODEL), [one, two], tmp_path / f"out.{kind}")[1]
    assert first["error_input_input"] == "1"
    assert second["error_input"] == "2"
    assert not first.get("error_input")


def test_several_files_of_different_kinds_are_read_as_one(tmp_path: Path) -> None:
    files = [
        write(tmp_path / "a.csv", [{"text": "а", "n": "1"}]),
        write(tmp_path / "b.jsonl.gz", [{"text": "б", "tags": ["x"]}, {"text": "в", "late": True}]),
        write(tmp_path / "c.parquet", [{"id": 5, "text": "г", "n": 2}]),
    ]
    expected = [
        {"id": "0", "text": "а", "n": "1", "tags": None, "late": None},
        {"id": "1", "text": "б", "n": None, "tags": '["x"]', "late": None},
        {"id": "2", "text": "в", "n": None, "tags": None, "late": "1"},
        {"id": "5", "text": "г", "n": "2", "tags": None, "late": None},
    ]
    for kind in ("parquet", "csv"):
        report, found = run(Job(MODEL), files, tmp_path / f"out.{kind}")
        assert (report.rows, report.scored) == (4, 4)
        assert [{name: row[name] or None for name in expected[0]} for row in found] == expected


def test_parquet_columns_keep_their_types(tmp_path: Path) -> None:
    table = pa.table(
        {
            "text": pa.array(["вступай", None], pa.large_string()),
            "when": pa.array([0, 1], pa.timestamp("ms", "Asia/Almaty")),
            "kind": pa.array(["x", "y"]).dictionary_encode(),
            "many": pa.array([[1], None], pa.list_(pa.int16())),
            "raw": pa.array([b"\xff", None]),
            "small": pa.array([1, None], pa.uint8()),
        }
    )
    pq.write_table(table, tmp_path / "in.parquet")
    list(score_files(Job(MODEL, explain=True), [str(tmp_path / "in.parquet")], str(tmp_path / "out.parquet"), Report()))
    found = pq.read_table(tmp_path / "out.parquet")
    assert found.select(table.column_names).to_pylist() == table.to_pylist()
    for name in table.column_names:
        assert found.schema.field(name).type == table.schema.field(name).type
    assert [str(found.schema.field(name).type) for name in ("id", *ADDED, "evidence", "error")] == [
        *("int64", "string", "double", "int8", "double", "int8", "string", "string")
    ]
    assert found["recruitment_flagged"].to_pylist()[0] in (0, 1)
    assert found["error"].to_pylist() == [None, "the text must be a string, not NoneType"]


def test_flags_are_numbers_in_csv_and_booleans_in_json_lines(tmp_path: Path) -> None:
    path = write(tmp_path / "in.csv", [{"text": "вступай в отряд"}])
    assert run(Job(MODEL), [path], tmp_path / "out.csv")[1][0]["recruitment_flagged"] in ("0", "1")
    assert run(Job(MODEL), [path], tmp_path / "out.jsonl")[1][0]["recruitment_flagged"] in (False, True)


@pytest.mark.parametrize("kind", ["csv", "jsonl", "parquet"])
def test_evidence_is_that_of_the_classifier(tmp_path: Path, kind: str) -> None:
    text = "Вступай в отряд, 300 000 рублей"
    path = write(tmp_path / "in.csv", [{"text": text}])
    [found] = run(Job(MODEL, explain=True), [path], tmp_path / f"out.{kind}")[1]
    evidence = found["evidence"] if kind == "jsonl" else json.loads(found["evidence"])
    assert evidence == MODEL.score([text], explain=True)[0].evidence


def test_profiles_decide_the_flags(tmp_path: Path) -> None:
    path = write(tmp_path / "in.csv", [{"text": f"{chr(ord('а') + k % 30) * 2}вступай {k}"} for k in range(90)])
    flagged = {}
    for profile in ("high_precision", "balanced", "high_recall"):
        report, _ = run(Job(MODEL, profile=profile), [path], tmp_path / "out.csv")
        flagged[profile] = report.flagged["recruitment"]
    assert flagged["high_precision"] <= flagged["balanced"] <= flagged["high_recall"]
    assert flagged["high_precision"] < flagged["high_recall"]


def test_exclusive_classes_add_what_is_predicted(tmp_path: Path, exclusive: Classifier) -> None:
    path = write(tmp_path / "in.csv", [{"text": "вступай"}, {"text": ""}])
    good, bad = run(Job(exclusive), [path], tmp_path / "out.csv")[1]
    assert good["predicted"] == exclusive.score(["вступай"])[0].predicted
    assert bad["predicted"] == ""


def test_bad_rows_keep_their_columns_get_a_reason_and_stop_nothing(tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text('id,text\n1,"a\0b"\n2,\n3,  \n4,good\n5\n6,x,y\n', encoding="utf-8")
    report, found = run(Job(MODEL, explain=True), [str(tmp_path / "in.csv")], tmp_path / "out.csv")
    assert [row["id"] for row in found] == ["1", "2", "3", "4", "5", "6"]
    assert [row["error"] for row in found] == [
        "the text holds a NUL character at 1: remove it",
        "the text is empty",
        "the text is empty",
        "",
        "the row has 1 cells, the header 2",
        "the row has 3 cells, the header 2",
    ]
    for row in found:
        assert [not row[name] for name in (*ADDED, "evidence")] == [bool(row["error"])] * 6
    assert (report.rows, report.scored) == (6, 1)
    assert report.faults[0] == f"{tmp_path / 'in.csv'}, row 2: the text holds a NUL character at 1: remove it"


@pytest.mark.parametrize("kind", ["csv", "jsonl", "parquet"])
def test_half_a_surrogate_pair_is_one_bad_row(tmp_path: Path, kind: str) -> None:
    (tmp_path / "in.jsonl").write_text('{"text": "\\ud800 a"}\n{"text": "good"}\n', encoding="utf-8")
    report, found = run(Job(MODEL), [str(tmp_path / "in.jsonl")], tmp_path / f"out.{kind}")
    assert (report.rows, report.scored) == (2, 1)
    assert "half of a surrogate pair" in found[0]["error"]


def test_the_report_keeps_the_first_faults_only(tmp_path: Path) -> None:
    report, _ = run(Job(MODEL), [write(tmp_path / "in.csv", [{"text": " "}] * 2500)], tmp_path / "out.csv")
    assert (report.rows, report.scored, len(report.faults)) == (2500, 0, 5)


def test_a_file_without_the_column_of_posts_is_refused(tmp_path: Path) -> None:
    one, two = (write(tmp_path / name, [{column: "a"}]) for name, column in (("a.csv", "text"), ("b.csv", "body")))
    with pytest.raises(
        InputError, match=r"b\.csv: no column 'text'; name the column that holds the posts with --text$"
    ):
        run(Job(MODEL), [one, two], tmp_path / "out.csv")
    assert not (tmp_path / "out.csv").exists()
    assert run(Job(MODEL, text="body"), [two], tmp_path / "out.csv")[0].scored == 1


def test_steps_tell_how_many_bytes_are_read(tmp_path: Path) -> None:
    files = [write(tmp_path / f"{k}.csv", [{"text": "слово " * 20}] * 3000) for k in range(2)]
    steps = list(score_files(Job(MODEL), files, str(tmp_path / "out.csv"), Report()))
    total = sum(Path(name).stat().st_size for name in files)
    assert {of for _, of in steps} == {total}
    assert [done for done, _ in steps] == sorted(done for done, _ in steps)
    assert steps[-1][0] == total


@pytest.mark.parametrize("kinds", [("csv", "parquet"), ("parquet", "csv")])
def test_without_its_library_parquet_is_refused_with_what_to_type(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kinds: tuple[str, str]
) -> None:
    path = write(tmp_path / f"in.{kinds[0]}", [{"text": "a"}])
    for name in ("pyarrow", "pyarrow.parquet"):
        monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(MissingExtraError, match=r'pip install "clarion\[files\]"$'):
        list(score_files(Job(MODEL), [path], str(tmp_path / f"out.{kinds[1]}"), Report()))
    assert [item.name for item in tmp_path.iterdir()] == [f"in.{kinds[0]}"]
