"""Named cues: ideas such as "offers pay" with patterns per language, read from files and found in posts."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import product
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from classifier.cuefile import Located, read_yaml
from classifier.cuetables import Pattern, Word, build_patterns, packed_patterns, unpacked_patterns
from classifier.errors import CueError
from classifier.foldtable import CURRENCY, DATE, HANDLE, LINK, NUMBER, PHONE, SUM, YEARS
from classifier.kernels.kept import Noted
from classifier.kernels.match import Patterns, find_in
from classifier.protected import refuse_names
from classifier.resting import collector_at_rest
from classifier.text import Folded, skeletons

FILES: Final = "files_sha256"
LANGUAGES: Final = ("en", "ru", "kk")  # that every description is given in
LEAST_STEM: Final = 4
LEAST_FOLDED: Final = 3  # of the last word of a stem, once soft signs, stretched letters and hyphens are gone
MOST_READINGS: Final = 500  # alternatives of one pattern, multiplied out
# Typed things that a pattern may name, and the symbols of each; after some stand as many as the number has digits
TOKENS: Final = {
    "link": (LINK,),
    "handle": (HANDLE,),
    "phone": (PHONE,),
    "date": (DATE,),
    "money": (CURRENCY, SUM),
    "years": (YEARS,),
    "number": (NUMBER, SUM, YEARS),
}
Skeletons = Mapping[str, tuple[str, ...]]


class Words(NamedTuple):
    """The words of patterns, most of which stand in many of them.

    Parameters
    ----------
    known : dict
        Skeletons by what is written.
    parsed : dict
        What each stands for, by what is written and whether it stands in a phrase.
    """

    known: dict[str, tuple[str, ...]]
    parsed: dict[tuple[str, bool], tuple[tuple[Word, ...], ...]]


COUNTED: Final = (SUM, YEARS, NUMBER)


@dataclass(frozen=True)
class Cue:
    """A named idea that speaks for or against a label.

    Parameters
    ----------
    name : str
        Its name in features, evidence and answers.
    speaks : {"for", "against"}
        The sign that its weight may have.
    labels : tuple of str
        The labels it has a weight for.
    description : mapping of str to str
        By language: completes "this post ...".
    """

    name: str
    speaks: str
    labels: tuple[str, ...]
    description: Mapping[str, str]


@dataclass(frozen=True)
class CueSet:
    """Cues in file order, their patterns for the compiled search, and the digest of the files they came from."""

    cues: tuple[Cue, ...]
    patterns: Patterns
    sha256: str
    files: Mapping[str, bytes] = field(repr=False)

    @cached_property
    def names(self) -> list[str]:
        """Names of the cues in order."""
        return [cue.name for cue in self.cues]

    @cached_property
    def written(self) -> dict[str, tuple[Pattern, ...]]:
        """Patterns by their cue's name: for each word of a pattern, the words that may stand there."""
        words = Words({}, {})
        read = definitions(self.files, "cues")
        return {cue.name: parse_patterns(cue, body, True, words) for cue, body in read}

    def find(self, post: Folded) -> npt.NDArray[np.int32]:
        """Rows (cue, start, end) in symbols of a folded post, by start."""
        rows: npt.NDArray[np.int32] = find_in(post.symbols, len(post.symbols), self.patterns, Noted.empty())
        return rows


def read_cues(directory: Path) -> CueSet:
    """Read all ``*.yaml`` cue files of a directory.

    Parameters
    ----------
    directory : Path
        Where the files are.

    Returns
    -------
    CueSet
        Cues in the order of the files' names and lines.

    Raises
    ------
    CueError
        When a file breaks the cue language; the message names file and line.
    """
    return parse_cues(cue_files(directory), str(directory))


def cue_files(directory: Path) -> dict[str, bytes]:
    """Bytes of the ``*.yaml`` files of a directory by name; raises CueError when none can be read."""
    paths = sorted(directory.glob("*.yaml")) if directory.is_dir() else []
    if not paths:
        raise CueError(f"{directory}: no cue files (*.yaml) here")
    try:
        return {path.name: path.read_bytes() for path in paths}
    except OSError as fault:
        raise CueError(f"{fault.filename or directory}: cannot be read: {fault.strerror}") from fault


def parse_cues(files: Mapping[str, bytes], place: str, *, names_checked: bool = False) -> CueSet:
    """Parse the bytes of cue files, by name; see `read_cues`. Exported ones had their names checked in training."""
    words = Words({}, {})
    with collector_at_rest():  # it would look for cycles in a hundred thousand words again and again
        parsed = [(cue, parse_patterns(cue, body, names_checked, words)) for cue, body in definitions(files, place)]
        tables = build_patterns([patterns for _, patterns in parsed])
    return CueSet(tuple(cue for cue, _ in parsed), tables, digest_of(files), dict(files))


def packed_cues(cues: CueSet) -> dict[str, npt.NDArray[Any]]:
    """What came of parsing cues, as arrays for a file, with the digest of the files that they are of."""
    return packed_patterns(cues.patterns) | {FILES: np.frombuffer(bytes.fromhex(cues.sha256), np.uint8)}


def parsed_before(cues: tuple[Cue, ...], files: Mapping[str, bytes], arrays: Mapping[str, npt.NDArray[Any]]) -> CueSet:
    """Cues with what came of parsing their files before, see `packed_cues`: it takes a third of a second.

    Raises
    ------
    ValueError
        When it is of other files, or could not be searched.
    """
    tables, digest = dict(arrays), digest_of(files)
    if tables.pop(FILES, np.empty(0)).tobytes().hex() != digest:
        raise ValueError("of other cue files")
    return CueSet(cues, unpacked_patterns(tables, len(cues)), digest, dict(files))


