"""`clarion cues check`: what cue files would change is said, and what gets worse decides."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from classifier.bundle import write_bundle
from tests.classifier.making import CUES, made_bundle
from tests.commands import Command
from tests.training.making import write

# Scores of the model below come from cues alone: a post is flagged for recruitment when it holds "join us" and for both
# labels when it speaks of pay, and nothing is flagged that is reported.
CASES = [
    ("c1", "come aboard tomorrow", "1", "0", ""),
    ("c2", "join us tomorrow", "1", "0", ""),
    ("c3", "ring the bell", "0", "0", ""),
    ("c4", "my neighbour sings", "0", "0", "neighbour"),
    ("c5", "my neighbour paints", "0", "0", "neighbour"),
    ("c5", "my cousin sings", "0", "0", "cousin"),
    ("c6", "my cousin paints", "0", "0", "cousin"),
]


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A bundle that knows nothing but its cues."""
    bundle = made_bundle(categories=False)
    arrays = {name: array if name == "idf" else np.zeros_like(array) for name, array in bundle.arrays.items()}
    arrays["bias"] = np.array([-3.0, -3.0])
    arrays["cue_weights"] = np.array([[6.0, 0.0], [6.0, 6.0], [-9.0, -9.0]])
    directory = tmp_path_factory.mktemp("model") / "bundle"
    write_bundle(directory, bundle.manifest, arrays, bundle.cues)
    return directory


@pytest.fixture
def checks(tmp_path: Path) -> Path:
    rows = [
        {
            "id": name,
            "functionality": "any",
            "text": text,
            "recruitment": one,
            "separatism": two,
            "lang": "en",
            "pair": p,
        }
        for name, text, one, two, p in CASES
    ]
    return write(tmp_path / "checks.csv", rows)


@pytest.fixture
def posts(tmp_path: Path) -> Path:
    texts = {"a": "Come aboard, friends", "b": "join us", "c": "good morning", "d": " ", "e": "5 rubles 10 рублей"}
    return write(tmp_path / "posts.csv", [{"id": name, "text": text} for name, text in texts.items()])


def cues(tmp_path: Path, *changes: tuple[str, str]) -> Path:
    directory = tmp_path / "cues"
    directory.mkdir()
    content = CUES
    for before, after in changes:
        assert before in content
        content = content.replace(before, after, 1)
    (directory / "made.yaml").write_text(content, encoding="utf-8")
    return directory


def added(*patterns: str) -> tuple[str, str]:
    return '"join us"', ", ".join(f'"{pattern}"' for pattern in ("join us", *patterns))


def test_the_same_cues_change_nothing(clarion: Command, model: Path, checks: Path, posts: Path, tmp_path: Path) -> None:
    ended = clarion("cues", "check", cues(tmp_path), "--model", model, "--checks", checks, "--posts", posts)
    assert (ended.code, ended.err) == (0, "")
    first, *rest = ended.out.splitlines()
    assert first.startswith("cues ")
    assert len(set(first.split()[1:4:2])) == 1
    assert rest == [
        "checks: 6 of 7 pass, 6 before",
        "identity pairs: 0 of 2 change a flag, 0 before",
        "posts: 5 rows, 4 scored",
        "  recruitment: flags added 0, lost 0, before 2",
        "  separatism: flags added 0, lost 0, before 1",
    ]


def test_what_gets_better_is_named_and_passes(
    clarion: Command, model: Path, checks: Path, posts: Path, tmp_path: Path
) -> None:
    directory = cues(tmp_path, added("come aboard"))
    ended = clarion("cues", "check", directory, "--model", model, "--checks", checks, "--posts", posts)
    assert (ended.code, ended.err) == (0, "")
    first, *rest = ended.out.splitlines()
    assert len(set(first.split()[1:4:2])) == 2
    assert rest == [
        "  call_to_join: patterns added 1, taken away 0",
        "checks: 7 of 7 pass, 6 before",
        "  start passing: c1",
        "identity pairs: 0 of 2 change a flag, 0 before",
        "posts: 5 rows, 4 scored",
        "  recruitment: flags added 1, lost 0, before 2",
        f"    + 0.007 → 0.982  a ({posts}, row 2)",
        "  separatism: flags added 0, lost 0, before 1",
    ]


def test_a_check_that_stops_passing_ends_with_1(
    clarion: Command, model: Path, checks: Path, posts: Path, tmp_path: Path
) -> None:
    directory = cues(tmp_path, ('"join us"', '"ring the bell"'))
    ended = clarion("cues", "check", directory, "--model", model, "--checks", checks, "--posts", posts, "--show-text")
    assert ended.code == 1
    lines = ended.out.splitlines()
    assert lines[1:4] == [
        "  call_to_join: patterns added 1, taken away 1",
        "checks: 4 of 7 pass, 6 before",
        "  stop passing: c2, c3",
    ]
    assert f"    - 0.982 → 0.007  b ({posts}, row 3): join us" in lines


def test_an_identity_pair_that_starts_to_flip_ends_with_1(clarion: Command, model: Path, tmp_path: Path) -> None:
    rows = [
        {"id": n, "functionality": "any", "text": t, "recruitment": "1", "separatism": "0", "lang": "en", "pair": "p"}
        for n, t in (("c1", "singers welcome"), ("c2", "painters welcome"))
    ]
    path = write(tmp_path / "pairs.csv", rows)
    directory = cues(tmp_path, added("singers welcome"))
    ended = clarion("cues", "check", directory, "--model", model, "--checks", path)
    assert ended.code == 1
    assert ended.out.splitlines()[2:] == [
        "checks: 1 of 2 pass, 0 before",
        "  start passing: c1",
        "identity pairs: 1 of 1 change a flag, 0 before",
        "  start to change a flag: p",
    ]


