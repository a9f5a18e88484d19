"""Options that commands on the database share."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from service.settings import Settings
    from service.store.engine import Store

Database = Annotated[
    str | None, typer.Option("--database", help="SQLite file or postgresql://… [default: CLARION_DATABASE]")
]
COMMAND_LINE = "command line"  # how the audit log names whoever types commands


def settings_with(database: str | None, **others: object) -> Settings:
    """Settings of which a database is one.

    Raises
    ------
    ClarionError
        When none is named, or the libraries of the service are missing.
    """
    from classifier.errors import InputError
    from classifier.terminal import needs

    with needs("service"):
        from service.settings import read_settings
    settings = read_settings(database=database, **others)
    if settings.database is None:
        raise InputError("no database; name it with --database clarion.db or in CLARION_DATABASE")
    return settings


@contextmanager
def opened(database: str | None) -> Iterator[Store]:
    """The database that an option or the environment names, for as long as the block lasts; see `settings_with`."""
    from classifier.terminal import needs

    settings = settings_with(database)
    with needs("service"):
        from service.store.engine import Store
    assert settings.database is not None
    store = Store(settings.database.get_secret_value())
    try:
        yield store
    finally:
        store.close()
