"""From the evidence for a label to stretches of text, each marked by how strongly it spoke."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from classifier.visible import Piece, hidden, pieces

# A logit weight of 1 multiplies the odds by 2.7; below the first step a mark would be noise.
STEPS = (0.15, 0.5, 1.0)


@dataclass(frozen=True)
class Stretch:
    """Characters that share one mark."""

    pieces: list[Piece]
    weight: float
    cues: tuple[str, ...]
    inside: bool

    @property
    def strength(self) -> int:
        """From 0 (no mark) to 3."""
        return sum(abs(self.weight) >= step for step in STEPS)

    @property
    def speaks(self) -> str:
        """For or against the label."""
        return "for" if self.weight > 0 else "against"


@dataclass(frozen=True)
class _Touch:
    start: int
    end: int
    weight: float
    cue: str = ""


def stretches(text: str, evidence: Mapping[str, Any], names: Mapping[str, str]) -> list[Stretch]:
    """Cut a post where the evidence changes.

    Parameters
    ----------
    text : str
        The post as scored.
    evidence : Mapping
        Evidence for one label, in its wire form.
    names : Mapping
        What to call each cue.
    """
    touches = sorted(_touches(evidence, names), key=lambda touch: touch.start)
    window, badges = evidence["window"], hidden(text)
    edges = {0, len(text), window["start"], window["end"]} | {edge for t in touches for edge in (t.start, t.end)}
    found: list[Stretch] = []
    over: list[_Touch] = []
    coming = deque(touches)
    for start, end in pairwise(sorted(edges)):
        over = [touch for touch in over if touch.end > start]
        while coming and coming[0].start <= start:
            over.append(coming.popleft())
        cues = tuple(dict.fromkeys(touch.cue for touch in over if touch.cue))
        inside = window["start"] <= start and end <= window["end"]
        found.append(Stretch(pieces(text, start, end, badges), sum(t.weight for t in over), cues, inside))
    return found


def _touches(evidence: Mapping[str, Any], names: Mapping[str, str]) -> Iterator[_Touch]:
    for span in evidence["spans"]:
        yield _Touch(span["start"], span["end"], span["weight"])
    for cue in evidence["cues"]:
        for span in cue["spans"]:
            yield _Touch(span["start"], span["end"], cue["weight"] / len(cue["spans"]), names[cue["cue"]])