def test_a_pair_that_no_longer_flips_is_named(clarion: Command, model: Path, tmp_path: Path) -> None:
    rows = [
        {"id": n, "functionality": "any", "text": t, "recruitment": "0", "separatism": "0", "lang": "en", "pair": "p"}
        for n, t in (("c1", "join us singers"), ("c2", "with us painters"))
    ]
    directory = cues(tmp_path, ('"join us"', '"sign up"'))
    path = write(tmp_path / "pairs.csv", rows)
    ended = clarion("cues", "check", directory, "--model", model, "--checks", path)
    assert ended.code == 0
    assert ended.out.splitlines()[-2:] == ["identity pairs: 0 of 1 change a flag, 1 before", "  no longer do: p"]


def test_a_cue_that_is_left_out_loses_its_patterns(
    clarion: Command, model: Path, checks: Path, posts: Path, tmp_path: Path
) -> None:
    whole = CUES[CUES.index("pay_offer:") : CUES.index("reported_speech:")]
    ended = clarion(
        "cues", "check", cues(tmp_path, (whole, "")), "--model", model, "--checks", checks, "--posts", posts
    )
    assert ended.code == 0
    assert re.search(r"^  pay_offer: patterns added 0, taken away [1-9]$", ended.out, re.MULTILINE)
    assert "  separatism: flags added 0, lost 1, before 1" in ended.out.splitlines()


def test_everything_is_written_as_json_without_the_posts(
    clarion: Command, model: Path, checks: Path, posts: Path, tmp_path: Path
) -> None:
    directory, out = cues(tmp_path, added("come aboard", "ring the bell")), tmp_path / "found.json"
    call = ("cues", "check", directory, "--model", model, "--checks", checks, "--posts", posts)
    assert clarion(*call, "--json", out).code == 1
    found: dict[str, Any] = json.loads(out.read_text("utf-8"))
    assert found["cues_sha256"]["before"] != found["cues_sha256"]["after"]
    assert (found["passed"], found["profile"]) == (False, "balanced")
    assert found["checks"] == {
        "of": 7, "before": 6, "after": 6, "starts_passing": ["c1"], "stops_passing": ["c3"],
    }  # fmt: skip
    assert found["identity_pairs"] == {"of": 2, "before": 0, "after": 0, "starts_to_flip": [], "stops_to_flip": []}
    assert found["posts"]["flagged_before"] == {"recruitment": 2, "separatism": 1}
    (change,) = found["posts"]["changes"]
    assert {name: change[name] for name in ("id", "label", "added")} == {
        "id": "a",
        "label": "recruitment",
        "added": True,
    }
    assert change["before"] < 0.5 < change["after"]
    assert "aboard" not in out.read_text("utf-8")
    ended = clarion(*call, "--json", "-", "--show-text")
    assert json.loads(ended.out)["posts"]["changes"][0]["text"] == "Come aboard, friends"


def test_a_long_list_is_cut_and_json_has_it_all(clarion: Command, model: Path, checks: Path, tmp_path: Path) -> None:
    many = write(tmp_path / "many.jsonl", [{"post": f"come aboard {number}"} for number in range(23)])
    directory, out = cues(tmp_path, added("come aboard")), tmp_path / "found.json"
    call = ("--model", model, "--checks", checks, "--posts", many, "--posts", many, "--text", "post", "--json", out)
    ended = clarion("cues", "check", directory, *call)
    assert ended.code == 0
    assert f"    + 0.007 → 0.982  {many}, line 20" in ended.out.splitlines()
    assert "    + and 26 more; --json FILE names them all" in ended.out.splitlines()
    assert len(json.loads(out.read_text("utf-8"))["posts"]["changes"]) == 46


def test_a_profile_decides(clarion: Command, model: Path, checks: Path, tmp_path: Path) -> None:
    call = ("cues", "check", cues(tmp_path, added("come aboard")), "--model", model, "--checks", checks, "--profile")
    assert clarion(*call, "high_precision").code == 0
    ended = clarion(*call, "strict")
    assert (ended.code, ended.out) == (2, "")
    assert "unknown profile 'strict'" in ended.err


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("speaks: for", "speaks: perhaps"), "cues/made.yaml, line 3: `speaks` must be `for` or `against`"),
        (('"join us"', '"казахи"'), "cues/made.yaml, line 8: 'казахи' finds 'казах*' alone: it names a people"),
        (("call_to_join", "call_to_arms"), "cues unknown to this bundle: call_to_arms; train a bundle with them first"),
    ],
)
def test_faulty_files_are_refused(
    change: tuple[str, str], message: str, clarion: Command, model: Path, checks: Path, tmp_path: Path
) -> None:
    ended = clarion("cues", "check", cues(tmp_path, change), "--model", model, "--checks", checks)
    assert (ended.code, ended.out) == (2, "")
    assert message in ended.err
    assert "Traceback" not in ended.err


def test_what_cannot_be_read_is_named(clarion: Command, model: Path, checks: Path, posts: Path, tmp_path: Path) -> None:
    directory = cues(tmp_path)
    known = ("--model", model, "--checks", checks)
    for arguments, message in (
        ((tmp_path / "none", *known), "none: no cue files (*.yaml) here"),
        ((directory, "--model", tmp_path / "none"), "none: no bundle here"),
        ((directory, *known, "--posts", posts, "--text", "post"), "posts.csv: no column 'post'; name the column"),
        ((directory, *known, "--posts", tmp_path / "p.csv"), "p.csv: cannot be read"),
    ):
        ended = clarion("cues", "check", *arguments)
        assert (ended.code, ended.out) == (2, "")
        assert message in ended.err
