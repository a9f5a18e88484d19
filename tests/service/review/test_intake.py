"""Posts arrive once each; below the floor they are counted and nothing of them is kept."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from service.review.arrivals import sampled
from service.review.words import Source
from service.store.engine import Store
from service.store.tables import metadata, posts, tallies, versions
from tests.service.review.making import NO, NOON, Office


def counts(store: Store, *names: str) -> list[int]:
    with store.read() as connection:
        return [
            connection.execute(sa.select(sa.func.count()).select_from(metadata.tables[name])).scalar_one()
            for name in names
        ]


def test_a_post_arrives_once(office: Office) -> None:
    post = office.post("join us")
    assert office.take(post)[0] == ("forum", "p0", "new", "queued")
    assert office.take(post, post) == [("forum", "p0", "known", "queued")] * 2
    assert counts(office.store, "posts", "versions", "scores") == [1, 1, 2]


def test_the_same_id_of_another_platform_is_another_post(office: Office) -> None:
    office.take(office.post("join us", id="1"), office.post("join us", id="1", platform="chat"))
    assert counts(office.store, "posts") == [2]


def test_what_is_below_the_floor_is_counted_and_not_kept(office: Office) -> None:
    receipts = office.take("good morning", "join us", "maybe")
    assert [(one.outcome, one.state) for one in receipts] == [
        ("below_floor", None),
        ("new", "queued"),
        ("below_floor", None),
    ]
    assert counts(office.store, "posts", "versions", "scores", "sketches") == [1, 1, 2, 1]
    office.take("good evening")
    with office.store.read() as connection:
        rows = connection.execute(sa.select(tallies.c.outcome, tallies.c.posts).order_by(tallies.c.outcome)).all()
    assert [tuple(row) for row in rows] == [("below_floor", 3), ("score", 1)]


def test_another_text_is_another_version(office: Office) -> None:
    post = office.post("join us")
    office.take(post)
    (receipt,) = office.take(office.post("join us today", id=post.id))
    assert (receipt.outcome, receipt.state) == ("edited", "queued")
    with office.store.read() as connection:
        found = connection.execute(sa.select(versions.c.number, versions.c.text).order_by(versions.c.number)).all()
    assert [tuple(row) for row in found] == [(1, "join us"), (2, "join us today")]


def test_an_edit_takes_no_post_out_of_the_queue(office: Office) -> None:
    post = office.post("join us")
    office.take(post)
    before = office.row(post.id)
    office.take(office.post("good morning", id=post.id))
    after = office.row(post.id)
    assert (after.state, after.rank, after.labels, after.probability) == (
        "queued",
        before.rank,
        "recruitment",
        before.probability,
    )


@pytest.mark.parametrize(("text", "state"), [("join us now", "queued"), ("good morning", "decided")])
def test_a_decided_post_waits_again_when_its_new_text_is_flagged(office: Office, text: str, state: str) -> None:
    office.take(office.post("join us", id="1"))
    office.read(office.reader("anna"), "1", NO)
    assert office.take(office.post(text, id="1"))[0].state == state


def test_several_texts_of_one_post_in_one_batch(office: Office) -> None:
    receipts = office.take(*(office.post(text, id="1") for text in ("join us", "join us", "join us now", "join us")))
    assert [one.outcome for one in receipts] == ["new", "known", "edited", "edited"]


def test_a_later_report_only_raises_what_a_post_counts(office: Office) -> None:
    due = NOON + timedelta(hours=1)
    office.take(office.post("join us", id="1", source=Source.USER, due_at=due + timedelta(days=1)))
    office.take(office.post("join us", id="1", source=Source.AUTHORITY, due_at=due))
    office.take(office.post("join us", id="1", source=Source.USER))
    row = office.row("1")
    assert (row.source, row.due_at, row.due_key) == ("authority", due, int(due.timestamp()))


def test_random_and_low_scoring_posts_are_read_too(store: Store) -> None:
    everything = Office.over(store, random_share=1.0)
    everything.take(everything.post("good morning", id="a"))
    low = Office.over(store, low_share=1.0)
    low.take(low.post("good evening", id="b"), low.post("maybe", id="c"), low.post("join us", id="d"))
    with store.read() as connection:
        rows = connection.execute(
            sa.select(posts.c.external_id, posts.c.sampled_by, posts.c.inclusion_probability).order_by(posts.c.id)
        ).all()
    assert [tuple(row) for row in rows] == [("a", "random", 1.0), ("c", "low_score", 1.0), ("d", "score", 1.0)]


def test_inclusion_probability_is_the_share_that_is_drawn(store: Store) -> None:
    office = Office.over(store, random_share=0.1, low_share=0.5)
    receipts = office.take(*[f"maybe {number}" for number in range(400)])
    kept = sum(one.outcome == "new" for one in receipts)
    with store.read() as connection:
        (stored,) = set(connection.execute(sa.select(posts.c.inclusion_probability)).scalars())
    assert stored == pytest.approx(1 - 0.9 * 0.5)
    assert abs(kept / 400 - stored) < 4 * (stored * (1 - stored) / 400) ** 0.5


def test_sampling_draws_the_same_for_the_same_post() -> None:
    drawn = [sampled(("forum", str(number), "x"), "salt", 0.3, 0.3) for number in range(100)]
    assert drawn == [sampled(("forum", str(number), "x"), "salt", 0.3, 0.3) for number in range(100)]
    assert drawn != [sampled(("forum", str(number), "x"), "other", 0.3, 0.3) for number in range(100)]
    assert {None, "random", "low_score"} == set(drawn)
