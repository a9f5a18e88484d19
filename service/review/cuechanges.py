"""Changes of cue files: proposed by one lead with a dry run, approved by another, and only then written.

The service takes up what was written as it takes up every changed file; see `service.reload`.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa
from sqlalchemy.engine import Row

from classifier.errors import MissingExtraError
from service.review.claims import Reader
from service.review.errors import NotAllowedError, ReviewError
from service.review.words import Role, State
from service.store.audit import Entry, record
from service.store.engine import Store
from service.store.tables import cue_changes, posts, users, versions

if TYPE_CHECKING:
    from classifier import Classifier

PROPOSED, APPROVED, WITHDRAWN = "proposed", "approved", "withdrawn"
TRIED_ON: Final = 2000  # posts of the queue whose flags are compared
SHOWN: Final = 100


class CueChangeError(ReviewError):
    """A change of a cue file that cannot be proposed or approved."""


def digest(content: bytes) -> str:
    """Digest of a cue file."""
    return hashlib.sha256(content).hexdigest()


def changed(served: Classifier, file: str, content: str) -> Classifier:
    """What would score with one cue file replaced.

    Raises
    ------
    ClarionError
        When the file is faulty, with its line, or names a cue that the bundle has no weight for.
    """
    from dataclasses import replace

    from classifier.bundle import known_cues
    from classifier.cues import parse_cues

    files: dict[str, bytes] = {**served.cues.files, file: content.encode()}
    cues = known_cues(parse_cues(files, "cues"), served.bundle, Path("cues"))
    return replace(served, cues=cues)


def try_out(before: Classifier, after: Classifier, waiting: Mapping[int, str], profile: str) -> dict[str, Any]:
    """What a change does: to the functional checks, to identity pairs, and to the flags of posts that wait.

    Parameters
    ----------
    before, after : Classifier
        With the old cues and with the new ones.
    waiting : mapping of int to str
        Texts by post.
    profile : str
        Whose thresholds decide.

    Returns
    -------
    dict
        `checks` and `identity_pairs` as `clarion cues check` has them, `worse`, and `posts`: how many were tried, and
        by label those that gain and lose a flag.
    """
    try:
        from training.check import read_cases
        from training.cuecheck import CheckResults
        from training.shipped import checks_file
    except ModuleNotFoundError as error:
        raise MissingExtraError(str(error.name), "training") from error

    cases = read_cases(checks_file(), before.labels)
    texts = [case.text for case in cases]
    results = CheckResults(cases, *(one.score(texts, profile=profile) for one in (before, after)))
    old, new = (one.score(list(waiting.values()), profile=profile) for one in (before, after))
    gained: dict[str, list[int]] = {label: [] for label in before.labels}
    lost: dict[str, list[int]] = {label: [] for label in before.labels}
    for post_id, then, now in zip(waiting, old, new, strict=True):
        for label in before.labels:
            if then.labels[label].flagged != now.labels[label].flagged:
                (gained if now.labels[label].flagged else lost)[label].append(post_id)
    flags = {"tried": len(waiting), "gained": gained, "lost": lost}
    return {**results.to_dict(), "worse": results.worse, "posts": flags}


@dataclass(frozen=True)
class CueChanges:
    """The proposed changes of a store.

    Parameters
    ----------
    store : Store
        Where they are.
    """

    store: Store

    def waiting_posts(self) -> dict[int, str]:
        """Texts of the posts that a change is tried on, first of the queue first."""
        asked = (
            sa.select(posts.c.id, versions.c.text)
            .join(versions, versions.c.id == posts.c.version_id)
            .where(posts.c.state == State.QUEUED, versions.c.text.is_not(None))
            .order_by(posts.c.due_key, posts.c.rank, posts.c.id)
            .limit(TRIED_ON)
        )
        with self.store.read() as connection:
            return {row.id: row.text for row in connection.execute(asked)}

    def propose(
        self, reader: Reader, file: str, before: bytes, content: str, reason: str, findings: Mapping[str, Any]
    ) -> int:
        """Keep a proposal for somebody else to approve.

        Raises
        ------
        CueChangeError
            When nothing would change, or no reason is given.
        """
        reader.require(Role.LEAD)
        if content.encode() == before:
            raise CueChangeError("nothing would change: the file is as it is now")
        if not reason.strip():
            raise CueChangeError("say why: whoever approves it and whoever reads the log later wants to know")
        now = datetime.now(UTC)
        row = {
            "file": file, "before_sha256": digest(before), "content": content, "reason": reason.strip(),
            "findings": json.dumps(findings, sort_keys=True), "state": PROPOSED, "proposed_by": reader.id,
            "proposed_at": now,
        }  # fmt: skip
        with self.store.write() as connection:
            made = int(connection.execute(cue_changes.insert().values(**row).returning(cue_changes.c.id)).scalar_one())
            details = {"file": file, "sha256": digest(content.encode())}
            record(connection, Entry(reader.name, "propose cues", f"cue change {made}", details), at=now)
        return made

    def all(self) -> Sequence[Row[Any]]:
        """The last changes, newest first, with pseudonyms."""
        proposer, settler = users.alias(), users.alias()
        asked = (
            sa.select(cue_changes, proposer.c.pseudonym.label("proposer"), settler.c.pseudonym.label("settler"))
            .join(proposer, proposer.c.id == cue_changes.c.proposed_by)
            .outerjoin(settler, settler.c.id == cue_changes.c.settled_by)
            .order_by(cue_changes.c.id.desc())
            .limit(SHOWN)
        )
        with self.store.read() as connection:
            return connection.execute(asked).all()

    def find(self, change_id: int) -> Row[Any]:
        """One change.

        Raises
        ------
        CueChangeError
            When there is none.
        """
        with self.store.read() as connection:
            row = connection.execute(sa.select(cue_changes).where(cue_changes.c.id == change_id)).first()
        if row is None:
            raise CueChangeError("there is no such change")
        return row

    def approve(self, reader: Reader, change_id: int, directory: Path) -> None:
        """Let a change go live: its file is written as a whole, in place of the old one.

        Raises
        ------
        NotAllowedError
            When the reader proposed it.
        CueChangeError
            When it was settled already, or the file is no longer the one that it was tried against.
        """
        reader.require(Role.LEAD)
        with self.store.write() as connection:
            row = self._open(connection, change_id)
            if row.proposed_by == reader.id:
                raise NotAllowedError("somebody else has to approve what you proposed")
            place = directory / row.file
            present = place.read_bytes() if place.is_file() else b""
            if digest(present) != row.before_sha256:
                raise CueChangeError("the file has changed since this was tried; propose it anew")
            self._settle(connection, reader, row, APPROVED)
            # Last, so that a file that cannot be written leaves the change as it was: not approved.
            write_whole(place, row.content)

    def withdraw(self, reader: Reader, change_id: int) -> None:
        """Take a proposal back, or turn it down.

        Raises
        ------
        CueChangeError
            When it was settled already.
        """
        reader.require(Role.LEAD)
        with self.store.write() as connection:
            self._settle(connection, reader, self._open(connection, change_id), WITHDRAWN)

    def _open(self, connection: sa.Connection, change_id: int) -> Row[Any]:
        asked = sa.select(cue_changes).where(cue_changes.c.id == change_id, cue_changes.c.state == PROPOSED)
        row = connection.execute(asked.with_for_update()).first()
        if row is None:
            raise CueChangeError("this change was approved or withdrawn already")
        return row

    def _settle(self, connection: sa.Connection, reader: Reader, row: Row[Any], state: str) -> None:
        now = datetime.now(UTC)
        values = {"state": state, "settled_by": reader.id, "settled_at": now}
        connection.execute(cue_changes.update().where(cue_changes.c.id == row.id).values(**values))
        action = "approve cues" if state == APPROVED else "withdraw cues"
        details = {"file": row.file, "sha256": digest(row.content.encode())}
        record(connection, Entry(reader.name, action, f"cue change {row.id}", details), at=now)


def write_whole(place: Path, content: str) -> None:
    """Put a file in place of another in one step.

    Raises
    ------
    CueChangeError
        When it cannot be written; the old one stays.
    """
    beside = place.with_name(f".{place.name}.new")
    try:
        beside.write_text(content, "utf-8")
        os.replace(beside, place)  # noqa: PTH105 (replaces on every system)
    except OSError as error:
        raise CueChangeError(f"{place.name} cannot be written: {error.strerror}; nothing has changed") from error
