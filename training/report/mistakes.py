"""The worst mistakes of each kind, with the evidence that led to them."""

from __future__ import annotations

from typing import Any, Final

from training.mistakes import wrong_side
from training.report.judged import Judged

MOST: Final = 10  # of each kind


def mistakes_of(judged: Judged, label: str, most: int = MOST) -> dict[str, Any]:
    """Posts furthest on the wrong side of the threshold of the profile in use.

    Parameters
    ----------
    judged : Judged
        Posts and what a bundle says of them.
    label : str
        Which.
    most : int
        How many of each kind.

    Returns
    -------
    dict
        `false_flags` and `missed`: `n`, and of the worst `id`, `place`, `category`, `language`, `probability`, `text`
        and `evidence`; None where the bundle has learned from these posts, since it was not what judged them.
    """
    place = judged.classifier.labels.index(label)
    rows = wrong_side(judged.labels[:, place], judged.chances[:, place], judged.one(label).threshold)
    return {
        kind: {"n": len(found), "worst": explained(judged, label, found[:most].tolist())}
        for kind, found in rows.items()
    }


def explained(judged: Judged, label: str, rows: list[int]) -> list[dict[str, Any]]:
    """Some posts with the evidence for a label."""
    frame, place = judged.posts.frame, judged.classifier.labels.index(label)
    texts = [str(frame["text"].iloc[row]) for row in rows]
    return [
        {
            "id": str(frame["id"].iloc[row]),
            "place": str(frame["place"].iloc[row]),
            "category": str(frame["category"].iloc[row]),
            "language": str(judged.languages[row]),
            "probability": float(judged.chances[row, place]),
            "text": text,
            "evidence": evidence,
        }
        for row, text, evidence in zip(rows, texts, evidence_of(judged, label, texts), strict=True)
    ]


def evidence_of(judged: Judged, label: str, texts: list[str]) -> list[dict[str, Any] | None]:
    """What the bundle sees in some posts; nothing of posts that it has learned from."""
    if judged.how:
        return [None] * len(texts)
    scores = judged.classifier.score(texts, explain=True, profile=judged.profile)
    return [(score.evidence or {})[label] for score in scores]
