"""Lawful speech: how often protest, worship, journalism and the like are flagged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from classifier.cuefile import Located, read_yaml
from classifier.protected import NameWord, folded_words
from classifier.text import skeleton_words
from training.draws import shares
from training.report.judged import Judged, One
from training.shipped import data_directory

Bools = npt.NDArray[np.bool_]
START: Final = 2  # symbols of a word that words of a slice are looked up by


@dataclass(frozen=True)
class Speech:
    """One kind of lawful speech and how it is told.

    Parameters
    ----------
    title : str
        For the reader.
    categories, means, functionalities : tuple of str
        Values of the guide's columns, and names of functional checks of the same kind.
    words : tuple of NameWord
        Folded; one of them is enough.
    """

    title: str
    categories: tuple[str, ...]
    means: tuple[str, ...]
    functionalities: tuple[str, ...]
    words: tuple[NameWord, ...]


def read_speech(path: Path | None = None) -> dict[str, Speech]:
    """The kinds of lawful speech that ship, by name."""
    file = path or data_directory() / "checks" / "lawful.yaml"
    return {name.text(): speech_of(node) for name, node in read_yaml(file.read_bytes(), file.name).entries()}


def speech_of(node: Located) -> Speech:
    """One kind from its node."""
    parts = {name.text(): part for name, part in node.entries()}
    listed = {name: tuple(item.text() for item in node.items()) for name, node in parts.items() if name != "title"}
    words = tuple(word for written in listed.get("words", ()) for word in folded_words(written, {})[-1:])
    categories, means, checks = (listed.get(name, ()) for name in ("categories", "means", "functionalities"))
    return Speech(parts["title"].text(), categories, means, checks, words)


def has_word(spoken: frozenset[str], words: Sequence[NameWord]) -> bool:
    """Whether a post of these folded words has one of the words."""
    return any(
        (any(heard.startswith(word.letters) for heard in spoken) if word.stem else word.letters in spoken)
        for word in words
    )


def members_of(judged: Judged, kinds: Mapping[str, Speech]) -> dict[str, Bools]:
    """Which posts belong to each kind; but for `means`, only those without any label."""
    frame, without = judged.posts.frame, (judged.labels == 0).all(axis=1)
    by_start = [words_by_start(text) if free else {} for text, free in zip(judged.posts.texts, without, strict=True)]
    return {
        name: (frame["means"].isin(kind.means) & (frame["means"] != "")).to_numpy()
        | (without & (frame["category"].isin(kind.categories).to_numpy() | worded(by_start, kind.words)))
        for name, kind in kinds.items()
    }


def words_by_start(text: str) -> dict[str, frozenset[str]]:
    """Folded words of a post by how they start."""
    found: dict[str, set[str]] = {}
    for word in skeleton_words(text):
        found.setdefault(word[:START], set()).add(word)
    return {start: frozenset(words) for start, words in found.items()}


def worded(posts: Sequence[Mapping[str, frozenset[str]]], words: Sequence[NameWord]) -> Bools:
    """Which posts have one of the words."""
    sought: dict[str, list[NameWord]] = {}
    for word in words:
        sought.setdefault(word.letters[:START], []).append(word)
    return np.array(
        [any(has_word(post[start], some) for start, some in sought.items() if start in post) for post in posts], bool
    )


def lawful_figures(
    judged: Judged, ones: Mapping[str, One], kinds: Mapping[str, Speech], checks: Mapping[str, Any] | None
) -> dict[str, dict[str, Any]]:
    """How often each kind of lawful speech is flagged.

    Parameters
    ----------
    judged : Judged
        Posts and what a bundle says of them.
    ones : mapping of str to One
        By label.
    kinds : mapping of str to Speech
        What to look for.
    checks : mapping or None
        Figures of the functional checks, where they can be run.

    Returns
    -------
    dict
        By kind: `title`, `n` (0 where the file has none), by label the share `flagged` per thousand, and of the
        functional checks of the same kind `checks`: `n` and `passed`.
    """
    functionalities = (checks or {}).get("functionalities", {})
    found = {}
    for name, inside in members_of(judged, kinds).items():
        same = [functionalities[one] for one in kinds[name].functionalities if one in functionalities]
        found[name] = {
            "title": kinds[name].title,
            "n": int(inside.sum()),
            "labels": {label: flagged_in(one, inside[one.rows]) for label, one in ones.items()},
            "checks": {key: sum(one[key] for one in same) for key in ("n", "passed")},
        }
    return found


def flagged_in(one: One, inside: Bools) -> dict[str, Any] | None:
    """Share of some posts that is flagged, per thousand; None where there are none, or only flagged ones are known."""
    if not one.measurable:
        return None
    return shares((one.flagged & inside)[:, None], inside[:, None], one.draws, 1000)[0]
