"""Why a post scored as it did: the exact parts of a margin, tied to characters and named cues."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from classifier import foldtable
from classifier.categories import POINTS, SHARES, odds_of_nothing, resembling
from classifier.cues import CueSet
from classifier.kernels.compiled import Symbols
from classifier.kernels.rows import Weights
from classifier.kernels.spans import explain_texts
from classifier.memory import Memory
from classifier.ngrams import GramSettings
from classifier.text import cluster_ends, code_points, compose

SHOWN_FROM: Final = 0.05  # words with less than this share of the strongest go to `other`

TOGETHER: Final = 64  # posts explained in one compiled call
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
        self, texts: Sequence[str], margins: Sequence[Sequence[float]], windows: npt.NDArray[np.int32]
    ) -> Iterator[tuple[dict[str, Any], list[dict[str, Any]] | None]]:
        """Evidence for every label of each post, and the kinds of posts that it is most like as a whole.

        Parameters
        ----------
        texts : sequence of str
            The posts as given.
        margins : sequence of sequence of float, shape (posts, labels)
            What they scored.
        windows : ndarray of int32, shape (posts, labels, 2)
            The symbols each margin came from.

        Yields
        ------
        evidence : dict
            By label: margin, bias, window, spans, cues, other; bias, spans, cues and other add up to the margin.
            Offsets count code points of the text, end exclusive.
        resembles : list of dict or None
            See `resembling`; None where the model knows no categories.
        """
        for first in range(0, len(texts), TOGETHER):
            some = slice(first, first + TOGETHER)
            yield from self._explain(texts[some], margins[some], windows[some])

    def _explain(
        self, texts: Sequence[str], margins: Sequence[Sequence[float]], windows: npt.NDArray[np.int32]
    ) -> Iterator[tuple[dict[str, Any], list[dict[str, Any]] | None]]:
        source = Composed.of(texts)
        likeness = np.empty((len(texts), len(self.categories)))
        folding, memory = foldtable.folding(), self.memory.take()
        found = explain_texts(
            source.points, source.stops, folding, self.cues.patterns, self.settings.gram, self.weights,
            memory, windows, POINTS, SHARES, source.begs, source.ends, source.mapped, SHOWN_FROM, likeness,
        )  # fmt: skip
        self.memory.give(memory)
        spans, values, rows, stands, stops, covers = (table.tolist() for table in found)
        kinds = resembling(self.categories, likeness) if self.categories else [None] * len(texts)
        begin = 0
        for post, (text, stop) in enumerate(zip(texts, stops, strict=True)):
            by_cue, begin = by_place(stands[begin:stop]), stop
            evidence = {}
            for place, label in enumerate(self.labels):
                (at, shown, every), (start, end, cues_count) = rows[post][place], covers[post][place]
                whole = start < 0
                window = None if whole else windows[post, place].tolist()
                evidence[label] = {
                    "margin": margins[post][place],
                    "bias": self.bias[place],
                    "window": {"start": 0, "end": len(text)} if whole else {"start": start, "end": end},
                    "spans": [
                        {"start": a, "end": b, "text": text[a:b], "weight": part}
                        for (a, b), part in zip(spans[at : at + shown], values[at : at + shown], strict=True)
                    ],
                    "cues": self.spoken(by_cue, place, window) if cues_count else [],
                    "other": math.fsum(values[at + shown : at + every]),
                }
            yield evidence, kinds[post]

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


class Composed(NamedTuple):
    """Texts as the compiled loops read them, and where what was composed stood before.

    Parameters
    ----------
    points, stops
        See `lay_out`.
    begs, ends : ndarray of int32
        For the code points of composed texts, end to end: where what each was made of begins and ends.
    mapped : ndarray of int64, shape (texts,)
        Where in these a text's begin; -1 for one that was composed already.
    """

    points: Symbols
    stops: npt.NDArray[np.int64]
    begs: npt.NDArray[np.int32]
    ends: npt.NDArray[np.int32]
    mapped: npt.NDArray[np.int64]

    @classmethod
    def of(cls, texts: Sequence[str]) -> Composed:
        """Compose texts and lay them end to end."""
        pairs = [compose(text) for text in texts]
        stops = np.cumsum([len(text) for text, _ in pairs], dtype=np.int64)
        begs, ends, mapped, used = [NOWHERE], [NOWHERE], np.full(len(texts), -1), 0
        for place, (_, origin) in enumerate(pairs):
            if origin is not None:
                begs.append(origin)
                ends.append(cluster_ends(origin))
                mapped[place], used = used, used + len(origin)
        return cls(
            code_points("".join(text for text, _ in pairs)), stops, np.concatenate(begs), np.concatenate(ends), mapped
        )
