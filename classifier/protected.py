"""Names of peoples, faiths, parties, media, countries and languages: their mention is no appeal."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from itertools import product
from pathlib import Path
from types import MappingProxyType
from typing import Final, NamedTuple

from classifier.cuefile import Located, read_yaml
from classifier.text import skeleton_words

PATH: Final = Path(__file__).with_name("protected.yaml")
REGIONS: Final = "regions"  # the one kind that may be a cue
START: Final = 2  # symbols of a first word that names are looked up by; no name and no stem is shorter


class NameWord(NamedTuple):
    """One folded word of a name or of a pattern; `stem` when any ending may follow."""

    letters: str
    stem: bool

    def meets(self, other: NameWord) -> bool:
        """Whether some word of a post would be read as both."""
        if self.stem and other.letters.startswith(self.letters):
            return True
        return self.letters.startswith(other.letters) if other.stem else self.letters == other.letters


class Name(NamedTuple):
    """A protected name as it is written in the list, and its words."""

    written: str
    words: tuple[NameWord, ...]


@cache
def names() -> Mapping[str, Sequence[Name]]:
    """Every name that may be no cue alone, by the start of its first word."""
    found: dict[str, list[Name]] = defaultdict(list)
    for kind, name in listed():
        if kind != REGIONS:
            found[name.words[0].letters[:START]].append(name)
    return found


def listed() -> Iterator[tuple[str, Name]]:
    """Every name of the list, with the kind that it is of."""
    for kind, by_language in read_yaml(PATH.read_bytes(), PATH.name).entries():
        for _, written in by_language.entries():
            for item in written.items():
                yield kind.text(), Name(item.text(), folded_words(item.text(), {}))


def folded_words(written: str, known: Mapping[str, tuple[str, ...]]) -> tuple[NameWord, ...]:
    """Fold written words as those of a pattern are folded; a stem is the last of the words that a hyphen parts."""
    words: list[NameWord] = []
    for part in written.lower().split():
        letters = part.removesuffix("*")
        *before, last = (known[letters] if letters in known else skeleton_words(letters)) or ("",)
        words += [*(NameWord(letters, False) for letters in before), NameWord(last, part.endswith("*"))]
    return tuple(words)


def refuse_names(pattern: Located, known: Mapping[str, tuple[str, ...]]) -> None:
    """Raise CueError for a pattern that, in one of its readings, is nothing but protected names."""
    alone = names_alone(pattern.text(), known)
    if alone:
        raise pattern.error(
            f"{pattern.text()!r} finds {', '.join(map(repr, alone))} alone: it names a people, faith, party, medium, "
            "country or language; their mention is no appeal: put it in a longer phrase"
        )


def names_alone(pattern: str, known: Mapping[str, tuple[str, ...]] = MappingProxyType({})) -> tuple[str, ...]:
    """The protected names that a reading of a pattern consists of.

    Parameters
    ----------
    pattern : str
        As written, with its alternatives.
    known : mapping of str to tuple of str
        Skeletons of words that are known already.

    Returns
    -------
    tuple of str
        Names as they are listed, one after another; empty when every reading has a word that is part of no name. A stem
        counts as a name that it could grow into: "каза*" finds every Kazakh.
    """
    spelled: dict[Sequence[NameWord], tuple[str, ...]] = {(): ()}  # names so far, by what is due of the last one
    for part in pattern.split():
        before, spelled = spelled, {}
        for (due, so_far), alternative in product(before.items(), part.split("|")):
            for begun, left in spellings(folded_words(alternative, known), due):
                spelled.setdefault(left, (*so_far, *begun))
    return spelled.get((), ())


def spellings(
    words: Sequence[NameWord], due: Sequence[NameWord]
) -> Iterator[tuple[tuple[str, ...], Sequence[NameWord]]]:
    """Every way in which words go on with what is due and begin other names: those names, and what is due then."""
    if not words:
        yield (), due
    elif due:
        if words[0].meets(due[0]):
            yield from spellings(words[1:], due[1:])
    else:
        for name in names().get(words[0].letters[:START], ()):
            if words[0].meets(name.words[0]):
                for begun, left in spellings(words[1:], name.words[1:]):
                    yield (name.written, *begun), left
