"""A platform's file is read, and every fault of it is named with its place."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from classifier.errors import InputError
from service.review.reasons import values
from service.review.reasons.grounds import KNOWN, read_grounds
from service.review.words import Source
from tests.service.review.reasons.samples import ALONE, GROUNDS, PEACEFUL, Write, writer


@pytest.fixture
def write(tmp_path: Path) -> Write:
    return writer(tmp_path)


def test_what_the_file_says(write: Write) -> None:
    grounds = read_grounds(write(GROUNDS + ALONE))
    recruitment, separatism = grounds.entries["recruitment"], grounds.entries["separatism"]
    assert recruitment is not None
    assert separatism is not None
    assert recruitment.fields["illegal_content_legal_ground"] == "Article 1 of the law on foreign service"
    assert recruitment.fields["territorial_scope"] == list(values.EU)
    assert recruitment.fields["content_type"] == ["CONTENT_TYPE_TEXT"]
    assert separatism.fields["territorial_scope"] == ["DE", "FR"]
    assert separatism.fields["incompatible_content_illegal"] == "No"
    assert separatism.days == {"end_date_visibility_restriction": 30}
    assert grounds.entries["separatism/peaceful"] is None
    assert (grounds.undated, grounds.sources[Source.USER]) == (False, "SOURCE_ARTICLE_16")


def test_the_same_in_json(write: Write) -> None:
    entry = {
        "ground": "illegal", "law": "Article 1", "explanation": "It is.", "territorial_scope": "EEA",
        "decision_account": "DECISION_ACCOUNT_SUSPENDED", "category": "STATEMENT_CATEGORY_VIOLENCE",
    }  # fmt: skip
    sources = {"user": "SOURCE_TYPE_OTHER_NOTIFICATION"}
    made = read_grounds(write(json.dumps({"labels": {"x": entry}, "undated": "received", "sources": sources})))
    assert made.undated
    assert made.sources[Source.USER] == "SOURCE_TYPE_OTHER_NOTIFICATION"
    assert made.sources[Source.TRUSTED_FLAGGER] == "SOURCE_TRUSTED_FLAGGER"
    assert made.entries["x"] is not None
    assert made.entries["x"].fields["territorial_scope"] == list(values.EEA)


def test_which_entry_a_label_falls_under(write: Write) -> None:
    general = read_grounds(write(GROUNDS))
    assert general.key("separatism", "violent") == "separatism"
    assert general.key("separatism", "peaceful") is None
    special = read_grounds(write(GROUNDS + PEACEFUL + "  separatism/unclear: nothing\n"))
    assert special.key("separatism", "peaceful") == "separatism/peaceful"
    assert special.key("separatism", "unclear") == "separatism/unclear"
    with pytest.raises(InputError, match="confirmed as other, and the file names no ground for that; write `other`"):
        general.key("other", None)
    bare = read_grounds(write("labels: {recruitment: nothing}"))
    assert bare.key("separatism", "peaceful") is None
    with pytest.raises(InputError, match="write `separatism` or `separatism/violent` under `labels`, with `ground`"):
        bare.key("separatism", "violent")


@pytest.mark.parametrize(
    ("before", "after", "line", "message"),
    [
        ("    ground: incompatible\n", "", 11, "separatism: missing: `ground`; write illegal or incompatible"),
        ("ground: illegal", "ground: bad", 5, "recruitment: ground: 'bad'; write illegal or incompatible"),
        ("    law: Article 1 of the law on foreign service\n", "", 4, "recruitment: missing: `law`"),
        ("clause:", "law:", 11, "separatism: missing: `clause`"),
        ("also_illegal: No", "law: Article 2", 15, "has a `clause` and no `law`"),
        ("    explanation: The post offers service in a foreign armed force.\n", "", 4, "missing: `explanation`"),
        ("also_illegal: No", "also_illegal: perhaps", 11, "also_illegal: 'perhaps' is none of No, Yes"),
        ("_CONTENT_REMOVED", "_GONE", 4, "decision_visibility: 'DECISION_VISIBILITY_GONE' is none of"),
        ("decision_visibility: [DECISION_VISIBILITY_CONTENT_REMOVED]", "account_type: ACCOUNT_TYPE_PRIVATE", 4,
         "say what was done"),
        ("territorial_scope: EU\n", "", 3, "recruitment: territorial_scope: is required"),
        ("Article 1 of the law on foreign service", "a" * 501, 4, "recruitment: law: 501 characters, at most 500"),
        ("The post offers", "Ask a@b.example. The post offers", 4, "recruitment: explanation: holds a mail address"),
        ("[DE, FR]", "[DE, KZ]", 11, "territorial_scope: 'KZ' is none of"),
        ("[DE, FR]", "Europe", 21, "'Europe': write EU, EEA or a list of countries"),
        ("visibility_days: 30", "visibility_days: soon", 18, "'soon': write a number of days from 1 to 3650"),
        ("visibility_days: 30", "account_days: 30", 11, "account_days: goes only with decision_account"),
        ("category: STATEMENT_CATEGORY_RISK_FOR_PUBLIC_SECURITY", "content_type: [CONTENT_TYPE_TEXT]", 4,
         "recruitment: category: is required"),
        ("  separatism:", "  separatism/gentle:", 11, "'separatism/gentle': write a label, or separatism/ and one of"),
        ("  recruitment:", "  recruitment/violent:", 4, "write a label, or separatism/ and one of"),
        ("also_illegal", "decision_facts", 15, "separatism: unknown field 'decision_facts'"),
        ("also_illegal", "puid", 15, "separatism: unknown field 'puid'"),
        ("territorial_scope: EU", "scope: EU", 2, "unknown field 'scope'"),
        ("territorial_scope: EU", "territorial_scope: EU\nundated: yes", 3, "undated: write `received`"),
        ("territorial_scope: EU", "territorial_scope: EU\nsources: {nobody: X}", 3, "unknown source 'nobody'"),
        ("territorial_scope: EU", "territorial_scope: EU\nsources: {user: X}", 3, "'X' is none of SOURCE_ARTICLE_16"),
        ("labels:", "others:", 3, "unknown field 'others'"),
    ],
)  # fmt: skip
def test_faults_are_named_with_their_place(write: Write, before: str, after: str, line: int, message: str) -> None:
    assert before in GROUNDS
    path = write(GROUNDS.replace(before, after, 1))
    with pytest.raises(InputError) as caught:
        read_grounds(path)
    assert str(caught.value).startswith(f"{path}, line {line}: ")
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("content", "message"),
    [("", "the file is empty"), ("- a", "a mapping"), ("undated: received", "missing: `labels`")],
)
def test_files_that_say_nothing(write: Write, content: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        read_grounds(write(content))


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        read_grounds(str(tmp_path / "none.yaml"))


def test_the_sample_in_the_documentation(write: Write) -> None:
    text = (Path(__file__).parents[4] / "docs" / "review.md").read_text("utf-8")
    grounds = read_grounds(write(text.partition("```yaml policy.yaml\n")[2].partition("```")[0]))
    assert list(grounds.entries) == ["recruitment", "separatism", "separatism/unclear"]
    section = text.partition("## Statements of reasons")[2].partition("\n## ")[0]
    assert [name for name in KNOWN if f"`{name}`" not in section] == []
