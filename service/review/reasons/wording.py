"""The facts of a statement in words: what a reader confirmed and how the post came to them, never what it says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from service.review.words import RECRUITMENT, SEPARATISM, SampledBy, Source, Stage

WHAT: Final = {
    RECRUITMENT: "a possible appeal to join or work for an armed force in a conflict abroad",
    SEPARATISM: "a possible appeal for a part of a state's territory to secede or be handed over",
}
# Kinds of posts of the labelling guide, but for `both`: a statement speaks only of the labels that it is about. Labels
# of the platform's own have reasons that readers type; those stay inside.
KINDS: Final = {
    "state_contract": "an offer of a contract with an army",
    "private_company": "an offer of a private military company",
    "militant_group": "an appeal of an armed group",
    "euphemism": "an offer in veiled words",
    "kinship_shame_faith": "an appeal by kinship, shame or faith",
    "paid_task": "a paid task for a side of a conflict",
    "next_step": "the next step towards joining",
    "captive": "an offer to people who are held or under threat",
    "slogan": "a slogan",
    "argument": "an argument",
    "organising": "a notice that organises",
    "foreign_leader_petition": "a petition to a foreign leader",
    "breakaway_body": "an appeal of or for a breakaway body",
    "neighbours_land": "a claim to a neighbour's land",
    "dissolution": "an appeal to dissolve a state into another",
}
ROUTES: Final = {
    "foreign_army": "into a foreign army",
    "private_company": "into a private military company",
    "armed_group": "into an armed group",
    "paid_task": "into a paid task",
    "cyber_task": "into a cyber task",
}
MEANS: Final = {
    "peaceful": "by peaceful means",
    "coercive": "by coercion without arms",
    "violent": "by violent means",
    "unclear": "by means that the post leaves open",
}
REPORTED: Final = {
    Source.USER: "It was reported by a user. ",
    Source.TRUSTED_FLAGGER: "It was reported by a trusted flagger. ",
    Source.AUTHORITY: "It was reported by an authority. ",
}
CHOSEN: Final = {
    SampledBy.SCORE: "An automatic score put it before a person",
    SampledBy.LOW_SCORE: "It was drawn by lot for review from posts whose automatic score came near to the threshold",
    SampledBy.RANDOM: "It was drawn by lot for review from all posts",
}
DECIDED: Final = {
    Stage.SECOND: "a second person read it without knowing what the first had said, and agreed",
    Stage.ADJUDICATION: "a senior reviewer decided",
    Stage.APPEAL: "another person read it again on appeal and decided",
}


@dataclass(frozen=True)
class Finding:
    """A confirmed label with what was said of it."""

    label: str
    reason: str | None
    route: str | None
    means: str | None


def facts(findings: Sequence[Finding], source: Source, sampled_by: SampledBy, stage: Stage) -> str:
    """What was relied on in deciding.

    Parameters
    ----------
    findings : sequence of Finding
        Confirmed labels that the statement is about.
    source : Source
        Who reported the post.
    sampled_by : SampledBy
        Why it was in the queue.
    stage : Stage
        At which stage it was decided.
    """
    read = DECIDED.get(stage, "that person decided after reading it")
    confirmed = "; ".join(map(_finding, findings))
    return f"{REPORTED.get(source, '')}{CHOSEN[sampled_by]}; {read}. Confirmed: {confirmed}."


def _finding(finding: Finding) -> str:
    what = WHAT.get(finding.label, f"a post that falls under the label {finding.label!r}")
    parts = (KINDS.get(finding.reason or ""), ROUTES.get(finding.route or ""), MEANS.get(finding.means or ""))
    said = ", ".join(part for part in parts if part)
    return f"{what} ({said})" if said else what
