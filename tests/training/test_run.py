"""`clarion train`: the same posts give the same bytes, and what goes wrong leaves nothing behind."""

from __future__ import annotations

import json
import os
import pty
import resource
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from classifier import Classifier
from tests.commands import Command
from tests.training.making import invented, write
from training.check import read_cases
from training.guide import LABELS
from training.posts import read_posts
from training.schema import Schema
from training.shipped import checks_file, post_files

ROOT = Path(__file__).parents[2]


def contents(directory: Path) -> dict[str, bytes]:
    return {str(path.relative_to(directory)): path.read_bytes() for path in directory.rglob("*") if path.is_file()}


def typed(*arguments: object, **environment: str) -> subprocess.CompletedProcess[str]:
    """The command line in a process of its own."""
    command = [sys.executable, "-m", "training", *map(str, arguments)]
    variables = os.environ | {"PYTHONPATH": str(ROOT)} | environment
    return subprocess.run(command, env=variables, capture_output=True, text=True, check=False)


@pytest.mark.slow
def test_the_same_posts_give_the_same_bytes_in_every_process(tmp_path: Path, cue_directory: Path) -> None:
    """Whatever the hash seed and the number of threads."""
    for name, threads in (("1", "1"), ("2", "4")):
        ran = typed(
            "train", *post_files()[:2], "--out", tmp_path / name, "--cues", cue_directory,
            PYTHONHASHSEED=name, OPENBLAS_NUM_THREADS=threads, OMP_NUM_THREADS=threads,
        )  # fmt: skip
        assert ran.returncode == 0, ran.stderr
    one, two = contents(tmp_path / "1"), contents(tmp_path / "2")
    assert sorted(one) == ["card.md", "cues.npz", "cues/invented.yaml", "datasheet.md", "manifest.json", "weights.npz"]
    assert one == two


def test_training_says_what_came_out(clarion: Command, posts_file: Path, cue_directory: Path, tmp_path: Path) -> None:
    ended = clarion("train", posts_file, "--out", tmp_path / "m", "--cues", cue_directory, "--name", "[b]mine[/b]")
    assert ended.code == 0
    classifier = Classifier.load(tmp_path / "m")
    bundle, card = ended.err.splitlines()
    assert bundle == f"bundle {tmp_path / 'm'} {classifier.sha256}"
    assert card.startswith(f"card {tmp_path / 'm' / 'card.md'}, datasheet {tmp_path / 'm' / 'datasheet.md'}; ")
    first, *rest = ended.out.splitlines()
    assert first == f"[b]mine[/b] {classifier.version}: 80 posts in 80 groups"
    metrics = classifier.manifest.metrics["recruitment"]
    assert rest[0] == (
        f"recruitment: average precision {metrics['average_precision']:.3f} out of fold, 16 of 80 posts positive"
    )
    balanced = classifier.manifest.profiles["balanced"]["recruitment"]
    assert rest[1].split()[:3] == ["balanced", "from", f"{balanced['threshold']:.3f}"]
    assert f"precision {balanced['precision']:.3f} [{balanced['precision_low']:.2f}–" in rest[1]


def test_no_warning_of_a_library_reaches_the_reader(posts_file: Path, cue_directory: Path, tmp_path: Path) -> None:
    ran = typed("train", posts_file, "--out", tmp_path / "m", "--cues", cue_directory)
    assert ran.returncode == 0
    assert [line.split()[0] for line in ran.stderr.splitlines()] == ["bundle", "card"]


def test_an_older_bundle_is_replaced(clarion: Command, posts_file: Path, cue_directory: Path, tmp_path: Path) -> None:
    out = tmp_path / "m"
    for name in ("first", "second"):
        assert clarion("train", posts_file, "--out", out, "--cues", cue_directory, "--name", name).code == 0
        assert Classifier.load(out).name == name
    assert sorted(path.name for path in tmp_path.iterdir()) == ["m", "posts.csv"]


