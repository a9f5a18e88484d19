"""Apps and clients over a classifier that tests control, and over a real bundle."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, cast

import pytest
from argon2 import PasswordHasher
from fastapi import FastAPI
from starlette.testclient import TestClient

from classifier import Classifier
from service.app import create_app
from service.log import make_logger
from service.security import accounts
from service.settings import Settings, read_settings
from service.store.engine import Store
from tests.service.databases import KINDS, Databases
from tests.service.fakes import FakeClassifier
from tests.service.postgres import server
from tests.service.review.making import Office

URL = "http://127.0.0.1:8000"
KEY = "a-key-that-is-only-for-tests-0123456789"


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(f"CLARION_{name.upper()}", raising=False)


@pytest.fixture(autouse=True, scope="session")
def _quick_passwords() -> Iterator[None]:
    """Hash passwords at no cost; tests make many accounts."""
    quick = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(accounts, "HASHER", quick)
        yield


@pytest.fixture
def fake() -> FakeClassifier:
    return FakeClassifier()


@pytest.fixture
def log_lines() -> io.StringIO:
    return io.StringIO()


@pytest.fixture
def make_app(fake: FakeClassifier, log_lines: io.StringIO) -> Callable[..., FastAPI]:
    def make(**settings: Any) -> FastAPI:
        return create_app(read_settings(**settings), cast("Classifier", fake), make_logger("info", log_lines))

    return make


@pytest.fixture
def client(make_app: Callable[..., FastAPI]) -> Iterator[TestClient]:
    """Trial mode, warmed up."""
    with TestClient(make_app(), base_url=URL) as client:
        yield client


@pytest.fixture
def keyed(make_app: Callable[..., FastAPI]) -> Iterator[TestClient]:
    """A service that needs a key."""
    with TestClient(make_app(api_keys=KEY, allowed_hosts="clarion.test"), base_url="http://clarion.test") as client:
        yield client


@pytest.fixture(scope="session")
def real_app(bundle: Path) -> FastAPI:
    """The service over a small real bundle."""
    return create_app(read_settings(bundle=bundle), log=make_logger("error"))


@pytest.fixture(scope="session")
def real(real_app: FastAPI) -> Iterator[TestClient]:
    with TestClient(real_app, base_url=URL) as client:
        yield client


def logged(stream: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """URL of a real server."""
    with server() as url:
        yield url


@pytest.fixture(scope="session", params=KINDS)
def databases(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Databases:
    """Where fresh databases come from; what uses it is tested on both kinds."""
    url = request.getfixturevalue("postgres") if request.param == "postgresql" else None
    made = Databases(request.param, tmp_path_factory.mktemp("databases"), url)
    made.bring_up()
    return made


@pytest.fixture
def database(databases: Databases) -> str:
    """URL of a fresh database."""
    return databases.fresh()


@pytest.fixture
def store(database: str) -> Iterator[Store]:
    opened = Store(database)
    yield opened
    opened.close()


@pytest.fixture
def office(store: Store) -> Office:
    """Reviewing over a fresh database."""
    return Office.over(store)
