"""Changed cue files are served without a restart; faulty or half-written ones never are."""

from __future__ import annotations

import io
import json
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from classifier import Classifier
from service.app import create_app
from service.log import make_logger
from service.metrics import Metrics
from service.reload import CueWatch
from service.scoring import SMALL_BODY, Scorer
from service.settings import read_settings
from tests.classifier.making import CUES, made_classifier
from tests.service.conftest import URL, logged
from tests.service.fakes import FakeClassifier
from tests.service.running import Running, running
from tests.service.test_serve import ask

NEW = CUES.replace('"join us"', '"join us", "moose brigade"')
BROKEN = CUES.replace("speaks: for", "speaks: perhaps", 1)
FAULT = "made.yaml, line 3: `speaks` must be `for` or `against`"


class Desk:
    """A watch over a directory, and what it does."""

    def __init__(self, directory: Path, log: io.StringIO) -> None:
        self.file = directory / "made.yaml"
        self.file.write_text(CUES, encoding="utf-8")
        self.log = log
        self.metrics = Metrics()
        settings = read_settings(cues=directory, threads=1)
        self.scorer = Scorer(made_classifier(), settings, self.metrics)
        self.first = self.scorer.classifier
        self.watch = CueWatch(self.scorer, directory, 0, self.metrics, make_logger("info", log))

    def write(self, content: str) -> None:
        self.file.write_text(content, encoding="utf-8")

    def look(self, times: int = 2) -> None:
        for _ in range(times):
            self.watch.look()

    def card(self) -> dict[str, Any]:
        cues: dict[str, Any] = self.scorer.card("r")["cues"]
        return cues

    def counted(self) -> dict[str, float]:
        lines = [line.split() for line in self.metrics.render().decode().splitlines()]
        return {
            name.split('"')[1]: float(n) for name, n in lines_of(lines) if name.startswith("clarion_cues_reloads_t")
        }


def lines_of(lines: list[list[str]]) -> Iterator[tuple[str, str]]:
    return ((line[0], line[1]) for line in lines if len(line) == 2)


@pytest.fixture
def desk(tmp_path: Path, log_lines: io.StringIO) -> Desk:
    return Desk(tmp_path, log_lines)


def test_files_that_stay_as_they_are_change_nothing(desk: Desk) -> None:
    desk.look(5)
    assert desk.scorer.classifier is desk.first
    assert desk.log.getvalue() == ""
    assert desk.counted() == {"ok": 0, "faulty": 0}


def test_new_cues_serve_with_the_same_bundle(desk: Desk) -> None:
    before = datetime.now(UTC) - timedelta(seconds=2)
    desk.write(NEW)
    desk.look()
    served = desk.scorer.classifier
    assert served.bundle is desk.first.bundle
    assert served.cues.files == {"made.yaml": NEW.encode()}
    assert desk.card()["sha256"] == served.cues_sha256 != desk.first.cues_sha256
    assert desk.card()["fault"] is None
    assert before <= datetime.fromisoformat(desk.card()["loaded_at"]) <= datetime.now(UTC)
    (line,) = logged(desk.log)
    assert line.items() >= {"event": "cues", "outcome": "ok", "cues_sha256": served.cues_sha256}.items()
    assert desk.counted() == {"ok": 1, "faulty": 0}


def test_files_that_change_between_two_looks_are_waited_for(desk: Desk) -> None:
    for length in (200, 400, 600, len(NEW)):
        desk.write(NEW[:length])
        desk.look(1)
        assert desk.scorer.classifier is desk.first
    desk.look(1)
    assert desk.scorer.classifier.cues.files["made.yaml"] == NEW.encode()
    assert desk.counted() == {"ok": 1, "faulty": 0}


def test_who_asks_is_believed_at_once(desk: Desk) -> None:
    desk.write(NEW)
    desk.watch.look(at_once=True)
    assert desk.scorer.classifier.cues.files["made.yaml"] == NEW.encode()


