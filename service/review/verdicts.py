"""What a reader says of a post, label by label, and whether it is complete."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from service.review.errors import VerdictError
from service.review.words import RECRUITMENT, ROUTES, SEPARATISM, Outcome
from training.guide import LABELS, MEANS, NEGATIVE, POSITIVE


@dataclass(frozen=True)
class Verdict:
    """What a reader says of one label.

    Parameters
    ----------
    outcome : Outcome
        The word for it.
    reason : str or None
        The kind of post in the labelling guide; needed to confirm or to say that it is no appeal.
    route : str or None
        Of `ROUTES`: into what a post recruits; needed to confirm recruitment.
    means : str or None
        By what means a post wants to secede; needed to confirm separatism.
    """

    outcome: Outcome
    reason: str | None = None
    route: str | None = None
    means: str | None = None


@dataclass(frozen=True)
class Decision:
    """What a reader says of a post.

    Parameters
    ----------
    verdicts : mapping of str to Verdict
        By label; a label that is not named was not judged.
    note : str
        For colleagues; empty for none.
    person_at_risk : bool
        Somebody asks for the way in, or a relative or a minor is concerned.
    threat_to_life : bool
        Goes to a lead at once.
    """

    verdicts: Mapping[str, Verdict]
    note: str = ""
    person_at_risk: bool = False
    threat_to_life: bool = False

    def outcomes(self) -> set[Outcome]:
        """Every word that was used."""
        return {verdict.outcome for verdict in self.verdicts.values()}


def alike(one: Decision, other: Decision) -> bool:
    """Whether two readers say the same of every label that both judged, and both judged the same ones."""
    return {label: (said.outcome, said.means) for label, said in one.verdicts.items()} == {
        label: (said.outcome, said.means) for label, said in other.verdicts.items()
    }


def check(decision: Decision, labels: Sequence[str]) -> None:
    """Refuse what is incomplete or contradicts itself.

    Raises
    ------
    VerdictError
        Naming the label and what is missing.
    """
    if not decision.verdicts:
        raise VerdictError("say something of at least one label")
    for label, verdict in decision.verdicts.items():
        if label not in labels:
            raise VerdictError(f"{label!r} is none of the labels {', '.join(labels)}")
        fault = _reason(label, verdict) or _route(label, verdict) or _means(label, verdict)
        if fault:
            raise VerdictError(f"{label}: {fault}")


def _reason(label: str, verdict: Verdict) -> str | None:
    if verdict.outcome not in (Outcome.CONFIRM, Outcome.NOT_AN_APPEAL):
        return None
    if not verdict.reason:
        return "give the reason, a kind of post of the labelling guide"
    known = POSITIVE if verdict.outcome is Outcome.CONFIRM else NEGATIVE | POSITIVE
    if label in LABELS and verdict.reason not in known:
        return f"{verdict.reason!r} is no reason to {verdict.outcome.value}; it is one of {', '.join(sorted(known))}"
    return None


def _route(label: str, verdict: Verdict) -> str | None:
    wanted = label == RECRUITMENT and verdict.outcome is Outcome.CONFIRM
    if wanted and verdict.route not in ROUTES:
        return f"say by which route it recruits: {', '.join(ROUTES)}"
    return "a route is only for confirmed recruitment" if verdict.route and not wanted else None


def _means(label: str, verdict: Verdict) -> str | None:
    wanted = label == SEPARATISM and verdict.outcome is Outcome.CONFIRM
    if wanted and verdict.means not in MEANS:
        return f"say by what means: {', '.join(MEANS)}"
    return "means are only for confirmed separatism" if verdict.means and not wanted else None
