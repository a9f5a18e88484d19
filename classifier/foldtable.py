"""The folding table: what each Unicode code point becomes in the Latin skeleton.

The table is built once from Unicode (NFKC, case folding, categories) and the letter lists below, and
shipped as ``fold.npz``, so that every Python folds alike whatever Unicode version it carries.
``python -m classifier.foldtable`` writes it anew; a test holds the file against `build`.
"""

from __future__ import annotations

import unicodedata
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from classifier import emoji, shapes

PATH: Final = Path(__file__).with_name("fold.npz")
USUAL: Final = Path(__file__).with_name("usual.npz")  # n-grams of the posts that ship: see training/usual.py
SIZE: Final = 0x20000  # code points from here on are CJK letters, tags or private: see the kernel

# Classes of code points. A word is a run of letters; kept signs are words of their own, and so is what an emoji says.
SEPARATOR, LETTER, DIGIT, DROP, SIGN, STOP, APOSTROPHE, TOKEN, WORD = range(9)

# Symbols that the fold writes for typed things; all from the private use area and mapped to themselves.
LINK, HANDLE, PHONE, DATE, SUM, YEARS, NUMBER = range(0xE000, 0xE007)
HIDDEN: Final = 0xE007  # twice for a letter behind a star, until it is guessed
CURRENCY: Final = ord("$")

# Scripts, for telling look-alikes apart. A letter is "shared" when the other script has one of its shape, "foreign" if
# it stays as it is but has the shape of a Latin letter, and "sounding" when it is of a third script, such as Greek,
# and becomes Latin letters by its sound.
OTHER, LATIN, LATIN_SHARED, CYRILLIC, CYRILLIC_SHARED, FOREIGN, SOUNDING = range(7)


def pairs(written: str) -> dict[str, str]:
    """Letters and what each becomes, as "letter:skeleton" separated by blanks."""
    return dict(pair.split(":") for pair in written.split())


ROMAN: Final = {
    # Cyrillic: Russian, Ukrainian, Kazakh, Uzbek, Kyrgyz, Tajik, with the commonest Latin habit of each sound
    **dict(zip("абвгдезиклмнопрстуфхы", "abvgdeziklmnoprstufhi", strict=True)),
    **pairs("ж:j ц:ts ч:ch ш:sh щ:sh э:e ю:iu я:ia й:i ё:e ъ: ь: і:i ї:i є:e ґ:g ў:o ғ:g қ:k ң:n ө:o ұ:u ү:u ә:a"),
    **pairs("һ:h ҳ:h ҷ:j ӣ:i ӯ:u җ:j ӊ:n ҡ:k ҙ:z ҫ:s ӑ:a ӗ:e ј:j ѕ:s ԁ:d ԛ:k ԝ:v ѵ:v"),
    # Latin: letters of one sound merge (w v, q k, x h, y i); c waits for what follows it (see the kernel)
    **{letter: letter for letter in "abcdefghijklmnoprstuvz"},
    **pairs(
        "q:k w:v x:h y:i ş:sh ș:sh š:sh ç:ch č:ch ž:j ı:i ə:a æ:ae œ:oe ø:o ß:s đ:d ð:d ł:l þ:t ŋ:n ħ:h ſ:s ɡ:g ɑ:a ɩ:i"
    ),
    # Greek, by sound; inside a Latin or Cyrillic word it is read by shape instead
    **dict(zip("αβγδεζηθικλμνξοπρστυφχψως", "abgdezitiklmnkoprstifhpos", strict=True)),
}
LOWER, UPPER = 1, 2
QUOTES: Final = '"«»“”„‟〝〞'
APOSTROPHES: Final = "'’ʼʻ‘`´ʹ＇"
STOPS: Final = ".!…\n\r\u2028\u2029;。！．‼"
QUESTIONS: Final = "?？¿؟⁇⁈⁉"
INVISIBLE: Final = "\u115f\u1160\u3164\uffa0\u17b4\u17b5"


# Columns of the table. `SINGLE` is the one symbol of a letter that no spelling variant can change, else 0: the fast way
# through a word. From `FIRST` on stand as many symbols of the skeleton as `LENGTH` says.
CLASS, SCRIPT, CASE, AS_CYRILLIC, AS_LATIN, SINGLE, LENGTH, FIRST = range(8)
MOST: Final = 9
COLUMNS: Final = FIRST + MOST

Table = npt.NDArray[np.int32]


class Folding(NamedTuple):
    """What text is read with.

    Parameters
    ----------
    table : ndarray of int32, shape (SIZE, COLUMNS)
        What every code point becomes, see `build`.
    small : ndarray of int32, shape (SIZE,)
        The small letter of every code point; all but capitals are their own.
    usual : ndarray of uint8
        Usual n-grams of the skeleton, a bit for each of their hashes, see `classifier.kernels.hidden`.
    """

    table: Table
    small: Table
    usual: npt.NDArray[np.uint8]


def plain(char: str) -> str:
    """Compatibility form, lower case, in composed letters."""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", char).casefold())
    code = ord(char)
    for start, stop in ((0x1F150, 0x1F169), (0x1F170, 0x1F189)):  # negative circled and squared letters
        if start <= code <= stop:
            return chr(ord("a") + code - start)
    return folded


def is_letter(char: str) -> bool:
    """Whether a letter or a vowel sign that stands in a word by itself."""
    category = unicodedata.category(char)
    return char not in APOSTROPHES and (category[0] == "L" or category == "Mc")


