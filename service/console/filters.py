"""Which cards a list shows, as it stands in the address: to be kept as a bookmark, or sent to a colleague."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final
from urllib.parse import urlencode

from service.console.visit import Fields
from service.review.priority import BANDS
from service.review.queue import Filters, Place
from service.review.words import Desk, Source, State

NAMES: Final = ("desk", "state", "label", "lang", "source", "platform", "band", "campaign")


def read_filters(query: Fields, labels: Sequence[str]) -> Filters:
    """Filters of an address; what is not known is not filtered by."""
    given = {name: query.get(name, "") for name in NAMES}
    return Filters(
        desk=Desk(given["desk"]) if given["desk"] in set(Desk) else Desk.REVIEW,
        state=State(given["state"]) if given["state"] in set(State) else None,
        label=given["label"] if given["label"] in labels else None,
        lang=given["lang"] or None,
        source=given["source"] if given["source"] in set(Source) else None,
        platform=given["platform"] or None,
        band=_number(given["band"], BANDS),
        campaign=_number(given["campaign"], 2**62),
    )


def _number(given: str, below: int) -> int | None:
    fits = given.isascii() and given.isdigit() and len(given) < 20 and int(given) < below
    return int(given) if fits else None


def chosen(filters: Filters) -> dict[str, str]:
    """What is filtered by, as it stands in an address."""
    values = {name: getattr(filters, name) for name in NAMES}
    if filters.desk is Desk.REVIEW:
        values["desk"] = None
    return {name: str(value) for name, value in values.items() if value is not None}


def address(path: str, filters: Filters, more: Mapping[str, object] | None = None) -> str:
    """An address with filters and what else it says."""
    query = urlencode(chosen(filters) | {name: str(value) for name, value in (more or {}).items()})
    return f"{path}?{query}" if query else path


def read_place(text: str | None) -> Place | None:
    """Where a page of the list begins; None for the first page."""
    try:
        due, rank, post_id = (text or "").split("_")
        return Place(int(due), float(rank), int(post_id))
    except ValueError:
        return None


def write_place(place: Place) -> str:
    """A place as it stands in an address."""
    return f"{place.due_key}_{place.rank!r}_{place.id}"
