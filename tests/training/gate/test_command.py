"""`clarion gate`: what holds passes, each thing that does not is found and named, and what cannot be judged is said."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from classifier.bundle import write_bundle
from classifier.cues import CueSet
from tests.commands import Command, Ended
from tests.training.conftest import TINY
from tests.training.gate.making import (
    JOIN,
    case,
    checks_file,
    filler,
    good_cases,
    good_posts,
    known_bundle,
    post,
    posts_file,
)
from tests.training.making import classes, table, write
from training.fit import Fitter
from training.gate.limits import NAMES
from training.posts import read_posts
from training.schema import Schema
from training.shares import wilson


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return known_bundle(tmp_path_factory.mktemp("known") / "bundle")


def gated(clarion: Command, tmp_path: Path, *arguments: object, code: int = 0) -> tuple[Ended, dict[str, Any]]:
    """A run of the gate, and its findings by limit."""
    ended = clarion("gate", *arguments, "--json", tmp_path / "gate.json")
    assert ended.code == code, ended.out + ended.err
    found = json.loads((tmp_path / "gate.json").read_text("utf-8"))
    assert found["passed"] is (code == 0)
    return ended, {one["limit"]: one for one in found["limits"]}


def broken(findings: dict[str, Any]) -> dict[str, list[str]]:
    return {name: one["broken_by"] for name, one in findings.items() if one["verdict"] == "FAIL"}


def test_what_holds_passes(clarion: Command, model: Path, tmp_path: Path) -> None:
    ended, found = gated(clarion, tmp_path, model, posts_file(tmp_path), "--checks", checks_file(tmp_path))
    assert tuple(found) == NAMES
    assert {name for name, one in found.items() if one["verdict"] == "not applied"} == {
        "twins_right", "twins_in_order", "labels_worse", "slices_worse",
    }  # fmt: skip
    assert {one["value"] for one in found["average_precision"]["figures"]} == {1.0}
    assert [one["counts"] for one in found["false_flags"]["figures"]] == ["0 of 30"]
    lines = ended.out.splitlines()
    assert lines[0].endswith("on 60 posts and 14 checks")
    assert lines[-1] == "11 of 11 limits hold: may be released"
    assert [line.split()[0] for line in lines[1:-1]] == ["pass"] * 11 + ["–"] * 4


def test_checks_that_fail_are_named_by_functionality(clarion: Command, model: Path, tmp_path: Path) -> None:
    # harmless posts that quote an invitation: the bundle flags all six of a functionality
    rows = [*good_cases(), *(case(20 + n, f"{filler(n)} {JOIN}", 0, "quotes") for n in range(6))]
    call = (model, posts_file(tmp_path), "--checks", checks_file(tmp_path, rows))
    ended, found = gated(clarion, tmp_path, *call, code=1)
    assert broken(found) == {
        "functional_checks": [""],
        "functionality": ["quotes"],
        "harmless_functionality": ["quotes"],
    }
    assert found["functional_checks"]["figures"][0]["value"] == pytest.approx(14 / 20)
    quotes = next(one for one in found["functionality"]["figures"] if one["of"] == "quotes")
    low, high = wilson(np.array(0.0), np.array(6.0))
    assert (quotes["low"], quotes["high"]) == (pytest.approx(low, abs=5e-5), pytest.approx(high, abs=5e-5))
    assert {one["of"] for one in found["harmless_functionality"]["figures"]} == {"quiet", "pairs", "quotes"}
    assert "broken: functional_checks: short posts that leave no doubt" in ended.out
    assert "  0.000 [0.000–0.390] quotes: 0 of 6" in ended.out.splitlines()
    assert ended.out.splitlines()[-1] == "8 of 11 limits hold: not to be released"


def test_identity_pairs_that_flip_are_counted(clarion: Command, model: Path, tmp_path: Path) -> None:
    rows = [
        *good_cases(),
        case(20, "tall ones join us", 1, "pairs", "q"),
        case(21, "small ones join in", 1, "pairs", "q"),
    ]
    call = (model, posts_file(tmp_path), "--checks", checks_file(tmp_path, rows))
    _, found = gated(clarion, tmp_path, *call, code=1)
    assert {"identity_flips"} <= set(broken(found)) <= {"identity_flips", "identity_change"}
    assert found["identity_flips"]["figures"][0]["counts"] == "1 of 2"


def test_false_flags_are_found_in_all_in_a_category_and_in_lawful_speech(
    clarion: Command, model: Path, tmp_path: Path
) -> None:
    def findings(category: str, flagged: int) -> dict[str, list[str]]:
        more = [post(200 + n, says=JOIN if n < flagged else "", category=category) for n in range(12)]
        call = (model, posts_file(tmp_path, good_posts() + more), "--checks", checks_file(tmp_path))
        return broken(gated(clarion, tmp_path, *call, code=int(flagged > 1))[1])

    assert findings("protest_or_strike", 1) == {}
    assert set(findings("scam_or_advert", 9)) == {"false_flags", "false_flags_category", "calibration"}
    lawful = findings("protest_or_strike", 9)
    assert (lawful["lawful_false_flags_slice"], lawful["false_flags_category"]) == (["protest"], ["protest_or_strike"])
    assert {"lawful_false_flags", "false_flags"} <= set(lawful)


def test_a_peaceful_call_is_lawful_speech_and_may_not_be_called_recruitment(
    clarion: Command, model: Path, tmp_path: Path
) -> None:
    more = [
        post(200 + n, says="500 рублей", separatism=1, category="slogan", means="peaceful", lang="ru")
        for n in range(12)
    ]
    call = (model, posts_file(tmp_path, good_posts() + more), "--checks", checks_file(tmp_path))
    _, found = gated(clarion, tmp_path, *call, code=1)
    assert broken(found)["lawful_false_flags_slice"] == ["peaceful_campaign"]
    assert "false_flags" not in broken(found), "posts with a label are not harmless posts"


def test_a_blank_label_is_nobodys_mistake(clarion: Command, model: Path, tmp_path: Path) -> None:
    more = [post(200 + n, says=JOIN, recruitment="", uncertain="recruitment", category="news") for n in range(20)]
    call = (model, posts_file(tmp_path, good_posts() + more), "--checks", checks_file(tmp_path))
    _, found = gated(clarion, tmp_path, *call)
    assert found["false_flags"]["figures"][0]["counts"] == "0 of 30"


def test_a_bundle_that_flags_nothing_does_not_pass(clarion: Command, tmp_path: Path) -> None:
    silent = known_bundle(tmp_path / "silent", bias=-90.0)
    call = (silent, posts_file(tmp_path), "--checks", checks_file(tmp_path))
    _, found = gated(clarion, tmp_path, *call, code=1)
    assert {"functional_checks", "functionality", "calibration"} <= set(broken(found))


def test_twins_must_be_told(clarion: Command, model: Path, tmp_path: Path) -> None:
    # of each pair, one invites and one does not; both say the same words to this bundle
    pairs = []
    for n in range(10):
        one = post(300 + n, says=JOIN, recruitment=1, category="next_step", group=f"t{n}")
        other = one | {"id": f"h{n}", "recruitment": 0, "category": "chatter", "text": f"no, {one['text']}"}
        pairs += [one, other | {"twin": one["id"]}]
    call = (model, posts_file(tmp_path, good_posts() + pairs), "--checks", checks_file(tmp_path))
    _, found = gated(clarion, tmp_path, *call, code=1)
    assert {"twins_right", "twins_in_order"} <= set(broken(found))
    assert found["twins_right"]["figures"] == [{"of": "", "value": 0.0, "low": 0.0, "high": 0.0, "counts": "10 pairs"}]


def test_against_the_old_bundle_a_decline_is_told(clarion: Command, model: Path, tmp_path: Path) -> None:
    deaf = known_bundle(tmp_path / "deaf", bias=-90.0)
    loose = write(tmp_path / "limits.yaml", [])
    loose.write_text(
        "".join(
            f"{name}: {{at_most: 0, judged_by: figure, aim: 0, why: no decline}}\n"
            for name in ("labels_worse", "slices_worse")
        ),
        encoding="utf-8",
    )
    call = (posts_file(tmp_path), "--checks", checks_file(tmp_path), "--limits", loose)
    ended, found = gated(clarion, tmp_path, deaf, *call, "--against", model, code=1)
    assert "slices_worse" in broken(found)
    assert "category both (recruitment, flags_right)" in found["slices_worse"]["figures"][0]["counts"]
    assert "category both" in ended.out
    _, found = gated(clarion, tmp_path, model, *call, "--against", deaf)
    assert [one["figures"][0]["value"] for one in found.values()] == [0.0, 0.0]


def test_columns_of_other_names_and_contradictions_are_taken_as_when_training(
    clarion: Command, model: Path, tmp_path: Path
) -> None:
    checks = ("--checks", checks_file(tmp_path))
    _, expected = gated(clarion, tmp_path, model, posts_file(tmp_path), *checks)
    rows = [post(900, says=JOIN, recruitment=1), post(900, says=JOIN) | {"id": "again"}, *good_posts()]
    other = [{{"text": "body", "recruitment": "join"}.get(name, name): row[name] for name in row} for row in rows]
    path = write(tmp_path / "other.csv", other)
    call = (model, path, "--map", "text=body", "--map", "recruitment=join", *checks)
    refused = clarion("gate", *call)
    assert (refused.code, refused.out) == (2, "")
    assert "2 posts stand elsewhere with the same text and different labels; mend them or pass --drop-" in refused.err
    for against in ((), ("--against", model)):
        _, found = gated(clarion, tmp_path, *call, "--drop-conflicts", *against)
        assert found["average_precision"] == expected["average_precision"]
    assert found["labels_worse"]["figures"][0]["value"] == 0, "the old bundle is judged on the same posts"
    ended = clarion("gate", model, path, "--map", "body")
    assert (ended.code, ended.out) == (2, "")
    assert "--map 'body': write each name once" in ended.err


# Other labels.


def test_a_bundle_of_other_labels_is_held_against_what_applies(clarion: Command, cues: CueSet, tmp_path: Path) -> None:
    path = write(tmp_path / "topics.csv", classes(90))
    fitter = Fitter(read_posts([str(path)], Schema(label="topic")), cues, TINY, "topics")
    list(fitter.run())
    assert fitter.bundle is not None
    write_bundle(tmp_path / "m", fitter.bundle.manifest, fitter.bundle.arrays, cues)
    ended = clarion("gate", tmp_path / "m")
    assert (ended.code, ended.out) == (2, "")
    assert "are not the guide's: name files of labelled posts" in ended.err
    other = write(tmp_path / "other.csv", classes(90, seed=5))
    ended, found = gated(clarion, tmp_path, tmp_path / "m", other, "--label", "topic")
    applied = {name for name, one in found.items() if one["verdict"] != "not applied"}
    assert applied == {"average_precision", "calibration"}
    assert found["functional_checks"]["reason"] == "no functional checks for these labels; name a file with --checks"
    assert "not applied: no functional checks for these labels" in ended.out
    ended = clarion("gate", tmp_path / "m", path, "--label", "topic")
    assert (ended.code, ended.out) == (2, "")
    assert "was trained on these very posts" in ended.err


def test_json_on_standard_output_stands_there_alone(clarion: Command, model: Path, tmp_path: Path) -> None:
    ended = clarion("gate", model, posts_file(tmp_path), "--checks", checks_file(tmp_path), "--json", "-")
    assert (ended.code, ended.err) == (0, "")
    assert json.loads(ended.out)["checks"] == 14


def test_what_cannot_be_judged_is_refused(clarion: Command, model: Path, tmp_path: Path) -> None:
    posts, checks = posts_file(tmp_path), checks_file(tmp_path)
    learnt = write(tmp_path / "t.csv", [row | {"split": "train"} for row in good_posts()])
    faulty = tmp_path / "faulty.yaml"
    faulty.write_text("false_flags: {at_most: 2, judged_by: figure, aim: 0, why: w}\n", encoding="utf-8")
    idle = tmp_path / "idle.yaml"
    idle.write_text("labels_worse: {at_most: 0, judged_by: figure, aim: 0, why: w}\n", encoding="utf-8")
    for arguments, message in (
        ((model, posts, "--checks", checks, "--limits", faulty), "faulty.yaml, line 1: at_most: '2'"),
        ((model, posts, "--checks", checks, "--limits", idle), "none of the limits can be applied"),
        ((model, posts, "--profile", "strict"), "unknown profile 'strict'"),
        ((model, learnt), "every post is of split train or blank; the gate needs others"),
        ((tmp_path / "none", posts), "none: no bundle here"),
    ):
        ended = clarion("gate", *arguments)
        assert (ended.code, ended.out) == (2, "")
        assert message in ended.err


def test_the_invented_posts_part_as_they_should() -> None:
    posts = table(good_posts())
    assert [int((posts.frame[label] == 1).sum()) for label in posts.labels] == [30, 15]
