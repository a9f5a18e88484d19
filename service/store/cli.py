"""Commands on the whole database: back up, restore, verify the audit log."""

from __future__ import annotations

from typing import Annotated

import typer

from service.options import Database, opened

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help=__doc__)


@app.callback()
def commands() -> None:
    """Look after the database."""


@app.command()
def backup(
    out: Annotated[str, typer.Option("--out", help="the file to write; - for standard output")],
    database: Database = None,
) -> None:
    """Write the whole database to one file, while the service goes on."""
    from classifier.terminal import complain, progress

    with opened(database) as store:
        from service.store.backup import back_up

        rows = 0
        for rows, _ in progress(back_up(store, out), "backing up"):  # noqa: B007 - the last one is told
            pass
        complain(f"{rows:,} rows written; whoever has this file has every post in it: keep it safe")


@app.command()
def restore(
    file: Annotated[str, typer.Argument(help="a backup")],
    database: Database = None,
) -> None:
    """Fill an empty database from a backup, also one of the other kind."""
    from classifier.terminal import complain, progress

    with opened(database) as store:
        from service.store.backup import restore as fill

        for _ in progress(fill(store, file), "restoring"):
            pass
        complain("restored; clarion verify-audit tells whether the audit log is whole")


@app.command("verify-audit")
def verify_audit(
    database: Database = None,
    expect: Annotated[
        str | None, typer.Option(help="a hash that was noted earlier; the log must hold that entry")
    ] = None,
) -> None:
    """Check that no entry of the audit log, and no decision, was changed, lost or moved. Exits with 1 when one was."""
    from classifier.terminal import FAILED, complain

    with opened(database) as store:
        import sqlalchemy

        from service.review import records
        from service.store import audit, tables

        with store.read() as connection:
            found = [*audit.faults(connection), *records.faults(connection)]
            if expect is not None:
                asked = sqlalchemy.select(tables.events.c.number).where(tables.events.c.hash == expect)
                if connection.execute(asked).first() is None:
                    found.append("no entry has the hash that was noted: the log was cut or written anew")
            number, last = audit.head(connection)
        for fault in found:
            complain(f"  {fault}")
        if found:
            complain(f"{len(found):,} faults in the audit log")
            raise typer.Exit(FAILED)
        complain(f"{number:,} entries, all whole and in order; note the last hash elsewhere, for --expect:")
        typer.echo(last)
