"""Why a post scored as it did: the exact parts of a margin, tied to characters and named cues."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from classifier import foldtable
from classifier.categories import POINTS, SHARES, odds_of_nothing, resembling
from classifier.cues import CueSet
from classifier.kernels.spans import explain_text
from classifier.ngrams import GramSettings, Memory
from classifier.text import cluster_ends, code_points, compose
from classifier.weights import Weights

SHOWN_FROM: Final = 0.05  # words with less than this share of the strongest go to `other`

NOWHERE: Final = np.empty(0, np.int32)

ByCue = dict[int, list[tuple[int, int, dict[str, int]]]]


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
        begs, ends = (NOWHERE, NOWHERE) if origin is None else (origin, cluster_ends(origin))
        likeness, gram = np.empty(len(self.categories)), self.settings.gram
        rule = (windows, POINTS, SHARES, likeness, begs, ends, SHOWN_FROM)
        tables = foldtable.load(), foldtable.load_small_letters()
        words, spans, values, counts, stands, whole, silent = explain_text(
            code_points(composed), *tables, self.cues.patterns, gram, self.weights, self.memory.here(), *rule
        )
        by_cue = by_place(stands.tolist())
        evidence = {}
        for place, (label, window) in enumerate(zip(self.labels, windows.tolist(), strict=True)):
            shown, every = counts[place].tolist()
            parts = values[place, :every].tolist()
            stretches = zip(spans[place, :shown].tolist(), parts, strict=False)
            as_a_whole = window == [0, whole]
            evidence[label] = {
                "margin": margins[place],
                "bias": self.bias[place],
                "window": {"start": 0, "end": len(text)} if as_a_whole else in_text(window, words.tolist()),
                "spans": [
                    {"start": start, "end": end, "text": text[start:end], "weight": part}
                    for (start, end), part in stretches
                ],
                "cues": [] if silent and as_a_whole else self.spoken(by_cue, place, None if as_a_whole else window),
                "other": math.fsum(parts[shown:]),
            }
        return evidence, resembling(self.categories, likeness) if self.categories else None

    def spoken(self, by_cue: ByCue, label: int, window: Sequence[int] | None) -> list[dict[str, Any]]:
        """Cues with a weight for the label, strongest first, with every place they stand; None for the whole post."""
        names, weights = self.cues.names, self.cue_weights[label]
        said = []
        for cue, places in by_cue.items():
            if weights[cue]:
                spans = [span for a, b, span in places if window is None or (a > window[0] and b < window[1])]
                if spans:
                    said.append({"cue": names[cue], "weight": weights[cue], "spans": spans})
        return sorted(said, key=lambda item: -abs(item["weight"]))


def by_place(stands: list[list[int]]) -> ByCue:
    """Where each cue stands: its symbols, and its stretch of the text; cues in their order, places in that of the post.

    Other readings of the same characters are the same place.
    """
    by_cue: ByCue = {}
    seen = set()
    for cue, a, b, start, end in stands:
        if (cue, start, end) not in seen:
            seen.add((cue, start, end))
            by_cue.setdefault(cue, []).append((a, b, {"start": start, "end": end}))
    return dict(sorted(by_cue.items()))


def in_text(window: Sequence[int], words: list[list[int]]) -> dict[str, int]:
    """The characters that a window of symbols covers."""
    covered = [word for word in words if word[0] > window[0] and word[1] < window[1]]
    return {"start": covered[0][2], "end": covered[-1][3]}
