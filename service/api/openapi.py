"""The description of the API at /openapi.json, made from the models."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from service.api.models import ProblemOut, ScoreIn
from service.api.postmodels import PostsIn
from service.api.problems import MEDIA_TYPE, Kind

REF = "#/components/schemas/{model}"
ALWAYS = (Kind.METHOD, Kind.MISDIRECTED, Kind.INTERNAL)
DESCRIPTION = """Flags posts that may be appeals to join a foreign war or to break up a state, for a person to review.

A score is a likelihood, not a severity. A flag is no evidence of an offence, and separatist speech is often lawful.
Offsets count Unicode code points of the text as sent; `end` is exclusive. Every error is problem details (RFC 9457).
"""


def described(answer: type[BaseModel] | None, *kinds: Kind) -> dict[int | str, dict[str, Any]]:
    """Describe a route's answers: the good one and each kind of problem."""
    good: dict[str, Any] = {"description": "Done"}
    if answer is None:
        good["content"] = {"text/plain": {"schema": {"type": "string"}}}
    else:
        good["model"] = answer
    answers: dict[int | str, dict[str, Any]] = {kind.status: _problem(kind) for kind in (*kinds, *ALWAYS)}
    return {200: good} | answers


def _problem(kind: Kind) -> dict[str, Any]:
    return {"description": kind.title, "content": {MEDIA_TYPE: {"schema": {"$ref": REF.format(model="ProblemOut")}}}}


def takes(body: type[BaseModel]) -> dict[str, Any]:
    """Describe the body of a route that reads it by hand."""
    schema = {"$ref": REF.format(model=body.__name__)}
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": schema}}}}


def describe(app: FastAPI, *, keyed: bool) -> dict[str, Any]:
    """Build the description.

    Parameters
    ----------
    app : FastAPI
        The app with its routes.
    keyed : bool
        Whether routes need a key.
    """
    description = get_openapi(title=app.title, version=app.version, description=DESCRIPTION, routes=app.routes)
    schemas = description.setdefault("components", {}).setdefault("schemas", {})
    _, extra = models_json_schema(
        [(ScoreIn, "validation"), (PostsIn, "validation"), (ProblemOut, "serialization")], ref_template=REF
    )
    schemas.update(extra["$defs"])
    if keyed:
        _add_keys(description)
    return description


def _add_keys(description: dict[str, Any]) -> None:
    description["components"]["securitySchemes"] = {
        "bearer": {"type": "http", "scheme": "bearer"},
        "key": {"type": "apiKey", "in": "header", "name": "X-API-Key"},
    }
    for path in description["paths"].values():
        for operation in path.values():
            if str(Kind.UNAUTHORIZED.status) in operation["responses"]:
                operation["security"] = [{"bearer": []}, {"key": []}]
