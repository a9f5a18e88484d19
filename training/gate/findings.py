"""What is held against a limit, and what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from training.gate.limits import Limit
from training.shares import wilson

DECIMALS = 4


@dataclass(frozen=True)
class Figure:
    """One figure of a bundle.

    Parameters
    ----------
    of : str
        Of which label, slice or functionality; empty for all.
    value, low, high : float
        With its 95 % interval; all the same where it has none.
    counts : str
        What stands behind it, for a person.
    """

    of: str
    value: float
    low: float
    high: float
    counts: str = ""


def share(of: str, hits: int, n: int) -> Figure:
    """A share of posts, cases or pairs with Wilson's interval."""
    low, high = wilson(np.array(float(hits)), np.array(float(n)))
    return Figure(of, hits / n, float(low), float(high), f"{hits} of {n}")


def plain(of: str, value: float, counts: str = "") -> Figure:
    """A figure without an interval."""
    return Figure(of, value, value, value, counts)


@dataclass(frozen=True)
class Finding:
    """A limit and the figures held against it.

    Parameters
    ----------
    limit : Limit
        Which.
    figures : sequence of Figure
        None where it was not applied.
    reason : str
        Why it was not applied; else empty.
    """

    limit: Limit
    figures: Sequence[Figure]
    reason: str = ""

    @property
    def broken(self) -> list[Figure]:
        """Figures beyond the limit, the worst first."""
        beyond = [one for one in self.figures if not self.limit.kept(one.value, one.low, one.high)]
        return sorted(beyond, key=self.badness)

    def badness(self, figure: Figure) -> float:
        """Sorts the worst figure first, by what the limit looks at."""
        if self.limit.most:
            return -(figure.low if self.limit.by_interval else figure.value)
        return figure.high if self.limit.by_interval else figure.value

    @property
    def worst(self) -> Figure | None:
        """The figure that is nearest to the limit or furthest beyond it; None where none is held against it."""
        return min(self.figures, key=self.badness, default=None)

    @property
    def verdict(self) -> str:
        """What came of it."""
        if not self.figures:
            return "not applied"
        return "FAIL" if self.broken else "pass"

    def to_dict(self) -> dict[str, Any]:
        """As an object."""
        limit = self.limit
        return {
            "limit": limit.name,
            ("at_most" if limit.most else "at_least"): limit.bound,
            "judged_by": "interval" if limit.by_interval else "figure",
            "aim": limit.aim,
            "why": limit.why,
            "verdict": self.verdict,
            "reason": self.reason or None,
            "broken_by": [one.of for one in self.broken],
            "figures": [
                {
                    "of": one.of,
                    "value": round(one.value, DECIMALS),
                    "low": round(one.low, DECIMALS),
                    "high": round(one.high, DECIMALS),
                    "counts": one.counts,
                }
                for one in self.figures
            ],
        }