def test_of_a_split_column_train_and_blank_are_used(clarion: Command, cue_directory: Path, tmp_path: Path) -> None:
    parts = ("train", "test", "", "dev", "train")
    rows = [row | {"split": parts[n // 5 % 5]} for n, row in enumerate(invented(100))]
    path = write(tmp_path / "a.csv", rows)
    ended = clarion("train", path, "--out", tmp_path / "m", "--cues", cue_directory)
    assert ended.code == 0
    assert "left out: 40 posts, of another split" in ended.out
    told = Classifier.load(tmp_path / "m").manifest.training
    assert (told["rows"], told["dropped"]) == (60, {"of another split": 40})
    alone = write(tmp_path / "b.csv", [row for row in rows if row["split"] in ("train", "")])
    assert clarion("train", alone, "--out", tmp_path / "n", "--cues", cue_directory).code == 0
    assert (tmp_path / "m" / "weights.npz").read_bytes() == (tmp_path / "n" / "weights.npz").read_bytes()


def test_conflicts_are_dropped_when_asked_and_counted(clarion: Command, cue_directory: Path, tmp_path: Path) -> None:
    rows = invented(80)
    rows[7] = rows[3] | {"id": "again", "separatism": "1"}
    path = write(tmp_path / "a.csv", rows)
    arguments = ("train", path, "--out", tmp_path / "m", "--cues", cue_directory)
    refused = clarion(*arguments)
    assert (refused.code, refused.out) == (2, "")
    assert "2 posts stand elsewhere with the same text and different labels; mend them or pass --drop-" in refused.err
    assert f"\n  {path}, row 5\n  {path}, row 9\n" in refused.err
    ended = clarion(*arguments, "--drop-conflicts")
    assert ended.code == 0
    assert "78 posts in 78 groups\nleft out: 2 posts, same text with different labels\n" in ended.out


def test_files_as_a_researcher_has_them_and_decisions_as_they_are(
    clarion: Command, cue_directory: Path, tmp_path: Path
) -> None:
    case = max((case.text for case in read_cases(checks_file(), LABELS)), key=len)
    rows = [{"who": f"a{n % 20}", "body": row.pop("text"), **row} for n, row in enumerate(invented(60))]
    rows[4]["body"] = case + "!"
    seen = {"reader": "r-1", "decided_at": "2026-11-02T10:00:00Z", "sampled_by": "flag", "source": "review"}
    decisions = [
        row | seen | {"id": f"d{n}", "means": "unclear" if row["separatism"] == "1" else None}
        for n, row in enumerate(invented(30, seed=5))
    ]
    files = write(tmp_path / "own.csv", rows), write(tmp_path / "decisions.jsonl", decisions)
    ended = clarion(
        "train", *files, "--out", tmp_path / "m", "--cues", cue_directory, "--map", "text=body", "--map", "author=who",
        "--group-by", "author", "--class-weight", "balanced", "--exclude-checks",
    )  # fmt: skip
    assert ended.code == 0, ended.err
    assert "89 posts in 50 groups\nleft out: 1 posts, nearly among the functional checks\n" in ended.out
    assert "\nrecall and average precision cannot be told: posts were seen only because they were flagged" in ended.out
    training = Classifier.load(tmp_path / "m").manifest.training
    assert (training["grouped_by"], training["balanced_classes"]) == (["author"], True)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--group-by", "mood"), "'mood': one of author, source, batch, region"),
        (("--class-weight", "heavy"), "write balanced or none"),
        (("--map", "body"), "--map 'body': write each name once"),
        (("--map", "text=content"), "missing column 'content'; it has: id, body"),
    ],
)
def test_options_that_mean_nothing_are_refused(
    clarion: Command, tmp_path: Path, options: tuple[str, ...], said: str
) -> None:
    path = write(tmp_path / "posts.csv", [{"id": 1, "body": "a", "recruitment": 1, "separatism": 0}])
    ended = clarion("train", path, "--out", tmp_path / "m", *options)
    assert ended.code == 2
    assert said in " ".join(ended.err.replace("│", " ").split())
    assert not (tmp_path / "m").exists()


def test_the_base_needs_files(clarion: Command, tmp_path: Path) -> None:
    ended = clarion("train", "--out", tmp_path / "m", "--base")
    assert (ended.code, ended.out) == (2, "")
    assert "--base adds the shipped posts to FILES; without FILES they are all there is" in ended.err


# Where it cannot write.


def test_a_place_that_cannot_be_written_is_named(
    clarion: Command, posts_file: Path, cue_directory: Path, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    out = tmp_path / "file" / "model"
    ended = clarion("train", posts_file, "--out", out, "--cues", cue_directory)
    assert (ended.code, ended.out) == (2, "")
    assert ended.err.startswith(f"clarion: {out}: cannot be written: ")
    assert (tmp_path / "file").read_text("utf-8") == "in the way"


def test_something_that_is_no_bundle_is_left_alone(
    clarion: Command, posts_file: Path, cue_directory: Path, tmp_path: Path
) -> None:
    out = tmp_path / "holiday"
    out.mkdir()
    (out / "picture").write_text("me", encoding="utf-8")
    ended = clarion("train", posts_file, "--out", out, "--cues", cue_directory)
    assert (ended.code, ended.err) == (2, f"clarion: {out}: is there already and is no bundle; give another --out\n")
    assert contents(out) == {"picture": b"me"}


@contextmanager
def full_disk() -> Iterator[None]:
    """Files of this process stop growing at four kilobytes."""
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, limits[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)


def test_a_full_disk_leaves_the_old_bundle_and_nothing_else(
    clarion: Command, posts_file: Path, cue_directory: Path, tmp_path: Path
) -> None:
    out = tmp_path / "models" / "m"
    arguments = ("train", posts_file, "--out", out, "--cues", cue_directory)
    assert clarion(*arguments).code == 0
    before = contents(out)
    with full_disk():
        ended = clarion(*arguments, "--seed", 1)
    assert (ended.code, ended.out) == (2, "")
    assert ended.err.startswith(f"clarion: {out}: cannot be written: ")
    assert contents(out) == before
    assert [path.name for path in out.parent.iterdir()] == ["m"]


@pytest.mark.slow
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_training_leaves_nothing_behind(
    how: signal.Signals, tmp_path: Path, cue_directory: Path
) -> None:
    """Interrupted at the first sign of its progress bar, long before its end."""
    terminal, other_end = pty.openpty()
    command = [sys.executable, "-m", "training", "train", "--out", str(tmp_path / "m"), "--cues", str(cue_directory)]
    variables = os.environ | {"PYTHONPATH": str(ROOT), "TERM": "xterm"}
    with subprocess.Popen(command, env=variables, stdout=subprocess.PIPE, stderr=other_end, text=True) as process:
        os.close(other_end)
        seen = read_until(terminal, b"training")
        process.send_signal(how)
        seen += read_until(terminal, None)
        out, _ = process.communicate(timeout=120)
    os.close(terminal)
    assert process.returncode == 130
    assert b"clarion: interrupted; nothing half-written was left" in seen
    assert b"Traceback" not in seen
    assert out == ""
    assert list(tmp_path.iterdir()) == []


def read_until(terminal: int, sign: bytes | None) -> bytes:
    """What a terminal shows up to a sign, or to its end."""
    seen = b""
    while sign is None or sign not in seen:
        try:
            part = os.read(terminal, 4096)
        except OSError:  # how Linux tells that the other end is closed
            part = b""
        if not part:
            break
        seen += part
    return seen


def test_the_shipped_posts_are_trained_when_no_files_are_named(
    clarion: Command, cue_directory: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    two = post_files()[:2]
    monkeypatch.setattr("training.run.post_files", lambda: two)
    assert clarion("train", "--out", tmp_path / "m", "--cues", cue_directory).code == 0
    told = json.loads((tmp_path / "m" / "manifest.json").read_text("utf-8"))["training"]
    assert told["data_sha256"] == read_posts(two, Schema()).sha256
