"""The words of the labelling guide as the pages offer them: in which order, and in the reader's language."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from service.console.language import N_
from service.review.words import RECRUITMENT, SEPARATISM, Outcome, Role
from training.guide import MEANS as MEANS  # noqa: PLC0414 (templates offer them; what appears lawful stands first)
from training.guide import NEGATIVE, POSITIVE

CONFIRMED: Final = {
    RECRUITMENT: ("state_contract", "private_company", "militant_group", "euphemism", "kinship_shame_faith",
                  "paid_task", "next_step", "captive", "both"),
    SEPARATISM: ("slogan", "argument", "organising", "foreign_leader_petition", "breakaway_body", "neighbours_land",
                 "dissolution", "next_step", "both"),
}  # fmt: skip
REFUSED: Final = (
    "news", "official_warning", "counter_speech", "victim_or_relative", "question", "legal_advice", "civilian_job",
    "scam_or_advert", "own_army", "draft_or_peace", "unit_fundraising", "humanitarian", "memorial_or_praise",
    "game_or_sport", "history_or_fiction", "satire_or_metaphor", "politics_no_border", "protest_or_strike",
    "border_or_treaty_news", "resettlement", "identity_mention", "ethnic_abuse", "religion", "independence_state",
    "other_referendum", "chatter",
)  # fmt: skip
TITLES: Final = {
    "state_contract": N_("contract with an army"),
    "private_company": N_("private military company"),
    "militant_group": N_("armed group"),
    "euphemism": N_("veiled offer"),
    "kinship_shame_faith": N_("by kinship, shame or faith"),
    "paid_task": N_("paid task"),
    "next_step": N_("next step only"),
    "captive": N_("to prisoners or the detained"),
    "both": N_("both labels"),
    "slogan": N_("slogan"),
    "argument": N_("argument"),
    "organising": N_("organising"),
    "foreign_leader_petition": N_("petition to a foreign leader"),
    "breakaway_body": N_("breakaway body"),
    "neighbours_land": N_("claim to a neighbour's land"),
    "dissolution": N_("end of a state"),
    "news": N_("news"),
    "official_warning": N_("official warning"),
    "counter_speech": N_("counter-speech"),
    "victim_or_relative": N_("victim or relative"),
    "question": N_("question"),
    "legal_advice": N_("legal advice"),
    "civilian_job": N_("civilian job"),
    "scam_or_advert": N_("scam or advert"),
    "own_army": N_("own army"),
    "draft_or_peace": N_("draft or peace"),
    "unit_fundraising": N_("money for a unit"),
    "humanitarian": N_("humanitarian"),
    "memorial_or_praise": N_("memorial or praise"),
    "game_or_sport": N_("game or sport"),
    "history_or_fiction": N_("history or fiction"),
    "satire_or_metaphor": N_("satire or metaphor"),
    "politics_no_border": N_("politics, no border"),
    "protest_or_strike": N_("protest or strike"),
    "border_or_treaty_news": N_("border or treaty news"),
    "resettlement": N_("moving elsewhere"),
    "identity_mention": N_("mention of a people"),
    "ethnic_abuse": N_("ethnic abuse"),
    "religion": N_("religion"),
    "independence_state": N_("own state's independence"),
    "other_referendum": N_("another country's referendum"),
    "chatter": N_("chatter"),
    "foreign_army": N_("foreign army"),
    "armed_group": N_("armed group"),
    "cyber_task": N_("cyber task"),
    "peaceful": N_("appears lawful: peaceful means"),
    "coercive": N_("coercive"),
    "violent": N_("violent"),
    "unclear": N_("unclear"),
}
OUTCOMES: Final = {
    Outcome.CONFIRM: N_("Confirm the appeal"),
    Outcome.NOT_AN_APPEAL: N_("Not an appeal"),
    Outcome.UNSURE: N_("Unsure"),
    Outcome.ESCALATE: N_("Ask a lead"),
}
SAID: Final = {
    Outcome.CONFIRM: N_("appeal confirmed"),
    Outcome.NOT_AN_APPEAL: N_("not an appeal"),
    Outcome.UNSURE: N_("unsure"),
    Outcome.ESCALATE: N_("passed to a lead"),
    Outcome.SKIP: N_("skipped"),
}
STATES: Final = {
    "queued": N_("waits"),
    "copy": N_("copy, waits behind its card"),
    "second": N_("waits for a second reading"),
    "dispute": N_("two readings differ"),
    "escalated": N_("waits for a lead"),
    "appealed": N_("appealed, waits for another reader"),
    "decided": N_("decided"),
    "expired": N_("expired"),
}
STAGES: Final = {
    "first": N_("first reading"),
    "second": N_("second reading"),
    "adjudication": N_("by a lead"),
    "appeal": N_("after an appeal"),
    "golden": N_("of a golden post"),
    "undo": N_("taken back"),
}
SOURCES: Final = {
    "none": N_("nobody reported it"),
    "user": N_("reported by a user"),
    "trusted_flagger": N_("reported by a trusted flagger"),
    "authority": N_("reported by an authority"),
}
SAMPLED: Final = {
    "score": N_("because of its score"),
    "low_score": N_("as a sample of low scores"),
    "random": N_("as a random sample"),
}
CHANGES: Final = {
    "proposed": N_("waits for approval"),
    "approved": N_("approved"),
    "withdrawn": N_("withdrawn"),
}
ROLES: Final = {
    "viewer": N_("viewer"),
    "reviewer": N_("reviewer"),
    "lead": N_("lead"),
    "admin": N_("admin"),
}


def reasons_to_confirm(label: str) -> Sequence[str]:
    """Kinds of post that confirm a label, in the order of the guide."""
    return CONFIRMED.get(label, sorted(POSITIVE | NEGATIVE))


def reasons_to_refuse(label: str) -> Sequence[str]:
    """Kinds of post that are no appeal, in the order of the guide."""
    return REFUSED if label in CONFIRMED else sorted(POSITIVE | NEGATIVE)


def role(name: str) -> Role:
    """A role by its name, for templates."""
    return Role(name)
