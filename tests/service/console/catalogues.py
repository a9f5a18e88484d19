"""`python -m tests.service.console.catalogues`: bring the catalogues up to the sentences that pages use.

New sentences are added without a translation, those that nobody uses any more are taken out.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from service.console.language import CATALOGUES, DEFAULT, LANGUAGES

SERVICE = Path(__file__).parents[3] / "service"
METHODS = [("**.py", "python"), ("**/templates/**.html", "jinja2.ext.babel_extract")]
OPTIONS = {"**/templates/**.html": {"trimmed": "true", "silent": "false"}}
KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2), "N_": None, "say": None}
HEADER = "# Translations of the console into %s. Sentences come from the pages; see CONTRIBUTING.md.\n"
DATED = ('"POT-Creation', '"PO-Revision', '"Generated-By', '"Last-Tr', '"Report-Msgid', '"Language-Team')
PLACE = re.compile(r"%\((\w+)\)s")


def used() -> Catalog:
    """Every sentence that the pages use."""
    found = Catalog()
    for _, _, message, _, _ in extract_from_dir(SERVICE, METHODS, OPTIONS, KEYWORDS):
        found.add(message)
    return found


def catalogue(lang: str) -> Catalog:
    """A catalogue as it lies on disk."""
    with (CATALOGUES / f"{lang}.po").open("rb") as file:
        return read_po(file, locale=lang, abort_invalid=True)


def update(lang: str) -> int:
    """Bring one catalogue up to date; how many sentences lack a translation."""
    made = catalogue(lang)
    made.update(used(), no_fuzzy_matching=True)
    made.obsolete.clear()
    made.header_comment = HEADER % LANGUAGES[lang]
    written = BytesIO()
    write_po(written, made, width=0, sort_output=True, no_location=True, omit_header=False)
    # Dates in the header would make every run another file.
    lines = written.getvalue().decode().splitlines(keepends=True)
    kept = [line for line in lines if not line.startswith(DATED)]
    (CATALOGUES / f"{lang}.po").write_text("".join(kept), "utf-8")
    return sum(not all(strings(one)) for one in made if one.id)


def strings(message: object) -> tuple[str, ...]:
    """The translations of a message: one, or one for each plural form."""
    given = getattr(message, "string", "")
    return given if isinstance(given, tuple) else (given,)


def names(sentence: str) -> set[str]:
    """Names of the values that are filled into a sentence."""
    return set(PLACE.findall(sentence))


def faults(lang: str) -> Iterator[str]:
    """What is wrong with a catalogue."""
    here, wanted = catalogue(lang), used()
    for message in wanted:
        if message.id:
            yield from _faults(message.id, here)
    for message in here:
        if message.id and message.id not in wanted:
            yield f"nobody says {message.id!r} any more"


def _faults(sentence: str | tuple[str, ...] | list[str], here: Catalog) -> Iterator[str]:
    forms = (sentence,) if isinstance(sentence, str) else tuple(sentence)
    found = here.get(forms[0])
    if found is None or not all(strings(found)):
        yield f"{forms[0]!r} is not translated"
    elif found.fuzzy:
        yield f"{forms[0]!r} is marked as doubtful"
    elif any(names(said) - {"num"} != names(forms[-1]) - {"num"} for said in strings(found)):
        yield f"{forms[0]!r} has other values than its translation"


if __name__ == "__main__":
    for each in LANGUAGES:
        if each != DEFAULT:
            sys.stdout.write(f"{each}: {update(each)} sentences wait for a translation\n")