def test_files_that_change_while_they_are_parsed_are_not_served(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    build = desk.watch._build

    def build_while_somebody_writes(seen: Any) -> Classifier:
        classifier = build(seen)
        desk.write(NEW.replace("moose", "mouse"))
        return classifier

    desk.write(NEW)
    monkeypatch.setattr(desk.watch, "_build", build_while_somebody_writes)
    desk.watch.look(at_once=True)
    assert desk.scorer.classifier is desk.first
    assert desk.counted() == {"ok": 0, "faulty": 0}
    monkeypatch.undo()
    desk.look()
    assert b"mouse" in desk.scorer.classifier.cues.files["made.yaml"]


def test_a_fault_leaves_the_old_cues_and_is_said_once(desk: Desk) -> None:
    desk.write(NEW)
    desk.look()
    served = desk.scorer.classifier
    for broken in (BROKEN, BROKEN + "\n", BROKEN + "\n\n"):
        desk.write(broken)
        desk.look(4)
    assert desk.scorer.classifier is served
    assert desk.card()["sha256"] == served.cues_sha256
    assert desk.card()["fault"] == f"{desk.file.parent}/{FAULT}"
    lines = [line for line in logged(desk.log) if line["outcome"] == "faulty"]
    assert [(line["level"], line["fault"]) for line in lines] == [("warning", desk.card()["fault"])]
    assert desk.counted() == {"ok": 1, "faulty": 3}


def test_mended_files_clear_the_fault(desk: Desk) -> None:
    desk.write(BROKEN)
    desk.look()
    assert desk.card()["fault"]
    desk.write(CUES)
    desk.look()
    assert desk.card() == {"sha256": desk.first.cues_sha256, "loaded_at": desk.card()["loaded_at"], "fault": None}


@pytest.mark.parametrize(
    ("spoil", "fault"),
    [
        (lambda file: file.write_text(CUES.replace("call_to_join", "call_to_arms")), "cues unknown to this bundle"),
        (lambda file: file.write_text(CUES.replace("join us", "kazakhs")), "'kazakhs' finds 'казах*' alone"),
        (lambda file: file.write_bytes(b"[" * 100_000), "line 1: nested more than 20 deep"),
        (lambda file: file.write_bytes(b""), "line 1: the file is empty"),
        (lambda file: file.unlink(), "no cue files (*.yaml) here"),
        (lambda file: (file.unlink(), file.mkdir()), "made.yaml: cannot be read: Is a directory"),
    ],
)
def test_whatever_is_wrong_the_old_cues_serve(spoil: Callable[[Path], None], fault: str, desk: Desk) -> None:
    spoil(desk.file)
    desk.look()
    assert desk.scorer.classifier is desk.first
    assert fault in desk.card()["fault"]


def test_a_fault_of_ours_is_logged_once_and_ends_nothing(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_seen: Any) -> Classifier:
        raise ZeroDivisionError("secret")

    monkeypatch.setattr(desk.watch, "_build", fail)
    desk.write(NEW)
    for _ in range(4):
        desk.watch.look_safely(at_once=False)
    (line,) = logged(desk.log)
    assert (line["event"], line["level"], line["error"]) == ("failure", "critical", "ZeroDivisionError")
    assert "secret" not in desk.log.getvalue()
    assert desk.scorer.classifier is desk.first


def test_a_request_under_way_is_finished_with_the_cues_it_began_with(
    make_app: Callable[..., FastAPI], fake: FakeClassifier
) -> None:
    post = {"items": [{"id": "1", "text": "join " * SMALL_BODY}]}  # too large to be scored on the event loop
    app = make_app()
    with TestClient(app, base_url=URL) as client, ThreadPoolExecutor(1) as pool:
        fake.gate = threading.Event()
        asked = pool.submit(client.post, "/v1/score", json=post)
        assert fake.entered.wait(timeout=60)
        app.state.scorer.serve(cast("Classifier", FakeClassifier(cues_sha256="2" * 64)))
        assert client.post("/v1/score", json=post).json()["cues_sha256"] == "2" * 64
        fake.gate.set()
        assert asked.result().json()["cues_sha256"] == "1" * 64


def test_an_app_watches_its_directory_and_stops(tmp_path: Path, log_lines: io.StringIO) -> None:
    (tmp_path / "made.yaml").write_text(CUES, encoding="utf-8")
    settings = read_settings(cues=tmp_path, cues_poll_seconds=0.01)
    app = create_app(settings, made_classifier(), make_logger("info", log_lines))
    with TestClient(app, base_url=URL) as client:
        before = client.get("/v1/model").json()["cues"]
        (tmp_path / "made.yaml").write_text(NEW, encoding="utf-8")
        until(lambda: client.get("/v1/model").json()["cues"]["sha256"] != before["sha256"])
        assert 'clarion_cues_reloads_total{outcome="ok"} 1.0' in client.get("/metrics").text
    written = log_lines.getvalue()
    (tmp_path / "made.yaml").write_text(CUES, encoding="utf-8")
    time.sleep(0.1)
    assert log_lines.getvalue() == written


def until(done: Callable[[], bool], seconds: float = 60) -> None:
    ends = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < ends, "it did not happen in time"
        time.sleep(0.02)


# A service as it runs: the shipped cues in a directory of one's own, and an offer that names a unit nobody knew.

OFFER = "Лосиная ватага платит хорошо, пиши"
UNIT = "лосиная ватага"


@pytest.fixture
def shipped(tmp_path: Path, bundle: Path) -> Path:
    directory = tmp_path / "mine"
    directory.mkdir()
    for path in (bundle / "cues").iterdir():
        (directory / path.name).write_bytes(path.read_bytes())
    return directory


def add_unit(directory: Path) -> None:
    """As a careful editor does: written beside, then moved into place."""
    content = (directory / "armed_unit.yaml").read_text("utf-8")
    at = content.index('      - "')
    beside = directory / "armed_unit.yaml.new"
    beside.write_text(f'{content[:at]}      - "{UNIT}"\n{content[at:]}', encoding="utf-8")
    beside.replace(directory / "armed_unit.yaml")


def scored(service: Running) -> tuple[str, float, list[str]]:
    """Digest of the cues that scored the offer, its probability, and the cues that were found."""
    body = json.dumps({"items": [{"id": "1", "text": OFFER}], "explain": True}).encode()
    status, answer = ask(service, "POST", "/v1/score", body, **{"Content-Type": "application/json"})
    assert status == 200, answer
    told = json.loads(answer)
    (result,) = told["results"]
    found = [cue["cue"] for cue in result["evidence"]["recruitment"]["cues"]]
    return told["cues_sha256"], result["labels"]["recruitment"]["probability"], found


def cues_of(service: Running) -> dict[str, Any]:
    cues: dict[str, Any] = json.loads(ask(service, "GET", "/v1/model")[1])["cues"]
    return cues


def test_a_running_service_takes_a_new_unit_and_withstands_a_broken_file(
    bundle: Path, shipped: Path, tmp_path: Path
) -> None:
    options = ("--bundle", str(bundle), "--cues", str(shipped), "--log-level", "warning")
    with running(*options, cwd=tmp_path, CLARION_CUES_POLL_SECONDS="0.1") as service:
        sha256, before, found = scored(service)
        assert "armed_unit" not in found
        assert cues_of(service) == {"sha256": sha256, "loaded_at": cues_of(service)["loaded_at"], "fault": None}

        add_unit(shipped)
        until(lambda: scored(service)[0] != sha256)
        newer, after, found = scored(service)
        assert after > before
        assert "armed_unit" in found
        assert cues_of(service)["sha256"] == newer

        (shipped / "reported_speech.yaml").write_bytes(b"reported_speech:\n  speaks: perhaps\n")
        until(lambda: cues_of(service)["fault"] is not None)
        assert "reported_speech.yaml, line 2: missing: description, labels, patterns" in cues_of(service)["fault"]
        assert scored(service) == (newer, after, found)
        counted = ask(service, "GET", "/metrics")[1]
        assert b'clarion_cues_reloads_total{outcome="ok"} 1.0' in counted
        assert b'clarion_cues_reloads_total{outcome="faulty"} 1.0' in counted
        service.stop()
    lines = [json.loads(line) for line in service.rest.splitlines()]
    assert [line["outcome"] for line in lines if line["event"] == "cues"] == ["faulty"]
    assert "Traceback" not in service.rest
    assert OFFER not in service.rest


@pytest.mark.skipif(not hasattr(signal, "SIGHUP"), reason="this system has no SIGHUP")
def test_a_running_service_that_does_not_look_looks_when_it_is_told(
    bundle: Path, shipped: Path, tmp_path: Path
) -> None:
    options = ("--bundle", str(bundle), "--cues", str(shipped), "--log-level", "warning")
    with running(*options, cwd=tmp_path, CLARION_CUES_POLL_SECONDS="0") as service:
        sha256, before, _ = scored(service)
        add_unit(shipped)
        time.sleep(0.5)
        assert scored(service)[0] == sha256
        os.kill(service.process.pid, signal.SIGHUP)
        until(lambda: scored(service)[0] != sha256)
        assert scored(service)[1] > before