def digest_of(files: Mapping[str, bytes]) -> str:
    """Digest of cue files, whatever their order."""
    digest = hashlib.sha256()
    for name in sorted(files):
        digest.update(name.encode() + b"\0" + hashlib.sha256(files[name]).digest())
    return digest.hexdigest()


def definitions(files: Mapping[str, bytes], place: str) -> Iterator[tuple[Cue, Located]]:
    """Every cue, with its definition, in the order of names of files and of lines."""
    known: set[str] = set()
    for name in sorted(files):
        for key, body in read_yaml(files[name], f"{place}/{name}").entries():
            if key.value in known:
                raise key.error(f"cue {key.value!r} is defined twice")
            known.add(str(key.value))
            yield parse_cue(key, body), body


def fields_of(body: Located) -> dict[str, Located]:
    """The fields of a cue's definition, no more and no less."""
    return dict(body.fields({"speaks", "labels", "description", "patterns"}))


def parse_cue(key: Located, body: Located) -> Cue:
    """Check what a cue's definition says besides its patterns."""
    fields = fields_of(body)
    speaks = fields["speaks"].text()
    if speaks not in ("for", "against"):
        raise fields["speaks"].error("`speaks` must be `for` or `against`")
    labels = tuple(item.text() for item in fields["labels"].items())
    if not labels:
        raise fields["labels"].error("`labels` must name at least one label")
    description = {k: v.text() for k, v in fields["description"].fields(set(LANGUAGES))}
    return Cue(key.text(), speaks, labels, description)


def parse_patterns(cue: Cue, body: Located, names_checked: bool, words: Words) -> tuple[Pattern, ...]:
    """Every pattern of a cue; see `CueSet.written`."""
    listing = fields_of(body)["patterns"]
    written = [pattern for _, listed in listing.entries() for pattern in listed.items()]
    new = {word for pattern in written for word in words_of(pattern.text())}
    words.known.update(skeletons({letters_of(word) for word in new} - words.known.keys()))
    patterns: dict[Pattern, None] = {}
    for pattern in written:
        patterns |= dict.fromkeys(readings(pattern, words))
        if cue.speaks == "for" and not names_checked:
            refuse_names(pattern, words.known)
    if not patterns:
        raise listing.error("a cue needs at least one pattern")
    return tuple(patterns)


def words_of(pattern: str) -> list[str]:
    """Every alternative of every word of a pattern, as written."""
    return pattern.replace("|", " ").split()


def letters_of(written: str) -> str:
    """A written word without its star, in small letters: capitals could be read in two scripts."""
    return written.removesuffix("*").lower()


def readings(pattern: Located, words: Words) -> Iterator[Pattern]:
    """The patterns that one written pattern stands for: more than one where an alternative is of several words."""
    written = pattern.text().split()
    parts = [parse_choice(word, len(written) > 1, pattern, words) for word in written]
    number = math.prod(len(part) for part in parts)
    if not parts or number > MOST_READINGS:
        raise pattern.error(f"pattern with {number} readings; write 1 to {MOST_READINGS}")
    for choice in product(*parts):
        yield tuple(words for part in choice for words in part)


def parse_choice(written: str, in_phrase: bool, pattern: Located, words: Words) -> list[Pattern]:
    """The alternatives of one word of a pattern."""
    found: list[tuple[Word, ...]] = []
    for alternative in written.split("|"):
        several = words.parsed.get((alternative, in_phrase))
        if several is None:
            several = words.parsed[alternative, in_phrase] = parse_word(alternative, in_phrase, pattern, words.known)
        found += several
    return by_length(found)


def by_length(alternatives: list[tuple[Word, ...]]) -> list[Pattern]:
    """Alternatives of one word as one set; those of several words stay apart."""
    single = frozenset(words[0] for words in alternatives if len(words) == 1)
    several = [tuple(frozenset((word,)) for word in words) for words in alternatives if len(words) > 1]
    return [*([(single,)] if single else []), *several]


def parse_word(written: str, in_phrase: bool, pattern: Located, known: Skeletons) -> tuple[tuple[Word, ...], ...]:
    """Fold one written word of a pattern; a hyphenated one gives several words, a token may give several readings."""
    if written.startswith("{") and written.endswith("}"):
        if written[1:-1] not in TOKENS:
            raise pattern.error(f"unknown token {written}; known: {', '.join('{' + t + '}' for t in TOKENS)}")
        return tuple((Word((symbol,), symbol in COUNTED),) for symbol in TOKENS[written[1:-1]])
    stem = written.endswith("*")
    letters = written[:-1] if stem else written
    if not letters or "*" in letters or "{" in letters:
        raise pattern.error(f"{written!r} is no word; `*` may only end one")
    folded = known[letters_of(written)]
    if not folded:
        raise pattern.error(f"{written!r} has no letters")
    if chr(LINK) in folded:
        raise pattern.error(f"{written!r} would find any link: write {{link}}, or the name without its dot")
    least = LEAST_STEM - 1 if in_phrase else LEAST_STEM  # in a phrase its neighbours help
    if stem and (len(letters) < least or len(folded[-1]) < LEAST_FOLDED):
        raise pattern.error(f"stem {written!r} is shorter than {least} letters and would match too much")
    return (tuple(Word(tuple(map(ord, word)), stem and k == len(folded) - 1) for k, word in enumerate(folded)),)
