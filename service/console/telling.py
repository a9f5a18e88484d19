"""What was just done, told at the top of the next page, with the way back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from service.console.language import N_
from service.console.visit import Visit
from service.review.records import read_decision
from service.review.verdicts import Decision, alike
from service.review.words import Stage
from service.store.tables import decisions

DONE: Final = {
    "released": N_("You gave the post back. It waits for somebody else."),
    "held": N_("The post is kept for you for a day."),
    "handed": N_("The post is with your colleague now."),
    "noted": N_("Your note is there for colleagues."),
    "appealed": N_("Somebody else will read this post again, without seeing what was decided."),
    "undone": N_("The decision is taken back, and the post is with you again."),
    "demo": N_("The demonstration is gone."),
}


@dataclass(frozen=True)
class Made:
    """A decision that was just made.

    Parameters
    ----------
    id : int
        By which it can be taken back.
    decision : Decision
        What was said.
    covered : int
        Posts it covered.
    answer : Decision or None
        What the team says, where it was a reading of a golden post.
    """

    id: int
    decision: Decision
    covered: int
    answer: Decision | None

    @property
    def agrees(self) -> bool:
        """Whether the reader of a golden post said what the team says."""
        return self.answer is not None and alike(self.decision, self.answer)


def told(visit: Visit) -> dict[str, Any]:
    """What a page tells of the action before it, as the address says: `said`, a sentence, and `made`, a decision."""
    return {"said": DONE.get(visit.query.get("said", ""), ""), "made": _made(visit)}


def _made(visit: Visit) -> Made | None:
    number = visit.number("done")
    if not number:
        return None
    with visit.site.review.store.read() as connection:
        mine = decisions.select().where(decisions.c.id == number, decisions.c.user_id == visit.reader.id)
        row = connection.execute(mine).first()
        said = read_decision(connection, number) if row is not None else None
        if row is None or said is None:
            return None
        answer = read_decision(connection, row.replaces) if row.stage == Stage.GOLDEN else None
    return Made(number, said, visit.number("covered"), answer)
