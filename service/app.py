"""The app: built from settings, nothing at import time."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from functools import cache
from typing import TYPE_CHECKING, Any

import anyio
from fastapi import FastAPI
from starlette.exceptions import HTTPException

from classifier import __version__
from service.api.openapi import describe
from service.api.postroutes import router as post_router
from service.api.problems import Problem, handle_problem
from service.api.routes import router
from service.console.pages import add_console
from service.console.reviewing import add_reviewing
from service.drain import Drain
from service.log import make_logger
from service.metrics import Metrics
from service.posting import Posting, scorer_name
from service.reload import CueWatch
from service.review.demo import fill
from service.review.desk import Review
from service.review.retention import expire
from service.scoring import Scorer
from service.security.headers import SecurityHeaders
from service.security.hosts import HostGuard
from service.security.keys import Keyring
from service.store.engine import Store
from service.telemetry import Telemetry

if TYPE_CHECKING:
    from classifier import Classifier
    from service.settings import Settings

EXPIRE_EVERY = 600  # seconds between two looks for posts that waited too long


def create_app(settings: Settings, classifier: Classifier | None = None, log: Any = None) -> FastAPI:
    """Build the service.

    Parameters
    ----------
    settings : Settings
        Everything it is told.
    classifier : Classifier, optional
        What scores; by default the bundle that the settings name is loaded.
    log : object, optional
        A structlog logger; by default JSON lines on standard error.

    Raises
    ------
    ClarionError
        If the bundle or its cues cannot be used, before anything is served.
    """
    metrics, log = Metrics(), log or make_logger(settings.log_level)
    scorer = Scorer(classifier or load(settings), settings, metrics)
    app = FastAPI(
        title="Clarion",
        version=__version__,
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        redirect_slashes=False,
        lifespan=lambda app: _lifespan(app, log),
    )
    app.state.settings, app.state.scorer, app.state.metrics = settings, scorer, metrics
    app.state.keyring = Keyring(key.get_secret_value() for key in settings.api_keys)
    review = open_review(settings, scorer.classifier.labels)
    app.state.posting = posting = Posting(scorer, review)
    app.state.find_key, app.state.review = posting.find_key, review
    app.include_router(router)
    app.include_router(post_router)
    add_console(app)
    if review is not None:
        add_reviewing(app)
    # Made when it is first asked for: it takes longer than everything else here.
    app.state.describe = cache(lambda: describe(app, keyed=not settings.trial))
    _wrap(app, settings, metrics, log)
    return app


def open_review(settings: Settings, labels: Sequence[str]) -> Review | None:
    """Where posts for review are kept; None when the settings name no database.

    Raises
    ------
    ClarionError
        When the database is of a kind that is not known. One that is away just now is waited for.
    """
    if settings.database is None:
        return None
    return Review(Store(settings.database.get_secret_value()), settings.policy, labels)


def load(settings: Settings) -> Classifier:
    """Load the bundle that the settings name."""
    from classifier import Classifier

    return Classifier.load(
        settings.bundle,
        cues=settings.cues,
        sha256=settings.bundle_sha256,
        prevalence=settings.prevalence or None,
    )


@asynccontextmanager
async def _lifespan(app: FastAPI, log: Any) -> AsyncIterator[None]:
    scorer: Scorer = app.state.scorer
    await scorer.warm_up()
    served, settings = scorer.classifier, scorer.settings
    log.info("ready", model=served.name, version=served.version, sha256=served.sha256, trial=settings.trial)
    async with anyio.create_task_group() as tasks:
        if settings.cues:
            watch = CueWatch(scorer, settings.cues, settings.cues_poll_seconds, app.state.metrics, log)
            tasks.start_soon(watch.run)
        if app.state.review:
            if settings.demo:
                await _show_demo(app.state.posting, scorer, log)
            tasks.start_soon(_expire, app.state.posting, log)
        yield
        tasks.cancel_scope.cancel()
    scorer.ready = False
    if app.state.review:
        app.state.review.store.close()


async def _show_demo(posting: Posting, scorer: Scorer, log: Any) -> None:
    served, profile = scorer.classifier, scorer.settings.profile

    def score(texts: Sequence[str]) -> Any:
        return served.score(list(texts), profile=profile)

    try:
        shown = await posting.run(fill, posting.review, score, scorer_name(served, profile))
    except Problem:
        log.warning("database away")
    else:
        log.info("demonstration", items=shown)


async def _expire(posting: Posting, log: Any) -> None:
    while True:
        try:
            await posting.run(expire, posting.review.store)
        except Problem:
            log.warning("database away")
        await anyio.sleep(EXPIRE_EVERY)


def _wrap(app: FastAPI, settings: Settings, metrics: Metrics, log: Any) -> None:
    app.add_exception_handler(Problem, handle_problem)
    app.add_exception_handler(HTTPException, handle_problem)
    # The last one added is the outermost.
    app.add_middleware(HostGuard, names=settings.answered_hosts)
    app.add_middleware(Telemetry, metrics=metrics, log=log)
    app.add_middleware(Drain)
    app.add_middleware(SecurityHeaders)
