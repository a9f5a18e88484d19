"""`clarion check`: the pass rate is counted right, and decides."""

from __future__ import annotations

import re
from pathlib import Path
from statistics import median
from typing import Any

import pytest

from classifier import Classifier
from tests.commands import Command
from tests.training.making import invented, write
from training.disguise import DISGUISES, disguise

LABELS = ("recruitment", "separatism")


def case(number: int, text: str, flags: tuple[bool, ...], functionality: str, pair: str = "") -> dict[str, Any]:
    wanted = {label: str(int(flag)) for label, flag in zip(LABELS, flags, strict=True)}
    return {"id": f"c{number}", "functionality": functionality, "text": text, **wanted, "lang": "en", "pair": pair}


def flags_of(classifier: Classifier, text: str) -> tuple[bool, ...]:
    (score,) = classifier.score([text])
    return tuple(score.labels[label].flagged for label in LABELS)


@pytest.fixture
def cases(tiny_classifier: Classifier) -> list[dict[str, Any]]:
    """Twenty checks, of which the bundle fails five: two of `hard`, three of `[impossible]`."""
    rows = []
    for number, row in enumerate(invented(20, seed=9)):
        flags = flags_of(tiny_classifier, row["text"])
        wrong = number >= 17 or number in (8, 9)
        kind = "easy" if number < 7 else "hard" if number < 17 else "[impossible]"
        rows.append(case(number, row["text"], (flags[0] ^ wrong, flags[1]), kind))
    return rows


def test_the_pass_rate_is_that_of_the_flags(
    clarion: Command, tiny: Path, cases: list[dict[str, Any]], tmp_path: Path
) -> None:
    ended = clarion("check", tiny, "--checks", write(tmp_path / "c.csv", cases))
    assert ended.code == 0
    assert ended.err == ""
    lines = ended.out.splitlines()
    assert [" ".join(line.split()) for line in lines[:3]] == [
        "0% of 3 [impossible]: c17, c18, c19",
        "80% of 10 hard: c8, c9",
        "100% of 7 easy",
    ]
    assert lines[-1] == "15 of 20 checks pass (75.0%); enough: 70% wanted"


@pytest.mark.parametrize(("share", "code", "word"), [("0.75", 0, "enough"), ("0.76", 1, "too few"), ("0", 0, "enough")])
def test_too_few_end_with_exit_code_1(
    share: str, code: int, word: str, clarion: Command, tiny: Path, cases: list[dict[str, Any]], tmp_path: Path
) -> None:
    ended = clarion("check", tiny, "--checks", write(tmp_path / "c.csv", cases), "--fail-under", share)
    assert ended.code == code
    assert f"; {word}: " in ended.out.splitlines()[-1]


def test_both_labels_must_be_right(clarion: Command, tiny: Path, cases: list[dict[str, Any]], tmp_path: Path) -> None:
    rows = [row | {"separatism": "10"[int(row["separatism"])]} for row in cases[:4]]
    ended = clarion("check", tiny, "--checks", write(tmp_path / "c.csv", rows))
    assert ended.code == 1
    assert "0 of 4 checks pass" in ended.out


def test_a_profile_decides(clarion: Command, tiny: Path, cases: list[dict[str, Any]], tmp_path: Path) -> None:
    path = write(tmp_path / "c.csv", cases)
    scores = Classifier.load(tiny).score([row["text"] for row in cases], profile="high_recall")
    passing = sum(
        all(score.labels[label].flagged == (row[label] == "1") for label in LABELS)
        for row, score in zip(cases, scores, strict=True)
    )
    ended = clarion("check", tiny, "--checks", path, "--profile", "high_recall", "--fail-under", 0)
    assert ended.out.splitlines()[-1].startswith(f"{passing} of 20 checks pass")
    ended = clarion("check", tiny, "--checks", path, "--profile", "strict")
    assert ended.code == 2
    assert "unknown profile 'strict'; this bundle has: balanced" in ended.err


def test_identity_pairs_are_compared_by_flag_and_probability(
    clarion: Command, tiny: Path, tiny_classifier: Classifier, tmp_path: Path
) -> None:
    texts = {
        "same": ("My neighbour is a baker", "My neighbour is a baker"),
        "far": ("join our squad", "kodi mabe luro"),
        "near": ("bobo dada lumi", "bobo dada lumo", "bobo dada luma"),
    }
    members = [(name, text) for name, pair in texts.items() for text in pair]
    rows = [case(n, text, (False, False), "identity_pair", name) for n, (name, text) in enumerate(members)]
    rows.append(case(99, "a referendum for the region", (False, False), "other"))
    flips, changes = 0, []
    for pair in texts.values():
        scores = tiny_classifier.score(pair)
        flips += len({flags_of(tiny_classifier, text) for text in pair}) > 1
        for label in LABELS:
            chances = [score.labels[label].probability for score in scores]
            changes.append(max(chances) - min(chances))
    assert flips >= 1
    ended = clarion("check", tiny, "--checks", write(tmp_path / "c.csv", rows), "--fail-under", 0)
    told = f"identity pairs: {flips} of 3 change a flag, median change of probability {median(changes):.3f}"
    assert told in ended.out.splitlines()


