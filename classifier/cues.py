"""Named cues: ideas such as "offers pay" with patterns per language, read from files and found in posts."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from classifier.cuefile import Located, read_yaml
from classifier.errors import CueError
from classifier.foldtable import LINK, TOKENS
from classifier.kernels.compiled import Symbols
from classifier.kernels.letters import SPACE
from classifier.kernels.match import find_cues
from classifier.protected import refuse_names
from classifier.text import Folded, fold

LANGUAGES: Final = ("en", "ru", "kk")  # that every description is given in
LEAST_STEM: Final = 4
LEAST_FOLDED: Final = 3  # of the last word of a stem, once soft signs, stretched letters and hyphens are gone
MOST_READINGS: Final = 200  # alternatives of one pattern, multiplied out


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
    patterns : tuple of tuple of Word
        Every reading of every pattern: its words one after another.
    """

    name: str
    speaks: str
    labels: tuple[str, ...]
    description: Mapping[str, str]
    patterns: tuple[tuple[Word, ...], ...] = field(repr=False)


class Word(NamedTuple):
    """One word of a pattern in the skeleton; `stem` when any ending may follow."""

    symbols: tuple[int, ...]
    stem: bool


class Trie(NamedTuple):
    """All patterns of all cues, flattened for the compiled walk; node 0 is the root."""

    edge_at: npt.NDArray[np.int32]
    edges: Symbols
    targets: Symbols
    star: Symbols
    accept_at: npt.NDArray[np.int32]
    accepts: Symbols
    depth: int


@dataclass(frozen=True)
class CueSet:
    """Cues in file order, their trie, and the digest of the files they came from."""

    cues: tuple[Cue, ...]
    trie: Trie
    sha256: str
    files: Mapping[str, bytes] = field(repr=False)

    def find(self, post: Folded) -> npt.NDArray[np.int32]:
        """Rows (cue, start, end) in symbols of a folded post, by start."""
        n = len(post.symbols)
        count, found = find_cues(post.symbols, n, self.trie, np.empty((64, 3), np.int32))
        rows: npt.NDArray[np.int32] = found[:count]
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


def parse_cues(files: Mapping[str, bytes], place: str) -> CueSet:
    """Parse the bytes of cue files, by name; see `read_cues`."""
    cues: dict[str, Cue] = {}
    digest = hashlib.sha256()
    for name in sorted(files):
        digest.update(name.encode() + b"\0" + hashlib.sha256(files[name]).digest())
        for key, body in read_yaml(files[name], f"{place}/{name}").entries():
            if key.value in cues:
                raise key.error(f"cue {key.value!r} is defined twice")
            cues[str(key.value)] = parse_cue(key, body)
    ordered = tuple(cues.values())
    return CueSet(ordered, build_trie(ordered), digest.hexdigest(), dict(files))


def parse_cue(key: Located, body: Located) -> Cue:
    """Check one cue's definition."""
    fields = dict(body.fields({"speaks", "labels", "description", "patterns"}))
    speaks = fields["speaks"].text()
    if speaks not in ("for", "against"):
        raise fields["speaks"].error("`speaks` must be `for` or `against`")
    labels = tuple(item.text() for item in fields["labels"].items())
    if not labels:
        raise fields["labels"].error("`labels` must name at least one label")
    description = {k: v.text() for k, v in fields["description"].fields(set(LANGUAGES))}
    words: dict[tuple[Word, ...], None] = {}
    for _, listed in fields["patterns"].entries():
        for pattern in listed.items():
            words.update(dict.fromkeys(readings(pattern)))
            if speaks == "for":
                refuse_names(pattern)
    if not words:
        raise fields["patterns"].error("a cue needs at least one pattern")
    return Cue(key.text(), speaks, labels, description, tuple(words))


def readings(pattern: Located) -> Iterator[tuple[Word, ...]]:
    """Every sequence of words that a pattern stands for."""
    parts = [[parse_word(alternative, pattern) for alternative in word.split("|")] for word in pattern.text().split()]
    number = int(np.prod([len(part) for part in parts]))
    if not parts or number > MOST_READINGS:
        raise pattern.error(f"pattern with {number} readings; write 1 to {MOST_READINGS}")
    for choice in product(*parts):
        yield tuple(word for words in choice for word in words)


def parse_word(written: str, pattern: Located) -> tuple[Word, ...]:
    """Fold one written word of a pattern; a hyphenated one gives several."""
    if written.startswith("{") and written.endswith("}"):
        if written[1:-1] not in TOKENS:
            raise pattern.error(f"unknown token {written}; known: {', '.join('{' + t + '}' for t in TOKENS)}")
        return (Word((TOKENS[written[1:-1]],), written == "{number}"),)
    stem = written.endswith("*")
    letters = written[:-1] if stem else written
    if not letters or "*" in letters or "{" in letters:
        raise pattern.error(f"{written!r} is no word; `*` may only end one")
    folded = str(fold(letters)).split()
    if not folded:
        raise pattern.error(f"{written!r} has no letters")
    if chr(LINK) in folded:
        raise pattern.error(f"{written!r} would find any link: write {{link}}, or the name without its dot")
    if stem and (len(letters) < LEAST_STEM or len(folded[-1]) < LEAST_FOLDED):
        raise pattern.error(f"stem {written!r} is shorter than {LEAST_STEM} letters and would match too much")
    return tuple(Word(tuple(map(ord, word)), stem and k == len(folded) - 1) for k, word in enumerate(folded))


class TrieBuilder:
    """Grows a trie pattern by pattern; a stem's ending is a `star` edge to the end of the word."""

    def __init__(self) -> None:
        self.children: list[dict[int, int]] = [{}]
        self.star: list[int] = [-1]
        self.accepts: list[dict[int, None]] = [{}]

    def add_node(self) -> int:
        """A new node."""
        self.children.append({})
        self.star.append(-1)
        self.accepts.append({})
        return len(self.children) - 1

    def step(self, node: int, symbol: int) -> int:
        """The node that a symbol leads to."""
        if symbol not in self.children[node]:
            self.children[node][symbol] = self.add_node()
        return self.children[node][symbol]

    def add(self, words: Sequence[Word], cue: int) -> None:
        """Add one reading of a pattern."""
        node = 0
        for place, word in enumerate(words):
            for symbol in (*((SPACE,) if place else ()), *word.symbols):
                node = self.step(node, symbol)
            if word.stem:
                if self.star[node] < 0:
                    self.star[node] = self.add_node()
                node = self.star[node]
        self.accepts[node][cue] = None


def build_trie(cues: Sequence[Cue]) -> Trie:
    """Put all patterns of all cues into one trie."""
    builder, longest = TrieBuilder(), 0
    for place, cue in enumerate(cues):
        for words in cue.patterns:
            builder.add(words, place)
            longest = max(longest, sum(len(word.symbols) + 2 for word in words))
    return flatten(builder, longest)


def flatten(builder: TrieBuilder, longest: int) -> Trie:
    """Arrays of a trie; the edges of a node ascend by symbol, for binary search."""
    edges = [sorted(node.items()) for node in builder.children]
    return Trie(
        np.cumsum([0, *map(len, edges)], dtype=np.int32),
        np.array([symbol for node in edges for symbol, _ in node], np.int32),
        np.array([target for node in edges for _, target in node], np.int32),
        np.array(builder.star, np.int32),
        np.cumsum([0, *map(len, builder.accepts)], dtype=np.int32),
        np.array([cue for node in builder.accepts for cue in node], np.int32),
        2 * longest + 4,
    )
