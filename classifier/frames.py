"""Score a stream of rows: the core under files, and later under partitions of larger systems."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Final

from classifier.errors import InputError, UnfitTextError
from classifier.files import BATCH, Row, Source, kind_of, open_source, parquet
from classifier.model import Classifier, Score
from classifier.output import open_writer

INPUT: Final = "_input"


@dataclass
class Report:
    """How a run over files went."""

    rows: int = 0
    scored: int = 0
    flagged: dict[str, int] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)

    def note_fault(self, place: str, reason: str, most: int = 5) -> None:
        """Keep the first few reasons for the closing message."""
        if len(self.faults) < most:
            self.faults.append(f"{place}: {reason}")


@dataclass(frozen=True)
class Job:
    """What to do with each row.

    Parameters
    ----------
    classifier : Classifier
        The model.
    text : str
        Column that holds the posts.
    profile : str
        Whose thresholds decide the flags.
    explain : bool
        Whether to add a column `evidence`.
    """

    classifier: Classifier
    text: str = "text"
    profile: str = "balanced"
    explain: bool = False

    def added(self) -> list[str]:
        """Columns that scoring adds, in order."""
        labels = [name for label in self.classifier.labels for name in (label, f"{label}_flagged")]
        predicted = ["predicted"] if self.classifier.exclusive else []
        return ["detected_lang", *labels, *predicted, *(["evidence"] if self.explain else []), "error"]

    def kept(self, columns: Sequence[str]) -> dict[str, str]:
        """New names of the input's columns: one that scoring would add is kept as ``<name>_input``."""
        taken, names = set(self.added()), {}
        for column in columns:
            name = column
            while name in taken or (name != column and name in columns):
                name += INPUT
            names[column] = name
        return names

    def score_rows(
        self, rows: Sequence[Row], first_id: int, report: Report, known: Sequence[str] = ()
    ) -> Iterator[dict[str, Any]]:
        """Score a batch of rows; a bad row comes back with its reason and without scores.

        `known` are the columns of the whole input: they decide what a column of this row is called.
        """
        texts = [None if row.fault else row.values.get(self.text) for row in rows]
        results = self.classifier.score_each(texts, explain=self.explain, profile=self.profile)
        blank: dict[str, Any] = dict.fromkeys(self.added())
        named: dict[tuple[str, ...], dict[str, str]] = {}
        for number, (row, result) in enumerate(zip(rows, results, strict=True), first_id):
            columns = tuple(row.values)
            names = named.get(columns) or named.setdefault(columns, self.kept([*known, *columns]))
            head: dict[str, Any] = {} if "id" in row.values else {"id": number}
            filled = {names[column]: value for column, value in row.values.items()}
            report.rows += 1
            yield head | filled | blank | self.outcome(row, result, report)

    def outcome(self, row: Row, result: Score | UnfitTextError, report: Report) -> dict[str, Any]:
        """What scoring fills of the added columns of one row."""
        if isinstance(result, UnfitTextError):
            reason = row.fault or result.reason
            report.note_fault(row.place, reason)
            return {"error": reason}
        report.scored += 1
        filled: dict[str, Any] = {"detected_lang": result.detected_lang}
        for label, score in result.labels.items():
            filled[label], filled[f"{label}_flagged"] = score.probability, score.flagged
            report.flagged[label] = report.flagged.get(label, 0) + score.flagged
        if result.predicted is not None:
            filled["predicted"] = result.predicted
        if result.evidence is not None:
            filled["evidence"] = result.evidence
        return filled


def batches(rows: Iterable[Row], size: int = BATCH) -> Iterator[list[Row]]:
    """Rows in lists of at most `size`."""
    iterator = iter(rows)
    while batch := list(islice(iterator, size)):
        yield batch


def input_columns(sources: Sequence[Source]) -> list[str]:
    """Columns of all inputs, in order."""
    return list(dict.fromkeys(column for source in sources for column in source.columns))


def output_columns(job: Job, columns: Sequence[str]) -> list[str]:
    """Columns of the output: those of the input, then the added ones."""
    names = job.kept(columns)
    return [*([] if "id" in columns else ["id"]), *(names[column] for column in columns), *job.added()]


def output_schema(job: Job, sources: Sequence[Source], columns: Sequence[str]) -> Any:
    """Arrow types of the output where every input says the same; None where Parquet is not written."""
    parquet()
    import pyarrow

    schemas = [source.schema for source in sources]
    types: dict[str, Any] = {label: pyarrow.float64() for label in job.classifier.labels}
    types |= {f"{label}_flagged": pyarrow.int8() for label in job.classifier.labels}
    if None not in schemas:
        for name, kept in job.kept(list(dict.fromkeys(n for schema in schemas for n in schema.names))).items():
            found = {schema.field(name).type for schema in schemas if name in schema.names}
            types[kept] = found.pop() if len(found) == 1 else pyarrow.string()
    if "id" in columns and "id" not in types:
        types["id"] = pyarrow.string() if any("id" in source.columns for source in sources) else pyarrow.int64()
    return pyarrow.schema([(column, types.get(column, pyarrow.string())) for column in columns])


def score_files(job: Job, files: Sequence[str], out: str, report: Report) -> Iterator[tuple[int, int]]:
    """Score files into one file, a batch at a time.

    Parameters
    ----------
    job : Job
        What to do with each row.
    files : sequence of str
        Inputs, read as one.
    out : str
        Output; it appears when the last row is written.
    report : Report
        Filled on the way.

    Yields
    ------
    tuple of int
        Bytes read so far and bytes in all.

    Raises
    ------
    InputError
        When a file cannot be read or written.
    """
    with ExitStack() as stack:
        table = kind_of(out) != "jsonl"
        sources = [stack.enter_context(open_source(name, ahead=table)) for name in files]
        for source in sources:
            if source.columns and job.text not in source.columns:
                raise InputError(
                    f"{source.name}: no column {job.text!r}; name the column that holds the posts with --text"
                )
        known = input_columns(sources)
        columns = output_columns(job, known)
        schema = output_schema(job, sources, columns) if kind_of(out) == "parquet" else None
        writer = stack.enter_context(open_writer(out, columns, schema))
        total, before = sum(source.size for source in sources), 0
        for source in sources:
            for batch in batches(source.rows):
                for row in job.score_rows(batch, report.rows, report, known):
                    writer.write(row)
                yield before + (0 if source.raw.closed or not source.size else source.raw.tell()), total
            before += source.size
