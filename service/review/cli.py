"""Commands on posts for review: bring them in, take decisions out, let old text go."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer

from service.options import COMMAND_LINE, Database, opened, settings_with

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help=__doc__)
export = typer.Typer(no_args_is_help=True, help="Take out what was decided.")
app.add_typer(export, name="export")
OUTCOMES = ("new", "edited", "known", "below_floor")


@app.callback()
def commands() -> None:
    """Bring posts in for review, and take decisions out."""


@app.command("import")
def import_posts(
    files: Annotated[list[str], typer.Argument(help=".csv, .jsonl (also .gz) or .parquet; - for JSON lines")],
    database: Database = None,
    platform: Annotated[str, typer.Option(help="platform of rows that name none in a column `platform`")] = "import",
    text: Annotated[str, typer.Option(help="column that holds the posts")] = "text",
    bundle: Annotated[Path | None, typer.Option(help="bundle that scores [default: models/current]")] = None,
    cues: Annotated[Path | None, typer.Option(help="cue files in place of the bundle's copy")] = None,
    profile: Annotated[str | None, typer.Option(help="whose thresholds are the floor [default: balanced]")] = None,
) -> None:
    """Score posts of FILES and queue them for review. The same file again changes nothing."""
    from classifier.errors import InputError
    from classifier.terminal import complain, needs, progress

    settings = settings_with(database, bundle=bundle, cues=cues, profile=profile)
    with needs("service"):
        from service.app import load, open_review
        from service.importing import Import, Imported
    classifier = load(settings)
    review = open_review(settings, classifier.labels)
    assert review is not None
    imported = Imported()
    job = Import(classifier, review.intake, settings.profile, text, platform, settings.max_characters)
    classifier.thresholds(settings.profile)
    try:
        for _ in progress(job.take(files, imported), "importing"):
            pass
    finally:
        review.store.close()
    outcomes = imported.outcomes
    counts = ", ".join(f"{outcomes[name]:,} {name.replace('_', ' the ')}" for name in OUTCOMES)
    complain(f"{outcomes.total():,} posts: {counts}")
    if imported.refused:
        listed = "\n  ".join(imported.faults)
        raise InputError(f"{imported.refused:,} rows were left out; mend them and import the file again:\n  {listed}")


@export.command("decisions")
def export_decisions(
    out: Annotated[str, typer.Option("--out", help="output file; - for JSON lines on standard output")],
    database: Database = None,
) -> None:
    """Write decided posts as labelled posts, which `clarion train` reads."""
    from classifier.files import kind_of
    from classifier.output import open_writer
    from classifier.terminal import complain

    kind_of(out)
    with opened(database) as store:
        from service.review.export import AFTER, BEFORE, decided, labels_of

        written = 0
        with store.read() as connection, open_writer(out, [*BEFORE, *labels_of(connection), *AFTER]) as writer:
            for row in decided(connection):
                writer.write(row)
                written += 1
        complain(f"{written:,} decided posts")


@export.command("reasons")
def export_reasons(
    policy: Annotated[str, typer.Option("--policy", help="YAML or JSON: what the platform did, by label, and why")],
    out: Annotated[str, typer.Option("--out", help=".jsonl or .jsonl.gz; - for standard output")],
    since: Annotated[str | None, typer.Option(help="only decisions from this day on (UTC), as 2026-01-31")] = None,
    until: Annotated[str | None, typer.Option(help="only decisions before this day (UTC)")] = None,
    database: Database = None,
) -> None:
    """Write statements of reasons for the DSA Transparency Database, a line for each call of up to 100."""
    from classifier.errors import InputError
    from classifier.files import kind_of
    from classifier.output import open_writer
    from classifier.terminal import complain

    if kind_of(out) != "jsonl":
        raise InputError(f"{out}: statements are JSON lines; write a name that ends in .jsonl or .jsonl.gz")
    with opened(database) as store:
        from service.review.reasons import statements as reasons
        from service.review.reasons.grounds import read_grounds
        from service.review.reasons.maker import Count

        grounds = read_grounds(policy)
        period = reasons.Period(day("--since", since), day("--until", until))
        count = Count()
        with store.read() as connection:
            reasons.check_grounds(connection, grounds, period)
            with open_writer(out, ["statements"]) as writer:
                for call in reasons.calls(reasons.statements(connection, grounds, period, count)):
                    writer.write(call)
            waiting = reasons.unsettled(connection, period)
    complain("\n".join(count.lines(*waiting)))
    if count.refused:
        listed = "\n  ".join(count.faults)
        raise InputError(f"{count.refused:,} posts were left out; their statements would be sent back:\n  {listed}")


@app.command()
def purge(
    older_than: Annotated[str, typer.Option("--older-than", help="such as 90d, 12h or 2w")],
    database: Database = None,
) -> None:
    """Take out the text, author, address and notes of posts that came in long ago. Decisions stay."""
    from classifier.terminal import complain

    age = duration(older_than)
    with opened(database) as store:
        from service.review.retention import purge as let_go

        complain(f"{let_go(store, age, by=COMMAND_LINE):,} posts purged")


def day(option: str, written: str | None) -> datetime | None:
    """Read a day such as 2026-01-31: its first moment, in UTC.

    Raises
    ------
    InputError
        When it is none.
    """
    from classifier.errors import InputError

    if written is None:
        return None
    try:
        return datetime.strptime(written, "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError as fault:
        raise InputError(f"{option} {written!r}: write a day as 2026-01-31") from fault


def duration(written: str) -> timedelta:
    """Read a time such as 90d, 12h or 2w.

    Raises
    ------
    InputError
        When it is none.
    """
    from classifier.errors import InputError

    found = re.fullmatch(r"(\d{1,5})([hdw])", written)
    if not found:
        raise InputError(f"--older-than {written!r}: write a number and h, d or w, such as 90d")
    return timedelta(hours=int(found[1]) * {"h": 1, "d": 24, "w": 168}[found[2]])
