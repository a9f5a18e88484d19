"""Posts from files: each row as an item of the API would be, scored and taken a thousand at a time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from classifier.errors import InputError, UnfitTextError
from classifier.files import Row, Source, open_source
from classifier.frames import batches
from service.api.items import Refusal
from service.api.postitems import PostItem, read_post_item
from service.posting import scorer_name
from service.review.arrivals import Arrival
from service.review.intake import Intake

if TYPE_CHECKING:
    from classifier import Classifier
    from classifier.model import Score

FAULTS_SHOWN: Final = 20
FIELDS: Final = ("id", "text", "lang", "platform", "author", "created_at", "url", "reach", "parent_text", "due_at",
                 "report_source")  # fmt: skip


@dataclass
class Imported:
    """What an import did so far.

    Parameters
    ----------
    outcomes : Counter
        How many posts were new, edited, known or below the floor.
    faults : list of str
        The first rows that could not be taken, with their place.
    refused : int
        How many there were.
    """

    outcomes: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    refused: int = 0

    def refuse(self, place: str, reason: str) -> None:
        """Note a row that cannot be taken."""
        self.refused += 1
        if len(self.faults) < FAULTS_SHOWN:
            self.faults.append(f"{place}: {reason}")


@dataclass(frozen=True)
class Import:
    """How files are to be taken.

    Parameters
    ----------
    classifier : Classifier
        What scores.
    intake : Intake
        Where posts go.
    profile : str
        Whose thresholds are the floor.
    text : str
        Column of the posts.
    platform : str
        Of rows that name none.
    max_characters : int
        Longest text that is taken.
    """

    classifier: Classifier
    intake: Intake
    profile: str
    text: str
    platform: str
    max_characters: int

    def take(self, files: Sequence[str], imported: Imported) -> Iterator[tuple[int, int]]:
        """Take every post of some files; posts that were taken stay, whatever happens later.

        Parameters
        ----------
        files : sequence of str
            CSV, JSON lines or Parquet.
        imported : Imported
            Filled on the way.

        Yields
        ------
        tuple of int
            Bytes read so far and bytes of the file.

        Raises
        ------
        InputError
            When a file cannot be read or lacks a column.
        StoreAwayError
            When the database cannot be used; importing again goes on where this ended.
        """
        for name in files:
            with open_source(name, ahead=False) as source:
                self._check(source)
                for batch in batches(source.rows):
                    self._batch(batch, imported)
                    yield 0 if source.raw.closed or not source.size else source.raw.tell(), source.size

    def _check(self, source: Source) -> None:
        missing = [column for column in ("id", self.text) if source.columns and column not in source.columns]
        if missing:
            raise InputError(
                f"{source.name}: no column {missing[0]!r}; posts need an id, and --text names their column"
            )

    def _batch(self, rows: Sequence[Row], imported: Imported) -> None:
        arrivals = list(self._arrivals(rows, imported))
        scored = self.classifier.score_each(
            [arrival.text for _, arrival in arrivals], profile=self.profile, max_characters=self.max_characters
        )
        fit: list[tuple[Arrival, Score]] = []
        for (place, arrival), score in zip(arrivals, scored, strict=True):
            if isinstance(score, UnfitTextError):
                imported.refuse(place, score.reason)
            else:
                fit.append((arrival, score))
        receipts = self.intake.take(
            [arrival for arrival, _ in fit],
            [score for _, score in fit],
            scorer_name(self.classifier, self.profile),
        )
        imported.outcomes.update(receipt.outcome for receipt in receipts)

    def _arrivals(self, rows: Sequence[Row], imported: Imported) -> Iterator[tuple[str, Arrival]]:
        for row in rows:
            raw = self._raw(row.values)
            item = read_post_item(0, raw, self.max_characters)
            if row.fault:
                imported.refuse(row.place, row.fault)
            elif isinstance(item, PostItem) and item.arrival is not None:
                yield row.place, item.arrival
            elif isinstance(item, Refusal):
                imported.refuse(row.place, f"column {item.pointer.rpartition('/')[2]!r}: {item.detail}")

    def _raw(self, values: dict[str, Any]) -> dict[str, Any]:
        known = {name: values.get(self.text if name == "text" else name) for name in FIELDS}
        raw = {name: _plain(name, value) for name, value in known.items() if value not in ("", None)}
        return {"platform": self.platform} | raw


def _plain(name: str, value: Any) -> Any:
    """A cell as JSON would hold it."""
    if name == "reach" and isinstance(value, str) and value.strip().isdecimal():
        return int(value)
    if name == "id" and isinstance(value, int):
        return str(value)
    return value.isoformat() if isinstance(value, datetime) else value
