"""Read and validate labelled posts: the only reader. Every fault is listed with file, row and column."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import count
from pathlib import Path
from typing import Any

import pandas as pd

from classifier.errors import InputError
from classifier.files import Row, open_source
from training.guide import LABELS
from training.rows import clean
from training.schema import Faults, Schema, check_names


@dataclass(frozen=True)
class LabelledPosts:
    """Posts with labels.

    Parameters
    ----------
    frame : DataFrame
        One row per post: `id`, `text`, one float column per label (0, 1, NaN where blank), `place`, and the
        guide's columns as strings, empty where a file lacks them.
    labels : tuple of str
        Label columns.
    exclusive : bool
        Whether every post has exactly one label.
    sha256 : str
        Digest of ids, texts and labels in order.
    dropped : dict of str to int
        By reason, how many posts were left out.
    """

    frame: pd.DataFrame
    labels: tuple[str, ...]
    exclusive: bool
    sha256: str
    dropped: dict[str, int] = field(default_factory=dict)

    @cached_property
    def texts(self) -> list[str]:
        """The posts in order."""
        return list(self.frame["text"])

    def part(self, keep: Iterable[bool], reason: str) -> LabelledPosts:
        """The posts for which `keep` holds; the others are counted under `reason`."""
        chosen = pd.Series(list(keep), index=self.frame.index, dtype=bool)
        frame = self.frame[chosen].reset_index(drop=True)
        left = len(self.frame) - len(frame)
        dropped = self.dropped | ({reason: left} if left else {})
        return LabelledPosts(frame, self.labels, self.exclusive, digest(frame, self.labels), dropped)


def read_posts(files: Sequence[str], schema: Schema, drop_conflicts: bool | None = None) -> LabelledPosts:
    """Read labelled posts from several files as one table.

    Parameters
    ----------
    files : sequence of str
        CSV, JSON lines or Parquet.
    schema : Schema
        Which columns hold what.
    drop_conflicts : bool, optional
        Leave out, and count, posts whose text stands elsewhere with other labels, instead of refusing. None where
        that cannot be asked for, so that the refusal does not name an option that the command lacks.

    Returns
    -------
    LabelledPosts
        In the order of the files.

    Raises
    ------
    InputError
        Listing every fault with file, row and column.
    """
    if not schema.label:
        check_names(schema.labels)
    faults = Faults(renamed=schema.renamed)
    rows = [(row, clean(row, schema, faults)) for row in all_rows(files, schema)]
    faults.raise_if_any()
    if not rows:
        raise InputError(f"{', '.join(files) or 'no files'}: no labelled posts")
    posts = assemble([values for _, values in rows], schema)
    check_together(posts, schema, faults)
    faults.raise_if_any()
    return without_conflicts(posts, drop_conflicts)


def all_rows(files: Sequence[str], schema: Schema) -> Iterable[Row]:
    """Rows of all files; a file without the columns is refused, and a mapping to what no file has."""
    have: dict[str, None] = {}
    for name in files:
        with unchanged(name), open_source(name) as source:
            refuse_missing(name, schema.missing(source.columns), source.columns)
            have |= dict.fromkeys(source.columns)
            for row in source.rows:
                yield replace(row, values=schema.read(row.values)) if schema.renamed else row
    refuse_missing(", ".join(files), schema.mapped_to_nothing(have), list(have))


def refuse_missing(files: str, missing: Sequence[str], have: Sequence[str]) -> None:
    """Refuse files that lack columns, with those that they have."""
    if missing:
        raise InputError(f"{files}: missing column {', '.join(map(repr, missing))}; it has: {', '.join(have[:20])}")


@contextmanager
def unchanged(name: str) -> Iterator[None]:
    """Refuse a file that somebody writes to while it is read: half of it would be old, half new."""
    before = state_of(name)
    yield
    if state_of(name) != before:
        raise InputError(f"{name}: the file changed while it was read; wait until it is whole and try again")


def state_of(name: str) -> tuple[int, int] | None:
    """Size and time of the last change of a file; None of what is none."""
    path = Path(name)
    if not path.is_file():
        return None
    found = path.stat()
    return found.st_size, found.st_mtime_ns


def assemble(rows: list[dict[str, Any]], schema: Schema) -> LabelledPosts:
    """One table of all rows; posts without an id are numbered."""
    frame = pd.DataFrame(rows)
    used = set(frame["id"])
    free = (number for number in map(str, count()) if number not in used)
    frame["id"] = [written or next(free) for written in frame["id"]]
    labels = schema.labels
    if schema.label:
        labels = tuple(sorted(set(frame["class"])))
        check_names(labels)
        for label in labels:
            frame[label] = (frame["class"] == label).astype(float)
    frame[list(labels)] = frame[list(labels)].astype(float)
    return LabelledPosts(frame, labels, schema.label is not None, digest(frame, labels))


def digest(frame: pd.DataFrame, labels: Sequence[str]) -> str:
    """Digest of ids, texts and labels in order."""
    sha = hashlib.sha256()
    for values in frame[["id", "text", "category", *labels]].itertuples(index=False):
        sha.update(repr(tuple(values)).encode("utf-8", "surrogatepass"))
    return sha.hexdigest()


def check_together(posts: LabelledPosts, schema: Schema, faults: Faults) -> None:
    """Faults that only show between posts: ids used twice, twins that are nowhere, a single class."""
    frame = posts.frame
    for post_id, place in zip(
        frame["id"][frame["id"].duplicated()], frame["place"][frame["id"].duplicated()], strict=True
    ):
        faults.add(place, "id", f"{post_id!r} stands twice; ids are unique over all files")
    if schema.by_guide:
        check_twins(frame, faults)
    if schema.label and len(posts.labels) < 2:
        faults.add(str(schema.label), None, f"only one class, {posts.labels[0]!r}; two are needed")


def check_twins(frame: pd.DataFrame, faults: Faults) -> None:
    """A twin is another post, there, with another label, and no declared group parts the two."""
    rows = {
        post_id: (group, *labels) for post_id, group, *labels in frame[["id", "group", *LABELS]].itertuples(index=False)
    }
    for post_id, twin, place in frame.loc[frame["twin"] != "", ["id", "twin", "place"]].itertuples(index=False):
        if twin not in rows:
            faults.add(place, "twin", f"no post has the id {twin!r}")
            continue
        (group, *mine), (other_group, *theirs) = rows[post_id], rows[twin]
        if all(one == other or one != one or other != other for one, other in zip(mine, theirs, strict=True)):  # noqa: PLR0124
            faults.add(place, "twin", f"{twin!r} has the same labels; a twin's edit changes one")
        if group and other_group and group != other_group:
            faults.add(place, "group", f"{group!r} is not that of its twin {twin!r}, {other_group!r}")


def without_conflicts(posts: LabelledPosts, drop: bool | None) -> LabelledPosts:
    """Refuse, or leave out, posts with the same text and different labels."""
    frame = posts.frame
    labels = frame[list(posts.labels)].fillna(-1.0)
    signature = [tuple(values) for values in labels.itertuples(index=False)]
    different = pd.Series(signature, index=frame.index).groupby(frame["text"]).transform("nunique") > 1
    if not different.any():
        return posts
    if drop:
        return posts.part(~different, "same text with different labels")
    places = "\n  ".join(frame["place"][different])
    option = "" if drop is None else " or pass --drop-conflicts"
    raise InputError(
        f"{int(different.sum())} posts stand elsewhere with the same text and different labels; mend them{option}:\n"
        f"  {places}"
    )
