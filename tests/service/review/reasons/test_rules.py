"""Every published rule is kept, and each is noticed when it is broken."""

from __future__ import annotations

from typing import Any

import pytest

from service.review.reasons import rules, values
from service.review.reasons.rules import DECISIONS, LONGEST, ONE_OF, REQUIRED, SOME_OF, faults
from tests.service.review.reasons.samples import statement

ENDS = tuple(rules.END_OF)
ILLEGAL = {
    "decision_ground": values.ILLEGAL,
    "incompatible_content_ground": None,
    "incompatible_content_explanation": None,
    "incompatible_content_illegal": None,
    "illegal_content_legal_ground": "Article 1",
    "illegal_content_explanation": "It breaks article 1.",
}


def fields_at_fault(**changes: Any) -> set[str]:
    return {fault.split(":")[0] for fault in faults(statement(**changes))}


def test_statements_that_keep_the_rules() -> None:
    assert faults(statement()) == []
    assert faults(statement(**ILLEGAL)) == []
    assert {*statement(), *ILLEGAL} == rules.FIELDS


@pytest.mark.parametrize("name", REQUIRED)
@pytest.mark.parametrize("empty", [None, "", " ", []])
def test_required_fields(name: str, empty: Any) -> None:
    assert f"{name}: is required" in faults(statement(**{name: empty}))


def test_something_must_have_been_done() -> None:
    gone = dict.fromkeys((*DECISIONS, *ENDS, "decision_visibility_other", "decision_monetary_other"))
    assert fields_at_fault(**gone) == {"decision_visibility"}
    for kept in DECISIONS:
        done = statement(**(gone | {kept: statement()[kept]}))
        assert not any("say what was done" in fault for fault in faults(done))


@pytest.mark.parametrize("name", ONE_OF)
@pytest.mark.parametrize("wrong", ["yes", "STATEMENT_CATEGORY_MADE_UP", ["Yes"], 1])
def test_words(name: str, wrong: Any) -> None:
    assert any(fault.startswith(f"{name}: {wrong!r} is none of ") for fault in faults(statement(**{name: wrong})))


@pytest.mark.parametrize("name", ONE_OF)
def test_every_published_word_is_taken(name: str) -> None:
    for word in ONE_OF[name]:
        assert not any(fault.startswith(f"{name}: '") for fault in faults(statement(**{name: word})))


@pytest.mark.parametrize("name", SOME_OF)
def test_lists(name: str) -> None:
    right = statement()[name]
    assert f"{name}: a list is expected" in faults(statement(**{name: right[0]}))
    for strange in ("KEYWORD_MADE_UP", "UK", ["DE"], None):
        assert any(f"{name}: {strange!r} is none of" in fault for fault in faults(statement(**{name: [strange]})))
    assert not any("is none of" in fault for fault in faults(statement(**{name: sorted(SOME_OF[name])})))


@pytest.mark.parametrize("name", LONGEST)
def test_lengths(name: str) -> None:
    changes = ILLEGAL if name.startswith("illegal") else {}
    head = "https://a.example/" if name == "decision_ground_reference_url" else ""
    fits = head + "a" * (LONGEST[name] - len(head))
    assert faults(statement(**(changes | {name: fits}))) == []
    assert fields_at_fault(**(changes | {name: fits + "a"})) == {name}
    assert name in fields_at_fault(**(changes | {name: 7}))


def test_lengths_are_those_published() -> None:
    assert LONGEST["decision_facts"] == 5000
    assert {LONGEST[name] for name in LONGEST if name.endswith("explanation")} == {2000}
    assert {LONGEST[name] for name in LONGEST if name != "decision_facts" and "explanation" not in name} == {500}


@pytest.mark.parametrize(("field", "other", "word", "required"), rules.WITH)
def test_fields_that_go_with_a_word(field: str, other: str, word: str, required: bool) -> None:
    base = ILLEGAL if word == values.ILLEGAL else {}
    assert (field in fields_at_fault(**(base | {field: None}))) is required
    elsewhere = {
        "decision_visibility": ["DECISION_VISIBILITY_CONTENT_REMOVED"],
        "decision_monetary": "DECISION_MONETARY_SUSPENSION",
        "content_type": ["CONTENT_TYPE_TEXT"],
        "category_specification": ["KEYWORD_TERRORIST_CONTENT"],
        "decision_ground": values.INCOMPATIBLE if word == values.ILLEGAL else values.ILLEGAL,
    }
    broken = faults(statement(**(base | {other: elsewhere[other]})))
    assert f"{field}: goes only with {word} in {other}" in broken


@pytest.mark.parametrize("name", ["content_date", "application_date", *ENDS])
@pytest.mark.parametrize("wrong", ["2026-3-01", "2026-02-30", "01-03-2026", "2026-03-01T10:00", "٢٠٢٦-٠٣-٠١", 20260301])
def test_dates_as_they_are_written(name: str, wrong: Any) -> None:
    assert f"{name}: {wrong!r} is no day written as YYYY-MM-DD" in faults(statement(**{name: wrong}))


@pytest.mark.parametrize(
    ("name", "day", "right"),
    [
        ("content_date", "1999-12-31", False),
        ("content_date", "2000-01-01", True),
        ("application_date", "2019-12-31", False),
        ("application_date", "2020-01-01", True),
        ("content_date", "2038-01-02", False),
        *[(name, "2026-03-01", False) for name in ENDS],
        *[(name, "2026-03-02", True) for name in ENDS],
        *[(name, "2038-01-02", False) for name in ENDS],
    ],
)
def test_dates_in_their_bounds(name: str, day: str, right: bool) -> None:
    assert (fields_at_fault(**{name: day}) == set()) is right


@pytest.mark.parametrize("name", ENDS)
def test_an_end_goes_with_what_ends(name: str) -> None:
    decision = rules.END_OF[name]
    assert f"{name}: goes only with {decision}" in faults(statement(**{decision: None}))


@pytest.mark.parametrize("wrong", ["a b", "a/b", "ä", "a\n", "forum:1"])
def test_names_of_statements(wrong: str) -> None:
    assert fields_at_fault(puid=wrong) == {"puid"}


@pytest.mark.parametrize("wrong", ["forum.example", "ftp://forum.example", "https://", "https://a b"])
def test_addresses_of_terms(wrong: str) -> None:
    assert fields_at_fault(decision_ground_reference_url=wrong) == {"decision_ground_reference_url"}


@pytest.mark.parametrize("text", ["ask anna@forum.example", "by @anna", "(@anna)"])
def test_no_personal_data(text: str) -> None:
    assert fields_at_fault(decision_facts=text) == {"decision_facts"}
    assert fields_at_fault(source_identity=text) == {"source_identity"}


def test_unknown_fields() -> None:
    assert faults(statement(url="https://forum.example/1")) == ["url: is no field of a statement"]
