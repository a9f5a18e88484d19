"""The commands as a person types them, and as the system ends them."""

from __future__ import annotations

import gzip
import json
import os
import pty
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from classifier import Classifier
from tests.classifier.commands import ended, start
from tests.classifier.making import CUES
from tests.commands import Command

TABLE = "id,text\n007,Вступай в отряд за 5$\nNA,\n9,просто текст\n"


@pytest.fixture
def table(tmp_path: Path) -> Path:
    (tmp_path / "in.csv").write_text(TABLE, encoding="utf-8")
    return tmp_path / "in.csv"


@pytest.fixture
def model(made_bundle_directory: Path) -> Path:
    return made_bundle_directory


def names(directory: Path) -> list[str]:
    return sorted(path.name for path in directory.iterdir())


def test_score_writes_the_rows_and_counts_them_on_standard_error(clarion: Command, table: Path, model: Path) -> None:
    out = table.with_name("out.csv")
    done = clarion("score", table, "--model", model, "--out", out)
    flagged = sum(
        Classifier.load(model).score([text])[0].labels["recruitment"].flagged
        for text in ("Вступай в отряд за 5$", "просто текст")
    )
    assert (done.code, done.out) == (0, "")
    fault, count = done.err.splitlines()
    assert fault == f"  {table}, row 3: the text is empty"
    assert count.startswith(f"3 rows, 2 scored, 1 left without a score; flagged at balanced: recruitment {flagged}, ")
    assert [line.split(",")[0] for line in out.read_text(encoding="utf-8").splitlines()] == ["id", "007", "NA", "9"]


def test_dashes_are_json_lines_on_standard_input_and_output(clarion: Command, model: Path) -> None:
    typed = '{"id": "a", "text": "вступай"}\n{"text": 5}\n'.encode()
    done = clarion("score", "-", "--model", model, "--out", "-", "--explain", typed=typed)
    first, second = map(json.loads, done.out.splitlines())
    assert done.code == 0
    assert first["id"] == "a"
    assert first["evidence"] == Classifier.load(model).score(["вступай"], explain=True)[0].evidence
    assert (second["id"], second["error"], second["evidence"]) == (1, "the text must be a string, not int", None)
    assert "-, line 2: the text must be a string, not int" in done.err


def test_score_takes_the_profile_the_column_and_the_cues_it_is_given(
    clarion: Command, tmp_path: Path, model: Path
) -> None:
    cues = tmp_path / "cues"
    cues.mkdir()
    (cues / "mine.yaml").write_text(CUES.replace('"join us"', '"glorpify"'), encoding="utf-8")
    typed = b'{"body": "glorpify"}'
    options = ("--text", "body", "--profile", "high_recall", "--model", model, "--out", "-")
    usual, replaced = (
        json.loads(clarion("score", "-", *options, *more, typed=typed).out) for more in ((), ("--cues", cues))
    )
    assert replaced["recruitment"] != usual["recruitment"]
    assert replaced["recruitment_flagged"] == (replaced["recruitment"] >= 0.1)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "in.csv: the file is empty"),
        (b"body\nx\n", "in.csv: no column 'text'; name the column that holds the posts with --text"),
        (b"text,text\nx,y\n", "in.csv, row 1: column named twice: 'text'; rename one of them"),
        ("text\nпривет\n".encode("cp1251"), "in.csv, row 1: not UTF-8; save the file as UTF-8"),
        ("text\nпривет\n".encode("utf-16"), "in.csv: encoded as UTF-16; save the file as UTF-8"),
        (b'text\n"open', "in.csv, row 2: a quote opened in line 2 is never closed; close it"),
    ],
)
def test_a_file_that_cannot_be_used_is_one_line_and_leaves_nothing(
    clarion: Command, table: Path, model: Path, content: bytes, message: str
) -> None:
    table.write_bytes(content)
    done = clarion("score", table, "--model", model, "--out", table.with_name("out.csv"))
    assert (done.code, done.out, done.err) == (2, "", f"clarion: {table.parent}/{message}\n")
    assert names(table.parent) == ["in.csv"]


def test_a_fault_far_down_a_file_leaves_nothing(clarion: Command, tmp_path: Path, model: Path) -> None:
    whole = gzip.compress(("text\n" + "".join(f"пост {os.urandom(9).hex()}\n" for _ in range(5000))).encode())
    (tmp_path / "in.csv.gz").write_bytes(whole[:-100])
    done = clarion("score", tmp_path / "in.csv.gz", "--model", model, "--out", tmp_path / "out.csv.gz")
    assert done.code == 2
    assert done.err.endswith("the gzip stream is damaged or cut short; fetch or compress the file anew\n")
    assert names(tmp_path) == ["in.csv.gz"]


