"""Makes the statement of reasons of a decided post out of what was confirmed and what the platform says it did."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy.engine import Row

from service.review.reasons import values
from service.review.reasons.grounds import Ground, Grounds
from service.review.reasons.rules import faults
from service.review.reasons.wording import Finding, facts
from service.review.words import SEPARATISM, SampledBy, Source, Stage

NAMED: Final = 20  # refused posts that are listed
MORE: Final = "category_addition"
WORDS: Final = "category_specification"
LAWFUL: Final = (
    "Much of what is said for secession is lawful speech; let somebody who knows the law read them before they are sent"
)


@dataclass
class Count:
    """What became of confirmed posts.

    Parameters
    ----------
    written : int
        Statements.
    separatism : int
        Those that are about separatism.
    alone : int
        Posts that the platform left alone, by its file.
    peaceful : int
        Posts that only confirm peaceful separatism, on which the file names no ground.
    refused : int
        Posts whose statement would break a rule.
    faults : list of str
        The first of them, with what is wrong.
    """

    written: int = 0
    separatism: int = 0
    alone: int = 0
    peaceful: int = 0
    refused: int = 0
    faults: list[str] = field(default_factory=list)

    def lines(self, appealed: int, unsettled: int) -> list[str]:
        """What to tell whoever asked, with the numbers of posts that are under appeal or not settled otherwise."""
        told = [f"{self.written:,} statements of reasons"]
        for number, why in (
            (appealed, "are under appeal"),
            (unsettled, "wait for another reading, or expired before it"),
            (self.alone, "the platform left alone"),
            (self.peaceful, "only call peacefully for secession, and the file names no ground for that"),
        ):
            told += [f"left out: {number:,} posts that {why}"] if number else []
        if self.separatism:
            told.append(f"{self.separatism:,} statements are about separatism. {LAWFUL}")
        return told


@dataclass(frozen=True)
class Maker:
    """Makes statements, and counts the posts of which there are none.

    Parameters
    ----------
    grounds : Grounds
        What the platform did, and why.
    prefix : str
        With which the names of all statements begin.
    count : Count
        Is counted up.
    """

    grounds: Grounds
    prefix: str
    count: Count

    def make(self, row: Row[Any], findings: Sequence[Finding]) -> dict[str, Any] | None:
        """The statement of a decided post, or None where there is none to make."""
        keys = {finding: self.grounds.key(finding.label, finding.means) for finding in findings}
        acted = [(finding, ground) for finding, key in keys.items() if key and (ground := self.grounds.entries[key])]
        if not acted:
            named = any(keys.values())
            self.count.alone += named
            self.count.peaceful += not named
            return None
        acted.sort(key=lambda pair: self.grounds.rank(str(keys[pair[0]])))
        made = _joined([ground for _, ground in acted]) | self._of_post(row, [finding for finding, _ in acted])
        made |= _ends(acted[0][1], row.decided_at)
        return self._counted(row, made, separatism=any(finding.label == SEPARATISM for finding, _ in acted))

    def _of_post(self, row: Row[Any], findings: Sequence[Finding]) -> dict[str, Any]:
        source, sampled_by = Source(row.source), SampledBy(row.sampled_by)
        language = row.lang.partition("-")[0].upper()
        posted = row.created_at or (row.received_at if self.grounds.undated else None)
        return {
            "decision_facts": facts(findings, source, sampled_by, Stage(row.stage)),
            **({"content_language": language} if language in values.LANGUAGES else {}),
            **({"content_date": posted.date().isoformat()} if posted else {}),
            "application_date": row.decided_at.date().isoformat(),
            "source_type": self.grounds.sources[source],
            # Those near the floor are drawn by lot, but from among posts that the score singled out.
            "automated_detection": values.NO if sampled_by is SampledBy.RANDOM else values.YES,
            "automated_decision": values.NOT_AUTOMATED,
            "puid": f"{self.prefix}-{row.decision}",
        }

    def _counted(self, row: Row[Any], made: dict[str, Any], *, separatism: bool) -> dict[str, Any] | None:
        wrong = faults(made)
        if not wrong:
            self.count.written += 1
            self.count.separatism += separatism
            return made
        self.count.refused += 1
        if len(self.count.faults) < NAMED:
            undated = (
                "; send `created_at` with posts, or write `undated: received`" if "content_date" not in made else ""
            )
            self.count.faults.append(f"{row.platform}/{row.external_id}: {wrong[0]}{undated}")
        return None


def _joined(grounds: Sequence[Ground]) -> dict[str, Any]:
    """Fields of the first ground, with the categories and keywords of the others."""
    made = dict(grounds[0].fields)
    categories = [word for one in grounds for word in (one.fields["category"], *one.fields.get(MORE, ()))]
    keywords = [word for one in grounds for word in one.fields.get(WORDS, ())]
    more = [word for word in dict.fromkeys(categories) if word != made["category"]]
    return made | ({MORE: more} if more else {}) | ({WORDS: list(dict.fromkeys(keywords))} if keywords else {})


def _ends(ground: Ground, decided_at: datetime) -> dict[str, str]:
    return {name: (decided_at + timedelta(days)).date().isoformat() for name, days in ground.days.items()}
