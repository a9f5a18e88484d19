"""Posts that say nearly the same although nothing declares that they belong together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from training.groups import near_duplicates
from training.sketch import shingles

ALIKE: Final = 0.6  # exact Jaccard similarity of shingles of the folded text
Pair = tuple[int, int]


def similarity(one: str, other: str) -> float:
    """Jaccard similarity of the shingles of two texts, from 0 to 1."""
    a, b = set(shingles(one)), set(shingles(other))
    return len(a & b) / len(a | b)


def copies(texts: Sequence[str]) -> list[Pair]:
    """Pairs of texts that are nearly the same.

    Parameters
    ----------
    texts : sequence of str
        Posts.

    Returns
    -------
    list of tuple of int
        Row numbers, the later one first. Candidates come from MinHash, and each is measured exactly.
    """
    return [(one, other) for one, other in near_duplicates(texts) if similarity(texts[one], texts[other]) >= ALIKE]


def undeclared(texts: Sequence[str], groups: Sequence[str]) -> list[Pair]:
    """Copies whose posts do not share a declared group."""
    return [(one, other) for one, other in copies(texts) if not groups[one] or groups[one] != groups[other]]


def shared(texts: Sequence[str], checks: Sequence[str]) -> list[Pair]:
    """Pairs of (row of a text, row of a check) that are nearly the same."""
    first = len(checks)
    pairs = copies([*checks, *texts])
    return [(max(pair) - first, min(pair)) for pair in pairs if min(pair) < first <= max(pair)]
