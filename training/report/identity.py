"""Whether scores follow the name of a people, a faith or a region: posts in which one name is put for another."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from classifier.cuefile import Located, read_yaml
from training.draws import Draws, estimate, ratio
from training.report.judged import Judged
from training.shipped import data_directory

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
MOST: Final = 400  # posts of a kind in which names are swapped
LEAST: Final = 5  # posts with the label, and without, for areas to be worth anything
APOSTROPHES: Final = str.maketrans(dict.fromkeys("ʻʼ’‘`´", "'"))


@dataclass(frozen=True)
class Names:
    """Names of one kind in one language.

    Parameters
    ----------
    kind, language : str
        Whose.
    forms : mapping of str to tuple of str
        By name, its forms in a fixed order.
    sought : frozenset of str
        Names that are looked for; the others are only put in.
    """

    kind: str
    language: str
    forms: Mapping[str, tuple[str, ...]]
    sought: frozenset[str]


@dataclass(frozen=True)
class Swap:
    """A post with one name in the place of another."""

    row: int
    kind: str
    name: str
    text: str


def read_names(path: Path | None = None) -> list[Names]:
    """The names that ship."""
    file = path or data_directory() / "checks" / "identities.yaml"
    return [
        names_of(kind.text(), language.text(), node)
        for kind, languages in read_yaml(file.read_bytes(), file.name).entries()
        for language, node in languages.entries()
    ]


def names_of(kind: str, language: str, node: Located) -> Names:
    """Names from their node."""
    lists = {
        part.text(): {name.text(): tuple(item.text() for item in listed.items()) for name, listed in listing.entries()}
        for part, listing in node.entries()
    }
    return Names(kind, language, {**lists["found"], **lists.get("put_in", {})}, frozenset(lists["found"]))


def finder(names: Names) -> Callable[[str], list[tuple[int, int, str, int]]]:
    """What finds the forms of names in a text: start, end, name and number of the form of each."""
    form_of: dict[str, tuple[str, int]] = {}
    for name in names.forms:
        if name in names.sought:
            for number, form in enumerate(names.forms[name]):
                form_of.setdefault(form.lower(), (name, number))
    pattern = re.compile(r"(?<![\w'])(?:" + "|".join(map(re.escape, form_of)) + r")(?![\w'])", re.IGNORECASE)

    def found(text: str) -> list[tuple[int, int, str, int]]:
        plain = text.translate(APOSTROPHES)
        return [(m.start(), m.end(), *form_of[m[0].lower()]) for m in pattern.finditer(plain)]

    return found


def like(form: str, model: str) -> str:
    """A form in the case of the one whose place it takes."""
    if len(model) > 1 and model.isupper():
        return form.upper()
    return form[0].upper() + form[1:] if model[0].isupper() else form


def swaps_in(row: int, text: str, names: Names, found: Sequence[tuple[int, int, str, int]]) -> list[Swap]:
    """The post with each of the names; none where it has no name of the kind, or several: they would become one."""
    if len({name for _, _, name, _ in found}) != 1:
        return []
    swaps = []
    for name, forms in names.forms.items():
        parts, at = [], 0
        for start, end, own, number in found:
            form = text[start:end] if own == name else like(forms[number], text[start:end])
            parts += [text[at:start], form]
            at = end
        swaps.append(Swap(row, names.kind, name, "".join(parts) + text[at:]))
    return swaps


def swapped(judged: Judged, listed: Sequence[Names]) -> list[Swap]:
    """Posts of the judged ones with names swapped, a seeded sample where there are many."""
    languages, texts, swaps = judged.languages, judged.posts.texts, []
    order = np.random.default_rng(judged.seed).permutation(len(texts)).tolist()
    for kind in dict.fromkeys(names.kind for names in listed):
        finders = {names.language: (names, finder(names)) for names in listed if names.kind == kind}
        used = 0
        for row in order:
            if used == MOST or languages[row] not in finders:
                continue
            names, find = finders[languages[row]]
            made = swaps_in(row, texts[row], names, find(texts[row]))
            used += bool(made)
            swaps += made
    return swaps


def identity_figures(judged: Judged, listed: Sequence[Names]) -> dict[str, dict[str, Any]]:
    """Subgroup, BPSN and BNSP areas under the ROC curve of every name, by label.

    Parameters
    ----------
    judged : Judged
        Posts and what a bundle says of them.
    listed : sequence of Names
        Names to swap.

    Returns
    -------
    dict
        By kind: `posts`, the posts that name one, and by label and name `subgroup`, `bpsn`, `bnsp` as estimates, with
        `n` and `positives`; no names where fewer than five posts have the label, or have not.

    Notes
    -----
    Borkan, Dixon, Sorensen, Thain and Vasserman, "Nuanced Metrics for Measuring Unintended Bias with Real Data for Text
    Classification", 2019. Subgroup: only posts with the name. BPSN: posts with the label and another name against
    posts without it and this name: low where the name draws flags. BNSP: the reverse, low where the name hides
    appeals. Every post stands once with each name, so names differ by nothing else.
    """
    swaps = swapped(judged, listed)
    if not swaps:
        return {}
    chances = judged.classifier.probabilities(judged.classifier.margins([swap.text for swap in swaps]).margins)
    rows = np.array([swap.row for swap in swaps])
    kinds = np.array([swap.kind for swap in swaps], object)
    names = np.array([swap.name for swap in swaps], object)
    found = {}
    for kind in dict.fromkeys(kinds.tolist()):
        mine = kinds == kind
        own = np.where(mine, names, "")
        labels = {
            label: label_figures(judged.labels[rows, place], chances[:, place], judged.draws, rows, own)
            for place, label in enumerate(judged.classifier.labels)
        }
        found[kind] = {"posts": len(set(rows[mine].tolist())), "labels": labels}
    return found


def label_figures(
    truth: Floats, chance: Floats, draws: Draws, rows: npt.NDArray[np.int64], names: npt.NDArray[np.object_]
) -> dict[str, dict[str, Any]]:
    """Areas of every name of one kind; of the swapped posts, those without a name are of another kind."""
    figures = {}
    positive, negative = (names != "") & (truth == 1), (names != "") & (truth == 0)
    for name in sorted(set(names) - {""}):
        own = names == name
        if min((positive & own).sum(), (negative & own).sum()) < LEAST:
            continue
        parts = {
            "subgroup": (positive | negative) & own,
            "bpsn": (positive & ~own) | (negative & own),
            "bnsp": (positive & own) | (negative & ~own),
        }
        counts = {"n": int(parts["subgroup"].sum()), "positives": int((positive & own).sum())}
        figures[name] = counts | {part: area_of(truth, chance, draws, rows, keep) for part, keep in parts.items()}
    return figures


def area_of(
    truth: Floats, chance: Floats, draws: Draws, rows: npt.NDArray[np.int64], keep: Bools
) -> dict[str, Any] | None:
    """Area under the ROC curve of some swapped posts, with its interval; None where one kind of posts is missing.

    A sample's area is a sum over pairs of posts, each pair as often as both were drawn: one product of matrices.
    """
    over, under = np.flatnonzero(keep & (truth == 1)), np.flatnonzero(keep & (truth == 0))
    if not len(over) or not len(under):
        return None
    above = (chance[over, None] > chance[under]) + 0.5 * (chance[over, None] == chance[under])
    above, upper = summed_by(above, rows[over])
    above, lower = summed_by(above.T, rows[under])
    wins, first, second = above.T, draws.part(upper), draws.part(lower)
    sizes = np.bincount(rows[over])[upper], np.bincount(rows[under])[lower]
    whole = first.weights @ wins @ second.weights / ((first.weights @ sizes[0]) * (second.weights @ sizes[1]))
    (left,), (right,) = ([np.concatenate(list(part.blocks(np.arange(len(part.member)))))] for part in (first, second))
    drawn = ratio(((left @ wins) * right).sum(axis=1), (left @ sizes[0]) * (right @ sizes[1]))
    return estimate(float(whole), drawn)


def summed_by(table: Floats, rows: npt.NDArray[np.int64]) -> tuple[Floats, npt.NDArray[np.int64]]:
    """Rows of a table summed by the post that each is of, and the posts."""
    order = np.argsort(rows, kind="stable")
    posts, starts = np.unique(rows[order], return_index=True)
    return np.add.reduceat(table[order], starts, axis=0), posts
