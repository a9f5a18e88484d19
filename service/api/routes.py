"""Routes for platforms. Each one parses and delegates."""

from __future__ import annotations

from enum import Enum
from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from service.api import models
from service.api.body import FORM, JSON, read_body, require_type
from service.api.openapi import described, takes
from service.api.problems import Kind, encode
from service.metrics import CONTENT_TYPE
from service.scoring import Scorer
from service.security.keys import NEEDS_KEY

router = APIRouter()
SCORING: list[str | Enum] = ["Scoring"]
RUNNING: list[str | Enum] = ["Running the service"]


def scorer_of(request: Request) -> Scorer:
    """Find the scorer of the app that a request came to."""
    scorer: Scorer = request.app.state.scorer
    return scorer


@router.post(
    "/v1/score",
    tags=SCORING,
    dependencies=[NEEDS_KEY],
    summary="Score posts",
    description="Nothing is stored. One bad item never fails its batch: it gets its own `error`.",
    responses=described(
        models.ScoreOut,
        Kind.MALFORMED_JSON,
        Kind.UNAUTHORIZED,
        Kind.TOO_LARGE,
        Kind.MEDIA,
        Kind.INVALID,
        Kind.NOT_READY,
    ),
    openapi_extra=takes(models.ScoreIn),
)
async def score(request: Request) -> Response:
    """Score the items of a request."""
    # `curl -d` says FORM unless told otherwise; whatever it says, the body has to be JSON.
    require_type(request, JSON, FORM)
    scorer = scorer_of(request)
    scorer.require_ready()
    body = await read_body(request, scorer.settings.max_body_bytes)
    request.state.bytes = len(body)
    answer = await scorer.answer_soon(body, request.state.request_id)
    request.state.items, request.state.item_errors = answer.items, answer.item_errors
    return Response(answer.body, media_type=JSON)


@router.get(
    "/v1/model",
    tags=SCORING,
    dependencies=[NEEDS_KEY],
    summary="What is serving, and how good it was measured to be",
    responses=described(models.ModelCardOut, Kind.UNAUTHORIZED),
)
async def model(request: Request) -> Response:
    """Describe the bundle."""
    return _json(scorer_of(request).card(request.state.request_id))


@router.get("/v1/limits", tags=SCORING, summary="What one request may hold", responses=described(models.LimitsOut))
async def limits(request: Request) -> Response:
    """Publish the limits."""
    settings = scorer_of(request).settings
    names = models.LimitsOut.model_fields
    return _json({name: getattr(settings, name) for name in names})


@router.get("/health/live", tags=RUNNING, summary="Whether the process answers", responses=described(models.HealthOut))
async def live(_request: Request) -> Response:
    """Say that the event loop is alive."""
    return _json({"status": "live"})


@router.get(
    "/health/ready",
    tags=RUNNING,
    summary="Whether posts can be scored",
    responses=described(models.HealthOut, Kind.NOT_READY),
)
async def ready(request: Request) -> Response:
    """Say whether the bundle is loaded and warm."""
    scorer_of(request).require_ready()
    return _json({"status": "ready"})


@router.get(
    "/metrics",
    tags=RUNNING,
    dependencies=[NEEDS_KEY],
    summary="Counters in Prometheus' text format",
    responses=described(None, Kind.UNAUTHORIZED),
)
async def metrics(request: Request) -> Response:
    """Render the counters."""
    return Response(request.app.state.metrics.render(), headers={"Content-Type": CONTENT_TYPE})


def _json(value: dict[str, Any]) -> Response:
    return Response(encode(value), media_type=JSON)
