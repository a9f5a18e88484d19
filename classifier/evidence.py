"""Why a post scored as it did: the exact parts of a margin, tied to characters and named cues."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from classifier import foldtable
from classifier.categories import POINTS, SHARES, odds_of_nothing, resembling
from classifier.cues import CueSet
from classifier.kernels.reasons import explain_post
from classifier.ngrams import GramSettings, Memory
from classifier.text import cluster_ends, code_points, compose
from classifier.weights import Weights

SHOWN_FROM: Final = 0.05  # words with less than this share of the strongest go to `other`

Found = list[list[int]]


@dataclass(frozen=True)
class Explainer:
    """Takes margins apart.

    Parameters
    ----------
    weights : Weights
        Of the model.
    settings : GramSettings
        Shape of its n-grams.
    memory : Memory
        Working memory for it.
    cues : CueSet
        In the order of ``weights.cue_weights``.
    labels : sequence of str
        In the order of the weights.
    categories : sequence of str
        Likewise.
    """

    weights: Weights
    settings: GramSettings
    memory: Memory
    cues: CueSet
    labels: Sequence[str]
    categories: Sequence[str]
    bias: list[float] = field(init=False)
    cue_weights: list[list[float]] = field(init=False)

    def __post_init__(self) -> None:
        odds = [odds_of_nothing(self.weights, label) for label in range(len(self.labels))]
        object.__setattr__(self, "bias", (self.weights.bias + odds).tolist())
        object.__setattr__(self, "cue_weights", self.weights.cue_weights.T.tolist())

    def explain(
        self, text: str, margins: Sequence[float], windows: npt.NDArray[np.int32]
    ) -> tuple[dict[str, Any], list[dict[str, Any]] | None]:
        """Evidence for every label, and the kinds of posts that the post as a whole is most like.

        Parameters
        ----------
        text : str
            The post as given.
        margins : sequence of float, one for each label
            What it scored.
        windows : ndarray of int32, shape (labels, 2)
            The symbols each margin came from.

        Returns
        -------
        evidence : dict
            By label: margin, bias, window, spans, cues, other; bias, spans, cues and other add up to the margin.
            Offsets count code points of `text`, end exclusive.
        resembles : list of dict or None
            See `resembling`; None where the model knows no categories.
        """
        composed, origin = compose(text)
        likeness, gram = np.empty(len(self.categories)), self.settings.gram
        rule = (windows, POINTS, SHARES, likeness)
        tables = foldtable.load(), foldtable.load_small_letters()
        words, parts, plain, plain_parts, found, places, silent = explain_post(
            code_points(composed), *tables, self.cues.patterns, gram, self.weights, self.memory.here(), *rule
        )
        if origin is not None:
            ends = cluster_ends(origin)
            for table in (words, plain):
                table[:, 2], table[:, 3] = origin[table[:, 2]], ends[table[:, 3]]
            places[0], places[1] = origin[places[0]], ends[places[1]]
        cues = [[cue, a, b, int(places[0, a]), int(places[1, b - 1])] for cue, a, b in found.tolist()]
        spoken, stand, whole = words.tolist(), plain.tolist(), places.shape[1]
        evidence = {}
        for place, (label, window) in enumerate(zip(self.labels, windows.tolist(), strict=True)):
            said = zip(spoken + stand, parts[place].tolist() + plain_parts[place].tolist(), strict=True)
            spans, other = shown(text, [(start, end, part) for (_, _, start, end), part in said if part])
            evidence[label] = {
                "margin": margins[place],
                "bias": self.bias[place],
                "window": in_text(window, spoken, whole, len(text)),
                "spans": spans,
                "cues": [] if silent and window == [0, whole] else self.spoken(cues, place, window),
                "other": other,
            }
        return evidence, resembling(self.categories, likeness) if self.categories else None

    def spoken(self, found: Found, label: int, window: Sequence[int]) -> list[dict[str, Any]]:
        """Cues inside the window that have a weight for the label, strongest first, with every place they stand."""
        places: dict[int, list[dict[str, int]]] = {}
        for cue, a, b, start, end in found:
            span = {"start": start, "end": end}
            if a > window[0] and b < window[1] and span not in places.setdefault(cue, []):
                places[cue].append(span)
        names, weights = self.cues.names, self.cue_weights[label]
        said = [
            {"cue": names[cue], "weight": weights[cue], "spans": spans}
            for cue, spans in sorted(places.items())
            if spans and weights[cue]
        ]
        return sorted(said, key=lambda item: -abs(item["weight"]))


def shown(text: str, words: Iterable[tuple[int, int, float]]) -> tuple[list[dict[str, Any]], float]:
    """Words with their parts of the margin, and the sum of the parts too small to show."""
    inside: list[tuple[int, int, float]] = []
    for start, end, part in sorted(words):
        if inside and start < inside[-1][1]:  # another reading of the same characters
            first, before, other = inside.pop()
            inside.append((first, max(end, before), part + other))
        else:
            inside.append((start, end, part))
    least = SHOWN_FROM * max((abs(part) for _, _, part in inside), default=0.0)
    spans, small = [], []
    for start, end, part in inside:
        if part and abs(part) >= least:
            spans.append({"start": start, "end": end, "text": text[start:end], "weight": part})
        else:
            small.append(part)
    return spans, math.fsum(small)


def in_text(window: Sequence[int], words: list[list[int]], whole: int, length: int) -> dict[str, int]:
    """The characters that a window of symbols covers; the whole text for the whole post."""
    if window[0] == 0 and window[1] == whole:
        return {"start": 0, "end": length}
    inside = [word for word in words if word[0] > window[0] and word[1] < window[1]]
    return {"start": inside[0][2], "end": inside[-1][3]}
