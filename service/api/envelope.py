"""From the bytes of a body to a request that can be scored; the items are looked at one by one later."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Final, Literal, NoReturn

from service.api.problems import Kind, Problem, pointer_to

FIELDS = ("items", "explain", "profile")
STORE: Final = "store"
FULL: Final = "full"
Explain = bool | Literal["full"]
SHOWN = 64


@dataclass(frozen=True)
class ScoreRequest:
    """A request to score some items, its envelope checked."""

    items: list[Any]
    explain: Explain = False
    profile: str | None = None
    store: bool = True


def parse_json(body: bytes) -> object:
    """Parse a body strictly.

    Raises
    ------
    Problem
        400 with the place: the byte for wrong UTF-8, line and column for wrong JSON.
    """
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Problem(Kind.NOT_UTF8, f"byte {error.start} does not fit UTF-8; encode the body as UTF-8") from None
    try:
        return json.loads(text, parse_constant=_refuse_constant)
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        raise Problem(Kind.MALFORMED_JSON, f"{place}: {error.msg.removesuffix(' at')}") from None
    except RecursionError:
        raise Problem(Kind.MALFORMED_JSON, "lists or objects are nested too deeply") from None
    except ValueError:
        # CPython's guard against numbers of thousands of digits; the position is not known.
        raise Problem(Kind.MALFORMED_JSON, "a number has too many digits") from None


def _refuse_constant(name: str) -> NoReturn:
    raise Problem(Kind.MALFORMED_JSON, f"{name} is not a JSON value")


def read_envelope(body: bytes, max_items: int, *, storing: bool = False) -> ScoreRequest:
    """Check everything around the items; `storing` lets a request say whether they are to be kept.

    Raises
    ------
    Problem
        400 for a body that is not JSON, 422 with a pointer for one of the wrong shape.
    """
    envelope = parse_json(body)
    if not isinstance(envelope, dict):
        raise Problem(Kind.INVALID, 'the body must be an object: {"items": [{"id": "1", "text": "…"}]}', "")
    _refuse_unknown(envelope, (*FIELDS, STORE) if storing else FIELDS)
    return ScoreRequest(_items(envelope, max_items), _explain(envelope), _profile(envelope), _store(envelope))


def _refuse_unknown(envelope: dict[str, Any], fields: tuple[str, ...]) -> None:
    for name in envelope:
        if name not in fields:
            known = ", ".join(fields)
            raise Problem(Kind.INVALID, f"unknown field; known are {known}", pointer_to(name[:SHOWN]))


def _items(envelope: dict[str, Any], max_items: int) -> list[Any]:
    if "items" not in envelope:
        raise Problem(Kind.INVALID, "the field 'items' is missing", pointer_to("items"))
    items = envelope["items"]
    if not isinstance(items, list):
        raise Problem(Kind.INVALID, "must be a list of items", pointer_to("items"))
    if len(items) > max_items:
        detail = f"{len(items)} items, at most {max_items} are taken; split them over several requests"
        raise Problem(Kind.INVALID, detail, pointer_to("items"))
    return items


def _explain(envelope: dict[str, Any]) -> Explain:
    explain = envelope.get("explain", False)
    if explain == FULL:
        return FULL
    if not isinstance(explain, bool):
        raise Problem(Kind.INVALID, 'must be true, false or "full"', pointer_to("explain"))
    return explain


def _profile(envelope: dict[str, Any]) -> str | None:
    if "profile" not in envelope:
        return None
    if not isinstance(envelope["profile"], str):
        raise Problem(Kind.INVALID, "must be the name of a profile", pointer_to("profile"))
    return str(envelope["profile"])


def _store(envelope: dict[str, Any]) -> bool:
    store = envelope.get(STORE, True)
    if not isinstance(store, bool):
        raise Problem(Kind.INVALID, "must be true or false", pointer_to(STORE))
    return store
