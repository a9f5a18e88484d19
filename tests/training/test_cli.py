"""The commands of this floor refuse what cannot be used: one clear message, exit code 2, nothing written."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path

import pytest

from classifier.bundle import FORMAT_VERSION
from tests.commands import Command, Ended
from tests.training.making import CUES, invented, write

HEADER = "text,recruitment,separatism\n"


def row(text: str) -> str:
    return f"{HEADER}{text},0,0\n"


# What is in the file, and what the message must say after the file's name.
BAD_FILES: dict[str, tuple[str, bytes, str]] = {
    "empty": ("a.csv", b"", ": the file is empty"),
    "header only": ("a.csv", HEADER.encode(), ": no labelled posts"),
    "no header": ("a.csv", b"\n\n", ", row 1: no column names"),
    "column missing": ("a.csv", b"text,recruitment\nhello,0\n", ": missing column 'separatism'; it has: text"),
    "column twice": ("a.csv", b"text,text,recruitment,separatism\n", ", row 1: column named twice: 'text'"),
    "wrong label": ("a.csv", row("hello").replace("0,0", "0,x").encode(), ", row 2, column 'separatism': 'x' is no"),
    "empty text": ("a.csv", row("").encode(), ", row 2, column 'text': the text is empty"),
    "same id": ("a.csv", f"id,{HEADER}7,a,0,0\n7,b,0,0\n".encode(), ", row 3, column 'id': '7' stands twice"),
    "UTF-16": ("a.csv", row("hello").encode("utf-16"), ": encoded as UTF-16; save the file as UTF-8"),
    "Windows-1251": ("a.csv", row("привет").encode("cp1251"), ": not UTF-8"),
    "NUL byte": ("a.csv", row("a\0b").encode(), "NUL"),
    "open quote": ("a.csv", f'{HEADER}"hello,0,0\n'.encode(), "a quote opened in line 2 is never closed"),
    "short row": ("a.csv", f"{HEADER}hello,0\n".encode(), ", row 2: the row has 2 cells, the header 3"),
    "cut gzip": ("a.csv.gz", gzip.compress(row("hello " * 999).encode())[:-20], ": the gzip stream is damaged"),
    "no gzip": ("a.csv.gz", row("hello").encode(), ": the gzip stream is damaged"),
    "unknown suffix": ("a.xlsx", b"PK", ": unknown suffix; use one of .csv"),
    "no JSON": ("a.jsonl", b'{"text": "a", "recruitment": 0, "separatism": 0}\n{"text\n', ", line 2: not JSON"),
    "no Parquet": ("a.parquet", b"PAR1", ": not a readable Parquet file"),
}


def one_clear_message(ended: Ended) -> str:
    """Said on standard error, by us, with nothing of the program's insides."""
    assert (ended.code, ended.out) == (2, "")
    assert ended.err.startswith("clarion: ")
    assert "Traceback" not in ended.err
    return ended.err


def named(said: str, path: Path, reason: str) -> None:
    assert str(path) in said
    assert reason in said.replace(str(path), "")


@pytest.mark.parametrize("name", BAD_FILES)
def test_train_refuses_a_bad_file(name: str, clarion: Command, cue_directory: Path, tmp_path: Path) -> None:
    file, content, reason = BAD_FILES[name]
    path = tmp_path / file
    path.write_bytes(content)
    ended = clarion("train", path, "--out", tmp_path / "out" / "m", "--cues", cue_directory)
    named(one_clear_message(ended), path, reason)
    assert [found.name for found in tmp_path.iterdir()] == [file]


@pytest.mark.parametrize("name", BAD_FILES)
def test_evaluate_refuses_a_bad_file(name: str, clarion: Command, tiny: Path, tmp_path: Path) -> None:
    file, content, reason = BAD_FILES[name]
    path = tmp_path / file
    path.write_bytes(content)
    ended = clarion("evaluate", tiny, path, "--json", tmp_path / "m.json")
    named(one_clear_message(ended), path, reason)
    assert [found.name for found in tmp_path.iterdir()] == [file]


@pytest.mark.parametrize("name", ["empty", "UTF-16", "Windows-1251", "cut gzip", "unknown suffix", "open quote"])
def test_check_refuses_a_bad_file(name: str, clarion: Command, tiny: Path, tmp_path: Path) -> None:
    file, content, reason = BAD_FILES[name]
    path = tmp_path / file
    path.write_bytes(content.replace(HEADER.encode(), b"id,functionality,text,lang,pair,recruitment,separatism\n"))
    named(one_clear_message(clarion("check", tiny, "--checks", path)), path, reason)


@pytest.mark.parametrize("command", ["train", "evaluate", "check"])
def test_a_file_that_is_not_there_is_named(command: str, clarion: Command, tiny: Path, tmp_path: Path) -> None:
    path = tmp_path / "none.csv"
    arguments: dict[str, tuple[object, ...]] = {
        "train": (path, "--out", tmp_path / "m"),
        "evaluate": (tiny, path),
        "check": (tiny, "--checks", path),
    }
    assert one_clear_message(clarion(command, *arguments[command])) == (
        f"clarion: {path}: cannot be read: No such file or directory\n"
    )


