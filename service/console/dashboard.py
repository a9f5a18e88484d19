"""The page of figures: how reviewing goes, as plots and as tables to take along."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from sqlalchemy.engine import Connection
from starlette.responses import Response, StreamingResponse

from service.console.listing import band_names
from service.console.visit import Route, Visit
from service.review import figures, queue
from service.review.export import decided
from service.review.golden import Tried, tried
from service.review.words import DESK_OF, Desk, Role, State

HOURS: Final = 48
RECENT: Final = timedelta(days=7)
FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
Row = Sequence[object]


@dataclass(frozen=True)
class Table:
    """One table of figures, as it is taken along."""

    columns: tuple[str, ...]
    rows: Callable[[Connection, datetime], Iterator[Row]]


def _waiting(connection: Connection, now: datetime) -> Iterator[Row]:
    del now
    for state in queue.depth(connection):
        yield state.state, state.posts, state.oldest and state.oldest.isoformat()


def _hours(connection: Connection, now: datetime) -> Iterator[Row]:
    for hour, made in figures.by_hour(connection, now, HOURS):
        yield hour.isoformat(), made


def _pace(connection: Connection, now: datetime) -> Iterator[Row]:
    yield figures.pace(connection, now - RECENT)


def _precision(connection: Connection, now: datetime) -> Iterator[Row]:
    del now
    for one in figures.precision(connection):
        share = figures.Share.of(one.confirmed, one.judged)
        yield one.label, band_names()[one.band], one.judged, one.confirmed, share.value, share.low, share.high


def _agreement(connection: Connection, now: datetime) -> Iterator[Row]:
    del now
    yield from figures.agreement(connection)


def _golden(connection: Connection, now: datetime) -> Iterator[Row]:
    del now
    yield from tried(connection)


def _missed(connection: Connection, now: datetime) -> Iterator[Row]:
    del now
    for one in figures.missed(connection):
        share = one.share
        yield one.label, share.tries, share.hits, share.value, share.low, share.high, one.stands_for


def _drift(connection: Connection, now: datetime) -> Iterator[Row]:
    found = figures.drift(connection, now)
    if found is not None:
        yield found


TABLES: Final[Mapping[str, Table]] = {
    "waiting": Table(("state", "posts", "oldest"), _waiting),
    "hours": Table(("hour", "decisions"), _hours),
    "pace": Table(("decisions", "median_seconds", "slowest_tenth_from_seconds"), _pace),
    "precision": Table(("label", "band", "judged", "confirmed", "share", "low", "high"), _precision),
    "agreement": Table(("label", "read_twice", "same", "kappa"), _agreement),
    "golden": Table(("reader", "read", "same"), _golden),
    "missed": Table(("label", "sampled", "confirmed", "share", "low", "high", "stands_for"), _missed),
    "drift": Table(("posts", "posts_before", "psi", "by_chance"), _drift),
}


def dashboard(visit: Visit) -> Response:
    """The page of figures."""
    now, review = datetime.now(UTC), visit.site.review
    filed, settled, changed = review.appeals.outcomes()
    with review.store.read() as connection:
        hours = figures.by_hour(connection, now, HOURS)
        depth = {state.state: state for state in queue.depth(connection)}
        waiting = [one.oldest for name, one in depth.items() if DESK_OF[State(name)] is Desk.REVIEW and one.oldest]
        shown: dict[str, Any] = {
            "depth": depth,
            "oldest": min(waiting, default=None),
            "hours": hours,
            "most": max(made for _, made in hours),
            "pace": figures.pace(connection, now - RECENT),
            "precision": _with_shares(figures.precision(connection)),
            "agreement": figures.agreement(connection),
            "golden": _golden_for(visit, connection),
            "missed": figures.missed(connection),
            "drift": figures.drift(connection, now),
        }
    overturned = figures.Share.of(changed, settled)
    return visit.show(
        "figures.html", bands=band_names(), filed=filed, overturned=overturned, recent=RECENT.days, **shown
    )


def _golden_for(visit: Visit, connection: Connection) -> list[Tried]:
    """How readers fared with golden posts: all for a lead, else one's own."""
    every = visit.reader.role.at_least(Role.LEAD)
    return [one for one in tried(connection) if every or one.reader == visit.reader.pseudonym]


def _with_shares(found: Sequence[figures.Precision]) -> dict[str, list[tuple[figures.Precision, figures.Share]]]:
    by_label: dict[str, list[tuple[figures.Precision, figures.Share]]] = {}
    for one in found:
        by_label.setdefault(one.label, []).append((one, figures.Share.of(one.confirmed, one.judged)))
    return by_label


def table(visit: Visit) -> Response:
    """One table as CSV, for a spreadsheet."""
    name = visit.path["name"]
    # What is told of single readers is for leads; one's own is on the page.
    if name not in TABLES or (name == "golden" and not visit.reader.role.at_least(Role.LEAD)):
        return visit.show("notice.html", 404, code=404, fault=visit.words.say("There is no such table."))
    asked = TABLES[name]
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\n")
    writer.writerow(asked.columns)
    with visit.site.review.store.read() as connection:
        writer.writerows([_cell(value) for value in row] for row in asked.rows(connection, datetime.now(UTC)))
    headers = {"Content-Disposition": f'attachment; filename="clarion-{name}.csv"'}
    return Response(written.getvalue(), media_type="text/csv; charset=utf-8", headers=headers)


def _cell(value: object) -> object:
    """A value as a spreadsheet may have it: text that it would run gets an apostrophe in front."""
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value


def decisions(visit: Visit) -> Response:
    """Decisions that stand, as `clarion export decisions` writes them."""
    store = visit.site.review.store

    def lines() -> Iterator[str]:
        with store.read() as connection:
            for row in decided(connection):
                yield json.dumps(row, ensure_ascii=False) + "\n"

    headers = {"Content-Disposition": 'attachment; filename="decisions.jsonl"'}
    return StreamingResponse(lines(), media_type="application/jsonl; charset=utf-8", headers=headers)


PAGES: Final = (
    Route("GET", "/review/figures", Role.VIEWER, dashboard),
    Route("GET", "/review/figures/{name}.csv", Role.VIEWER, table),
    Route("GET", "/review/decisions.jsonl", Role.LEAD, decisions),
)
