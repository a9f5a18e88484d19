"""All pages of reviewing, put together."""

from __future__ import annotations

from typing import Final

import anyio.from_thread
from fastapi import FastAPI

from service.console import cuepages, dashboard, deciding, finding, listing, people, signing
from service.console.doors import add_pages
from service.console.visit import Route, Site
from service.reload import CueWatch

PAGES: Final[tuple[Route, ...]] = (
    *signing.PAGES,
    *listing.PAGES,
    *deciding.PAGES,
    *finding.PAGES,
    *dashboard.PAGES,
    *cuepages.PAGES,
    *people.PAGES,
)


def add_reviewing(app: FastAPI) -> None:
    """Add the pages to an app that keeps posts."""
    state = app.state
    site = Site(state.settings, state.scorer, state.review, lambda: reload_cues(state.cue_watch))
    add_pages(app, site, PAGES)


def reload_cues(watch: CueWatch | None) -> None:
    """Have changed cue files taken up now; from a worker thread."""
    if watch is not None:
        anyio.from_thread.run_sync(watch.ask)
