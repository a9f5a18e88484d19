"""Why a post scored as it did: the exact parts of a margin, tied to characters and named cues."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from classifier.categories import odds, pull_of_categories, resembling
from classifier.cues import CueSet
from classifier.kernels.grams import add_up, shares
from classifier.kernels.letters import SPACE
from classifier.ngrams import GramSettings, scratch
from classifier.text import Folded, fold
from classifier.weights import Weights

SHOWN_FROM: Final = 0.05  # words with less than this share of the strongest go to `other`


class Window(NamedTuple):
    """Symbols `start` to `end` of a post: norm of their n-grams, and their weighted sums for labels and categories."""

    start: int
    end: int
    norm: float
    sums: npt.NDArray[np.float64]


@dataclass(frozen=True)
class Explainer:
    """Takes margins apart.

    Parameters
    ----------
    weights : Weights
        Of the model.
    settings : GramSettings
        Shape of its n-grams.
    cues : CueSet
        In the order of ``weights.cue_weights``.
    labels : sequence of str
        In the order of the weights.
    categories : sequence of str
        Likewise.
    """

    weights: Weights
    settings: GramSettings
    cues: CueSet
    labels: Sequence[str]
    categories: Sequence[str]

    def explain(
        self, text: str, margins: npt.NDArray[np.float64], windows: npt.NDArray[np.int32]
    ) -> tuple[dict[str, Any], list[dict[str, Any]] | None]:
        """Evidence for every label, and the kinds of posts that the post as a whole is most like.

        Parameters
        ----------
        text : str
            The post as given.
        margins : ndarray of float64, shape (labels,)
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
        post = fold(text)
        found, whole = self.cues.find(post), (0, len(post.symbols))
        chosen = [(int(start), int(end)) for start, end in windows]
        measured = {place: self.measure(post, *place) for place in {whole, *chosen}}
        evidence = {
            label: self.explain_label(text, post, found, place, float(margins[place]), measured[chosen[place]])
            for place, label in enumerate(self.labels)
        }
        return evidence, self.resembles(measured[whole])

    def measure(self, post: Folded, start: int, end: int) -> Window:
        """Sums of a window, taken once for all that is asked of it."""
        sums = np.empty(len(self.labels) + len(self.categories))
        norm = add_up(post.symbols, start, end, self.settings.gram, self.weights, scratch(self.settings), sums)
        return Window(start, end, norm, sums)

    def resembles(self, window: Window) -> list[dict[str, Any]] | None:
        """The kinds of posts that a window is most like; None where the model knows none."""
        if not self.categories:
            return None
        return resembling(self.weights, self.categories, window.sums[len(self.labels) :] / (window.norm or 1.0))

    def explain_label(
        self,
        text: str,
        post: Folded,
        found: npt.NDArray[np.int32],
        label: int,
        margin: float,
        window: Window,
    ) -> dict[str, Any]:
        """Evidence for one label."""
        spans, other = self.spans(text, post, label, window)
        return {
            "margin": margin,
            "bias": float(self.weights.bias[label]) + odds(self.weights, label, self.weights.category_bias),
            "window": window_in_text(post, window.start, window.end, len(text)),
            "spans": spans,
            "cues": self.spoken(post, found, label, window),
            "other": other,
        }

    def spans(self, text: str, post: Folded, label: int, window: Window) -> tuple[list[dict[str, Any]], float]:
        """Words with their parts of the margin, and the sum of the parts too small to show."""
        words = self.word_parts(post, label, window)
        strongest = max((abs(part) for _, _, part in words), default=0.0)
        shown, small = [], []
        for a, b, part in words:
            if part and abs(part) >= SHOWN_FROM * strongest:
                left, right = int(post.starts[a]), int(post.ends[b - 1])
                shown.append({"start": left, "end": right, "text": text[left:right], "weight": part})
            else:
                small.append(part)
        return shown, math.fsum(small)

    def word_parts(self, post: Folded, label: int, window: Window) -> list[tuple[int, int, float]]:
        """Words of the window as (first symbol, last symbol + 1, part of the margin)."""
        start, end, norm, sums = window
        share = np.zeros(len(post.symbols))
        memory, gram = scratch(self.settings), self.settings.gram
        if norm > 0:
            pull = pull_of_categories(self.weights, label, sums[len(self.labels) :] / norm)
            shares(post.symbols, start, end, label, pull, norm, gram, self.weights, memory, share)
        blanks = (start + np.flatnonzero(post.symbols[start:end] == SPACE)).tolist()
        parts = share.tolist()
        return [(a + 1, b, math.fsum(parts[a + 1 : b])) for a, b in pairwise(blanks)]

    def spoken(self, post: Folded, found: npt.NDArray[np.int32], label: int, window: Window) -> list[dict[str, Any]]:
        """Cues inside the window that have a weight for the label, strongest first, with every place they stand."""
        places: dict[int, list[dict[str, int]]] = {}
        for cue, a, b in found:
            if a > window.start and b < window.end and self.weights.cue_weights[cue, label]:
                span = {"start": int(post.starts[a]), "end": int(post.ends[b - 1])}
                places.setdefault(int(cue), []).append(span)
        spoken = [
            {"cue": self.cues.cues[cue].name, "weight": float(self.weights.cue_weights[cue, label]), "spans": spans}
            for cue, spans in sorted(places.items())
        ]
        return sorted(spoken, key=lambda item: -abs(item["weight"]))


def window_in_text(post: Folded, start: int, end: int, length: int) -> dict[str, int]:
    """The characters that a window of symbols covers; the whole text for the whole post."""
    whole = start == 0 and end == len(post.symbols)
    return {"start": 0 if whole else int(post.starts[start + 1]), "end": length if whole else int(post.ends[end - 2])}
