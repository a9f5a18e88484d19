"""One item of a request: read it, or say what is wrong with it without failing its batch."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from service.api.problems import pointer_to


@dataclass(frozen=True)
class Item:
    """A post to score, with what must be echoed."""

    id: str
    text: str
    lang: str | None = None

    def echo(self) -> dict[str, Any]:
        """Repeat what identifies the item in its result."""
        return {"id": self.id} | ({} if self.lang is None else {"lang": self.lang})


@dataclass(frozen=True)
class Refusal:
    """Why an item cannot be scored."""

    id: str | None
    code: str
    detail: str
    pointer: str

    def to_dict(self) -> dict[str, Any]:
        """Wire form."""
        error = {"code": self.code, "detail": self.detail, "pointer": self.pointer}
        return {"id": self.id, "error": error}


def read_item(position: int, raw: object, max_characters: int) -> Item | Refusal:
    """Read one item.

    Parameters
    ----------
    position : int
        Place in the request, for the pointer.
    raw : object
        Whatever the request holds there.
    max_characters : int
        Longest text taken.
    """
    here = pointer_to("items", position)
    if not isinstance(raw, dict):
        return Refusal(None, "not_an_object", "an item must be an object with id and text", here)
    fault = _faulty_id(raw)
    if fault:
        return Refusal(None, *fault, here + "/id")
    fault = _faulty_text(raw, max_characters)
    if fault:
        return Refusal(raw["id"], *fault, here + "/text")
    lang = raw.get("lang")
    if lang is not None and not is_clean_string(lang):
        return Refusal(raw["id"], "invalid_lang", "lang must be a string such as 'ru'", here + "/lang")
    return Item(raw["id"], raw["text"], lang)


def _faulty_id(raw: dict[str, Any]) -> tuple[str, str] | None:
    if "id" not in raw:
        return "missing_id", "give each item an id, so that its result can be told apart"
    if not is_clean_string(raw["id"]):
        return "invalid_id", "id must be a string of valid Unicode"
    return None


def _faulty_text(raw: dict[str, Any], max_characters: int) -> tuple[str, str] | None:
    if "text" not in raw:
        return "missing_text", "the field 'text' is missing"
    text = raw["text"]
    if not isinstance(text, str):
        return "invalid_text", "text must be a string"
    if len(text) > max_characters:
        return "text_too_long", f"{len(text)} characters, at most {max_characters} are taken; score it in parts"
    return None


def is_clean_string(value: object) -> bool:
    """Whether a value is a string that can be echoed."""
    # A lone surrogate cannot be echoed: there is no UTF-8 for it.
    if not isinstance(value, str):
        return False
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True
