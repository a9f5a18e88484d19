"""The posts that change sides: flagged by one bundle and not by the other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

import numpy as np

from classifier.output import open_writer
from training.compare.sides import Side

COLUMNS: Final = ("id", "place", "label", "probability_a", "probability_b", "flagged_a", "flagged_b", "truth")


def changed_rows(labels: Sequence[str], a: Side, b: Side, show_text: bool) -> Iterator[dict[str, Any]]:
    """One row for each label of each post whose flag changes, in the order of labels and posts; truth may be blank."""
    frame = a.judged.posts.frame
    for label in labels:
        chances, flags, truth = (a.chance(label), b.chance(label)), (a.flagged(label), b.flagged(label)), a.truth(label)
        for row in np.flatnonzero(flags[0] != flags[1]).tolist():
            told = [float(one[row]) for one in chances] + [bool(one[row]) for one in flags]
            known = None if np.isnan(truth[row]) else int(truth[row])
            values = (frame["id"].iloc[row], frame["place"].iloc[row], label, *told, known)
            yield dict(zip(COLUMNS, values, strict=True)) | ({"text": frame["text"].iloc[row]} if show_text else {})


def write_changed(name: str, rows: Iterable[Mapping[str, Any]], show_text: bool) -> None:
    """Write the posts that change sides, format by suffix."""
    with open_writer(name, (*COLUMNS, "text") if show_text else COLUMNS) as writer:
        for row in rows:
            writer.write(row)
