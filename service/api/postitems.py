"""One item of a request that brings posts for review: a post to score, and what its platform knows of it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from service.api.items import Item, Refusal, is_clean_string, read_item
from service.api.problems import pointer_to
from service.review.arrivals import Arrival
from service.review.words import Source

PLATFORM: Final = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")
LONGEST_ID: Final = 512
LONGEST: Final = {"author": 512, "url": 2048, "parent_text": 10_000}
MOST_REACH: Final = 10**12
SOURCES: Final = tuple(source.value for source in Source if source is not Source.NONE)


@dataclass(frozen=True)
class PostItem(Item):
    """A post to score and to keep.

    Parameters
    ----------
    arrival : Arrival or None
        The post as the store takes it.
    """

    arrival: Arrival | None = None


def read_post_item(position: int, raw: object, max_characters: int) -> PostItem | Refusal:
    """Read one item; see `read_item`."""
    item = read_item(position, raw, max_characters)
    if isinstance(item, Refusal) or not isinstance(raw, dict):
        return item if isinstance(item, Refusal) else Refusal(None, "not_an_object", "an item must be an object", "")
    for name, fault in CHECKS.items():
        detail = fault(raw, name)
        if detail:
            return Refusal(item.id, f"invalid_{name}", detail, pointer_to("items", position, name))
    return PostItem(item.id, item.text, item.lang, _arrival(raw))


def _arrival(raw: dict[str, Any]) -> Arrival:
    return Arrival(
        platform=raw["platform"],
        id=raw["id"],
        text=raw["text"],
        author=raw.get("author"),
        url=raw.get("url"),
        parent_text=raw.get("parent_text"),
        created_at=_moment(raw.get("created_at")),
        due_at=_moment(raw.get("due_at")),
        reach=raw.get("reach") or 0,
        source=Source(raw.get("report_source") or Source.NONE),
    )


def _moment(value: str | None) -> datetime | None:
    return None if value is None else datetime.fromisoformat(value).astimezone(UTC)


def _faulty_platform(raw: dict[str, Any], name: str) -> str | None:
    value = raw.get(name)
    if not isinstance(value, str) or not PLATFORM.fullmatch(value):
        return "name the platform: lower-case letters, digits, '.', '_' and '-', 64 at most"
    return None


def _faulty_id(raw: dict[str, Any], name: str) -> str | None:
    fits = 0 < len(raw[name]) <= LONGEST_ID and "\0" not in raw[name]
    return None if fits else f"an id has 1 to {LONGEST_ID} characters, none of them NUL"


def _faulty_text(raw: dict[str, Any], name: str) -> str | None:
    value, longest = raw.get(name), LONGEST[name]
    if value is None or (is_clean_string(value) and len(value) <= longest and "\0" not in value):
        return None
    return f"must be a string of valid Unicode without NUL, {longest} characters at most"


def _faulty_moment(raw: dict[str, Any], name: str) -> str | None:
    value = raw.get(name)
    if value is None:
        return None
    try:
        fits = isinstance(value, str) and datetime.fromisoformat(value).utcoffset() is not None
        if fits:
            datetime.fromisoformat(value).astimezone(UTC)
    except (ValueError, OverflowError):
        fits = False
    return None if fits else "must be a time with its zone, such as 2026-03-01T12:00:00Z"


def _faulty_reach(raw: dict[str, Any], name: str) -> str | None:
    value = raw.get(name)
    if value is None or (isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= MOST_REACH):
        return None
    return f"must be a whole number of views, from 0 to {MOST_REACH}"


def _faulty_source(raw: dict[str, Any], name: str) -> str | None:
    value = raw.get(name)
    return None if value is None or value in SOURCES else f"must be one of {', '.join(SOURCES)}"


CHECKS: Final[dict[str, Callable[[dict[str, Any], str], str | None]]] = {
    "id": _faulty_id,
    "platform": _faulty_platform,
    "author": _faulty_text,
    "url": _faulty_text,
    "parent_text": _faulty_text,
    "created_at": _faulty_moment,
    "due_at": _faulty_moment,
    "reach": _faulty_reach,
    "report_source": _faulty_source,
}
