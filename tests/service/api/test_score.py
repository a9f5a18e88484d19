"""`POST /v1/score`: the wire contract, and every way a request can be wrong."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient

from classifier.model import REASONS
from service.api.models import ItemScored, LimitsOut, ModelCardOut, ScoreOut
from service.console.examples import EXAMPLES
from tests.service.fakes import FakeClassifier
from training.posts import LabelledPosts

JSON = {"Content-Type": "application/json"}


def post(client: TestClient, body: Any, **headers: str) -> Any:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return client.post("/v1/score", content=content, headers=JSON | headers)


def items(*texts: Any) -> dict[str, Any]:
    return {"items": [{"id": str(at), "text": text} for at, text in enumerate(texts)]}


def test_answer_is_what_is_described(client: TestClient) -> None:
    answer = post(client, items("Join our unit", "hello", "") | {"explain": True})
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json"
    body = ScoreOut.model_validate_json(answer.content)
    assert [result.id for result in body.results] == ["0", "1", "2"]
    assert body.request_id == answer.headers["x-request-id"]
    assert body.profile.name == "balanced"
    assert body.profile.thresholds == {"recruitment": 0.5, "separatism": 0.5}


def test_order_and_length_survive_bad_items(client: TestClient) -> None:
    sent = [
        {"id": "a", "text": "join"},
        {"id": 7, "text": "join"},
        "not an object",
        {"text": "no id"},
        {"id": "b"},
        {"id": "c", "text": 5},
        {"id": "d", "text": "x" * 10_001},
        {"id": "e", "text": "  "},
        {"id": "f", "text": "join", "lang": 3},
        {"id": "g", "text": "nul \0"},
        {"id": "h", "text": "join", "lang": "ru", "platform": "ignored"},
    ]
    results = post(client, {"items": sent}).json()["results"]
    assert [result["id"] for result in results] == ["a", None, None, None, "b", "c", "d", "e", "f", "g", "h"]
    assert [result.get("error", {}).get("code") for result in results] == [
        None,
        "invalid_id",
        "not_an_object",
        "missing_id",
        "missing_text",
        "invalid_text",
        "text_too_long",
        "unfit_text",
        "invalid_lang",
        "unfit_text",
        None,
    ]
    assert [result["error"]["pointer"] for result in results if "error" in result] == [
        "/items/1/id",
        "/items/2",
        "/items/3/id",
        "/items/4/text",
        "/items/5/text",
        "/items/6/text",
        "/items/7/text",
        "/items/8/lang",
        "/items/9/text",
    ]
    assert "10001" in results[6]["error"]["detail"]
    assert results[10]["lang"] == "ru"


def test_lone_surrogates_are_item_errors(client: TestClient) -> None:
    body = rb'{"items":[{"id":"\ud800","text":"a"},{"id":"1","text":"\udc00"},{"id":"2","text":"a","lang":"\ud800"}]}'
    results = post(client, body).json()["results"]
    assert [result["error"]["code"] for result in results] == ["invalid_id", "unfit_text", "invalid_lang"]


def test_nothing_to_score_is_no_error(client: TestClient) -> None:
    assert post(client, {"items": []}).json()["results"] == []


def test_profile_and_default(client: TestClient) -> None:
    profile = post(client, items("join") | {"profile": "high_precision"}).json()["profile"]
    assert profile == {"name": "high_precision", "thresholds": {"recruitment": 0.9, "separatism": 0.9}}


def test_evidence_only_when_asked(client: TestClient) -> None:
    assert "evidence" not in post(client, items("join")).json()["results"][0]
    evidence = post(client, items("😀 join") | {"explain": True}).json()["results"][0]["evidence"]["recruitment"]
    assert evidence["spans"][0] == {"start": 2, "end": 6, "text": "join", "weight": 2.0}


NEAR = [{"text": "enlist", "lang": "en", "category": "offer", "labels": {"recruitment": 1, "separatism": None}}]


def test_full_evidence_says_what_a_flag_hangs_on_and_which_posts_are_alike(
    client: TestClient, fake: FakeClassifier
) -> None:
    fake.nearest = [near | {"similarity": 0.5} for near in NEAR]
    sent = items("Join our unit", "hello")
    answer = post(client, sent | {"explain": "full", "profile": "balanced"})
    ScoreOut.model_validate_json(answer.content)
    flagged, plain = answer.json()["results"]
    assert flagged["evidence"]["recruitment"]["counterfactual"] == {
        "spans": [{"start": 0, "end": 4, "text": "Join"}],
        "probability": 0.268941,
    }
    assert plain["evidence"]["recruitment"]["counterfactual"] is None
    assert flagged["nearest"] == plain["nearest"] == fake.nearest
    for explain in (True, False):
        body = sent | {"explain": explain}
        (less, _) = post(client, body).json()["results"]
        assert "nearest" not in less
        assert all("counterfactual" not in part for part in less.get("evidence", {}).values())
    assert fake.explained[-3:] == ["full", True, False]


def test_what_explain_may_be_is_said(client: TestClient) -> None:
    assert post(client, {"items": [], "explain": "all"}).json()["detail"] == 'must be true, false or "full"'


@pytest.mark.parametrize("reason", REASONS)
def test_every_reason_to_doubt_fits_the_contract(
    reason: str, client: TestClient, fake: FakeClassifier, monkeypatch: pytest.MonkeyPatch
) -> None:
    score = fake.score(["join"])[0]
    for label in score.labels.values():
        object.__setattr__(label, "uncertain", True)
        object.__setattr__(label, "reason", reason)
    monkeypatch.setattr(fake, "score_each", lambda *_, **__: [score])
    (result,) = ScoreOut.model_validate_json(post(client, items("join")).content).results
    assert isinstance(result, ItemScored)
    assert result.labels["recruitment"].reason == reason


@pytest.mark.parametrize(
    ("body", "detail"),
    [
        (b"", "line 1, column 1"),
        (b'{"items": [\n  {"id": 1,}]}', "line 2, column"),
        (b"{'items': []}", "line 1, column 2"),
        (b'{"items": [NaN]}', "NaN"),
        (b'{"items": [' + b"9" * 5000 + b"]}", "too many digits"),
        (b"[" * 200_000, "nested"),
        (b'{"items":' * 50_000, "nested"),
    ],
)
def test_malformed_json_names_the_place(client: TestClient, body: bytes, detail: str) -> None:
    answer = post(client, body)
    assert (answer.status_code, answer.json()["type"]) == (400, "urn:clarion:problem:malformed-json")
    assert detail in answer.json()["detail"]


@pytest.mark.parametrize("body", [b'{"items": "\xff"}', '{"items": []}'.encode("utf-16")])
def test_not_utf8(client: TestClient, body: bytes) -> None:
    answer = post(client, body)
    assert (answer.status_code, answer.json()["type"]) == (400, "urn:clarion:problem:not-utf8")
    assert "byte" in answer.json()["detail"]


def test_byte_order_mark_is_harmless(client: TestClient) -> None:
    assert post(client, b"\xef\xbb\xbf" + b'{"items":[]}').status_code == 200


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ([], ""),
        (None, ""),
        ("text", ""),
        ({}, "/items"),
        ({"items": {}}, "/items"),
        ({"items": "text"}, "/items"),
        ({"items": [{}] * 1001}, "/items"),
        ({"items": [], "explain": 1}, "/explain"),
        ({"items": [], "explain": None}, "/explain"),
        ({"items": [], "explain": "FULL"}, "/explain"),
        ({"items": [], "explain": "true"}, "/explain"),
        ({"items": [], "explain": ["full"]}, "/explain"),
        ({"items": [], "profile": 3}, "/profile"),
        ({"items": [], "profile": "strict"}, "/profile"),
        ({"items": [], "profile": ""}, "/profile"),
        ({"items": [], "store": True}, "/store"),
        ({"items": [], "a/b~c": True}, "/a~1b~0c"),
    ],
)
def test_wrong_envelope_has_a_pointer(client: TestClient, body: Any, pointer: str) -> None:
    answer = post(client, body)
    assert (answer.status_code, answer.json()["pointer"]) == (422, pointer)


def test_a_thousand_items_are_taken(client: TestClient) -> None:
    assert len(post(client, items(*["join"] * 1000)).json()["results"]) == 1000


def test_surrogate_in_a_field_name_is_answered(client: TestClient) -> None:
    assert post(client, rb'{"\ud800": 1}').json()["status"] == 422


@pytest.mark.parametrize(
    "headers",
    [
        {"Content-Type": "text/plain"},
        {"Content-Type": "application/xml"},
        {"Content-Type": "multipart/form-data; boundary=x"},
        {"Content-Type": "application/json; charset=koi8-r"},
        {"Content-Type": "application/json", "Content-Encoding": "gzip"},
        {"Content-Type": ""},
    ],
)
def test_wrong_type(client: TestClient, headers: dict[str, str]) -> None:
    answer = client.post("/v1/score", content=b'{"items":[]}', headers=headers)
    assert (answer.status_code, answer.json()["type"]) == (415, "urn:clarion:problem:unsupported-media-type")


def test_plain_curl_works(client: TestClient) -> None:
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    assert client.post("/v1/score", content=b'{"items":[]}', headers=headers).status_code == 200
    assert client.post("/v1/score", content=b"items=1", headers=headers).status_code == 400


def test_too_large_when_declared(client: TestClient) -> None:
    answer = post(client, b" " * 8_000_001)
    assert (answer.status_code, answer.json()["type"]) == (413, "urn:clarion:problem:too-large")
    assert "8000000" in answer.json()["detail"]


def test_too_large_when_not_declared(client: TestClient) -> None:
    read = 0

    def chunks() -> Iterator[bytes]:
        nonlocal read
        for _ in range(100):
            read += 1
            yield b" " * 1_000_000

    answer = client.post("/v1/score", content=chunks(), headers=JSON)
    assert "content-length" not in answer.request.headers
    assert answer.status_code == 413


def test_as_large_as_allowed(client: TestClient) -> None:
    assert post(client, b'{"items":[]}'.ljust(8_000_000)).status_code == 200


def test_limits_are_published(client: TestClient) -> None:
    limits = LimitsOut.model_validate_json(client.get("/v1/limits").content)
    assert limits == LimitsOut(max_items=1000, max_characters=10_000, max_body_bytes=8_000_000)


def test_model_card(client: TestClient, fake: FakeClassifier) -> None:
    card = ModelCardOut.model_validate_json(client.get("/v1/model").content)
    assert (card.model.name, card.labels) == (fake.name, list(fake.labels))
    assert set(card.profiles) == {"balanced", "high_precision", "high_recall"}


def test_real_answer_is_what_is_described(real: TestClient) -> None:
    long = "Никто никуда не едет. " * 100 + "Вступай в отряд, пиши в личку!"
    answer = post(real, items("Вступай в наш отряд, пиши в личку 😀", "hi", "", long) | {"explain": True})
    results = ScoreOut.model_validate_json(answer.content).results
    assert len(results) == 4
    ModelCardOut.model_validate_json(real.get("/v1/model").content)


def test_kinds_of_posts_come_with_evidence(
    client: TestClient, fake: FakeClassifier, monkeypatch: pytest.MonkeyPatch
) -> None:
    score = fake.score(["join"], explain=True)[0]
    object.__setattr__(score, "resembles", [{"category": "official_warning", "share": 0.6}])
    monkeypatch.setattr(fake, "score_each", lambda *_, **__: [score])
    answer = post(client, items("join") | {"explain": True})
    assert answer.json()["results"][0]["resembles"] == [{"category": "official_warning", "share": 0.6}]
    ScoreOut.model_validate_json(answer.content)


def test_real_evidence_adds_up_and_points_into_the_text(real: TestClient) -> None:
    text = "😀 Вступай в отряд\u200b, e\u0301 שלום join us, write me in private"
    result = post(real, items(text) | {"explain": True}).json()["results"][0]
    for evidence in result["evidence"].values():
        weights = [part["weight"] for part in evidence["spans"] + evidence["cues"]]
        assert sum(weights) + evidence["bias"] + evidence["other"] == pytest.approx(evidence["margin"], abs=1e-6)
        for span in evidence["spans"]:
            assert text[span["start"] : span["end"]] == span["text"]


def test_a_real_flag_drops_without_the_words_it_hangs_on(real: TestClient) -> None:
    """Scored again over the wire with those words taken out."""
    texts = [example.text for example in EXAMPLES] + ["Вступай в наш отряд, платят хорошо, пиши в личку"]
    answer = post(real, items(*texts) | {"explain": "full", "profile": "high_recall"})
    ScoreOut.model_validate_json(answer.content)
    seen = 0
    for text, result in zip(texts, answer.json()["results"], strict=True):
        assert "nearest" in result
        for label, part in result["evidence"].items():
            found = part["counterfactual"]
            if found is None:
                continue
            seen += 1
            rest = text
            for span in reversed(found["spans"]):
                assert text[span["start"] : span["end"]] == span["text"]
                rest = rest[: span["start"]] + rest[span["end"] :]
            (again,) = post(real, items(rest) | {"profile": "high_recall"}).json()["results"]
            assert result["labels"][label]["flagged"]
            assert not again["labels"][label]["flagged"]
            assert again["labels"][label]["probability"] == found["probability"]
    assert seen


def test_real_posts_that_are_alike_come_the_most_alike_first(real: TestClient, some_posts: LabelledPosts) -> None:
    texts = some_posts.texts[:40]
    results = post(real, items(*texts) | {"explain": "full"}).json()["results"]
    alike = [[near["similarity"] for near in result["nearest"]] for result in results]
    assert all(one == sorted(one, reverse=True) and len(one) <= 3 for one in alike)
    itself = [
        bool(one["nearest"]) and one["nearest"][0]["text"] == text for one, text in zip(results, texts, strict=True)
    ]
    assert sum(itself) > 15, "the bundle carries 500 of these 855 posts"
    known = set(some_posts.texts)
    assert all(near["text"] in known for result in results for near in result["nearest"])
