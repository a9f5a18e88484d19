"""What labelled posts are made up of, counted from them. Counts and names of columns' values only: no text, no ids."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from classifier.lang import detect
from training.groups import Merger, declared
from training.posts import LabelledPosts
from training.sampling import weights_of

LENGTHS: Final = ((0, 60), (60, 120), (120, 200), (200, 300), (300, 600), (600, None))  # characters
MOST_VALUES: Final = 200  # different values of a column, beyond which they name no kinds and are not listed
MOST_ROWS: Final = 50  # of a table; the rest are added up
KINDS: Final = {
    "category": "category", "means": "means", "source": "source", "split": "split", "sampled_by": "way of choosing",
}  # fmt: skip
COUNTED: Final = ("batch", "region", "author", "reader", "created_at", "decided_at", "weight", "inclusion_probability")

Groups = npt.NDArray[np.int64]


def composition_of(posts: LabelledPosts, groups: Groups, by: Sequence[str] = ()) -> dict[str, Any]:
    """Everything the documents count.

    Parameters
    ----------
    posts : LabelledPosts
        The posts that a model learned from.
    groups : ndarray of int64, shape (posts,)
        See `training.groups.group_posts`.
    by : sequence of str
        Columns whose values made posts belong together.

    Returns
    -------
    dict
        `rows`, `dropped`, `labels`, `none` (posts without any label), `several`, `stated` (posts that say their
        language), `tables` (by kind), `lengths`, `columns` (how many posts have it, how many values), `groups`,
        `measurable` (see `weights_of`).
    """
    frame = posts.frame
    truth = frame[list(posts.labels)].to_numpy(float)
    positives = (truth == 1).sum(axis=1)
    named = {title: frame[column] for column, title in KINDS.items() if (frame[column] != "").any()}
    kinds = {"language": languages(frame)} | named
    return {
        "rows": len(frame),
        "dropped": posts.dropped,
        "exclusive": posts.exclusive,
        "labels": {name: label_counts(truth[:, place]) for place, name in enumerate(posts.labels)},
        "none": int((truth == 0).all(axis=1).sum()),
        "several": int((positives > 1).sum()),
        "stated": int((frame["lang"] != "").sum()),
        "tables": {title: values_table(posts, values) for title, values in kinds.items()},
        "lengths": lengths_table(posts),
        "columns": {column: column_counts(frame[column]) for column in COUNTED},
        "twins": int((frame["twin"] != "").sum()),
        "groups": group_counts(posts, groups, by),
        "measurable": weights_of(posts)[1],
    }


def languages(frame: pd.DataFrame) -> pd.Series[str]:
    """Language of each post as stated, script and all, or else as detected."""
    return pd.Series([stated or detect(text) for stated, text in zip(frame["lang"], frame["text"], strict=True)])


def label_counts(truth: npt.NDArray[np.float64]) -> dict[str, int]:
    """How many posts have a label, do not, and leave it open."""
    return {
        "positives": int((truth == 1).sum()),
        "negatives": int((truth == 0).sum()),
        "blank": int(np.isnan(truth).sum()),
    }


def row_of(posts: LabelledPosts, name: str, rows: npt.NDArray[np.bool_]) -> dict[str, Any]:
    """One row of a table: how many posts, and how many of them have each label."""
    chosen = posts.frame.loc[rows, list(posts.labels)]
    return {"name": name, "posts": int(rows.sum()), "positives": [int((chosen[label] == 1).sum()) for label in chosen]}


def values_table(posts: LabelledPosts, values: pd.Series[str]) -> dict[str, Any]:
    """Posts by the value of a column, the commonest first; without rows where hardly two posts share a value."""
    sizes = Counter(values)
    names = sorted(sizes, key=lambda name: (-sizes[name], name))
    if len(names) > MOST_VALUES:
        return {"values": len(names), "rows": []}
    rows = [row_of(posts, name, (values == name).to_numpy()) for name in names[:MOST_ROWS]]
    if len(names) > MOST_ROWS:
        rest = values.isin(names[MOST_ROWS:]).to_numpy()
        rows.append(row_of(posts, f"{len(names) - MOST_ROWS} others", rest))
    return {"values": len(names), "rows": rows}


def lengths_table(posts: LabelledPosts) -> list[dict[str, Any]]:
    """Posts by their length in characters."""
    sizes = np.array([len(text) for text in posts.texts])
    rows = []
    for low, end in LENGTHS:
        name = f"{low} and more" if end is None else f"{low} to {end - 1}"
        rows.append(row_of(posts, name, (sizes >= low) & (sizes < (np.inf if end is None else end))))
    return rows


def column_counts(values: pd.Series[Any]) -> dict[str, int]:
    """How many posts have a column, and how many different values it has."""
    known = values[values.notna() & (values.astype(str) != "")]
    return {"posts": len(known), "values": known.nunique()}


def group_counts(posts: LabelledPosts, groups: Groups, by: Sequence[str]) -> dict[str, int]:
    """How many groups there are, how large, and how many of them nobody had declared."""
    sizes = np.bincount(groups)
    return {
        "groups": len(sizes),
        "alone": int((sizes == 1).sum()),
        "together": int(sizes[sizes > 1].sum()),
        "largest": int(sizes.max()),
        "found": sets_of(len(posts.frame), declared(posts, by)) - len(sizes),
    }


def sets_of(size: int, pairs: Iterable[Sequence[int]]) -> int:
    """How many sets rows make up when these pairs of them belong together."""
    merger = Merger(size)
    for one, other in pairs:
        merger.join(one, other)
    return len({merger.root(row) for row in range(size)})
