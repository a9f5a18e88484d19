"""Letters into the skeleton: which script a word is read in, and where long words are cut."""

from __future__ import annotations

import pytest

from classifier.foldtable import NUMBER
from classifier.kernels.letters import MAX_WORD
from classifier.text import fold


def words(text: str) -> list[str]:
    return str(fold(text)).split()


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("cop", "kop"),  # wholly Latin: c is k
        ("сор", "sor"),  # wholly Cyrillic: с is s, р is r
        ("соp", "sor"),  # one Latin letter among Cyrillic ones that have its shape
        ("сopка", "sorka"),
        ("hоme", "home"),  # one Cyrillic letter in a Latin word
        ("ρaзум", "razum"),  # a Greek letter is read by its shape
        ("λόγος", "logos"),  # a wholly Greek word by its sound
        ("որո", "որո"),  # a wholly Armenian word stays as it is
        ("ոձor", "nձor"),  # beside Latin letters by its shape, where it has that of one
        ("ѡода", "voda"),  # a Cyrillic letter that no Latin one stands for, likewise
        ("Ӏа", "ia"),
        ("ΟΤΡяд", "otriad"),
    ],
)
def test_a_word_of_mixed_scripts_is_read_in_the_script_of_its_unmistakable_letters(written: str, read: str) -> None:
    assert words(written) == [read]


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("cena", "sena"),
        ("circus", "sirkus"),
        ("taktic", "taktik"),
        ("ch", "ch"),
        ("sch", "sh"),
        ("shch", "sh"),
        ("zh", "j"),
        ("kh", "h"),
        ("zkh", "j"),
        ("tz", "ts"),
        ("cc", "k"),
    ],
)
def test_latin_habits_of_one_sound_meet(written: str, read: str) -> None:
    assert words(written) == [read]


@pytest.mark.parametrize("unit", ["ab", "щ", "xщ", "юа", "ц", "ab0", "中文", "ﷺ", "c", "zkh"])
@pytest.mark.parametrize("length", [63, 64, 65, 66, 67, 200])
def test_long_words_are_cut_where_folding_again_would_cut_them(unit: str, length: int) -> None:
    text = (unit * length)[:length]
    pieces = words(text)
    assert all(len(piece) <= MAX_WORD for piece in pieces)
    assert words(" ".join(pieces)) == pieces


def test_digits_stand_for_letters_only_between_letters() -> None:
    assert words("д0м 0дом дом0") == ["dom", chr(NUMBER), "dom", "dom", chr(NUMBER)]
    assert words("b3d б3д") == ["bed", "bzd"]
    assert words("c8o с8о") == ["kbo", "svo"]
    assert words("о2о о9о") == ["o", chr(NUMBER), "o", "o", chr(NUMBER), "o"]


def test_signs_stand_for_letters_only_between_letters() -> None:
    assert words("р@бота @ бот") == ["rabota", "bot"]
    assert words("ма$$а") == ["masa"]
    assert words("ма$ $") == ["ma", "$"]
    assert words("вой*а вой**а") == ["voina", "voina"]
    assert words("а***б, *б") == ["a", "b", "b"]
    assert words("а@$б") == ["a", "$", "b"]
