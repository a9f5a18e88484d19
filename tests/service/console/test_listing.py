"""The list of what waits."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from starlette.datastructures import ImmutableMultiDict

from service.console import listing
from service.console.filters import address, read_filters, read_place, write_place
from service.review.queue import Filters, Place
from service.review.words import Desk as Of
from service.review.words import Source, State
from service.store.tables import claims
from tests.service.console.desk import OFFER, YES, Desk, plain


def shown(page: str) -> list[str]:
    return re.findall(r">forum · (p\d+)<", page)


def test_the_worst_comes_first_and_no_text_is_shown(desk: Desk) -> None:
    desk.send("join us <b>now</b>", "join our отряд личку", "nothing at all")
    page = desk.get("/review", "viewer").text
    assert shown(page) == ["p1", "p0"]
    assert "отряд" not in page
    assert "2 cards wait here" in plain(page)


def test_an_empty_queue_says_what_to_do(desk: Desk) -> None:
    page = plain(desk.get("/review", "reviewer").text)
    assert "Nothing waits here" in page
    assert "clarion import" in page
    assert "Nothing fits these filters" in plain(desk.get("/review?lang=kk", "reviewer").text)


def test_filters_stand_in_the_address(desk: Desk) -> None:
    desk.send(OFFER, report_source="authority")
    desk.send("the north will join us")
    assert shown(desk.get("/review?label=separatism&source=none", "viewer").text) == ["p1"]
    assert shown(desk.get("/review?label=recruitment&source=authority&platform=forum", "viewer").text) == ["p0"]
    assert shown(desk.get("/review?state=decided", "viewer").text) == []
    assert "1 of all was reported by an authority" in plain(desk.get("/review", "viewer").text)
    assert shown(desk.get("/review?label=nonsense&band=x&campaign=-1&state=y", "viewer").text) == shown(
        desk.get("/review", "viewer").text
    )


@pytest.mark.parametrize("filters", [
    Filters(), Filters(desk=Of.LEAD), Filters(label="separatism", lang="kk", band=0, source=Source.USER),
    Filters(state=State.DECIDED, platform="a b&c=d", campaign=7),
])  # fmt: skip
def test_an_address_reads_as_it_was_written(filters: Filters) -> None:
    from urllib.parse import parse_qsl

    query = ImmutableMultiDict(parse_qsl(address("/review", filters).partition("?")[2]))
    assert read_filters(query, ("recruitment", "separatism")) == filters


def test_places() -> None:
    place = Place(2**62, -0.1 - 1e-16, 17)
    assert read_place(write_place(place)) == place
    assert [read_place(given) for given in (None, "", "1_2", "a_b_c")] == [None] * 4


def test_pages_follow_each_other(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing.queue, "PAGE", 3)
    desk.send(*(f"{OFFER} {'word ' * number}{number}" for number in range(7)))
    seen, place = [], "/review"
    while place:
        page = desk.get(place, "viewer").text
        seen += shown(page)
        following = re.search(r'href="([^"]+)" data-key="j"', page)
        place = following[1].replace("&amp;", "&") if following else ""
    assert sorted(seen) == sorted(set(seen))
    assert len(seen) == len(re.findall(r"p\d", " ".join(seen)))


def test_who_has_a_post_is_shown_by_pseudonym(desk: Desk) -> None:
    desk.send(OFFER)
    desk.take("reviewer")
    mine, others = (plain(desk.get("/review", name).text) for name in ("reviewer", "other"))
    assert "with you" in mine
    assert "With you" in mine
    assert re.search(r"with reader-[0-9a-f]{8}", others)


def test_taking_the_next_when_nothing_waits(desk: Desk) -> None:
    answer = desk.post("/review/next?label=separatism", "reviewer")
    assert answer.headers["location"] == "/review?label=separatism"


def test_copies_are_one_card(desk: Desk) -> None:
    desk.send(
        *(f"join our unit two thousand a month any passport write me in private @name{place}" for place in range(5))
    )
    page = desk.get("/review", "viewer").text
    assert len(shown(page)) == 1
    campaign = re.search(r"/review\?campaign=(\d+)", page)
    assert campaign
    assert len(shown(desk.get(campaign[0], "viewer").text)) == 5


def test_the_demonstration_is_marked_and_removed_in_one_click(desk: Desk) -> None:
    desk.send(OFFER)
    desk.client.post("/v1/posts", json={"items": [{"platform": "demo-vk", "id": "d1", "text": "join the unit"}]})
    assert "posts of a demonstration" in plain(desk.get("/review", "lead").text)
    post = desk.take("lead", "?platform=demo-vk")
    desk.decide("lead", post, **YES)
    assert desk.get("/review/decisions.jsonl", "lead").text == ""  # nothing to learn from, nothing to report
    answer = desk.post("/review/demo/remove", "lead")
    page = plain(desk.get(answer.headers["location"], "lead").text)
    assert "The demonstration is gone" in page
    assert "demo-vk" not in page
    assert "forum · p0" in page
    assert desk.get("/review/decisions.jsonl", "lead").text == ""


@pytest.mark.parametrize(("gaps", "expected"), [
    ([5] * 10, timedelta(minutes=50)),
    ([5] * 8, None),
    ([5, 5, 15] + [5] * 4, None),
])  # fmt: skip
def test_how_long_somebody_has_read(desk: Desk, gaps: list[int], expected: timedelta | None) -> None:
    """Claims one after the other, each ended by the next; a gap beyond ten minutes is a rest."""
    desk.send(OFFER)
    now, reader = datetime(2026, 5, 1, 12, tzinfo=UTC), desk.accounts.all()[1].id
    moment, rows = now, []
    for gap in gaps:
        begin = moment - timedelta(minutes=gap)
        end = moment if gap <= 10 else begin
        rows.append({"post_id": 1, "user_id": reader, "claimed_at": begin, "ended_at": end})
        moment = begin
    with desk.review.store.write() as connection:
        connection.execute(claims.insert(), rows)
        assert listing.reading_for(connection, reader, now) == expected