def test_a_header_alone_is_scored_to_a_header(clarion: Command, table: Path, model: Path) -> None:
    table.write_text("id,text\n", encoding="utf-8")
    done = clarion("score", table, "--model", model, "--out", table.with_name("out.csv"))
    assert done.code == 0
    assert done.err.startswith("0 rows, 0 scored, 0 left without a score; flagged at balanced: none")
    assert len(table.with_name("out.csv").read_text(encoding="utf-8").splitlines()) == 1


def test_ten_megabytes_in_one_cell_are_scored(clarion: Command, table: Path, model: Path) -> None:
    table.write_text("text\nвступай" + "й" * 5_000_000 + " в отряд\n", encoding="utf-8")
    assert table.stat().st_size > 10_000_000
    done = clarion("score", table, "--model", model, "--out", table.with_name("out.csv"))
    assert done.err.startswith("1 rows, 1 scored")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--out", "out.xlsx"), "out.xlsx: unknown suffix"),
        (("--out", "in.csv"), "in.csv: is also an input; give another --out"),
        (("--out", "./in.csv"), "./in.csv: is also an input; give another --out"),
        (
            ("--out", "missing/out.csv"),
            "missing/out.csv: cannot be written: No such file or directory; nothing was left there",
        ),
        (("--out", "out.csv", "--profile", "loud"), "unknown profile 'loud'; this bundle has: balanced"),
        (("--out", "out.csv", "--cues", "."), ".: no cue files (*.yaml) here"),
        (
            ("--out", "out.csv", "--model", "nowhere"),
            "nowhere: no bundle here; make one with: clarion train --out nowhere",
        ),
    ],
)
def test_a_wrong_call_is_one_line_before_anything_is_done(
    clarion: Command, table: Path, model: Path, monkeypatch: pytest.MonkeyPatch, options: tuple[str, ...], message: str
) -> None:
    monkeypatch.chdir(table.parent)
    done = clarion("score", "in.csv", "--model", model, *options)
    assert done.code == 2
    assert done.err.startswith(f"clarion: {message}")
    assert done.err.count("\n") == 1
    assert names(table.parent) == ["in.csv"]
    assert table.read_text(encoding="utf-8") == TABLE


def test_unknown_cues_and_damaged_bundles_are_refused(clarion: Command, table: Path, model: Path) -> None:
    (table.parent / "cues").mkdir()
    (table.parent / "cues" / "c.yaml").write_text(CUES.replace("pay_offer", "new_idea"), encoding="utf-8")
    options = ("--out", table.with_name("out.csv"))
    done = clarion("score", table, "--model", model, "--cues", table.parent / "cues", *options)
    assert (done.code, "cues unknown to this bundle: new_idea" in done.err) == (2, True)
    broken = Path(shutil.copytree(model, table.parent / "broken"))
    (broken / "weights.npz").write_bytes(b"x")
    done = clarion("score", table, "--model", broken, *options)
    assert (done.code, "weights.npz: damaged" in done.err) == (2, True)
    assert not table.with_name("out.csv").exists()


def test_explain_reads_posts_from_the_call_and_from_standard_input(clarion: Command, model: Path) -> None:
    done = clarion("explain", "Вступай\x1b[2J!", "-", "--model", model, typed="\ufeffплачу 5$\n".encode())
    assert (done.code, done.err) == (0, "")
    assert "\x1b" not in done.out
    assert "Вступай[U+001B][2J!" in done.out
    assert "  плачу 5$" in done.out
    assert done.out.count("language: ") == 2
    assert "pay_offer: offers pay" in done.out


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        (b"", "clarion: text 0: the text is empty\n"),
        (b"a\0b", "clarion: text 0: the text holds a NUL character at 1: remove it\n"),
        (b"\xcf\xf0", "clarion: -: what came on standard input is not UTF-8; convert it first\n"),
    ],
)
def test_explain_refuses_what_is_no_post(clarion: Command, model: Path, typed: bytes, message: str) -> None:
    done = clarion("explain", "-", "--model", model, typed=typed)
    assert (done.code, done.out, done.err) == (2, "", message)


def test_help_lists_the_commands(clarion: Command) -> None:
    done = clarion("--help")
    assert done.code == 0
    assert "score" in done.out
    assert "explain" in done.out


def test_the_floor_runs_as_a_module_and_is_silent_in_a_pipe(table: Path, model: Path) -> None:
    done = ended(start("score", table, "--model", model, "--out", table.with_name("out.parquet")))
    assert (done.code, done.out) == (0, "")
    assert len(done.err.splitlines()) == 2
    assert "\x1b" not in done.err
    assert names(table.parent) == ["in.csv", "out.parquet"]


