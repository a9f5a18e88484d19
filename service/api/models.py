"""The wire contract as models, from which the API's description is made.

Requests are read by hand, so that each fault gets its place and one bad item stays alone, and answers are written as
plain dictionaries; tests hold both against these models.
"""

from __future__ import annotations

from typing import Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

Reason = Literal["near_threshold", "unknown_language", "too_short", "mostly_unseen"]


class Wire(BaseModel):
    """Base of what goes out: nothing but what is described."""

    model_config = ConfigDict(extra="forbid")


class ItemIn(BaseModel):
    """A post to score. Other fields are ignored."""

    id: str = Field(description="your id, repeated in the result")
    text: str = Field(description="the post as written; see /v1/limits", min_length=1)
    lang: str | None = Field(None, description="your guess of the language; repeated, never trusted")


class ScoreIn(BaseModel):
    """Posts to score together."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"items": [{"id": "1", "text": "Join our unit, write me in private"}], "explain": True}]
        },
    )

    items: list[ItemIn] = Field(description="at most as many as /v1/limits says")
    explain: bool | Literal["full"] = Field(
        False,
        description="also say which words and cues spoke; full: and the fewest words without which a flag drops, "
        "and the labelled posts most like it",
    )
    profile: str = Field("balanced", description="set of thresholds; /v1/model lists them")


class ModelOut(Wire):
    """The bundle that scored."""

    name: str
    version: str
    sha256: str


class ProfileOut(Wire):
    """The thresholds that were applied."""

    name: str
    thresholds: dict[str, float] = Field(description="by label")


class LabelScoreOut(Wire):
    """How likely a post is a possible appeal of one kind: a likelihood, not a severity."""

    probability: float = Field(ge=0, le=1)
    threshold: float
    flagged: bool = Field(description="probability is at or above the threshold: for a person to review")
    uncertain: bool
    reason: Reason | None = Field(description="why it is uncertain")


class Range(Wire):
    """Some characters of the text as sent, counted in Unicode code points."""

    start: int = Field(ge=0)
    end: int = Field(ge=0, description="exclusive")


class Span(Range):
    """Characters and what they add to the margin."""

    text: str
    weight: float = Field(description="above 0 speaks for the label, below 0 against it")


class CueOut(Wire):
    """A named cue, what it adds to the margin and where it was found."""

    cue: str
    weight: float
    spans: list[Range]


class Words(Range):
    """Some words of the text."""

    text: str


class Counterfactual(Wire):
    """The fewest words without which the post would not be flagged, and what it would score."""

    spans: list[Words]
    probability: float = Field(ge=0, le=1)


class EvidenceOut(Wire):
    """Why: bias + spans + cues + other = margin."""

    margin: float
    bias: float
    window: Range = Field(description="the part of a long post that spoke")
    spans: list[Span]
    cues: list[CueOut]
    other: float
    counterfactual: Counterfactual | None = Field(
        None, description="of a flagged label, when asked for in full; null where no few words do it"
    )


class Resemblance(Wire):
    """A kind of posts of the labelling guide that a post is like."""

    category: str
    share: float = Field(ge=0, le=1, description="of all kinds that the model knows")


class NearestOut(Wire):
    """A labelled post of the bundle that a post is like."""

    text: str
    lang: str
    category: str
    labels: dict[str, int | None] = Field(description="1, 0, or null where readers would split")
    similarity: float = Field(ge=0, le=1, description="cosine of the stems of their words, weighted by rarity")


class ItemError(Wire):
    """Why one item was not scored."""

    code: str
    detail: str
    pointer: str = Field(description="JSON Pointer into the request")


class ItemScored(Wire):
    """The scores of one item."""

    id: str
    lang: str | None = Field(None, description="as sent, when it was sent")
    detected_lang: str
    labels: dict[str, LabelScoreOut]
    predicted: str | None = Field(None, description="the likeliest class, of bundles with exclusive classes")
    evidence: dict[str, EvidenceOut] | None = Field(None, description="by label, when asked for")
    resembles: list[Resemblance] | None = Field(
        None,
        description="with evidence: the kinds of posts that it reads most like; what the model took it for, no verdict",
    )
    nearest: list[NearestOut] | None = Field(
        None, description="with full evidence: the labelled posts most like it, where the bundle carries any"
    )


class ItemRefused(Wire):
    """An item that could not be scored; the others were."""

    id: str | None
    error: ItemError


class ScoreOut(Wire):
    """Results in the order and number of the items."""

    request_id: str
    model: ModelOut
    cues_sha256: str
    policy_version: str
    profile: ProfileOut
    results: list[ItemScored | ItemRefused]


class CueSetOut(Wire):
    """The cues that are serving, and what is wrong with newer ones."""

    sha256: str
    loaded_at: AwareDatetime = Field(description="when they began to serve")
    fault: str | None = Field(description="why the files that stand there now are not served: file and line")


class ModelCardOut(Wire):
    """What is serving and how good it was measured to be."""

    request_id: str
    model: ModelOut
    cues_sha256: str
    cues: CueSetOut
    policy_version: str
    labels: list[str]
    exclusive: bool
    default_profile: str
    profiles: dict[str, dict[str, Any]] = Field(description="by profile and label: threshold and measured figures")
    calibration: dict[str, Any] = Field(description="by label, with the share of positives it holds for")
    metrics: dict[str, Any]


class LimitsOut(Wire):
    """What one request may hold."""

    max_items: int
    max_characters: int = Field(description="Unicode code points in one text")
    max_body_bytes: int


class HealthOut(Wire):
    """State of the process."""

    status: Literal["live", "ready"]


class ProblemOut(Wire):
    """Problem details (RFC 9457)."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "type": "urn:clarion:problem:invalid-request",
                    "title": "The request does not have the expected shape",
                    "status": 422,
                    "detail": "the field 'items' is missing",
                    "pointer": "/items",
                    "request_id": "3f2c9a",
                }
            ]
        },
    )

    type: str
    title: str
    status: int
    detail: str
    pointer: str | None = Field(None, description="JSON Pointer to the part of the body that is wrong")
    request_id: str
