"""Which post comes first. The formula stands here and in docs/review.md, and nowhere else.

A post with a due date comes before all without one, the earlier due the earlier. Among the others:

    priority = ln(probability) + ln(severity) + reach·ln(1 + views) + size·ln(copies) − age / time_constant

The highest over the labels counts. As time goes by, every post loses the same, so the order never changes: instead of
subtracting the age, the time of arrival is added. That makes it a column with an index.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final

from service.review.words import PEACEFUL, RECRUITMENT, SEPARATISM

ORIGIN: Final = datetime(2024, 1, 1, tzinfo=UTC)
NEVER: Final = 2**62  # sorts after every due date
LEAST: Final = 1e-6  # probabilities are rounded to six decimals, and 0 has no logarithm
EDGES: Final = (0.1, 0.25, 0.5, 0.75, 0.9)  # between bands of probability
BANDS: Final = len(EDGES) + 1


@dataclass(frozen=True)
class Priority:
    """The weights of the formula.

    Parameters
    ----------
    severity : mapping of str to float
        By label, above 0; 1 for labels that are not named.
    reach, size : float
        Of the logarithm of views and of copies.
    days : float
        The time constant: a post this many days younger counts as one e times as likely.
    """

    severity: Mapping[str, float] = field(default_factory=lambda: {RECRUITMENT: 1.0, SEPARATISM: 0.25})
    peaceful: float = 0.1  # of separatism that a reader found peaceful: the least of all
    reach: float = 0.25
    size: float = 0.5
    days: float = 3.0

    def of(self, chances: Mapping[str, float], arrived: datetime, *, reach: int = 0, size: int = 1) -> float:
        """Priority of a post, higher first.

        Parameters
        ----------
        chances : mapping of str to float
            Probability by label.
        arrived : datetime
            When the post came in.
        reach : int
            How many have seen it, at least 0.
        size : int
            Posts of its campaign, itself included.
        """
        worst = max(math.log(max(chance, LEAST) * self.severity.get(label, 1.0)) for label, chance in chances.items())
        age = (arrived - ORIGIN) / timedelta(days=self.days)
        return worst + self.reach * math.log1p(reach) + self.grown(size) + age

    def grown(self, size: int) -> float:
        """What the copies of a post add."""
        return self.size * math.log(size)

    def lowered(self, means: str | None) -> float:
        """What is taken away once a reader has said by what means a post wants to secede."""
        return math.log(self.peaceful / self.severity.get(SEPARATISM, 1.0)) if means == PEACEFUL else 0.0


def due_key(due: datetime | None) -> int:
    """Seconds since 1970 of a due date; a number after all of them where there is none."""
    return NEVER if due is None else int(due.timestamp())


def band_of(probability: float) -> int:
    """Band of a probability, from 0 to `BANDS` − 1."""
    return sum(probability >= edge for edge in EDGES)
