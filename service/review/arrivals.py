"""What comes in: a post with its scores, before anything is stored."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Final, NamedTuple

from service.review.campaigns import Sketch, kind_of
from service.review.policy import Policy
from service.review.priority import band_of
from service.review.words import SampledBy, Source

if TYPE_CHECKING:
    from classifier.model import Score

WHOLE: Final = 2**64


@dataclass(frozen=True)
class Arrival:
    """A post as a platform sends it; `parent_text` is shown and never scored."""

    platform: str
    id: str
    text: str
    author: str | None = None
    url: str | None = None
    parent_text: str | None = None
    created_at: datetime | None = None
    due_at: datetime | None = None
    reach: int = 0
    source: Source = Source.NONE

    @property
    def key(self) -> tuple[str, str]:
        """What it is known by."""
        return self.platform, self.id


class ScorerName(NamedTuple):
    """Who scored: written beside every score."""

    model: str
    model_version: str
    sha256: str
    cues_sha256: str
    policy_version: str
    profile: str


class Receipt(NamedTuple):
    """What became of a post that came in.

    Parameters
    ----------
    platform, id : str
        The post.
    outcome : str
        new, edited, known, or below_floor: scored and counted, not stored.
    state : str or None
        Where it stands; None when it was not stored.
    """

    platform: str
    id: str
    outcome: str
    state: str | None


@dataclass(frozen=True)
class Scored:
    """An arrival, what it scored, and what follows from that.

    Parameters
    ----------
    arrival : Arrival
        The post.
    score : Score
        Of its text.
    sha256 : str
        Digest of its text.
    labels : str
        Labels at or above the floor, joined by "+".
    probability : float
        Of the likeliest label.
    sampled_by : SampledBy or None
        Why it goes into the queue; None where it does not.
    inclusion_probability : float
        How likely a post that scores like this one is to be in the queue; 0 where nothing is sampled.
    sketch : Sketch or None
        Of a post that is flagged.
    """

    arrival: Arrival
    score: Score
    sha256: str
    labels: str
    probability: float
    sampled_by: SampledBy | None
    inclusion_probability: float
    sketch: Sketch | None = field(repr=False)

    @property
    def chances(self) -> dict[str, float]:
        """Probability by label."""
        return {label: part.probability for label, part in self.score.labels.items()}

    @property
    def band(self) -> int:
        """Band of the probability."""
        return band_of(self.probability)


def weigh(arrival: Arrival, score: Score, policy: Policy, salt: str) -> Scored:
    """Decide whether a post goes into the queue, the same whenever it comes with the same text.

    Parameters
    ----------
    arrival : Arrival
        The post.
    score : Score
        Of its text; the floor is that of the profile it was scored with.
    policy : Policy
        Shares of posts below the floor.
    salt : str
        Kept secret, so that nobody outside can tell which posts are sampled.
    """
    sha256 = hashlib.sha256(arrival.text.encode()).hexdigest()
    flagged = "+".join(label for label, part in score.labels.items() if part.flagged)
    probability = max(part.probability for part in score.labels.values())
    why, inclusion = SampledBy.SCORE, 1.0
    if not flagged:
        low = policy.low_share if near_floor(score, policy.low_from) else 0.0
        chosen = sampled((*arrival.key, sha256), salt, policy.random_share, low)
        inclusion = 1 - (1 - policy.random_share) * (1 - low)
        if chosen is None:
            return Scored(arrival, score, sha256, flagged, probability, None, inclusion, None)
        why = chosen
    sketch = Sketch.of(arrival.text, kind_of(flagged, band_of(probability))) if flagged else None
    return Scored(arrival, score, sha256, flagged, probability, why, inclusion, sketch)


def near_floor(score: Score, low_from: float) -> bool:
    """Whether a label comes somewhat close to its threshold."""
    return any(part.probability >= low_from * part.threshold for part in score.labels.values())


def sampled(parts: Sequence[str], salt: str, random_share: float, low_share: float) -> SampledBy | None:
    """Draw by a digest in place of a die, so that sending a post again draws the same."""
    made = hashlib.sha256(repr((salt, *parts)).encode()).digest()
    if int.from_bytes(made[:8], "little") < random_share * WHOLE:
        return SampledBy.RANDOM
    return SampledBy.LOW_SCORE if int.from_bytes(made[8:16], "little") < low_share * WHOLE else None


def ranked(source: str) -> int:
    """How much a source of reports counts."""
    return list(Source).index(Source(source))