def roman(char: str) -> str:
    """Latin skeleton of one lower-case letter; letters of other scripts, and signs, stay as they are."""
    if char == "$" or char in ROMAN:
        return ROMAN.get(char, char)
    latin = shapes.plain_latin(char)
    if latin:
        return ROMAN[latin]
    return "".join(ROMAN.get(c, c) for c in unicodedata.normalize("NFD", char) if is_letter(c))


def merged(letters: str) -> str:
    """Letters without immediate repetition, as the fold writes them."""
    return "".join(letter for letter, _ in groupby(letters))


def classify(char: str) -> tuple[int, str]:
    """Class of a code point and what it becomes in the skeleton."""
    code, category = ord(char), unicodedata.category(char)
    if LINK <= code <= NUMBER:
        return TOKEN, char
    if char in emoji.WORDS:
        return WORD, merged("".join(map(roman, emoji.WORDS[char])))
    for members, klass, sign in ((STOPS, STOP, "."), (QUESTIONS, SIGN, "?"), (QUOTES, SIGN, '"')):
        if char in members:
            return klass, sign
    if char in APOSTROPHES:
        return APOSTROPHE, ""
    if char in INVISIBLE or category in ("Mn", "Me", "Cf") or 0x1F3FB <= code <= 0x1F3FF:
        return DROP, ""
    if category == "Sc":
        return SIGN, "$"
    return classify_by_form(char, category)


def classify_by_form(char: str, category: str) -> tuple[int, str]:
    """Class of a letter, digit, symbol or anything else, by its compatibility form."""
    form = plain(char)
    letters = "".join(filter(is_letter, form))
    if letters:
        skeleton = "".join(roman(c) for c in letters)
        return (LETTER, skeleton) if 0 < len(skeleton) <= 4 else (DROP if not skeleton else LETTER, skeleton[:4])
    if any(c.isdecimal() for c in form):
        return DIGIT, "0"
    return (SIGN, char) if category == "So" else (SEPARATOR, "")


def script_of(char: str, skeleton: str) -> int:
    """Script of a letter with this skeleton, and whether the other script has a letter of its shape.

    What stays Cyrillic or Greek in the skeleton speaks for no script, so that folding again reads a word the same way.
    """
    form = plain(char)
    if shapes.is_cyrillic(char) and skeleton.isascii():
        return CYRILLIC_SHARED if any(char == c for c, _ in shapes.cyrillic_pairs()) else CYRILLIC
    if form and shapes.is_latin(form[0]):
        return LATIN_SHARED if any(char == c for _, c in shapes.cyrillic_pairs()) else LATIN
    if any(c in shapes.latin_shapes() and not c.isascii() for c in skeleton):
        return FOREIGN
    return SOUNDING if any(c.isascii() for c in skeleton) else OTHER


def build() -> Table:
    """Make the table from Unicode and the letter lists: one row for each code point below `SIZE`, see the columns."""
    table = np.zeros((SIZE, COLUMNS), np.int32)
    for code in range(SIZE):
        char = chr(code)
        if unicodedata.category(char) in ("Cs", "Cn"):
            continue
        table[code, CLASS], skeleton = classify(char)
        table[code, CASE] = LOWER if char.islower() else UPPER if char.isupper() and skeleton != char else 0
        table[code, LENGTH] = len(skeleton)
        table[code, FIRST : FIRST + len(skeleton)] = list(map(ord, skeleton))
        table[code, SCRIPT] = script_of(char, skeleton) if table[code, CLASS] == LETTER else OTHER
        if table[code, CLASS] == LETTER and len(skeleton) == 1 and skeleton not in "hz":
            table[code, SINGLE] = ord(skeleton) * (table[code, SCRIPT] != FOREIGN)
    for column, shape in ((AS_CYRILLIC, shapes.as_cyrillic()), (AS_LATIN, shapes.as_latin())):
        table[list(shape), column] = list(shape.values())
    for place in np.flatnonzero(
        (table[:, SCRIPT] == FOREIGN) & (table[:, AS_LATIN] > 0) & (table[:, AS_CYRILLIC] == 0)
    ):
        latin = table[place, AS_LATIN]
        table[place, AS_CYRILLIC] = table[latin, AS_CYRILLIC] or latin
    return table


def capitals() -> Table:
    """Capitals below `SIZE`, and the small letter of each, shape (2, capitals)."""
    pairs = ((code, chr(code).lower()) for code in range(SIZE))
    return np.array([(code, ord(small)) for code, small in pairs if len(small) == 1 and ord(small) != code], np.int32).T


@cache
def load() -> Table:
    """Read the shipped table."""
    return read("table")


@cache
def load_small_letters() -> Table:
    """The small letter of every code point below `SIZE`, shape (SIZE,); all but capitals are their own."""
    small = np.arange(SIZE, dtype=np.int32)
    capital, letter = read("capitals")
    small[capital] = letter
    return small


@cache
def folding() -> Folding:
    """All that text is read with."""
    with np.load(USUAL, allow_pickle=False) as arrays:
        return Folding(load(), load_small_letters(), arrays["usual"])


def read(name: str) -> Table:
    """Read one table of the shipped file."""
    with np.load(PATH, allow_pickle=False) as arrays:
        table: Table = arrays[name]
    return table


if __name__ == "__main__":
    np.savez_compressed(PATH, table=build(), capitals=capitals())
