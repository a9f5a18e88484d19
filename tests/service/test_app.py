"""A bundle that cannot be served is refused before anything answers, and nothing happens at import time."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from classifier import ClarionError
from service.app import create_app
from service.settings import read_settings
from tests.service.conftest import URL

POST = {"items": [{"id": "1", "text": "Вступай в отряд, пиши в личку"}]}


@pytest.mark.parametrize(
    "given",
    [
        {"bundle": Path("nowhere")},
        {"bundle_sha256": "0" * 64},
        {"cues": Path("nowhere")},
        {"prevalence": {"weather": 0.1}},
        {"profile": "strict"},
    ],
)
def test_what_cannot_be_served_is_refused_at_once(bundle: Path, given: dict[str, Any]) -> None:
    with pytest.raises(ClarionError):
        create_app(read_settings(**{"bundle": bundle} | given))


def test_pinned_bundle_is_served(bundle: Path, real: TestClient) -> None:
    digest = real.get("/v1/model").json()["model"]["sha256"]
    create_app(read_settings(bundle=bundle, bundle_sha256=digest))


def test_prevalence_shifts_the_probability(bundle: Path, real: TestClient) -> None:
    def probability(client: TestClient) -> float:
        labels = client.post("/v1/score", json=POST).json()["results"][0]["labels"]
        return float(labels["recruitment"]["probability"])

    with TestClient(create_app(read_settings(bundle=bundle, prevalence={"recruitment": 0.0001})), base_url=URL) as rare:
        assert probability(rare) < probability(real)


def test_import_loads_no_model() -> None:
    code = "import sys, service.app, service.settings; print(*sorted({'numba', 'numpy', 'sklearn'} & set(sys.modules)))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.split() == []
