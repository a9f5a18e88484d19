"""The page of one post, and every decision that can be made on it."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from service.review.words import Role
from tests.service.console.desk import NO, OFFER, YES, Desk, open_desk, plain

COPY = "join our unit two thousand a month any passport and papers for the family write me in private {}"
BOTH_NO = {**NO, "outcome.separatism": "not_an_appeal", "refuse.separatism": "news"}
BOTH = {**YES, "outcome.separatism": "not_an_appeal", "refuse.separatism": "news"}


def page_of(desk: Desk, post_id: int, name: str) -> str:
    answer = desk.get(f"/review/posts/{post_id}", name)
    assert answer.status_code == 200
    return answer.text


def test_a_card_shows_the_post_and_why(desk: Desk) -> None:
    desk.send("join our <b>unit</b> \u202e and\u200b go", author="a1", url="https://x.example/1", reach=1234)
    page = page_of(desk, desk.take("reviewer"), "reviewer")
    assert "<b>unit</b>" not in page
    assert "[U+202E]" in page
    assert "[U+200B]" in page
    assert 'href="https://x.example/1"' not in page
    shown = plain(page)
    for sentence in (
        "calls on people to join or sign up",
        "A flag is no evidence of an offence",
        "Does not count",
        "1,234",
        "Priority = ln(",
        "It is yours until",
    ):
        assert sentence in shown, sentence


def test_a_decision_goes_on_to_the_next_post(desk: Desk) -> None:
    desk.send(OFFER, "join the отряд")
    first = desk.take("reviewer", "?platform=forum")
    answer = desk.decide("reviewer", first, **BOTH, back="/review?platform=forum", note="seen before")
    place = answer.headers["location"]
    assert re.fullmatch(r"/review/posts/\d+\?platform=forum&done=1&covered=1", place)
    page = plain(desk.get(place, "reviewer").text)
    assert "Last post: Recruitment: appeal confirmed; Separatism: not an appeal." in page
    assert desk.state(first) == "decided"
    history = plain(page_of(desk, first, "viewer"))
    assert "contract with an army · foreign army" in history
    assert "seen before" in history
    assert "reviewer" not in re.sub(r"reader-\w+", "", history.split("History")[1].split("Facts")[0])


def test_the_last_post_leads_to_the_list(desk: Desk) -> None:
    desk.send(OFFER)
    answer = desk.decide("reviewer", desk.take("reviewer"), **BOTH)
    assert answer.headers["location"].startswith("/review?done=1")
    page = desk.get(answer.headers["location"], "reviewer").text
    assert "Last post: Recruitment: appeal confirmed" in plain(page)
    assert 'action="/review/decisions/1/undo"' in page
    assert "Last post" not in plain(desk.get(answer.headers["location"], "other").text)
    assert desk.decide("reviewer", 1, **BOTH).status_code == 409


@pytest.mark.parametrize(
    ("form", "fault"),
    [
        ({}, "Say first what you think of: Recruitment, Separatism."),
        ({"outcome.recruitment": "confirm"}, "Say first what you think of: Separatism."),
        (BOTH | {"confirm.recruitment": ""}, "recruitment: give the reason"),
        (BOTH | {"confirm.recruitment": "news"}, "recruitment: 'news' is no reason to confirm"),
        (BOTH | {"route": ""}, "recruitment: say by which route"),
        (BOTH | {"outcome.recruitment": "nonsense"}, "Say first what you think of: Recruitment."),
        (BOTH_NO | {"outcome.separatism": "confirm", "confirm.separatism": "slogan"}, "separatism: say by what means"),
    ],
)  # fmt: skip
def test_what_is_incomplete_is_shown_again_as_it_was_ticked(desk: Desk, form: dict[str, str], fault: str) -> None:
    desk.send(OFFER)
    post = desk.take("reviewer")
    answer = desk.decide("reviewer", post, **form, note="kept <note>")
    assert answer.status_code == 422
    assert fault in plain(answer.text)
    assert "kept &lt;note&gt;</textarea>" in answer.text
    assert desk.state(post) == "queued"
    for name, value in form.items():
        if name.startswith("outcome") and value != "nonsense":
            assert re.search(rf'name="{name}" value="{value}" checked', answer.text)


def test_an_edited_post_is_read_again(desk: Desk) -> None:
    desk.send(OFFER)
    post = desk.take("reviewer")
    old = desk.version(post)
    desk.client.post("/v1/posts", json={"items": [{"platform": "forum", "id": "p0", "text": OFFER + " today"}]})
    answer = desk.post(f"/review/posts/{post}/decide", "reviewer", BOTH | {"version": old})
    assert answer.status_code == 422
    assert "changed while you read it" in plain(answer.text)
    assert "today" in plain(answer.text)
    assert "Earlier texts (1)" in plain(answer.text)


def test_skip_leaves_it_to_somebody_else(desk: Desk) -> None:
    desk.send(OFFER)
    post = desk.take("reviewer")
    assert desk.decide("reviewer", post, do="skip").status_code == 303
    assert desk.state(post) == "queued"
    assert "You have read this post already" in plain(page_of(desk, post, "reviewer"))
    assert desk.take("other") == post


def test_a_threat_to_life_goes_to_a_lead_whatever_else_is_ticked(desk: Desk) -> None:
    desk.send(OFFER)
    post = desk.take("reviewer")
    desk.decide("reviewer", post, threat_to_life="on")
    assert desk.state(post) == "escalated"
    assert "waits for a reader with another role" in plain(page_of(desk, post, "other"))
    assert desk.take("lead", "?desk=lead") == post
    assert "threat to life" in plain(page_of(desk, post, "lead"))


def test_a_person_at_risk_is_listed(desk: Desk) -> None:
    desk.send("where do I join, my son wants to")
    post = desk.take("reviewer")
    question = dict.fromkeys(("refuse.recruitment", "refuse.separatism"), "question")
    desk.decide("reviewer", post, **(BOTH_NO | question), person_at_risk="on")
    assert "forum · p0" in plain(desk.get("/review/at-risk", "reviewer").text)
    assert desk.get("/review/at-risk", "viewer").status_code == 403


def test_holding_giving_back_and_handing_over(desk: Desk) -> None:
    desk.send(OFFER)
    post = desk.take("reviewer")
    assert desk.post(f"/review/posts/{post}/renew", "reviewer").status_code == 204
    assert desk.post(f"/review/posts/{post}/renew", "other").status_code == 409
    held = desk.post(f"/review/posts/{post}/hold", "reviewer", {"back": "/review?lang=ru"})
    assert held.headers["location"] == "/review?lang=ru&said=held"
    assert "kept for you for a day" in plain(desk.get("/review?said=held", "reviewer").text)
    desk.post(f"/review/posts/{post}/hand-over", "reviewer", {"to": "other"})
    assert "has this post" in plain(page_of(desk, post, "reviewer"))
    assert "What does this post do?" in plain(page_of(desk, post, "other"))
    assert desk.post(f"/review/posts/{post}/take", "reviewer").status_code == 409
    desk.post(f"/review/posts/{post}/release", "other")
    assert "Nobody reads this post just now" in plain(page_of(desk, post, "reviewer"))
    assert desk.post(f"/review/posts/{post}/take", "reviewer").status_code == 303
    assert desk.post(f"/review/posts/{post}/hand-over", "reviewer", {"to": "nobody"}).status_code == 403


def test_somebody_else_has_it(desk: Desk) -> None:
    desk.send(OFFER)
    post = desk.take("reviewer")
    answer = desk.decide("other", post, **BOTH)
    assert answer.status_code == 409
    assert "This post is not yours just now" in plain(answer.text)
    assert "Take the next post" in plain(answer.text)


def test_undo_gives_the_post_back_to_its_reader(desk: Desk) -> None:
    desk.send(OFFER)
    post = desk.take("reviewer")
    desk.decide("reviewer", post, **BOTH)
    assert desk.post("/review/decisions/1/undo", "other").status_code == 403
    answer = desk.post("/review/decisions/1/undo", "reviewer")
    assert answer.headers["location"] == f"/review/posts/{post}?said=undone"
    assert "the post is with you again" in plain(desk.get(answer.headers["location"], "reviewer").text)
    page = plain(page_of(desk, post, "reviewer"))
    assert "What does this post do?" in page
    assert "taken back" in page
    assert desk.post("/review/decisions/1/undo", "reviewer").status_code == 409
    assert desk.post("/review/decisions/99/undo", "reviewer").status_code == 422


def test_one_decision_for_all_copies_that_were_seen(desk: Desk) -> None:
    desk.send(
        *(COPY.format(f"@name{place}") for place in range(4)), COPY.format("beware of this scam do not fall for it")
    )
    post = desk.take("reviewer")
    page = page_of(desk, post, "reviewer")
    assert "A campaign of 5 posts" in plain(page)
    variants = re.findall(r'name="variant" value="(\w+)"', page)
    assert len(variants) == 1
    assert "<ins>" in page
    answer = desk.decide("reviewer", post, **BOTH, all="on")
    assert "covered=4" in answer.headers["location"]
    left = re.search(r"posts/(\d+)\?.*done=(\d+)", answer.headers["location"])
    assert left
    assert "beware" in page_of(desk, int(left[1]), "reviewer")
    desk.post(f"/review/posts/{left[1]}/release", "reviewer")
    desk.post(f"/review/decisions/{left[2]}/undo", "reviewer")
    assert {desk.state(one) for one in range(1, 5)} == {"queued", "copy"}
    again = desk.decide("reviewer", post, **BOTH, all="on", variant=variants)
    assert "covered=" in again.headers["location"]


def test_peaceful_appeals_are_never_confirmed_in_bulk(desk: Desk) -> None:
    desk.send(*(COPY.format(f"@name{place}") for place in range(3)))
    post = desk.take("reviewer")
    peaceful = NO | {"outcome.separatism": "confirm", "confirm.separatism": "argument", "means": "peaceful"}
    answer = desk.decide("reviewer", post, **peaceful, all="on")
    assert (answer.status_code, desk.state(post)) == (422, "queued")
    assert "decide on each copy by itself" in plain(answer.text)


def test_the_second_reader_is_blind_and_a_lead_sees_both(database: str) -> None:
    with open_desk(database, second_share=1) as desk:
        for name in ("anna", "boris"):
            desk.account(name)
        desk.account("vera", Role.LEAD)
        desk.send(OFFER)
        post = desk.take("anna")
        desk.decide("anna", post, **BOTH, note="a secret remark")
        assert desk.take("boris") == post
        page = plain(page_of(desk, post, "boris"))
        assert "You read this blind" in page
        assert "secret remark" not in page
        assert "History" not in page
        desk.decide("boris", post, **BOTH_NO)
        assert desk.state(post) == "dispute"
        assert desk.take("vera", "?desk=lead") == post
        both = plain(page_of(desk, post, "vera"))
        assert "First reading" in both
        assert "Second reading" in both
        desk.decide("vera", post, **BOTH)
        assert desk.state(post) == "decided"
        figures = plain(desk.get("/review/figures", "anna").text)
        assert "Recruitment 1 0" in figures


def test_an_appeal_goes_to_somebody_else(desk: Desk) -> None:
    desk.send(OFFER)
    post = desk.take("reviewer")
    desk.decide("reviewer", post, **BOTH)
    assert "said=appealed" in desk.post(f"/review/posts/{post}/appeal", "lead").headers["location"]
    assert desk.post("/review/next", "reviewer").headers["location"] == "/review"
    assert desk.take("other") == post
    desk.decide("other", post, **BOTH_NO)
    rows = [json.loads(line) for line in desk.get("/review/decisions.jsonl", "lead").text.splitlines()]
    assert [row["recruitment"] for row in rows] == [0]
    assert "100.0 % of settled appeals changed the decision (1/1; 1 filed)" in plain(
        desk.get("/review/figures", "viewer").text
    )


def test_notes(desk: Desk) -> None:
    desk.send(OFFER)
    desk.post("/review/posts/1/note", "other", {"note": "<i>look</i> at the author"})
    desk.post("/review/posts/1/note", "other", {"note": "  "})
    page = page_of(desk, 1, "viewer")
    assert "&lt;i&gt;look&lt;/i&gt;" in page
    assert "Notes (1)" in plain(page)


def test_a_note_that_is_too_long_is_refused_with_what_was_typed_and_not_cut(desk: Desk) -> None:
    desk.send(OFFER)
    long = "сөз " * 1250 + "end"
    answer = desk.post("/review/posts/1/note", "other", {"note": long})
    assert answer.status_code == 422
    assert "A note has at most 5,000 characters" in plain(answer.text)
    assert answer.text.count(long) == 1
    post = desk.take("reviewer")
    answer = desk.decide("reviewer", post, **BOTH, note=long)
    assert answer.status_code == 422
    assert "A note has at most 5,000 characters" in plain(answer.text)
    assert answer.text.count(long) == 1
    assert "Notes (0)" in plain(page_of(desk, 1, "viewer"))
    assert desk.decide("reviewer", post, **BOTH, note=long[:-3]).status_code == 303


def test_more_by_the_same_author_is_only_a_list(desk: Desk) -> None:
    desk.send(OFFER, "join the отряд", author="a1")
    page = plain(page_of(desk, 1, "viewer"))
    assert "1 more post by the same author waits" in page


def test_text_that_is_gone(desk: Desk) -> None:
    from datetime import UTC, datetime, timedelta

    from service.review.retention import purge

    desk.send(OFFER)
    purge(desk.review.store, timedelta(0), by="test", now=datetime.now(UTC) + timedelta(seconds=1))
    page = plain(page_of(desk, 1, "reviewer"))
    assert "The text is gone" in page
    assert "Expired" in page


def test_every_view_is_in_the_audit_log(desk: Desk) -> None:
    desk.send(OFFER)
    page_of(desk, 1, "viewer")
    log = plain(desk.get("/review/audit?subject=post+1", "lead").text)
    assert re.search(r"viewer view post 1", log)


@pytest.mark.parametrize("lang", ["ru", "kk"])
def test_a_card_in_other_languages(desk: Desk, lang: str) -> None:
    desk.send(OFFER)
    desk.account("anna", lang=lang)
    post = desk.take("anna")
    page: Any = page_of(desk, post, "anna")
    assert f'<html lang="{lang}">' in page
    assert "What does this post do?" not in page


def test_a_golden_post_looks_like_any_other_and_tells_afterwards(database: str) -> None:
    with open_desk(database, golden_share=1) as desk:
        for name, role in (("anna", Role.REVIEWER), ("boris", Role.REVIEWER), ("vera", Role.LEAD)):
            desk.account(name, role)
        desk.send(OFFER, "join the отряд")
        post = desk.take("anna")
        desk.decide("anna", post, **BOTH, do="stay")
        desk.post(f"/review/posts/{post}/golden", "vera", {"do": "mark"})
        assert "No longer give it to readers" in plain(page_of(desk, post, "vera"))
        assert "golden" not in page_of(desk, post, "boris")
        assert desk.take("boris") == post
        page = plain(page_of(desk, post, "boris"))
        assert "golden" not in page
        assert "ago · waits" in page
        assert "Nobody has decided yet" in page
        answer = desk.decide("boris", post, **BOTH_NO)
        after = plain(desk.get(answer.headers["location"], "boris").text)
        assert "That was a golden post. The team says: Recruitment: appeal confirmed" in after
        assert (
            "reader-"
            not in plain(desk.get("/review/figures", "anna").text).split("Golden posts")[1].split("What is")[0]
        )
        mine, all_of_them = (plain(desk.get("/review/figures", name).text) for name in ("boris", "vera"))
        for figures in (mine, all_of_them):
            assert re.search(r"reader-[0-9a-f]{8} 1 0", figures)
        assert desk.get("/review/figures/golden.csv", "boris").status_code == 404
        assert desk.get("/review/figures/golden.csv", "vera").text.endswith(",1,0\n")
