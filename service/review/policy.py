"""What whoever runs the service decides about reviewing, handed to every part that needs it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import timedelta

from service.review.priority import Priority


@dataclass(frozen=True)
class Policy:
    """Shares, times and weights.

    Parameters
    ----------
    priority : Priority
        The formula of the queue.
    random_share : float
        Of all posts, put into the queue whatever they score, 0 to 1.
    low_share : float
        Of posts somewhat below the floor, put into the queue besides.
    low_from : float
        Where "somewhat below" begins, as a share of the threshold.
    second_share : float
        Of decisions, read by somebody else who does not see the first.
    golden_share : float
        Of the posts that a reader takes, golden ones.
    keep : timedelta
        How long the text of a post that nobody decided is kept.
    claim : timedelta
        How long a claim lasts.
    hold : timedelta
        How long a post may be put aside.
    """

    priority: Priority = field(default_factory=Priority)
    random_share: float = 0.005
    low_share: float = 0.05
    low_from: float = 0.25
    second_share: float = 0.05
    golden_share: float = 0.02
    keep: timedelta = timedelta(days=90)
    claim: timedelta = timedelta(minutes=15)
    hold: timedelta = timedelta(days=1)


def drawn(lot: str, share: float) -> bool:
    """Draw by a digest in place of a die: the same lot always comes out the same.

    Parameters
    ----------
    lot : str
        What is drawn for.
    share : float
        Of all lots, those that win, 0 to 1.
    """
    return int.from_bytes(hashlib.sha256(lot.encode()).digest()[:8], "little") < share * 2**64
