"""The page at `/`, as it arrives without a browser: it works without JavaScript."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest
from starlette.testclient import TestClient

from service.console.examples import EXAMPLES
from tests.service.fakes import FakeClassifier, FakeCue, FakeCues
from training.posts import LabelledPosts


def submit(client: TestClient, text: str, **fields: str) -> Any:
    return client.post("/", data={"text": text, **fields})


def posts(page: str) -> list[str]:
    return re.findall(r'<div class="post"[^>]*>(.*?)</div>', page, re.DOTALL)


def plain(markup: str) -> str:
    return html.unescape(re.sub(r"<[^>]+>", "", markup))


def test_empty_page_says_what_to_do(client: TestClient) -> None:
    answer = client.get("/")
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert "Nothing scored yet" in answer.text
    assert "no evidence of an offence" in answer.text
    assert '<html lang="en">' in answer.text


def test_every_control_is_labelled(keyed: TestClient) -> None:
    page = keyed.get("/").text
    controls = re.findall(r'<(?:textarea|select|input)[^>]* id="(\w+)"', page)
    assert controls == ["text", "key", "profile"]
    assert re.findall(r'<label for="(\w+)"', page) == controls


def test_nothing_inline_and_nothing_from_elsewhere(client: TestClient) -> None:
    page = submit(client, "join us").text
    assert not re.search(r"<script(?![^>]*src)|<style| style=| on\w+=", page)
    loaded = re.findall(r'<(?:link|script|img)[^>]*(?:src|href)="([^"]+)"', page)
    assert len(loaded) == 4
    assert all(client.get(address).status_code == 200 for address in loaded)


def test_result(client: TestClient) -> None:
    page = submit(client, "please join us", profile="high_recall").text
    assert page.count("Possible appeal – for a person to review") == 2
    assert "the threshold of the profile “high recall” is 10.0 %" in page
    assert '<mark class="for s3" title="+2.50, speaks for; calls on people to join or sign up">join</mark>' in page
    assert '<span class="says">calls on people to join or sign up</span> <span class="weight">for +0.50</span>' in page
    assert "Russian (ru)" in page
    assert '<option value="high_recall" selected>' in page
    assert '<div class="post" dir="auto" lang="ru">' in page


def test_below_the_threshold(client: TestClient) -> None:
    page = submit(client, "hello").text
    assert page.count("Below the threshold") == 2
    assert "Possible appeal" not in page


@pytest.mark.parametrize(
    "text", ["<script>alert(1)</script> join", "</textarea><b>join", '" onload="x', "&amp; join &lt;"]
)
def test_markup_is_shown_not_run(client: TestClient, text: str) -> None:
    page = submit(client, text).text
    assert text not in page.replace("&amp; join &lt;", "") or "<" not in text
    assert "<script>alert" not in page
    assert [plain(post) for post in posts(page)] == [text, text]


@pytest.mark.parametrize(
    "text", ["first\nsecond\n\n  third", "😀👨\u200d👩\u200d👧 join é", "שלום join عالم", "\nleading line"]
)
def test_text_is_kept_as_it_is(client: TestClient, text: str) -> None:
    page = submit(client, text.replace("\n", "\r\n")).text
    assert [plain(post) for post in posts(page)] == [text, text]
    box = re.search(r"<textarea[^>]*>\n(.*?)</textarea>", page, re.DOTALL)
    assert box is not None
    assert html.unescape(box[1]) == text


def test_hidden_characters_are_badges(client: TestClient) -> None:
    post = posts(submit(client, "a\u202eb\u200bc").text)[0]
    assert '<span class="badge" title="U+202E RIGHT-TO-LEFT OVERRIDE">[U+202E]</span>' in post
    assert "\u202e" not in post


def test_offsets_count_code_points(client: TestClient) -> None:
    assert ">join</mark>" in submit(client, "😀😀😀 join").text


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "There is nothing to score yet"),
        (" \r\n", "There is nothing to score yet"),
        ("x" * 10_001, "This text has 10001 characters; at most 10000"),
        ("nul \0", "This cannot be scored"),
    ],
)
def test_faults_are_told_in_place(client: TestClient, text: str, message: str) -> None:
    answer = submit(client, text)
    assert answer.status_code == 422
    assert message in html.unescape(answer.text)
    assert 'role="alert"' in answer.text
    assert 'aria-invalid="true"' in answer.text
    assert "Nothing was scored" in answer.text


def test_line_ends_count_once(client: TestClient) -> None:
    assert submit(client, "x" + "\r\n" * 9_998 + "x").status_code == 200


def test_unknown_profile(client: TestClient) -> None:
    answer = submit(client, "join", profile="strict")
    assert answer.status_code == 422
    assert "no such profile" in answer.text


@pytest.mark.parametrize("body", [b"text=%ff", b"text=\xff", b"&".join([b"a=1"] * 100)])
def test_what_is_no_form_of_ours(client: TestClient, body: bytes) -> None:
    answer = client.post("/", content=body, headers={"Content-Type": "application/x-www-form-urlencoded"})
    assert (answer.status_code, answer.json()["type"]) == (422, "urn:clarion:problem:invalid-request")


@pytest.mark.parametrize("at", range(len(EXAMPLES)))
def test_examples(client: TestClient, at: int) -> None:
    page = submit(client, "", example=str(at)).text
    assert [plain(post) for post in posts(page)] == [EXAMPLES[at].text] * 2


@pytest.mark.parametrize("example", ["9", "-1", "²", "9" * 5000, "x"])
def test_no_such_example(client: TestClient, example: str) -> None:
    assert submit(client, "", example=example).status_code == 422


def test_real_post(real: TestClient) -> None:
    long = "Никто никуда не едет. " * 60 + "Вступай в отряд, пиши в личку! " + "Погода хорошая. " * 60
    for text in (EXAMPLES[0].text, long, "ok"):
        page = submit(real, text).text
        assert [plain(post) for post in posts(page)] == [text.strip("\r"), text]
        assert page.count("How it adds up") == 2


def test_uncertainty_is_told(client: TestClient, fake: FakeClassifier, monkeypatch: pytest.MonkeyPatch) -> None:
    score = fake.score(["join"], explain="full")[0]
    for label in score.labels.values():
        object.__setattr__(label, "uncertain", True)
        object.__setattr__(label, "reason", "too_short")
    monkeypatch.setattr(fake, "score_each", lambda *_, **__: [score])
    assert submit(client, "join").text.count("there is very little text to go by") == 2


def test_what_a_post_reads_like_is_told_in_words_where_it_is_known(
    client: TestClient, fake: FakeClassifier, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "Reads most like" not in submit(client, "join").text
    score = fake.score(["join"], explain="full")[0]
    kinds = [{"category": "official_warning", "share": 0.6}, {"category": "news", "share": 0.25}]
    object.__setattr__(score, "resembles", kinds)
    monkeypatch.setattr(fake, "score_each", lambda *_, **__: [score])
    page = submit(client, "join").text
    assert "Reads most like" in page
    assert "official warning (60.0 %), news (25.0 %)" in page


def test_the_page_asks_for_everything(client: TestClient, fake: FakeClassifier) -> None:
    submit(client, "join")
    assert fake.explained[-1] == "full"


def notes(page: str) -> list[str]:
    return [plain(note) for note in re.findall(r'<p class="without">(.*?)</p>', page)]


def test_what_a_flag_hangs_on_is_told(client: TestClient) -> None:
    assert notes(submit(client, "please join us").text) == ["Without “join” it would not be flagged (26.9 %)."] * 2
    carried = submit(client, "please join us", profile="high_recall").text
    assert notes(carried) == ["No few words carry this flag: the whole post reads like that."] * 2
    assert notes(submit(client, "hello").text) == []


def test_what_speaks_for_and_against_stands_in_lists_of_their_own(
    client: TestClient, fake: FakeClassifier, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert submit(client, "join").text.count("<h4>Speaks for: this post</h4>") == 2
    assert "Speaks against" not in submit(client, "join").text
    assert submit(client, "hello").text.count("No named cue was found") == 2
    assert "<h4>" not in submit(client, "hello").text

    fake.cues = FakeCues((*fake.cues.cues, FakeCue("warning", {"en": "warns of <recruiters>"})))
    score = fake.score(["join"], explain="full")[0]
    for part in (score.evidence or {}).values():
        part["cues"] = [{"cue": "warning", "weight": -0.75, "spans": [{"start": 0, "end": 4}]}, *part["cues"]]
    monkeypatch.setattr(fake, "score_each", lambda *_, **__: [score])
    page = submit(client, "join").text
    for card in re.findall(r"<article.*?</article>", page, re.DOTALL):
        lists = re.findall(r"<h4>(.*?)</h4>\s*<ul class=\"cues\">(.*?)</ul>", card, re.DOTALL)
        assert [(head, " ".join(plain(items).split())) for head, items in lists] == [
            ("Speaks for: this post", "calls on people to join or sign up for +0.50"),
            ("Speaks against: this post", "warns of <recruiters> against −0.75"),
        ]


def test_labelled_posts_that_are_alike_are_shown(client: TestClient, fake: FakeClassifier) -> None:
    assert "most like it" not in submit(client, "join").text
    labels = {"recruitment": 1, "separatism": 0}
    fake.nearest = [
        {
            "text": "<b>enlist</b> \u202enow",
            "lang": "en",
            "category": "paid_task",
            "labels": labels,
            "similarity": 0.613,
        },
        {
            "text": "тыныш күн",
            "lang": "kk",
            "category": "chatter",
            "labels": dict.fromkeys(labels, 0),
            "similarity": 0.2,
        },
    ]
    page = submit(client, "join").text
    assert page.count("Labelled posts most like it") == 1
    shown = re.findall(r'<li><blockquote dir="auto" lang="(\w+)">(.*?)</blockquote>\s*<p class="hint">(.*?)</p>', page)
    assert shown == [
        ("en", "&lt;b&gt;enlist&lt;/b&gt; [U+202E]now", "paid task: recruitment · similarity 61.3 %"),
        ("kk", "тыныш күн", "chatter: neither label · similarity 20.0 %"),
    ]


def test_real_posts_that_are_alike(real: TestClient, some_posts: LabelledPosts) -> None:
    page = submit(real, some_posts.texts[0]).text
    assert 1 <= page.count("<blockquote") <= 3
