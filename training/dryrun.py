"""What two classifiers would flag differently in files of posts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from classifier.errors import InputError, UnfitTextError
from classifier.files import Row, open_source
from classifier.frames import batches
from classifier.model import Classifier, Score
from training.rows import as_text


@dataclass(frozen=True)
class Change:
    """A flag of one label of one post that only one of two classifiers gives.

    Parameters
    ----------
    id, place : str
        Of the post; the id is empty where the file has none.
    label : str
        What is flagged.
    before, after : float
        Probabilities.
    added : bool
        Whether the flag is new; else it is lost.
    text : str
        Of the post.
    """

    id: str
    place: str
    label: str
    before: float
    after: float
    added: bool
    text: str = field(repr=False)

    def to_dict(self, *, show_text: bool) -> dict[str, Any]:
        """As an object, with the text of the post where asked for."""
        return {name: value for name, value in vars(self).items() if show_text or name != "text"}


@dataclass
class DryRun:
    """Scores files of posts twice and keeps what differs.

    Parameters
    ----------
    before, after : Classifier
        What is compared.
    text : str
        Column that holds the posts.
    profile : str
        Whose thresholds decide the flags.
    """

    before: Classifier
    after: Classifier
    text: str
    profile: str
    rows: int = 0
    scored: int = 0
    flagged: Counter[str] = field(default_factory=Counter)  # by label, before
    changes: list[Change] = field(default_factory=list)

    def run(self, files: Sequence[str]) -> Iterator[tuple[int, int]]:
        """Read and score; yields bytes read so far of a file and its size.

        Raises
        ------
        InputError
            When a file cannot be read or has no column of posts.
        """
        for name in files:
            with open_source(name) as source:
                if self.text not in source.columns:
                    raise InputError(
                        f"{name}: no column {self.text!r}; name the column that holds the posts with --text"
                    )
                for batch in batches(source.rows):
                    self.compare(batch)
                    yield (0 if source.raw.closed else source.raw.tell()), source.size

    def compare(self, rows: Sequence[Row]) -> None:
        """Score a batch of rows with both classifiers; a bad row counts as read and not as scored."""
        texts = [None if row.fault else row.values.get(self.text) for row in rows]
        self.rows += len(rows)
        pairs = zip(*(one.score_each(texts, profile=self.profile) for one in (self.before, self.after)), strict=True)
        for row, (before, after) in zip(rows, pairs, strict=True):
            if not isinstance(before, UnfitTextError) and not isinstance(after, UnfitTextError):
                self.scored += 1
                self.changes += self.changed(row, before, after)

    def changed(self, row: Row, before: Score, after: Score) -> Iterator[Change]:
        """Flags of one post that differ."""
        for label, old in before.labels.items():
            new = after.labels[label]
            self.flagged[label] += old.flagged
            if old.flagged != new.flagged:
                place = (as_text(row.values.get("id")), row.place, label)
                yield Change(*place, old.probability, new.probability, new.flagged, str(row.values[self.text]))
