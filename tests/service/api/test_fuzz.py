"""Whatever is sent, the answer is ours: scores or a problem, never a failure."""

from __future__ import annotations

import json
from typing import Any

from fastapi import FastAPI
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from service.api.models import ItemScored, ProblemOut, ScoreOut

text = st.text(st.characters(codec=None, categories=None), max_size=60)
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | text,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(text, inner, max_size=4),
    max_leaves=12,
)
item = values | st.fixed_dictionaries({}, optional={"id": text | values, "text": text | values, "lang": text | values})
envelope = values | st.fixed_dictionaries(
    {"items": st.lists(item, max_size=5) | values},
    optional={
        "explain": st.booleans() | st.just("full") | values,
        "profile": st.sampled_from(["balanced", "high_recall"]) | values,
    },
)
calmly = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def send(client: TestClient, body: bytes) -> Any:
    answer = client.post("/v1/score", content=body, headers={"Content-Type": "application/json"})
    if answer.status_code == 200:
        return ScoreOut.model_validate_json(answer.content)
    assert answer.status_code in (400, 422)
    return ProblemOut.model_validate_json(answer.content)


@calmly
@given(envelope)
def test_any_json(real: TestClient, body: Any) -> None:
    answer = send(real, json.dumps(body).encode())
    if isinstance(answer, ScoreOut):
        assert len(answer.results) == len(body["items"])


@calmly
@given(st.binary(max_size=200))
@example(b"\x00")
def test_any_bytes(real: TestClient, body: bytes) -> None:
    send(real, body)


@calmly
@given(st.lists(st.text(max_size=200), max_size=5), st.sampled_from([True, "full"]))
def test_any_posts_explained(real: TestClient, real_app: FastAPI, posts: list[str], explain: Any) -> None:
    items = [{"id": str(at), "text": post} for at, post in enumerate(posts)]
    answer = send(real, json.dumps({"items": items, "explain": explain}).encode())
    assert [result.id for result in answer.results] == [item["id"] for item in items]
    for post, result in zip(posts, answer.results, strict=True):
        (alone,) = real_app.state.scorer.classifier.score_each([post])
        if isinstance(result, ItemScored):
            assert {name: score.probability for name, score in result.labels.items()} == {
                name: score.probability for name, score in alone.labels.items()
            }


@calmly
@given(st.text(max_size=200))
def test_any_post_on_the_page(real: TestClient, post: str) -> None:
    assert real.post("/", data={"text": post}).status_code in (200, 422)
