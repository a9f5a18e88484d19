"""Changes of cues: tried out by one lead, approved by another, and only then written and taken up."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from classifier import Classifier
from service.review.words import Role
from tests.service.console.desk import Desk, open_desk, plain

FILE = "armed_unit.yaml"
OFFER = "join the zubrolanders, two thousand a month, any passport, write me in private"


@pytest.fixture
def directory(bundle: Path, tmp_path: Path) -> Path:
    """Cue files of one's own."""
    made = tmp_path / "cues"
    made.mkdir()
    for file in (bundle / "cues").glob("*.yaml"):
        (made / file.name).write_bytes(file.read_bytes())
    return made


@pytest.fixture
def desk(bundle: Path, directory: Path, tmp_path: Path) -> Iterator[Desk]:
    served = Classifier.load(bundle, cues=directory)
    with open_desk(str(tmp_path / "c.db"), served, bundle=bundle, cues=directory, profile="high_recall") as made:
        for name in ("lead", "other"):
            made.account(name, Role.LEAD)
        made.account("viewer", Role.VIEWER)
        yield made


def with_word(directory: Path) -> str:
    """The file with a name that no post had before."""
    old = (directory / FILE).read_text("utf-8")
    return old.replace("    en:\n", '    en:\n      - "zubrolander*"\n', 1) if "    en:\n" in old else old


def propose(desk: Desk, content: str, reason: str = "a new unit", name: str = "lead") -> str:
    answer = desk.post(f"/review/cues/files/{FILE}", name, {"content": content, "reason": reason})
    assert answer.status_code == 303, plain(answer.text)
    return str(answer.headers["location"])


def test_a_change_goes_live_with_a_second_persons_approval(desk: Desk, directory: Path) -> None:
    desk.send(OFFER)
    new = with_word(directory)
    assert new != (directory / FILE).read_text("utf-8")
    place = propose(desk, new)
    own = plain(desk.get(place, "lead").text)
    assert "Somebody else has to approve it" in own
    assert re.search(r"Functional checks that pass \d+ → \d+ / \d+", own)
    assert "Posts of the queue tried 1" in own
    assert "zubrolander" in "".join(re.findall(r"<ins>(.*?)</ins>", desk.get(place, "lead").text))
    assert desk.post(f"{place}/approve", "lead").status_code == 403
    assert (directory / FILE).read_text("utf-8") != new
    before = desk.client.app.state.scorer.classifier.cues_sha256  # type: ignore[attr-defined]
    answer = desk.post(f"{place}/approve", "other")
    assert answer.headers["location"] == "/review/cues?said=approved"
    assert (directory / FILE).read_text("utf-8") == new
    for _ in range(100):
        if desk.client.app.state.scorer.classifier.cues_sha256 != before:  # type: ignore[attr-defined]
            break
        time.sleep(0.1)
    assert desk.client.app.state.scorer.classifier.cues_sha256 != before  # type: ignore[attr-defined]
    page = plain(desk.get("/review/cues", "viewer").text)
    assert "armed_unit.yaml approved" in page
    log = plain(desk.get("/review/audit", "lead").text)
    assert "propose cues" in log
    assert "approve cues" in log


def test_what_cannot_be_proposed(desk: Desk, directory: Path) -> None:
    old = (directory / FILE).read_text("utf-8")
    for content, reason, fault in (
        (old, "why", "nothing would change"),
        (old + "\n# more", "  ", "say why"),
        ("armed_unit: [", "why", FILE),
        (old.replace("armed_unit:", "new_cue:", 1), "why", "unknown to this bundle"),
        (old + "\n" + "#" * 100_000, "why", "A file has at most 100,000 characters"),
    ):
        answer = desk.post(f"/review/cues/files/{FILE}", "lead", {"content": content, "reason": reason})
        assert answer.status_code == 422
        assert fault in plain(answer.text)
        assert answer.text.count("#" * 100_000) == content.count("#" * 100_000)
    assert (directory / FILE).read_text("utf-8") == old
    assert desk.get("/review/cues/files/none.yaml", "lead").status_code == 404
    assert desk.post("/review/cues/files/none.yaml", "lead", {"content": "x"}).status_code == 404


def test_a_file_that_changed_meanwhile_is_not_overwritten(desk: Desk, directory: Path) -> None:
    place = propose(desk, with_word(directory))
    (directory / FILE).write_text((directory / FILE).read_text("utf-8") + "\n# by hand\n", "utf-8")
    answer = desk.post(f"{place}/approve", "other")
    assert answer.status_code == 422
    assert "changed since this was tried" in plain(answer.text)
    assert (directory / FILE).read_text("utf-8").endswith("# by hand\n")


def test_a_change_is_settled_once(desk: Desk, directory: Path) -> None:
    place = propose(desk, with_word(directory))
    assert desk.post(f"{place}/withdraw", "lead").status_code == 303
    for action in ("approve", "withdraw"):
        answer = desk.post(f"{place}/{action}", "other")
        assert (answer.status_code, "already" in plain(answer.text)) == (422, True)
    assert desk.get("/review/cues/changes/99", "lead").status_code == 422


def test_without_a_directory_nothing_goes_live(bundle: Path, directory: Path, tmp_path: Path) -> None:
    with open_desk(str(tmp_path / "c.db"), Classifier.load(bundle), bundle=bundle) as desk:
        for name in ("lead", "other"):
            desk.account(name, Role.LEAD)
        place = propose(desk, with_word(directory))
        assert "cannot go live here" in plain(desk.get(place, "other").text)
        assert desk.post(f"{place}/approve", "other").status_code == 422
        assert "waits for approval" in plain(desk.get("/review/cues", "lead").text)
