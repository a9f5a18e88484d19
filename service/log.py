"""Structured log lines on standard error, from which post text is kept out by construction."""

from __future__ import annotations

import json
import logging
import sys
import traceback
from collections.abc import MutableMapping
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, TextIO

import structlog

# An allow-list, so that a careless `log.info(..., text=post)` cannot leak: what is not named here is dropped.
KEPT = frozenset(
    (
        *("event", "level", "timestamp", "error", "frames"),
        *("request_id", "method", "route", "status", "milliseconds", "bytes", "items", "item_errors"),
        *("model", "version", "sha256", "trial"),
        *("outcome", "cues_sha256", "fault"),  # a fault of a cue file: its place and its words, never a post
    )
)

INNERMOST = 8


def keep_only_known(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Drop every key that may hold text, a key or a query string (a structlog processor)."""
    return {key: value for key, value in event.items() if key in KEPT}


def make_logger(level: str, stream: TextIO | None = None) -> Any:
    """Make a logger of JSON lines; nothing global is configured.

    Parameters
    ----------
    level : str
        Least severe level to write.
    stream : TextIO, optional
        Where to write; standard error by default.
    """
    return structlog.wrap_logger(
        structlog.WriteLogger(stream or sys.stderr),
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            keep_only_known,
            structlog.processors.JSONRenderer(ensure_ascii=True),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(level.upper())),
    )


def frames(trace: TracebackType | None) -> list[str]:
    """Where an exception came from, without its message, which might quote a post."""
    stack = traceback.extract_tb(trace)[-INNERMOST:]
    return ["{}/{}:{} {}".format(*Path(frame.filename).parts[-2:], frame.lineno, frame.name) for frame in stack]


class JsonFormatter(logging.Formatter):
    """Formats the web server's own messages like ours."""

    def format(self, record: logging.LogRecord) -> str:
        """Render one record as a JSON line, exceptions without their message."""
        line: dict[str, Any] = {
            "event": record.getMessage(),
            "level": record.levelname.lower(),
            "timestamp": datetime.fromtimestamp(record.created, UTC).isoformat(),
        }
        if record.exc_info and record.exc_info[0]:
            line |= {"error": record.exc_info[0].__name__, "frames": frames(record.exc_info[2])}
        return json.dumps(line)


def server_log_config(level: str) -> dict[str, Any]:
    """Configure uvicorn's own logging: warnings and errors as JSON lines, no access log."""
    severity = "DEBUG" if level == "debug" else "WARNING"
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"json": {"()": "service.log.JsonFormatter"}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
        "loggers": {"uvicorn": {"handlers": ["stderr"], "level": severity, "propagate": False}},
    }
