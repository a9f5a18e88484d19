"""Which columns files of labelled posts have, and what is wrong with files that have others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from classifier.errors import InputError
from training.guide import LABELS

# columns beside text and labels, read as strings where a file has them
KEPT: Final = (
    *("lang", "category", "group", "twin", "batch", "region", "source", "split", "means"),
    *("author", "created_at", "reader", "decided_at", "sampled_by"),
)
NUMBERS: Final = ("weight", "inclusion_probability")  # read as numbers
TAKEN: Final = frozenset(("id", "text", "place", "class", "disguised", "uncertain", *KEPT, *NUMBERS))  # never labels


@dataclass(frozen=True)
class Schema:
    """How the columns of files of labelled posts are to be read.

    Parameters
    ----------
    labels : tuple of str
        Names of the labels: columns of 0, 1 or blank; or, with `label`, the classes found in that column.
    text : str
        Column of the posts.
    label : str or None
        Column of exclusive classes, in place of one column for each label.
    """

    labels: tuple[str, ...] = LABELS
    text: str = "text"
    label: str | None = None

    @property
    def columns(self) -> tuple[str, ...]:
        """Columns that a file must have."""
        return (self.text, self.label) if self.label else (self.text, *self.labels)

    @property
    def by_guide(self) -> bool:
        """Whether these are the guide's labels, so that the guide's other columns can be held against them."""
        return self.label is None and self.labels == LABELS


@dataclass
class Faults:
    """Everything wrong with the files, for one message."""

    found: list[str] = field(default_factory=list)

    def add(self, place: str, column: str | None, reason: str) -> None:
        """Note one fault with its place."""
        self.found.append(f"{place}, column {column!r}: {reason}" if column else f"{place}: {reason}")

    def raise_if_any(self) -> None:
        """Refuse the files when there are faults."""
        if not self.found:
            return
        raise InputError(f"{len(self.found)} faults in the labelled posts; mend them:\n  " + "\n  ".join(self.found))


def check_names(labels: Sequence[str]) -> None:
    """Refuse labels that are none, named twice, or named like a column that posts keep."""
    if not labels or len(set(labels)) < len(labels):
        raise InputError(f"{', '.join(labels) or 'no labels'}: name each label once, as in --labels a,b")
    taken = sorted(TAKEN & set(labels))
    if taken:
        raise InputError(f"{', '.join(map(repr, taken))}: a column of posts has this name; give the label another one")
