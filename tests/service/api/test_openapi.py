"""The description at /openapi.json, and the page that shows it."""

from __future__ import annotations

import re
from typing import Any

import pytest
from starlette.testclient import TestClient

from classifier.model import REASONS


@pytest.fixture
def description(client: TestClient) -> Any:
    return client.get("/openapi.json").json()


def references(node: Any) -> set[str]:
    if isinstance(node, dict):
        own = {node["$ref"]} if isinstance(node.get("$ref"), str) else set()
        return own.union(*map(references, node.values()))
    return set().union(*map(references, node)) if isinstance(node, list) else set()


def test_references_resolve(description: Any) -> None:
    known = {f"#/components/schemas/{name}" for name in description["components"]["schemas"]}
    assert references(description) <= known


def test_request_answer_and_problems_are_described(description: Any) -> None:
    score = description["paths"]["/v1/score"]["post"]
    assert score["requestBody"]["content"]["application/json"]["schema"]["$ref"].endswith("ScoreIn")
    assert score["responses"]["200"]["content"]["application/json"]["schema"]["$ref"].endswith("ScoreOut")
    for status in ("400", "401", "405", "413", "415", "421", "422", "500", "503"):
        (kind,) = score["responses"][status]["content"]
        assert kind == "application/problem+json"
    assert description["components"]["schemas"]["ScoreIn"]["examples"]
    assert description["components"]["schemas"]["ProblemOut"]["examples"]


def test_full_evidence_is_described(description: Any) -> None:
    schemas = description["components"]["schemas"]
    explain = schemas["ScoreIn"]["properties"]["explain"]
    assert [one.get("type") for one in explain["anyOf"]] == ["boolean", "string"]
    assert explain["anyOf"][1]["const"] == "full"
    assert explain["default"] is False
    assert set(schemas["Counterfactual"]["properties"]) == {"spans", "probability"}
    assert set(schemas["Words"]["properties"]) == {"start", "end", "text"}
    assert set(schemas["NearestOut"]["properties"]) == {"text", "lang", "category", "labels", "similarity"}
    held = {
        name: {reference.rpartition("/")[2] for reference in references(schemas[name])}
        for name in ("EvidenceOut", "ItemScored", "Counterfactual")
    }
    assert "Counterfactual" in held["EvidenceOut"]
    assert {"NearestOut", "Resemblance"} <= held["ItemScored"]
    assert held["Counterfactual"] == {"Words"}


def test_every_reason_to_doubt_is_described(description: Any) -> None:
    reason = description["components"]["schemas"]["LabelScoreOut"]["properties"]["reason"]
    assert set(reason["anyOf"][0]["enum"]) == set(REASONS)


def test_example_can_be_sent(client: TestClient, description: Any) -> None:
    (example,) = description["components"]["schemas"]["ScoreIn"]["examples"]
    assert client.post("/v1/score", json=example).status_code == 200


def test_docs_load_nothing_from_elsewhere(client: TestClient) -> None:
    page = client.get("/docs").text
    loaded = re.findall(r'(?:src|href)="([^"]+)"', page)
    assert len(loaded) >= 4
    for address in loaded:
        assert client.get(address).status_code == 200
    assert not re.search(r"<script(?![^>]*src)", page)
