"""Settings are checked when they are made, and their messages repeat no secret."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from service.settings import SettingsError, is_loopback, read_settings
from tests.service.conftest import KEY


def test_defaults_are_the_trial_mode() -> None:
    settings = read_settings()
    assert (settings.host, settings.port, settings.bundle) == ("127.0.0.1", 8000, Path("models/current"))
    assert settings.trial
    assert settings.answered_hosts == {"127.0.0.1", "localhost", "::1"}
    assert (settings.max_items, settings.max_characters, settings.max_body_bytes) == (1000, 10_000, 8_000_000)


def test_environment_is_read_and_arguments_win(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLARION_PORT", "9000")
    monkeypatch.setenv("CLARION_API_KEYS", f"{KEY}, {KEY}2")
    monkeypatch.setenv("CLARION_ALLOWED_HOSTS", "Clarion.test,[::1]")
    monkeypatch.setenv("CLARION_PREVALENCE", "recruitment=0.02, separatism=0.01")
    settings = read_settings(host="0.0.0.0", port=None)
    assert (settings.port, settings.trial) == (9000, False)
    assert len(settings.api_keys) == 2
    assert settings.answered_hosts == {"clarion.test", "::1"}
    assert settings.prevalence == {"recruitment": 0.02, "separatism": 0.01}
    assert read_settings(port=1).port == 1


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"host": "0.0.0.0"}, "CLARION_API_KEYS and CLARION_ALLOWED_HOSTS"),
        ({"host": "::"}, "other machines"),
        ({"host": "example.org"}, "other machines"),
        ({"host": "0.0.0.0", "api_keys": KEY}, "CLARION_ALLOWED_HOSTS"),
        ({"host": "0.0.0.0", "allowed_hosts": "clarion.test"}, "CLARION_API_KEYS"),
        ({"allowed_hosts": "clarion.test"}, "CLARION_API_KEYS"),
        ({"api_keys": "short-secret"}, "at least 32 characters"),
        ({"allowed_hosts": "https://clarion.test/", "api_keys": KEY}, "CLARION_ALLOWED_HOSTS"),
        ({"allowed_hosts": "*", "api_keys": KEY}, "plain host names"),
        ({"port": "http"}, "CLARION_PORT"),
        ({"port": 70_000}, "CLARION_PORT"),
        ({"bundle_sha256": "abc"}, "CLARION_BUNDLE_SHA256"),
        ({"prevalence": "0.02"}, "label=share"),
        ({"prevalence": "recruitment=2"}, "CLARION_PREVALENCE"),
        ({"log_level": "loud"}, "CLARION_LOG_LEVEL"),
        ({"max_items": 0}, "CLARION_MAX_ITEMS"),
        ({"threads": 0}, "CLARION_THREADS"),
        ({"cues_poll_seconds": -1}, "CLARION_CUES_POLL_SECONDS"),
        ({"cues_poll_seconds": "inf"}, "CLARION_CUES_POLL_SECONDS"),
    ],
)
def test_wrong_settings_are_named(given: dict[str, Any], message: str) -> None:
    with pytest.raises(SettingsError) as error:
        read_settings(**given)
    assert message in str(error.value)
    assert "\n" not in str(error.value)


def test_keys_are_in_no_message() -> None:
    with pytest.raises(SettingsError) as error:
        read_settings(host="0.0.0.0", api_keys=f"{KEY},short-secret")
    assert "short-secret" not in str(error.value)
    assert KEY not in str(error.value)
    assert KEY not in repr(read_settings(api_keys=KEY))


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("127.0.0.1", True),
        ("127.1.2.3", True),
        ("::1", True),
        ("localhost", True),
        ("0.0.0.0", False),
        ("a.test", False),
    ],
)
def test_loopback(host: str, expected: bool) -> None:
    assert is_loopback(host) is expected