def test_a_pipe_to_a_table_keeps_columns_that_come_late(tmp_path: Path, model: Path) -> None:
    lines = b'no json\n{"text": "a b"}\n{"text": "c d", "late": "x"}\n'
    process = start("score", "-", "--model", model, "--out", tmp_path / "out.csv", stdin=subprocess.PIPE)
    assert ended(process, lines).code == 0
    rows = (tmp_path / "out.csv").read_text(encoding="utf-8").splitlines()
    assert rows[0].startswith("id,text,late,")
    assert [row.split(",")[:3] for row in rows[1:]] == [["0", "", ""], ["1", "a b", ""], ["2", "c d", "x"]]


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """More rows than are scored before a signal arrives."""
    path = tmp_path_factory.mktemp("large") / "in.csv"
    with path.open("w", encoding="utf-8") as file:
        file.write("text\n")
        file.writelines(f"Вступай в отряд номер {k}, пиши в личку сегодня и завтра\n" for k in range(500_000))
    return path


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("kind", ["csv", "jsonl.gz", "parquet"])
def test_an_interrupted_run_ends_in_130_and_leaves_nothing(
    large: Path, model: Path, tmp_path: Path, sent: signal.Signals, kind: str
) -> None:
    process = start("score", large, "--model", model, "--out", tmp_path / f"out.{kind}")
    while not names(tmp_path) and process.poll() is None:
        time.sleep(0.01)
    assert names(tmp_path)[0].startswith(f".out.{kind}.partial-")
    process.send_signal(sent)
    done = ended(process)
    assert (done.code, done.out) == (130, "")
    assert done.err == "clarion: interrupted; nothing half-written was left\n"
    assert names(tmp_path) == []


@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_a_file_system_that_takes_no_more_is_one_line(large: Path, model: Path, tmp_path: Path, kind: str) -> None:
    """A limit on file size stands for a full disk: it fails at the same write, and needs no rights."""
    limited = ["sh", "-c", 'ulimit -f 64; exec "$@"', "sh", sys.executable, "-W", "error", "-m", "classifier"]
    call = [*limited, "score", str(large), "--model", str(model), "--out", str(tmp_path / f"out.{kind}")]
    done = subprocess.run(call, capture_output=True, text=True, check=False)
    message = f"clarion: {tmp_path}/out.{kind}: cannot be written: File too large; nothing was left there\n"
    assert (done.returncode, done.stdout, done.stderr) == (2, "", message)
    assert names(tmp_path) == []


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
@pytest.mark.parametrize("call", [("score", "in.csv", "--out", "-"), ("explain", "вступай")])
def test_a_standard_output_that_is_full_is_one_line(call: tuple[str, ...], table: Path, model: Path) -> None:
    with Path("/dev/full").open("wb") as full:
        done = ended(start(*call, "--model", model, stdout=full, cwd=table.parent))
    assert done.code == 2
    assert done.err == "clarion: standard output: cannot be written: No space left on device\n"


def test_a_reader_that_has_seen_enough_is_no_fault(large: Path, model: Path) -> None:
    process = start("score", large, "--model", model, "--out", "-")
    assert process.stdout is not None
    assert json.loads(process.stdout.readline())["id"] == 0
    process.stdout.close()
    assert process.stderr is not None
    assert process.stderr.read() == b""
    process.stderr.close()
    assert process.wait(timeout=60) == 0


def read_terminal(master: int, process: subprocess.Popen[bytes]) -> str:
    """Everything a program draws on a terminal."""
    drawn = b""
    while True:
        try:
            drawn += os.read(master, 65536)
        except OSError:  # the last program that had the terminal is gone
            break
    process.wait(timeout=60)
    os.close(master)
    return drawn.decode()


def on_terminal(*arguments: object, stream: str) -> str:
    master, slave = pty.openpty()
    environment = {name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "FORCE_COLOR")}
    streams = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL} | {stream: slave}
    process = start(*arguments, env=environment | {"TERM": "xterm-256color", "COLUMNS": "100"}, **streams)
    os.close(slave)
    return read_terminal(master, process)


def test_explain_is_coloured_on_a_terminal(model: Path) -> None:
    drawn = on_terminal("explain", "Вступай в отряд \x1b[2J", "--model", model, stream="stdout")
    assert "\x1b[1;" in drawn
    assert "[U+001B]" in drawn
    assert "\x1b[2J" not in drawn


def test_score_draws_its_progress_on_a_terminal(table: Path, model: Path) -> None:
    drawn = on_terminal("score", table, "--model", model, "--out", table.with_name("out.csv"), stream="stderr")
    assert "scoring" in drawn
    assert "3 rows, 2 scored" in drawn