def test_ten_megabytes_in_one_cell_are_read(clarion: Command, cue_directory: Path, tmp_path: Path) -> None:
    """Long is no fault of labelled posts: they are refused for the label, not for the length."""
    path = write(tmp_path / "a.csv", [{"text": "слово " * 1_700_000, "recruitment": "x", "separatism": "0"}])
    said = one_clear_message(clarion("train", path, "--out", tmp_path / "m", "--cues", cue_directory))
    assert f"{path}, row 2, column 'recruitment': 'x' is no label" in said
    assert len(said) < 1000


def test_too_few_posts_are_refused_by_the_name_of_the_label(
    clarion: Command, cue_directory: Path, tmp_path: Path
) -> None:
    path = write(tmp_path / "a.csv", invented(20))
    said = one_clear_message(clarion("train", path, "--out", tmp_path / "m", "--cues", cue_directory))
    assert said == (
        "clarion: label 'recruitment': 4 positive posts in 4 groups; at least 5 groups are needed: label more posts\n"
    )


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (("--labels", ""), "no labels: name each label once"),
        (("--labels", "recruitment,recruitment"), "name each label once"),
        (("--labels", "recruitment, war"), "missing column 'war'"),
        (("--labels", "lang"), "'lang': a column of posts has this name"),
        (("--text", "post"), "missing column 'post'"),
        (("--label", "topic"), "missing column 'topic'"),
        (("--cues", "nowhere"), "nowhere: no cue files (*.yaml) here"),
    ],
)
def test_train_refuses_a_wrong_call(
    arguments: tuple[str, ...], reason: str, clarion: Command, posts_file: Path, tmp_path: Path
) -> None:
    ended = clarion("train", posts_file, "--out", tmp_path / "m", *arguments)
    assert reason in one_clear_message(ended)
    assert [found.name for found in tmp_path.iterdir()] == ["posts.csv"]


def test_a_faulty_cue_file_is_refused_with_file_and_line(clarion: Command, posts_file: Path, tmp_path: Path) -> None:
    cues = tmp_path / "cues" / "mine.yaml"
    cues.parent.mkdir()
    cues.write_text(CUES.replace("speaks: for", "speaks: perhaps", 1), encoding="utf-8")
    ended = clarion("train", posts_file, "--out", tmp_path / "m", "--cues", cues.parent)
    assert one_clear_message(ended) == f"clarion: {cues}, line 2: `speaks` must be `for` or `against`\n"
    assert not (tmp_path / "m").exists()


@pytest.mark.parametrize(
    "arguments",
    [
        ("train",),
        ("train", "--out", "m", "--seed", "one"),
        ("train", "--out", "m", "--seed", "-1"),
        ("train", "--out", "m", "--seed", "99999999999"),
        ("evaluate", "m"),
        ("check",),
        ("guess",),
    ],
)
def test_a_call_that_cannot_be_is_answered_with_its_usage(arguments: tuple[str, ...], clarion: Command) -> None:
    ended = clarion(*arguments)
    assert (ended.code, ended.out) == (2, "")
    assert "Usage: " in ended.err


@pytest.mark.parametrize("command", ["evaluate", "check"])
def test_a_bundle_that_is_missing_or_damaged_is_refused(
    command: str, clarion: Command, tiny: Path, posts_file: Path, tmp_path: Path
) -> None:
    files = (posts_file,) if command == "evaluate" else ()
    said = one_clear_message(clarion(command, tmp_path / "none", *files))
    assert said.startswith(f"clarion: {tmp_path / 'none'}: no bundle here; make one with: clarion train --out ")
    for name, spoil in SPOILT.items():
        copy = tmp_path / name
        (copy / "cues").mkdir(parents=True)
        for part in ("manifest.json", "weights.npz", "cues/invented.yaml"):
            (copy / part).write_bytes((tiny / part).read_bytes())
        spoil(copy)
        assert str(copy) in one_clear_message(clarion(command, copy, *files))


def flip(directory: Path) -> None:
    content = bytearray((directory / "weights.npz").read_bytes())
    content[len(content) // 2] ^= 1
    (directory / "weights.npz").write_bytes(content)


def newer(directory: Path) -> None:
    text = (directory / "manifest.json").read_text("utf-8")
    (directory / "manifest.json").write_text(
        text.replace(f'"format_version": {FORMAT_VERSION}', '"format_version": 9'), "utf-8"
    )


def cut(directory: Path) -> None:
    (directory / "manifest.json").write_bytes((directory / "manifest.json").read_bytes()[:100])


SPOILT: dict[str, Callable[[Path], None]] = {"bit": flip, "newer": newer, "cut": cut}


@pytest.mark.parametrize("command", ["train", "evaluate", "check"])
def test_help_says_what_the_options_are(command: str, clarion: Command) -> None:
    ended = clarion(command, "--help")
    assert (ended.code, ended.err) == (0, "")
    assert "Usage: " in ended.out
