"""How far the posts of a batch differ among themselves, in length and in words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

WORD: Final = re.compile(r"[^\W\d_]+(?:['’ʻʼ‘`][^\W\d_]+)*")
SAMPLE: Final = 1000  # words over which vocabularies of batches of different size are compared


@dataclass(frozen=True)
class Spread:
    """Variety of a set of posts.

    Parameters
    ----------
    posts : int
        How many.
    shortest, median, longest : int
        Lengths in code points.
    quartiles : float
        Upper quartile of the length over the lower one; 1 when all are alike.
    vocabulary : float
        Distinct words among the first thousand, as a share.
    openings : float
        Share of posts whose first two words open no other post of the set.
    """

    posts: int
    shortest: int
    median: int
    longest: int
    quartiles: float
    vocabulary: float
    openings: float


def words_of(text: str) -> list[str]:
    """Words of a text in lower case."""
    return WORD.findall(text.lower())


def spread(texts: Sequence[str]) -> Spread:
    """Variety of some posts, at least one."""
    lengths = np.array([len(text) for text in texts])
    low, middle, high = np.quantile(lengths, [0.25, 0.5, 0.75])
    words = [words_of(text) for text in texts]
    running = [word for post in words for word in post][:SAMPLE]
    openings = [tuple(post[:2]) for post in words]
    return Spread(
        posts=len(texts),
        shortest=int(lengths.min()),
        median=int(middle),
        longest=int(lengths.max()),
        quartiles=float(high / low),
        vocabulary=len(set(running)) / max(1, len(running)),
        openings=sum(openings.count(one) == 1 for one in openings) / len(openings),
    )
