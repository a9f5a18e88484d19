"""Brings a database to the form that this program works with (Alembic)."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util.exc import CommandError
from sqlalchemy.engine import Connection

from classifier.errors import ClarionError

SCRIPTS: Final = Path(__file__).parent / "migrations"


def config(connection: Connection) -> Config:
    """What Alembic has to know, without a file of its own."""
    made = Config()
    made.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
    made.attributes["connection"] = connection
    return made


def bring_up_to_date(connection: Connection) -> None:
    """Apply what is missing, inside the transaction of the connection.

    Raises
    ------
    ClarionError
        When the database was made by a newer program.
    """
    made = config(connection)
    head = ScriptDirectory.from_config(made).get_current_head()
    if MigrationContext.configure(connection).get_current_revision() == head:
        return
    try:
        command.upgrade(made, "head")
    except CommandError as error:
        raise ClarionError("the database was made by a newer version of this program; install that version") from error
