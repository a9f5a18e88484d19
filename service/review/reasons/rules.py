"""The rules that a statement of reasons must keep, checked here so that the database need not send it back.

They are those published at https://transparency.dsa.ec.europa.eu/page/api-documentation, under Statement Attributes,
for version 2 of the interface: what is required and when, which words are allowed, how long texts may be, how dates are
written. Where the page asks for more than the database checks (`territorial_scope`), the page is followed. Where the
database would drop a field without a word, such as a legal ground beside incompatible content, it is a fault here.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from datetime import date
from typing import Any, Final

from service.review.reasons import values

DECISIONS: Final = ("decision_visibility", "decision_monetary", "decision_provision", "decision_account")
REQUIRED: Final = (
    "decision_ground", "decision_facts", "content_type", "category", "territorial_scope", "content_date",
    "application_date", "source_type", "automated_detection", "automated_decision", "puid",
)  # fmt: skip
ONE_OF: Final[Mapping[str, Collection[str]]] = {
    "decision_monetary": values.MONETARIES,
    "decision_provision": values.PROVISIONS,
    "decision_account": values.ACCOUNTS,
    "account_type": values.ACCOUNT_TYPES,
    "decision_ground": values.GROUNDS,
    "incompatible_content_illegal": values.YES_OR_NO,
    "category": values.CATEGORIES,
    "content_language": values.LANGUAGES,
    "source_type": values.SOURCES,
    "automated_detection": values.YES_OR_NO,
    "automated_decision": values.AUTOMATION,
}
SOME_OF: Final[Mapping[str, Collection[str]]] = {
    "decision_visibility": values.VISIBILITIES,
    "content_type": values.CONTENT_TYPES,
    "category_addition": values.CATEGORIES,
    "category_specification": values.KEYWORDS,
    "territorial_scope": values.EEA,
}
LONGEST: Final[Mapping[str, int]] = {
    "decision_visibility_other": 500,
    "decision_monetary_other": 500,
    "decision_facts": 5000,
    "decision_ground_reference_url": 500,
    "illegal_content_legal_ground": 500,
    "illegal_content_explanation": 2000,
    "incompatible_content_ground": 500,
    "incompatible_content_explanation": 2000,
    "content_type_other": 500,
    "category_specification_other": 500,
    "source_identity": 500,
    "puid": 500,
}
EARLIEST: Final[Mapping[str, date]] = {"content_date": date(2000, 1, 1), "application_date": date(2020, 1, 1)}
LATEST: Final = date(2038, 1, 1)
END_OF: Final[Mapping[str, str]] = {
    "end_date_visibility_restriction": "decision_visibility",
    "end_date_monetary_restriction": "decision_monetary",
    "end_date_service_restriction": "decision_provision",
    "end_date_account_restriction": "decision_account",
}
FIELDS: Final = frozenset({*DECISIONS, *REQUIRED, *ONE_OF, *SOME_OF, *LONGEST, *END_OF})
# A field that goes with a word in another one: field, the other, the word, whether it is then required.
WITH: Final = (
    ("decision_visibility_other", "decision_visibility", values.VISIBILITY_OTHER, True),
    ("decision_monetary_other", "decision_monetary", values.MONETARY_OTHER, True),
    ("content_type_other", "content_type", values.CONTENT_OTHER, True),
    ("category_specification_other", "category_specification", values.KEYWORD_OTHER, False),
    ("illegal_content_legal_ground", "decision_ground", values.ILLEGAL, True),
    ("illegal_content_explanation", "decision_ground", values.ILLEGAL, True),
    ("incompatible_content_ground", "decision_ground", values.INCOMPATIBLE, True),
    ("incompatible_content_explanation", "decision_ground", values.INCOMPATIBLE, True),
    ("incompatible_content_illegal", "decision_ground", values.INCOMPATIBLE, False),
)
PUID: Final = re.compile(r"[A-Za-z0-9_-]+")
DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
URL: Final = re.compile(r"https?://[^\s/]+\S*")
PERSONAL: Final = re.compile(r"(?<!\w)@\w|\w@\w")  # a handle or a mail address


def faults(statement: Mapping[str, Any]) -> list[str]:
    """Say which rules a statement breaks.

    Parameters
    ----------
    statement : mapping of str to object
        By field, as it would be sent.

    Returns
    -------
    list of str
        One line for each fault, beginning with the field; empty when the database would take it.
    """
    checks = (_unknown, _missing, _words, _lists, _texts, _together, _dates, _ends)
    return [fault for check in checks for fault in check(statement)]


def _unknown(statement: Mapping[str, Any]) -> Iterator[str]:
    yield from (f"{name}: is no field of a statement" for name in statement if name not in FIELDS)


def _missing(statement: Mapping[str, Any]) -> Iterator[str]:
    yield from (f"{name}: is required" for name in REQUIRED if not _given(statement, name))
    if not any(_given(statement, name) for name in DECISIONS):
        yield f"{DECISIONS[0]}: say what was done here or in {', '.join(DECISIONS[1:])}"


def _given(statement: Mapping[str, Any], name: str) -> bool:
    value = statement.get(name)
    return bool(value.strip() if isinstance(value, str) else value)


def _words(statement: Mapping[str, Any]) -> Iterator[str]:
    for name, known in ONE_OF.items():
        if _given(statement, name) and (not isinstance(statement[name], str) or statement[name] not in known):
            yield f"{name}: {statement[name]!r} is none of {_listed(known)}"


def _lists(statement: Mapping[str, Any]) -> Iterator[str]:
    for name, known in SOME_OF.items():
        if not _given(statement, name):
            continue
        if not isinstance(statement[name], list):
            yield f"{name}: a list is expected"
            continue
        strange = [word for word in statement[name] if not isinstance(word, str) or word not in known]
        yield from (f"{name}: {word!r} is none of {_listed(known)}" for word in strange)


def _listed(known: Collection[str]) -> str:
    return ", ".join(sorted(known))


def _texts(statement: Mapping[str, Any]) -> Iterator[str]:
    for name, longest in LONGEST.items():
        text = statement.get(name)
        if text is None:
            continue
        if not isinstance(text, str):
            yield f"{name}: a piece of text is expected"
        elif len(text) > longest:
            yield f"{name}: {len(text)} characters, at most {longest} are allowed"
        elif name == "puid" and text and not PUID.fullmatch(text):
            yield "puid: may hold letters without accents, digits, - and _ only"
        elif name == "decision_ground_reference_url" and not URL.fullmatch(text):
            yield f"{name}: is no address that begins with http:// or https://"
        elif name != "decision_ground_reference_url" and PERSONAL.search(text):
            yield f"{name}: holds a mail address or a handle; statements may not hold personal data"


def _together(statement: Mapping[str, Any]) -> Iterator[str]:
    for name, other, word, required in WITH:
        value = statement.get(other)
        chosen = word in value if isinstance(value, list) else value == word
        if chosen and required and not _given(statement, name):
            yield f"{name}: is required when {other} is {word}"
        elif not chosen and _given(statement, name):
            yield f"{name}: goes only with {word} in {other}"


def _dates(statement: Mapping[str, Any]) -> Iterator[str]:
    for name in (*EARLIEST, *END_OF):
        if not _given(statement, name):
            continue
        day, earliest = _day(statement[name]), EARLIEST.get(name)
        if day is None:
            yield f"{name}: {statement[name]!r} is no day written as YYYY-MM-DD"
        elif earliest and day < earliest:
            yield f"{name}: {day} is before {earliest}"
        elif day > LATEST:
            yield f"{name}: {day} is after {LATEST}"


def _ends(statement: Mapping[str, Any]) -> Iterator[str]:
    begins = _day(statement.get("application_date"))
    for name, decision in END_OF.items():
        if not _given(statement, name):
            continue
        ends = _day(statement[name])
        if begins and ends and ends < begins:
            yield f"{name}: {ends} is before application_date, {begins}"
        if not _given(statement, decision):
            yield f"{name}: goes only with {decision}"


def _day(value: Any) -> date | None:
    if not isinstance(value, str) or not DAY.fullmatch(value):
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None
