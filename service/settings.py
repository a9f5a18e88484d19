"""Settings of the service: one object, checked when it is made, handed to `create_app`."""

from __future__ import annotations

import ipaddress
import os
import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from classifier.errors import ClarionError
from service.review.policy import Policy
from service.review.priority import Priority

KEY_LENGTH = 32
LOOPBACK_NAMES = ("127.0.0.1", "localhost", "::1")


class SettingsError(ClarionError):
    """A setting is wrong; the message names it and what to type instead."""


def _split(value: object) -> object:
    return [part for part in re.split(r"[,\s]+", value) if part] if isinstance(value, str) else value


def _pairs(value: object) -> object:
    if not isinstance(value, str):
        return value
    parts = [part.partition("=") for part in re.split(r"[,\s]+", value) if part]
    if any(not equals for _, equals, _ in parts):
        raise ValueError("write it as label=share, separated by commas: recruitment=0.02,separatism=0.01")
    return {label: share for label, _, share in parts}


def _long_enough(keys: tuple[SecretStr, ...]) -> tuple[SecretStr, ...]:
    if any(len(key.get_secret_value()) < KEY_LENGTH for key in keys):
        raise ValueError(
            f"each key needs at least {KEY_LENGTH} characters; make one with "
            'python3 -c "import secrets; print(secrets.token_urlsafe(32))"'
        )
    return keys


def _bare_names(names: tuple[str, ...]) -> tuple[str, ...]:
    if any("/" in name or "*" in name for name in names):
        raise ValueError("give plain host names, without scheme, path or wildcard: clarion.example.org")
    return tuple(name.lower().strip("[]") for name in names)


Keys = Annotated[tuple[SecretStr, ...], NoDecode, BeforeValidator(_split), AfterValidator(_long_enough)]
HostNames = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_split), AfterValidator(_bare_names)]
Share = Annotated[float, Field(gt=0, lt=1)]
Shares = Annotated[dict[str, Share], NoDecode, BeforeValidator(_pairs)]
Portion = Annotated[float, Field(ge=0, le=1)]
Weight = Annotated[float, Field(gt=0, le=1000)]
Weights = Annotated[dict[str, Weight], NoDecode, BeforeValidator(_pairs)]
LogLevel = Literal["debug", "info", "warning", "error"]


def _cores() -> int:
    # What this process may use, where the system tells; a container often has fewer than the machine.
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def is_loopback(host: str) -> bool:
    """Whether an address to bind to is reachable from this machine only."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


class Settings(BaseSettings):
    """Everything the service can be told, from arguments or ``CLARION_*`` environment variables.

    Without keys the service is in trial mode: it binds to loopback only and answers loopback names only.
    """

    model_config = SettingsConfigDict(env_prefix="CLARION_", frozen=True, hide_input_in_errors=True)

    host: str = Field("127.0.0.1", description="address to bind to")
    port: int = Field(8000, ge=0, le=65535, description="port to bind to; 0 takes a free one")
    bundle: Path = Field(Path("models/current"), description="directory of the bundle to serve")
    bundle_sha256: str | None = Field(
        None, pattern="^[0-9a-f]{64}$", description="digest the bundle must have, else the service does not start"
    )
    cues: Path | None = Field(None, description="directory of cue files in place of the bundle's copy")
    cues_poll_seconds: float = Field(
        2, ge=0, allow_inf_nan=False, description="time between two looks for changed cue files; 0 for never"
    )
    prevalence: Shares = Field({}, description="share of positives per label to shift the probabilities to")
    profile: str = Field("balanced", description="profile used when a request names none")
    api_keys: Keys = Field((), description="keys that may ask, separated by commas")
    allowed_hosts: HostNames = Field((), description="host names the service answers to, separated by commas")
    max_items: int = Field(1000, ge=1, description="items in one request")
    max_characters: int = Field(10_000, ge=1, description="characters (Unicode code points) in one post")
    max_body_bytes: int = Field(8_000_000, ge=1024, description="bytes in one request's body")
    threads: int = Field(
        default_factory=_cores,
        ge=1,
        description="requests scored at the same time",
    )
    database: SecretStr | None = Field(
        None, description="where posts for review are kept: an SQLite file or postgresql://…; nothing is kept without"
    )
    severity: Weights = Field({}, description="weight of a label in the queue's priority, above 0")
    random_share: Portion = Field(0.005, description="share of all posts read whatever they score")
    low_share: Portion = Field(0.05, description="share of posts somewhat below the floor read besides")
    second_share: Portion = Field(0.05, description="share of decisions read by a second reader, blind")
    golden_share: Portion = Field(0.02, description="share of golden posts among those that a reader takes")
    keep_days: float = Field(90, gt=0, le=36500, description="days that the text of a post nobody decided is kept")
    claim_minutes: float = Field(15, gt=0, le=10_000, description="minutes that a reader has a post to themselves")
    demo: bool = Field(False, description="put the posts of a demonstration into a database that has none")
    log_level: LogLevel = Field("info", description="least severe log lines to write")

    @model_validator(mode="after")
    def _refuse_open_doors(self) -> Settings:
        if self.allowed_hosts and not self.api_keys:
            raise ValueError("allowed_hosts without api_keys would open the trial mode to others: set CLARION_API_KEYS")
        if not is_loopback(self.host) and not (self.api_keys and self.allowed_hosts):
            raise ValueError(
                f"binding to {self.host} lets other machines in: set CLARION_API_KEYS and CLARION_ALLOWED_HOSTS, "
                "or bind to 127.0.0.1"
            )
        return self

    @property
    def trial(self) -> bool:
        """Whether anybody on this machine may ask without a key."""
        return not self.api_keys

    @property
    def policy(self) -> Policy:
        """What reviewing goes by."""
        plain = Priority()
        return Policy(
            priority=replace(plain, severity={**plain.severity, **self.severity}),
            random_share=self.random_share,
            low_share=self.low_share,
            second_share=self.second_share,
            golden_share=self.golden_share,
            keep=timedelta(days=self.keep_days),
            claim=timedelta(minutes=self.claim_minutes),
        )

    @property
    def answered_hosts(self) -> frozenset[str]:
        """Host names a request may be addressed to, lower-case and without port."""
        return frozenset(self.allowed_hosts or LOOPBACK_NAMES)


def read_settings(**overrides: Any) -> Settings:
    """Read the settings from the environment, with arguments taking precedence.

    Parameters
    ----------
    **overrides : object
        Settings by name; those that are None are left to the environment.

    Raises
    ------
    SettingsError
        If a setting is wrong. The message never repeats a value, which may be a secret.
    """
    try:
        return Settings(**{name: value for name, value in overrides.items() if value is not None})
    except ValidationError as error:
        raise SettingsError("; ".join(_describe(item["loc"], item["msg"]) for item in error.errors())) from None


def _describe(location: tuple[int | str, ...], message: str) -> str:
    message = message.removeprefix("Value error, ")
    return f"setting CLARION_{str(location[0]).upper()}: {message}" if location else f"settings: {message}"
