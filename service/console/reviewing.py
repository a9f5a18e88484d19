"""All pages of reviewing, put together."""

from __future__ import annotations

from typing import Final

from fastapi import FastAPI

from service.console import dashboard, deciding, finding, listing, people, signing
from service.console.doors import add_pages
from service.console.visit import Route, Site

PAGES: Final[tuple[Route, ...]] = (
    *signing.PAGES,
    *listing.PAGES,
    *deciding.PAGES,
    *finding.PAGES,
    *dashboard.PAGES,
    *people.PAGES,
)


def add_reviewing(app: FastAPI) -> None:
    """Add the pages to an app that keeps posts."""
    state = app.state
    add_pages(app, Site(state.settings, state.scorer, state.review), PAGES)
