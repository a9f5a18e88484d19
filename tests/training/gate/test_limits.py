"""Limits come from a file that says why; every fault is named with file and line."""

from __future__ import annotations

from pathlib import Path

import pytest

from classifier.errors import InputError
from training.gate.findings import Finding, share
from training.gate.limits import COUNTS, NAMES, Limit, read_limits
from training.shipped import gate_file

ONE = """\
# a comment
identity_flips:
  at_most: 0.06
  judged_by: figure
  aim: 0.01
  why: alike
"""
COUNT = "labels_worse:\n  at_most: 0 # none\n  judged_by: figure\n  aim: 0\n  why: alike\n"


def limit(bound: float, *, most: bool, by_interval: bool) -> Limit:
    return Limit("false_flags", bound, most, by_interval, 0.0, "because")


def test_the_shipped_limits_are_complete_and_give_reasons() -> None:
    found = read_limits(gate_file())
    assert tuple(found) == NAMES
    for one in found.values():
        assert len(one.why) > 20
        assert one.aim <= one.bound if one.most else one.aim >= one.bound, one.name
        assert one.name not in COUNTS or one.bound == 0


def test_a_limit_is_read_as_written(tmp_path: Path) -> None:
    path = tmp_path / "gate.yaml"
    path.write_text(ONE, encoding="utf-8")
    assert read_limits(str(path)) == {"identity_flips": Limit("identity_flips", 0.06, True, False, 0.01, "alike")}


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        ("identity_flips", "flips", "line 2: unknown limit 'flips'; known: functional_checks, "),
        ("at_most", "most", "line 2: identity_flips: write one of at_least or at_most"),
        ("  aim: 0.01\n", "  aim: 0.01\n  at_least: 0.01\n", "line 2: identity_flips: write one of"),
        ("  why: alike\n", "", "line 3: missing: why"),
        ("  why: alike\n", "  why: alike\n  since: May\n", "line 7: unknown field 'since'"),
        ("0.06", "six", "line 3: at_most: 'six': write a share from 0 to 1"),
        ("0.06", "6", "line 3: at_most: '6': write a share from 0 to 1"),
        ("0.06", ".nan", "line 3: at_most: '.nan': write a share"),
        ("0.01", "-1", "line 5: aim: '-1': write a share"),
        ("figure", "eye", "line 4: 'eye': write figure or interval"),
        ("alike", "''", "line 6: a piece of text is expected here"),
        (ONE, COUNT.replace("0 #", "-1 #"), "line 2: at_most: '-1': write a number from 0 up"),
        (ONE, COUNT.replace("figure", "interval"), "line 3: 'interval': write figure"),
        (ONE, "[1, 2]", "line 1: a mapping"),
        (ONE, "{}", "no limits; known: "),
        (ONE, "a: [", ": not YAML"),
        ("alike", "a: b: c", "line 6: not YAML"),
        (ONE, ONE + ONE, "line 8: 'identity_flips' stands here twice"),
    ],
)
def test_a_fault_is_named_with_its_line(before: str, after: str, message: str, tmp_path: Path) -> None:
    path = tmp_path / "gate.yaml"
    assert before in ONE
    path.write_text(ONE.replace(before, after, 1), encoding="utf-8")
    with pytest.raises(InputError) as told:
        read_limits(str(path))
    assert str(told.value).startswith(str(path))
    assert message in str(told.value)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"none\.yaml: cannot be read"):
        read_limits(str(tmp_path / "none.yaml"))


@pytest.mark.parametrize(
    ("most", "by_interval", "kept"),
    [
        (True, False, [True, False]),
        (True, True, [True, True]),
        (False, False, [False, True]),
        (False, True, [True, True]),
    ],
)
def test_a_figure_or_its_interval_decides(most: bool, by_interval: bool, kept: list[bool]) -> None:
    one = limit(0.3, most=most, by_interval=by_interval)
    assert [one.kept(value, value - 0.1, value + 0.1) for value in (0.25, 0.35)] == kept
    assert one.kept(0.5, 0.45, 0.55) is not most
    assert one.kept(0.3, 0.3, 0.3), "the bound itself is kept"


def test_the_worst_figure_is_the_one_that_decides() -> None:
    rows = [share("few", 1, 3), share("many", 20, 60), share("none", 0, 50)]
    strict = Finding(limit(0.2, most=True, by_interval=True), rows)
    assert (strict.worst, strict.broken, strict.verdict) == (rows[1], [rows[1]], "FAIL")
    plain = Finding(limit(0.2, most=True, by_interval=False), rows)
    assert [one.of for one in plain.broken] == ["few", "many"]
    assert Finding(limit(0.2, most=True, by_interval=False), [rows[2]]).verdict == "pass"
    assert Finding(limit(0.2, most=True, by_interval=False), [], "none").to_dict()["verdict"] == "not applied"
