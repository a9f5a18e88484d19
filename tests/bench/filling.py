"""A database with as many queued posts as wanted, quickly: rows as arrivals leave them, without a search for copies."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import count, islice
from typing import Any, Final

import sqlalchemy as sa

from classifier import Classifier
from service.posting import scorer_name
from service.review.arrivals import Arrival, Scored, weigh
from service.review.policy import Policy
from service.review.priority import due_key
from service.review.words import DESK_OF, SampledBy, State
from service.store import tables
from service.store.bulk import insert_many
from service.store.engine import Store

POLICY: Final = Policy()
CHUNK: Final = 20_000
DAYS: Final = 30.0  # over which the posts came
COPIED: Final = 4  # after so many cards there is a copy of the last one
PLATFORMS: Final = ("forum", "video", "short")

Rows = dict[str, list[dict[str, Any]]]


def fill(store: Store, classifier: Classifier, texts: Sequence[str], queued: int) -> None:
    """Queue so many posts made from some texts; a database that has them already is left as it is."""
    with store.read() as connection:
        if connection.execute(sa.select(sa.func.max(tables.posts.c.id))).scalar():
            return
    base = scored(classifier, texts)
    with store.write() as connection:
        scorer = tables.scorers.insert().values(**scorer_name(classifier, "balanced")._asdict())
        scorer_id = int(connection.execute(scorer.returning(tables.scorers.c.id)).scalar_one())
        # Made when everything is there: one by one, each of a million posts would go to a place of its own in each.
        for index in tables.posts.indexes:
            index.drop(connection)
    rows = numbered(base, queued, scorer_id)
    while chunk := list(islice(rows, CHUNK)):
        with store.write() as connection:
            for name in ("posts", "versions", "scores", "campaigns"):
                insert_many(connection, tables.metadata.tables[name], [row for one in chunk for row in one[name]])
    for index in tables.posts.indexes:
        with store.write() as connection:
            index.create(connection)
    if not store.sqlite:  # as the server does by itself before long
        with store.write() as connection:
            connection.exec_driver_sql("ANALYZE")


def scored(classifier: Classifier, texts: Sequence[str]) -> list[Scored]:
    """Each text with its scores and its place above or below the floor."""
    sure = Policy(random_share=1.0)
    arrivals = [Arrival("forum", str(number), text) for number, text in enumerate(texts)]
    return [weigh(one, score, sure, "bench") for one, score in zip(arrivals, classifier.score(texts), strict=True)]


def numbered(base: Sequence[Scored], queued: int, scorer_id: int) -> Iterator[Rows]:
    """Rows of one post after the other, until so many cards are queued."""
    cards, card, now = 0, 0, datetime.now(UTC)
    for post_id in count(1):
        copy = post_id % (COPIED + 1) == 0
        if not copy and cards == queued:
            return
        came = now - timedelta(days=DAYS * (1 - cards / queued))
        source = base[(card if copy else post_id) % len(base)]
        place = _place(post_id, card if copy else None, (post_id + 1) % (COPIED + 1) == 0)
        yield _rows(post_id, source, came, place, scorer_id)
        if not copy:
            cards, card = cards + 1, post_id


def _place(post_id: int, card: int | None, copied: bool) -> dict[str, Any]:
    """State and campaign: of a copy of a card, of a card that is copied, or of a post by itself."""
    state = State.QUEUED if card is None else State.COPY
    campaign = card if card is not None else post_id if copied else None
    return {"state": state, "desk": DESK_OF[state], "campaign_id": campaign, "variant": ""}


def _rows(post_id: int, post: Scored, came: datetime, place: dict[str, Any], scorer_id: int) -> Rows:
    reach = post_id * 7919 % 5000
    card = place["state"] == State.QUEUED and place["campaign_id"] is not None
    rank = -POLICY.priority.of(post.chances, came, reach=reach, size=2 if card else 1)
    row = {
        "id": post_id, "platform": PLATFORMS[post_id % len(PLATFORMS)], "external_id": f"b{post_id}",
        "author": f"author {post_id * 31 % 200_000}", "received_at": came, "expires_at": came + POLICY.keep,
        "reach": reach, "source": post.arrival.source, "lang": post.score.detected_lang, "labels": post.labels,
        "probability": post.probability, "band": post.band, "due_key": due_key(None), "rank": rank,
        "sampled_by": post.sampled_by or SampledBy.RANDOM, "inclusion_probability": post.inclusion_probability,
        "version_id": post_id,
    }  # fmt: skip
    version = {"id": post_id, "post_id": post_id, "number": 1, "text": f"{post.arrival.text} {post_id}",
               "sha256": post.sha256, "received_at": came, "scorer_id": scorer_id}  # fmt: skip
    scores = [
        {"version_id": post_id, "label": label, "probability": part.probability, "threshold": part.threshold,
         "flagged": part.flagged, "reason": part.reason}
        for label, part in post.score.labels.items()
    ]  # fmt: skip
    campaign = {"id": post_id, "lead_id": post_id, "size": 2, "first_seen": came, "last_seen": came}
    return {"posts": [row | place], "versions": [version], "scores": scores, "campaigns": [campaign] if card else []}
