"""Which columns files of labelled posts have, and what is wrong with files that have others."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

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
    renamed : mapping of str to str
        By name of a column as Clarion knows it: what the files call it. A file that has the name itself needs no other.
    """

    labels: tuple[str, ...] = LABELS
    text: str = "text"
    label: str | None = None
    renamed: Mapping[str, str] = field(default_factory=dict)

    @property
    def columns(self) -> tuple[str, ...]:
        """Columns that a file must have."""
        return (self.text, self.label) if self.label else (self.text, *self.labels)

    def missing(self, columns: Collection[str]) -> list[str]:
        """Columns that a file with these columns lacks and must have, as it should call them."""
        return self.without(self.columns, columns)

    def mapped_to_nothing(self, columns: Collection[str]) -> list[str]:
        """Columns that were named for these files, which have none of them."""
        return self.without(self.renamed, columns)

    def without(self, wanted: Iterable[str], columns: Collection[str]) -> list[str]:
        """Wanted columns that are not there under either name, as files should call them."""
        return [self.renamed.get(name, name) for name in wanted if not {name, self.renamed.get(name)} & set(columns)]

    def read(self, values: dict[str, Any]) -> dict[str, Any]:
        """A row's values by the names of columns that Clarion knows."""
        return values | {name: values[column] for name, column in self.renamed.items() if column in values}

    @property
    def by_guide(self) -> bool:
        """Whether these are the guide's labels, so that the guide's other columns can be held against them."""
        return self.label is None and self.labels == LABELS


@dataclass
class Faults:
    """Everything wrong with the files, for one message."""

    found: list[str] = field(default_factory=list)
    renamed: Mapping[str, str] = field(default_factory=dict)

    def add(self, place: str, column: str | None, reason: str) -> None:
        """Note one fault with its place; a column that was mapped also by the name that the file has for it."""
        mapped = f" (--map: {self.renamed[column]!r})" if column and column in self.renamed else ""
        self.found.append(f"{place}, column {column!r}{mapped}: {reason}" if column else f"{place}: {reason}")

    def raise_if_any(self) -> None:
        """Refuse the files when there are faults."""
        if not self.found:
            return
        raise InputError(f"{len(self.found)} faults in the labelled posts; mend them:\n  " + "\n  ".join(self.found))


def mapping(pairs: Sequence[str]) -> dict[str, str]:
    """Names of columns from pairs as NAME=COLUMN.

    Raises
    ------
    InputError
        For what is no such pair, and for a name given twice.
    """
    found: dict[str, str] = {}
    for pair in pairs:
        name, sign, column = (part.strip() for part in pair.partition("="))
        if not (name and sign and column) or name in found:
            raise InputError(f"--map {pair!r}: write each name once, as in --map text=body --map lang=language")
        found[name] = column
    return found


def check_names(labels: Sequence[str]) -> None:
    """Refuse labels that are none, named twice, or named like a column that posts keep."""
    if not labels or len(set(labels)) < len(labels):
        raise InputError(f"{', '.join(labels) or 'no labels'}: name each label once, as in --labels a,b")
    taken = sorted(TAKEN & set(labels))
    if taken:
        raise InputError(f"{', '.join(map(repr, taken))}: a column of posts has this name; give the label another one")
