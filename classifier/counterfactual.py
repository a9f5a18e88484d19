"""The fewest words without which a post would not be flagged, found and verified by scoring."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import combinations
from typing import Any, Final

Span = Mapping[str, Any]
Chances = Callable[[Sequence[str]], Sequence[float]]

MOST_WORDS: Final = 12  # that are taken away; a post that needs more says the same all over
PAIRED: Final = 8  # strongest words of which every pair is tried


def without(text: str, spans: Sequence[Span]) -> str:
    """A text with some of its words taken out."""
    parts, at = [], 0
    for span in sorted(spans, key=lambda one: int(one["start"])):
        parts.append(text[at : span["start"]])
        at = span["end"]
    return "".join([*parts, text[at:]])


def fewest_words(text: str, spans: Sequence[Span], threshold: float, chances: Chances) -> dict[str, Any] | None:
    """Words whose absence drops a flag.

    Every single word and every pair of the strongest are tried, so that an answer of one or two words is the fewest of
    these; more are found greedily, strongest first, and then each that is not needed is given back.

    Parameters
    ----------
    text : str
        A flagged post.
    spans : sequence of mapping
        Words with their parts of the margin, as in evidence.
    threshold : float
        Probability from which a post is flagged.
    chances : callable
        Probabilities of texts.

    Returns
    -------
    dict or None
        `spans` (start, end, text) and the `probability` without them; None where no few words do it.
    """
    ranked = sorted((span for span in spans if span["weight"] > 0), key=lambda span: -float(span["weight"]))
    ranked = ranked[:MOST_WORDS]
    few: list[Sequence[Span]] = [(span,) for span in ranked]
    few += combinations(ranked[:PAIRED], 2)
    few += [ranked[:size] for size in range(3, len(ranked) + 1)]
    tried = chances([without(text, dropped) for dropped in few]) if few else []
    best = next((place for place, chance in enumerate(tried) if chance < threshold), None)
    if best is None:
        return None
    dropped, chance = needed(text, list(few[best]), tried[best], threshold, chances)
    shown = [{name: span[name] for name in ("start", "end", "text")} for span in dropped]
    return {"spans": sorted(shown, key=lambda span: int(span["start"])), "probability": chance}


def needed(
    text: str, dropped: list[Span], chance: float, threshold: float, chances: Chances
) -> tuple[list[Span], float]:
    """Give back the weakest words, one after another, where the flag stays down without them."""
    for span in reversed(dropped[:]):
        if len(dropped) < 3:
            break
        rest = [one for one in dropped if one is not span]
        (found,) = chances([without(text, rest)])
        if found < threshold:
            dropped, chance = rest, found
    return dropped, chance
