"""The folding table: what each Unicode code point becomes in the Latin skeleton.

The table is built once from Unicode (NFKC, case folding, categories) and the letter lists below, and
shipped as ``fold.npz``, so that every Python folds alike whatever Unicode version it carries.
``python -m classifier.foldtable`` writes it anew; a test holds the file against `build`.
"""

from __future__ import annotations

import unicodedata
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

PATH: Final = Path(__file__).with_name("fold.npz")
SIZE: Final = 0x20000  # code points from here on are CJK letters, tags or private: see the kernel

# Classes of code points. A word is a run of letters; the kept signs are words of their own.
SEPARATOR, LETTER, DIGIT, DROP, SIGN, STOP, APOSTROPHE, TOKEN = range(8)

# Symbols that the fold writes for typed things; all from the private use area and mapped to themselves.
LINK, HANDLE, PHONE, NUMBER = 0xE000, 0xE001, 0xE002, 0xE003
TOKENS: Final = {"link": LINK, "handle": HANDLE, "phone": PHONE, "number": NUMBER, "money": ord("$")}

# Scripts, for telling look-alikes apart: a letter is "shared" when the other script has one of its shape.
OTHER, LATIN, LATIN_SHARED, CYRILLIC, CYRILLIC_SHARED, GREEK = range(6)


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
# Pairs of one shape. Upper and lower case differ: capital Cyrillic "В" is a Latin "B", small "в" is none.
SHAPES: Final = (
    ("а", "a"), ("е", "e"), ("о", "o"), ("р", "p"), ("с", "c"), ("х", "x"), ("у", "y"), ("і", "i"), ("ј", "j"),
    ("ѕ", "s"), ("һ", "h"), ("ԁ", "d"), ("ԛ", "q"), ("ԝ", "w"), ("А", "A"), ("В", "B"), ("Е", "E"), ("К", "K"),
    ("М", "M"), ("Н", "H"), ("О", "O"), ("Р", "P"), ("С", "C"), ("Т", "T"), ("Х", "X"), ("У", "Y"), ("І", "I"),
    ("Ј", "J"), ("Ѕ", "S"), ("к", "k"), ("ѵ", "v"),
)  # fmt: skip
GREEK_SHAPES: Final = {
    **dict(zip("αεικνορτυχΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "aeikvoptuxABEZHIKMNOPTYX", strict=True)),
}
QUOTES: Final = '"«»“”„‟〝〞'
APOSTROPHES: Final = "'’ʼʻ‘`´ʹ＇"
STOPS: Final = ".!…\n\r\u2028\u2029;。！．‼"
QUESTIONS: Final = "?？¿؟⁇⁈⁉"
INVISIBLE: Final = "\u115f\u1160\u3164\uffa0\u17b4\u17b5"


class FoldTable(NamedTuple):
    """Arrays indexed by code point (below `SIZE`), read by the compiled fold."""

    klass: npt.NDArray[np.uint8]
    first: npt.NDArray[np.int32]
    length: npt.NDArray[np.uint8]
    pool: npt.NDArray[np.int32]
    script: npt.NDArray[np.uint8]
    as_cyrillic: npt.NDArray[np.int32]
    as_latin: npt.NDArray[np.int32]


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
    """Latin skeleton of one lower-case letter; letters of other scripts stay as they are."""
    if char in ROMAN:
        return ROMAN[char]
    return "".join(ROMAN.get(c, c) for c in unicodedata.normalize("NFD", char) if is_letter(c))


def classify(char: str) -> tuple[int, str]:
    """Class of a code point and what it becomes in the skeleton."""
    code, category = ord(char), unicodedata.category(char)
    if LINK <= code <= NUMBER:
        return TOKEN, char
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


def script_of(char: str) -> int:
    """Script of a letter, and whether the other script has a letter of its shape."""
    name = unicodedata.name(char, "")
    if name.startswith("GREEK"):
        return GREEK
    if name.startswith("CYRILLIC"):
        return CYRILLIC_SHARED if any(char == c for c, _ in SHAPES) else CYRILLIC
    form = plain(char)
    if form and "LATIN" in unicodedata.name(form[0], ""):
        return LATIN_SHARED if any(char == c for _, c in SHAPES) else LATIN
    return OTHER


def shapes() -> tuple[dict[int, int], dict[int, int]]:
    """Maps from a letter to the Cyrillic and to the Latin letter of its shape."""
    to_cyrillic = {ord(latin): ord(cyrillic) for cyrillic, latin in SHAPES}
    to_latin = {ord(cyrillic): ord(latin) for cyrillic, latin in SHAPES}
    to_latin |= {ord(greek): ord(latin) for greek, latin in GREEK_SHAPES.items()}
    greek_cyrillic = {ord(g): to_cyrillic[ord(latin)] for g, latin in GREEK_SHAPES.items() if ord(latin) in to_cyrillic}
    return to_cyrillic | greek_cyrillic, to_latin


def build() -> FoldTable:
    """Make the table from Unicode and the letter lists of this module."""
    klass, length = np.zeros(SIZE, np.uint8), np.zeros(SIZE, np.uint8)
    first, script = np.zeros(SIZE, np.int32), np.zeros(SIZE, np.uint8)
    pool: list[int] = []
    for code in range(SIZE):
        char = chr(code)
        if unicodedata.category(char) in ("Cs", "Cn"):
            continue
        klass[code], skeleton = classify(char)
        first[code], length[code] = len(pool), len(skeleton)
        pool.extend(map(ord, skeleton))
        script[code] = script_of(char) if klass[code] == LETTER else OTHER
    as_cyrillic, as_latin = np.zeros(SIZE, np.int32), np.zeros(SIZE, np.int32)
    for array, shape in zip((as_cyrillic, as_latin), shapes(), strict=True):
        array[list(shape)] = list(shape.values())
    return FoldTable(klass, first, length, np.array(pool, np.int32), script, as_cyrillic, as_latin)


@cache
def load() -> FoldTable:
    """Read the shipped table."""
    with np.load(PATH, allow_pickle=False) as arrays:
        return FoldTable(**{name: arrays[name] for name in FoldTable._fields})


if __name__ == "__main__":
    np.savez_compressed(PATH, **build()._asdict())