def test_every_disguise_is_tried(
    clarion: Command, tiny: Path, tiny_classifier: Classifier, cases: list[dict[str, Any]], tmp_path: Path
) -> None:
    ended = clarion("check", tiny, "--checks", write(tmp_path / "c.csv", cases))
    told = dict(re.findall(r"^disguise (\w+): (.*)$", ended.out, re.MULTILINE))
    assert list(told) == list(DISGUISES)
    before = tiny_classifier.score([row["text"] for row in cases])
    for name, words in told.items():
        after = tiny_classifier.score([disguise(row["text"], name, 0) for row in cases])
        flags = sum(
            any(one.labels[label].flagged != other.labels[label].flagged for label in LABELS)
            for one, other in zip(before, after, strict=True)
        )
        kept = sum(
            all(one.labels[label].probability == other.labels[label].probability for label in LABELS)
            for one, other in zip(before, after, strict=True)
        )
        assert words == f"{flags} of 20 change a flag, {kept} keep their very score"
    assert told["zero_width"] == "0 of 20 change a flag, 20 keep their very score"
    assert told["shouted"].startswith("0 of 20 change a flag")  # a shouted Latin word may be a Cyrillic one


def test_checks_may_come_as_json_lines_with_gaps(clarion: Command, tiny: Path, tmp_path: Path) -> None:
    """A key that a line lacks is an empty cell, as in CSV."""
    rows = [case(n, text, (False, False), "any") for n, text in enumerate(("bobo dada", "lumi kato"))]
    for row in rows:
        row |= {"recruitment": 0, "separatism": False}
    rows[0]["id"] = 0
    del rows[1]["pair"], rows[1]["lang"]
    ended = clarion("check", tiny, "--checks", write(tmp_path / "c.jsonl", rows), "--fail-under", 0)
    assert (ended.code, ended.err) == (0, "")
    assert "2 of 2 checks pass" in ended.out
    rows[0]["recruitment"] = 1
    ended = clarion("check", tiny, "--checks", write(tmp_path / "d.jsonl", rows), "--fail-under", 0)
    assert ended.out.splitlines()[0].endswith("any: 0")


# What it refuses.


def test_faults_of_the_checks_are_all_listed_with_their_place(
    clarion: Command, tiny: Path, cases: list[dict[str, Any]], tmp_path: Path
) -> None:
    for number in range(0, 20, 2):
        cases[number]["recruitment"] = "perhaps"
    cases[1]["separatism"], cases[3]["text"], cases[5]["text"] = "", " ", "a\0b"
    path = write(tmp_path / "c.csv", cases)
    ended = clarion("check", tiny, "--checks", path)
    assert (ended.code, ended.out) == (2, "")
    for number in range(0, 20, 2):
        assert f"  {path}, row {number + 2}, column 'recruitment': write 0 or 1\n" in ended.err
    assert f"  {path}, row 3, column 'separatism': write 0 or 1\n" in ended.err
    assert f"{path}, row 5, column 'text': the text is empty" in ended.err
    assert f"{path}, row 7, column 'text': the text holds a NUL character" in ended.err
    assert len(ended.err.splitlines()) == 14


def test_a_row_of_the_wrong_length_is_one_fault(
    clarion: Command, tiny: Path, cases: list[dict[str, Any]], tmp_path: Path
) -> None:
    path = write(tmp_path / "c.csv", cases)
    with path.open("a", encoding="utf-8") as file:
        file.write("c20,easy\n")
    ended = clarion("check", tiny, "--checks", path)
    assert (ended.code, ended.out) == (2, "")
    assert ended.err.splitlines()[1:] == [f"  {path}, row 22: the row has 2 cells, the header 7"]


def test_missing_columns_are_named(clarion: Command, tiny: Path, cases: list[dict[str, Any]], tmp_path: Path) -> None:
    for row in cases:
        del row["pair"], row["separatism"]
    path = write(tmp_path / "c.csv", cases)
    ended = clarion("check", tiny, "--checks", path)
    assert ended.code == 2
    assert ended.err.startswith(f"clarion: {path}: missing column 'pair', 'separatism'; it has: id, functionality, ")


def test_no_checks_are_no_pass(clarion: Command, tiny: Path, tmp_path: Path) -> None:
    path = tmp_path / "c.csv"
    path.write_text("id,functionality,text,recruitment,separatism,lang,pair\n", encoding="utf-8")
    ended = clarion("check", tiny, "--checks", path)
    assert ended.code == 2
    assert f"{path}: no checks" in ended.err


@pytest.mark.parametrize("share", ["70", "-0.1", "most"])
def test_a_share_lies_between_0_and_1(share: str, clarion: Command, tiny: Path) -> None:
    ended = clarion("check", tiny, "--fail-under", share)
    assert ended.code == 2
    assert "--fail-under" in ended.err
