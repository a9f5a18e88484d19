"""What the platform did about confirmed posts and on what ground, as it says itself in a file; Clarion cannot know."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from classifier.cuefile import Located, read_yaml
from classifier.errors import CueError, InputError
from service.review.reasons import values
from service.review.reasons.rules import SOME_OF, faults
from service.review.words import PEACEFUL, SEPARATISM, Source
from training.guide import MEANS

NOTHING: Final = "nothing"
RECEIVED: Final = "received"
SCOPES: Final[Mapping[str, tuple[str, ...]]] = {"EU": values.EU, "EEA": values.EEA}
# In the file: the word of the database, and what its ground and explanation are called here and there.
KINDS: Final = {
    "illegal": (values.ILLEGAL, "law", "illegal_content_legal_ground", "illegal_content_explanation"),
    "incompatible": (
        values.INCOMPATIBLE, "clause", "incompatible_content_ground", "incompatible_content_explanation",
    ),
}  # fmt: skip
DAYS: Final[Mapping[str, str]] = {
    "visibility_days": "end_date_visibility_restriction",
    "monetary_days": "end_date_monetary_restriction",
    "service_days": "end_date_service_restriction",
    "account_days": "end_date_account_restriction",
}
RENAMED: Final[Mapping[str, str]] = {
    "reference_url": "decision_ground_reference_url",
    "also_illegal": "incompatible_content_illegal",
}
# What a field of the database is called in the file, where it is called otherwise.
IN_FILE: Final = {field: name for name, field in (*DAYS.items(), *RENAMED.items())} | {
    field: name for _, word, ground, why in KINDS.values() for field, name in ((ground, word), (why, "explanation"))
}
PLAIN: Final = (
    "decision_visibility", "decision_visibility_other", "decision_monetary", "decision_monetary_other",
    "decision_provision", "decision_account", "account_type", "category", "category_addition",
    "category_specification", "category_specification_other", "content_type", "content_type_other",
    "territorial_scope",
)  # fmt: skip
KNOWN: Final = ("ground", "law", "clause", "explanation", *RENAMED, *PLAIN, *DAYS)
SOURCE_OF: Final[Mapping[Source, str]] = {
    Source.NONE: values.VOLUNTARY,
    Source.USER: values.ARTICLE_16,
    Source.TRUSTED_FLAGGER: values.TRUSTED_FLAGGER,
    Source.AUTHORITY: values.OTHER_NOTICE,
}
LONGEST_DAYS: Final = 3650
SOME_END: Final = "2037-12-31"
# What the statement of a post adds; only here so that an entry of the file can be checked before any post is read.
OF_A_POST: Final[Mapping[str, Any]] = {
    "decision_facts": "facts", "content_date": "2026-01-01", "application_date": "2026-01-01",
    "source_type": values.VOLUNTARY, "automated_detection": values.YES,
    "automated_decision": values.NOT_AUTOMATED, "puid": "puid",
}  # fmt: skip


@dataclass(frozen=True)
class Ground:
    """What was done about posts of one label, and why.

    Parameters
    ----------
    fields : mapping of str to object
        Fields that are the same in each of its statements.
    days : mapping of str to int
        How long restrictions last, by the field that holds their end.
    """

    fields: Mapping[str, Any]
    days: Mapping[str, int]


@dataclass(frozen=True)
class Grounds:
    """What a platform's file says.

    Parameters
    ----------
    name : str
        The file, for messages.
    entries : mapping of str to Ground or None
        By label, or label and means (`separatism/peaceful`), in the order of the file; None where nothing was done.
    sources : mapping of Source to str
        What a report counts as.
    undated : bool
        Whether posts of unknown date are stated with the day they came in.
    """

    name: str
    entries: Mapping[str, Ground | None]
    sources: Mapping[Source, str] = field(default_factory=lambda: SOURCE_OF)
    undated: bool = False

    def key(self, label: str, means: str | None) -> str | None:
        """The entry that a confirmed label falls under.

        Parameters
        ----------
        label : str
            A confirmed label.
        means : str or None
            Of confirmed separatism.

        Returns
        -------
        str or None
            None for peaceful separatism of which the file does not speak by itself: no statement is made of it.

        Raises
        ------
        InputError
            When the file names no ground for it.
        """
        own = f"{label}/{means}" if means else label
        if own in self.entries:
            return own
        if means == PEACEFUL:
            return None
        if label in self.entries:
            return label
        which = f"`{label}` or `{own}`" if means else f"`{label}`"
        raise InputError(
            f"{self.name}: posts were confirmed as {own}, and the file names no ground for that; write {which} under"
            f" `labels`, with `ground` and the others, or `{NOTHING}` if the platform left such posts alone"
        )

    def rank(self, key: str) -> int:
        """Place of an entry in the file."""
        return list(self.entries).index(key)


def read_grounds(name: str) -> Grounds:
    """Read the file of a platform.

    Parameters
    ----------
    name : str
        Path of a YAML or JSON file; docs/review.md describes it.

    Returns
    -------
    Grounds
        Each entry of which makes statements that keep the rules.

    Raises
    ------
    InputError
        Naming file, line and field of what is wrong.
    """
    try:
        content = Path(name).read_bytes()
    except OSError as fault:
        raise InputError(f"{name}: cannot be read: {fault.strerror or fault}") from fault
    try:
        return _grounds(read_yaml(content, name))
    except CueError as fault:  # of the reader of YAML, which names the line
        raise InputError(str(fault)) from fault


def _grounds(root: Located) -> Grounds:
    found = {key.text(): (key, body) for key, body in root.entries()}
    known = ("labels", "territorial_scope", "sources", "undated")
    for name, (key, _) in found.items():
        if name not in known:
            raise key.error(f"unknown field {name!r}; known: {', '.join(known)}")
    if "labels" not in found:
        raise root.error("missing: `labels`, with what the platform did by label")
    scope = _scope(found["territorial_scope"][1]) if "territorial_scope" in found else []
    entries = {key.text(): _entry(key, body, scope) for key, body in found["labels"][1].entries()}
    sources = dict(SOURCE_OF) | (_sources(found["sources"][1]) if "sources" in found else {})
    return Grounds(root.file, entries, sources, "undated" in found and _undated(found["undated"][1]))


def _scope(place: Located) -> list[str]:
    if not isinstance(place.value, str):
        return _list(place)
    if place.value not in SCOPES:
        raise place.error(f"territorial_scope: {place.value!r}: write {', '.join(SCOPES)} or a list of countries")
    return list(SCOPES[place.value])


def _sources(place: Located) -> dict[Source, str]:
    made: dict[Source, str] = {}
    for key, body in place.entries():
        if key.text() not in list(Source):
            raise key.error(f"unknown source {key.text()!r}; known: {', '.join(Source)}")
        if body.text() not in values.SOURCES:
            raise body.error(f"{body.text()!r} is none of {', '.join(sorted(values.SOURCES))}")
        made[Source(key.text())] = body.text()
    return made


def _undated(place: Located) -> bool:
    if place.text() != RECEIVED:
        raise place.error(f"undated: write `{RECEIVED}`, or leave it out")
    return True


def _entry(key: Located, body: Located, scope: list[str]) -> Ground | None:
    label, slash, means = key.text().partition("/")
    if slash and (label != SEPARATISM or means not in MEANS):
        raise key.error(f"{key.text()!r}: write a label, or {SEPARATISM}/ and one of {', '.join(MEANS)}")
    if body.value == NOTHING:
        return None
    parts: dict[str, Located] = {}
    for name, value in body.entries():
        if name.text() not in KNOWN:
            raise name.error(f"{key.text()}: unknown field {name.text()!r}; known: {', '.join(KNOWN)}")
        parts[name.text()] = value
    return _ground(key, parts, scope)


def _ground(key: Located, parts: Mapping[str, Located], scope: list[str]) -> Ground:
    fields = {"content_type": [values.TEXT], "territorial_scope": scope} | _reason(key, parts) | _others(parts)
    days = {DAYS[name]: _number(parts[name]) for name in DAYS if name in parts}
    wrong = faults({**fields, **OF_A_POST, **dict.fromkeys(days, SOME_END)})
    if wrong:
        name, _, why = wrong[0].partition(":")
        raise key.error(f"{key.text()}: {IN_FILE.get(name, name)}:{why}")
    return Ground(fields, days)


def _reason(key: Located, parts: Mapping[str, Located]) -> dict[str, Any]:
    if "ground" not in parts:
        raise key.error(f"{key.text()}: missing: `ground`; write {' or '.join(KINDS)}")
    chosen = parts["ground"].text()
    if chosen not in KINDS:
        raise parts["ground"].error(f"{key.text()}: ground: {chosen!r}; write {' or '.join(KINDS)}")
    ground, word, reference, explanation = KINDS[chosen]
    for name in (word, "explanation"):
        if name not in parts:
            raise key.error(f"{key.text()}: missing: `{name}`, which a ground that is {chosen} needs")
    (other,) = {"law", "clause"} - {word}
    if other in parts:
        raise parts[other].error(f"{key.text()}: a ground that is {chosen} has a `{word}` and no `{other}`")
    return {
        "decision_ground": ground,
        reference: parts[word].text(),
        explanation: parts["explanation"].text(),
    }


def _others(parts: Mapping[str, Located]) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for name in (*PLAIN, *RENAMED):
        if name in parts:
            read = _scope if name == "territorial_scope" else _list if name in SOME_OF else Located.text
            made[RENAMED.get(name, name)] = read(parts[name])
    return made


def _list(place: Located) -> list[str]:
    return [one.text() for one in place.items()]


def _number(place: Located) -> int:
    written = place.text()
    if not written.isascii() or not written.isdigit() or not 0 < int(written) <= LONGEST_DAYS:
        raise place.error(f"{written!r}: write a number of days from 1 to {LONGEST_DAYS}")
    return int(written)
