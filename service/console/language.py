"""The languages of the console: catalogues of translations, and numbers, times and names as each writes them.

Catalogues are gettext files in `locale/`; a sentence that has no translation is shown in English.
"""

from __future__ import annotations

import gettext
import io
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Final

from babel import Locale
from babel.dates import format_datetime, format_timedelta
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal
from jinja2 import Environment, FileSystemLoader, StrictUndefined

HERE: Final = Path(__file__).parent
CATALOGUES: Final = HERE / "locale"
LANGUAGES: Final = {"en": "English", "ru": "Русский", "kk": "Қазақша"}
DEFAULT: Final = "en"


def N_(sentence: str) -> str:  # noqa: N802 (the name by which gettext's tools find sentences)
    """Mark a sentence that is translated where it is shown."""
    return sentence


def choose(*wishes: str | None) -> str:
    """The first language that is wished for and spoken here.

    Parameters
    ----------
    *wishes : str or None
        Language tags, or the value of an ``Accept-Language`` header, best first.
    """
    for wish in wishes:
        for part in (wish or "").split(","):
            tag = part.partition(";")[0].strip().lower().partition("-")[0]
            if tag in LANGUAGES:
                return tag
    return DEFAULT


@cache
def catalogue(lang: str) -> gettext.NullTranslations:
    """The translations into one language; none for English, in which everything is written."""
    if lang == DEFAULT:
        return gettext.NullTranslations()
    with (CATALOGUES / f"{lang}.po").open("rb") as file:
        read = read_po(file, locale=lang, abort_invalid=True)
    # Compiled here rather than beforehand: a translator changes one file and nothing has to be built.
    compiled = io.BytesIO()
    write_mo(compiled, read)
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


@dataclass(frozen=True)
class Words:
    """How one language says things.

    Parameters
    ----------
    lang : str
        One of `LANGUAGES`.
    """

    lang: str

    def say(self, sentence: str, **values: object) -> str:
        """A sentence in this language, with its values filled in."""
        said = catalogue(self.lang).gettext(sentence)
        return said % values if values else said

    def number(self, value: float) -> str:
        """A number with its groups of digits."""
        return format_decimal(value, locale=self.lang)

    def percent(self, share: float) -> str:
        """A share as a percentage that never rounds to a certainty."""
        if 0 < share < 0.001:
            return f"< {self._decimal(0.1, '0.0')} %"
        if 0.999 < share < 1:
            return f"> {self._decimal(99.9, '0.0')} %"
        return f"{self._decimal(share * 100, '0.0')} %"

    def signed(self, weight: float) -> str:
        """A weight with its sign."""
        return self._decimal(weight, "+0.00;\N{MINUS SIGN}0.00")

    def decimal(self, value: float) -> str:
        """A figure with two decimals."""
        return self._decimal(value, "0.00")

    def _decimal(self, value: float, pattern: str) -> str:
        return format_decimal(value, pattern, locale=self.lang)

    def moment(self, moment: datetime) -> str:
        """A date with the time, in UTC."""
        return f"{format_datetime(moment.astimezone(UTC), 'medium', locale=self.lang)} UTC"

    def lasting(self, time: timedelta | float) -> str:
        """How long, in the largest unit that fits; a number is seconds."""
        time = time if isinstance(time, timedelta) else timedelta(seconds=time)
        return format_timedelta(time, locale=self.lang, threshold=1.5)

    def since(self, moment: datetime) -> str:
        """How long ago."""
        return self.lasting(max(datetime.now(UTC) - moment, timedelta(0)))

    def language(self, tag: str) -> str:
        """Name of a language, with its tag."""
        if tag == "unknown":
            return self.say("not recognised")
        names, (language, _, script) = Locale.parse(self.lang), tag.partition("-")
        named = names.languages.get(language, language)
        if script in names.scripts:
            named += f" ({names.scripts[script]})"
        return f"{named} ({tag})"


@cache
def templates(lang: str) -> Environment:
    """Templates in one language; what they are given is always escaped."""
    environment = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    words, found = Words(lang), catalogue(lang)
    environment.install_gettext_callables(found.gettext, found.ngettext, newstyle=True)  # type: ignore[attr-defined]
    environment.globals |= {"words": words, "lang": lang, "languages": LANGUAGES}
    environment.filters |= {
        "percent": words.percent,
        "signed": words.signed,
        "decimal": words.decimal,
        "number": words.number,
        "moment": words.moment,
        "lasting": words.lasting,
        "since": words.since,
        "language": words.language,
        "say": words.say,
    }
    return environment
