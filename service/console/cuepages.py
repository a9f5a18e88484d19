"""Cues in the console: what they are, and changes that one lead proposes and another lets go live."""

from __future__ import annotations

import difflib
import json
from typing import Final

from starlette.responses import Response

from classifier.errors import ClarionError
from service.console.visit import Route, Visit
from service.review.cuechanges import CueChanges, changed, try_out
from service.review.words import Role

LONGEST: Final = 100_000


def cues(visit: Visit) -> Response:
    """Every cue with its file, and the changes."""
    served = visit.site.scorer.classifier
    described = [(cue.name, cue.speaks, cue.labels, cue.description.get(visit.lang, cue.description["en"]))
                 for cue in served.cues.cues]  # fmt: skip
    return visit.show(
        "cues.html",
        cues=described,
        files=sorted(served.cues.files),
        changes=_changes(visit).all(),
        fault=visit.site.scorer.serving.fault,
        live=visit.site.settings.cues is not None,
        said=visit.query.get("said", ""),
    )


def edit(visit: Visit) -> Response:
    """The page on which a file is changed."""
    return _edit(visit, visit.path["file"])


def _edit(
    visit: Visit, file: str, status: int = 200, *, fault: str = "", content: str = "", reason: str = ""
) -> Response:
    files = visit.site.scorer.classifier.cues.files
    if file not in files:
        return visit.show("notice.html", 404, code=404, fault=visit.words.say("There is no such cue file."))
    shown = content or files[file].decode()
    return visit.show("cue-edit.html", status, file=file, content=shown, reason=reason, fault=fault)


def propose(visit: Visit) -> Response:
    """Try a change out and keep it for somebody else to approve."""
    file, content = visit.path["file"], visit.form.get("content", "").replace("\r\n", "\n")
    reason, scorer, store = visit.form.get("reason", ""), visit.site.scorer, _changes(visit)
    served = scorer.classifier
    if file not in served.cues.files:
        return _edit(visit, file)
    if len(content) > LONGEST:
        most = visit.words.number(LONGEST)
        fault = visit.words.say("A file has at most %(most)s characters. Put some cues in another one.", most=most)
        return _edit(visit, file, 422, fault=fault, content=content, reason=reason)
    try:
        after = changed(served, file, content)
        findings = try_out(served, after, store.waiting_posts(), scorer.settings.profile)
        made = store.propose(visit.reader, file, served.cues.files[file], content, reason, findings)
    except ClarionError as error:
        return _edit(visit, file, 422, fault=str(error), content=content, reason=reason)
    return visit.go(f"/review/cues/changes/{made}")


def change(visit: Visit) -> Response:
    """One change: what it changes, and what its dry run said."""
    row = _changes(visit).find(visit.number("change_id"))
    before = visit.site.scorer.classifier.cues.files.get(row.file, b"").decode()
    lines = list(difflib.unified_diff(before.splitlines(), row.content.splitlines(), "now", "proposed", lineterm=""))
    return visit.show(
        "cue-change.html",
        change=row,
        findings=json.loads(row.findings),
        lines=lines,
        own=row.proposed_by == visit.reader.id,
        live=visit.site.settings.cues is not None,
        fault="",
    )


def approve(visit: Visit) -> Response:
    """Let a change go live."""
    directory = visit.site.settings.cues
    if directory is None:
        fault = visit.words.say("No directory of cue files is set, so nothing can go live: set CLARION_CUES.")
        return visit.show("notice.html", 422, code=422, fault=fault)
    _changes(visit).approve(visit.reader, visit.number("change_id"), directory)
    visit.site.reload_cues()
    return visit.go("/review/cues?said=approved")


def withdraw(visit: Visit) -> Response:
    """Take a proposal back, or turn it down."""
    _changes(visit).withdraw(visit.reader, visit.number("change_id"))
    return visit.go("/review/cues?said=withdrawn")


def _changes(visit: Visit) -> CueChanges:
    return CueChanges(visit.site.review.store)


PAGES: Final = (
    Route("GET", "/review/cues", Role.VIEWER, cues),
    Route("GET", "/review/cues/files/{file}", Role.LEAD, edit),
    Route("POST", "/review/cues/files/{file}", Role.LEAD, propose),
    Route("GET", "/review/cues/changes/{change_id}", Role.LEAD, change),
    Route("POST", "/review/cues/changes/{change_id}/approve", Role.LEAD, approve),
    Route("POST", "/review/cues/changes/{change_id}/withdraw", Role.LEAD, withdraw),
)
