"""Read and validate labelled posts: the only reader. Every fault is listed with file, row and column."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Any, Final

import pandas as pd

from classifier.errors import InputError
from classifier.files import Row, open_source
from classifier.text import unfit
from training.guide import BOTH, LABELS, LANGUAGES, MEANS, NEGATIVE, POSITIVE

KEPT: Final = ("lang", "category", "group", "twin", "batch", "region", "source", "split", "means")
TAKEN: Final = frozenset(("id", "text", "place", "class", "disguised", "uncertain", *KEPT))  # no label may be called so
GARBLED: Final = re.compile("(?:[ÐÑ][\x80-\xbf\u0152-\u0192\u2013-\u2122]){3}")  # Cyrillic in UTF-8, read as Latin
LABEL_VALUES: Final[Mapping[object, float | None]] = {
    "0": 0.0, "1": 1.0, "": None, None: None, 0: 0.0, 1: 1.0, "0.0": 0.0, "1.0": 1.0,
}  # fmt: skip


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

    @property
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


def read_posts(files: Sequence[str], schema: Schema, drop_conflicts: bool = False) -> LabelledPosts:
    """Read labelled posts from several files as one table.

    Parameters
    ----------
    files : sequence of str
        CSV, JSON lines or Parquet.
    schema : Schema
        Which columns hold what.
    drop_conflicts : bool
        Leave out, and count, posts whose text stands elsewhere with other labels, instead of refusing.

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
    faults = Faults()
    rows = [(row, clean(row, schema, faults)) for row in all_rows(files, schema)]
    faults.raise_if_any()
    if not rows:
        raise InputError(f"{', '.join(files) or 'no files'}: no labelled posts")
    posts = assemble([values for _, values in rows], schema)
    check_together(posts, schema, faults)
    faults.raise_if_any()
    return without_conflicts(posts, drop_conflicts)


def check_names(labels: Sequence[str]) -> None:
    """Refuse labels that are none, named twice, or named like a column that posts keep."""
    if not labels or len(set(labels)) < len(labels):
        raise InputError(f"{', '.join(labels) or 'no labels'}: name each label once, as in --labels a,b")
    taken = sorted(TAKEN & set(labels))
    if taken:
        raise InputError(f"{', '.join(map(repr, taken))}: a column of posts has this name; give the label another one")


def all_rows(files: Sequence[str], schema: Schema) -> Iterable[Row]:
    """Rows of all files; a file without the columns is refused at once."""
    for name in files:
        with open_source(name) as source:
            missing = [column for column in schema.columns if column not in source.columns]
            if missing:
                have = ", ".join(source.columns[:20])
                raise InputError(f"{name}: missing column {', '.join(map(repr, missing))}; it has: {have}")
            yield from source.rows


def clean(row: Row, schema: Schema, faults: Faults) -> dict[str, Any]:
    """One row as plain values; faults are noted, not raised."""
    if row.fault:
        faults.add(row.place, None, row.fault)
        return {}
    text = row.values.get(schema.text)
    reason = unfit(text) or damage(str(text))
    if reason:
        faults.add(row.place, schema.text, reason)
    values: dict[str, Any] = {"id": as_text(row.values.get("id")), "text": text, "place": row.place}
    values |= {column: as_text(row.values.get(column)) for column in KEPT}
    values["disguised"], values["uncertain"] = (
        as_text(row.values.get("disguised")),
        as_text(row.values.get("uncertain")),
    )
    if schema.label:
        values["class"] = as_text(row.values.get(schema.label))
        if not values["class"]:
            faults.add(row.place, schema.label, "no class; every post needs one")
    else:
        values |= clean_labels(row, schema, faults)
    if schema.by_guide:
        check_by_guide(row.place, values, faults)
        if "category" in row.values:
            check_words(row.place, values, bool(values["uncertain"]), faults)
        if "means" in row.values and values.get("separatism") == 1 and not values["means"]:
            faults.add(row.place, "means", f"separatism is 1; say by what means: {', '.join(MEANS)}")
    return values


def damage(text: str) -> str | None:
    """What a wrong decoding did to a text; None where it is whole."""
    if "\ufffd" in text:
        return f"the character at {text.index(chr(0xFFFD))} was lost in a wrong decoding; take the post anew"
    if GARBLED.search(text):
        return "UTF-8 that was read as another encoding; take the post anew"
    return None


def as_text(value: Any) -> str:
    """A value of a column as text; lists are joined."""
    if value is None or value != value:  # noqa: PLR0124 - NaN, a missing number
        return ""
    return " ".join(map(str, value)) if isinstance(value, list) else str(value).strip()


def clean_labels(row: Row, schema: Schema, faults: Faults) -> dict[str, float | None]:
    """Labels as 0, 1 or None; a blank is no 0."""
    values: dict[str, float | None] = {}
    for label in schema.labels:
        written = row.values.get(label)
        key = written.strip() if isinstance(written, str) else written
        if isinstance(key, (dict, list)) or key not in LABEL_VALUES:
            faults.add(row.place, label, f"{str(written)[:40]!r} is no label; write 0, 1 or leave it blank")
            continue
        values[label] = LABEL_VALUES[key]
    return values


def check_by_guide(place: str, values: Mapping[str, Any], faults: Faults) -> None:
    """Hold the guide's columns against the labels."""
    uncertain = set(values["uncertain"].replace(",", " ").split())
    for label in LABELS:
        if label in values and label in uncertain and values[label] is not None:
            faults.add(place, label, "has a value, but `uncertain` says that readers would split; leave it blank")
    for name in sorted(uncertain - set(LABELS)):
        faults.add(place, "uncertain", f"{name!r} is no label")
    if values["means"] and (values["means"] not in MEANS or values.get("separatism") != 1):
        faults.add(place, "means", f"{values['means']!r}: one of {', '.join(MEANS)}, and only where separatism is 1")
    if values["disguised"] not in {"", "0", "1"}:
        faults.add(place, "disguised", f"{values['disguised']!r}: write 0, 1 or leave it blank")


def check_words(place: str, values: Mapping[str, Any], uncertain: bool, faults: Faults) -> None:
    """Language and category are words of the guide, and a positive category needs a positive label."""
    if values["lang"] and values["lang"] not in LANGUAGES:
        faults.add(place, "lang", f"{values['lang']!r} is none of {', '.join(LANGUAGES)}")
    category, positives = values["category"], [label for label in LABELS if values.get(label) == 1]
    if not category:
        return
    if category not in POSITIVE | NEGATIVE:
        faults.add(place, "category", f"{category!r} is not in the labelling guide")
    elif not uncertain and bool(positives) != (category in POSITIVE):
        faults.add(place, "category", f"{category!r} does not go with the labels of this post")
    elif not uncertain and (len(positives) == len(LABELS)) != (category == BOTH):
        faults.add(place, "category", f"{BOTH!r} is for posts with both labels, and for no others")


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


def without_conflicts(posts: LabelledPosts, drop: bool) -> LabelledPosts:
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
    raise InputError(
        f"{int(different.sum())} posts stand elsewhere with the same text and different labels; mend them or pass "
        f"--drop-conflicts:\n  {places}"
    )
