"""The wire contract of posts for review; see `service.api.models`."""

from __future__ import annotations

from typing import Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from service.api.models import ItemIn, ItemRefused, ItemScored, ModelOut, ProfileOut, Wire
from service.api.postitems import LONGEST, LONGEST_ID, MOST_REACH, PLATFORM

ReportSource = Literal["user", "trusted_flagger", "authority"]
StateName = Literal["queued", "copy", "second", "dispute", "escalated", "appealed", "decided", "expired"]
OutcomeName = Literal["confirm", "not_an_appeal", "unsure", "escalate", "skip"]


class PostIn(ItemIn):
    """A post to score and queue. Other fields are ignored."""

    id: str = Field(description="the platform's id of the post", min_length=1, max_length=LONGEST_ID)
    platform: str = Field(description="where the post is", pattern=f"^{PLATFORM.pattern}$")
    author: str | None = Field(None, description="a pseudonym", max_length=LONGEST["author"])
    created_at: AwareDatetime | None = None
    url: str | None = Field(None, max_length=LONGEST["url"])
    reach: int | None = Field(None, description="how many have seen it", ge=0, le=MOST_REACH)
    parent_text: str | None = Field(
        None, description="what it answers; shown, never scored", max_length=LONGEST["parent_text"]
    )
    due_at: AwareDatetime | None = Field(None, description="by when somebody must have decided")
    report_source: ReportSource | None = Field(None, description="who reported it")


class PostsIn(BaseModel):
    """Posts to score and queue together."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "items": [
                        {"platform": "forum", "id": "17", "text": "Join our unit, write me in private", "reach": 900}
                    ]
                }
            ]
        },
    )

    items: list[PostIn] = Field(description="at most as many as /v1/limits says")
    explain: bool | Literal["full"] = False
    profile: str = Field("balanced", description="its thresholds are the floor of the queue")
    store: bool = Field(True, description="false: score only, keep nothing")


class PostTaken(ItemScored):
    """The scores of one post, and what became of it."""

    outcome: Literal["new", "edited", "known", "below_floor", "not_stored"]
    state: StateName | None = Field(description="null where nothing was kept")


class PostsOut(Wire):
    """Results in the order and number of the items."""

    request_id: str
    model: ModelOut
    cues_sha256: str
    policy_version: str
    profile: ProfileOut
    results: list[PostTaken | ItemRefused]


class PastScore(Wire):
    """What the present text of a post scored when it came in."""

    probability: float = Field(ge=0, le=1)
    threshold: float
    flagged: bool


class VerdictOut(Wire):
    """What a reviewer said of one label."""

    outcome: OutcomeName
    reason: str | None = Field(description="a kind of post of the labelling guide")
    route: str | None = Field(description="of confirmed recruitment: into what")
    means: str | None = Field(description="of confirmed separatism: by what means; peaceful is lawful in most places")


class DecisionOut(Wire):
    """What stands."""

    decided_at: AwareDatetime
    stage: Literal["first", "second", "adjudication", "appeal"]
    labels: dict[str, VerdictOut]
    person_at_risk: bool
    threat_to_life: bool


class PostOut(Wire):
    """Where a post stands."""

    request_id: str
    platform: str
    id: str
    state: StateName
    received_at: AwareDatetime
    due_at: AwareDatetime | None
    detected_lang: str
    version: int = Field(description="1, and one more with every other text")
    labels: dict[str, PastScore]
    model: ModelOut
    cues_sha256: str
    policy_version: str
    decision: DecisionOut | None = Field(description="once it is decided")
