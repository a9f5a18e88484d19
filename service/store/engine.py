"""Connections and transactions, the only place that knows which database it is."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import Connection, Engine, make_url
from sqlalchemy.engine.url import URL
from sqlalchemy.exc import ArgumentError, DBAPIError, OperationalError

from classifier.errors import ClarionError, MissingExtraError
from service.store.migrate import bring_up_to_date

WRITES: Final = "clarion_writes"
DURABLE: Final = "clarion_durable"
BUSY_SECONDS: Final = 30
CONNECTIONS: Final = 16
ARRIVALS: Final = 0x636C6172  # names the lock under which posts arrive, on PostgreSQL


class StoreAwayError(ClarionError):
    """The database cannot be reached or is too busy just now."""


def url_of(database: str) -> URL:
    """Read the setting: a URL, or the path of an SQLite file.

    Raises
    ------
    ClarionError
        When it is neither SQLite nor PostgreSQL; the message does not repeat the URL, which may hold a password.
    """
    if "://" not in database:
        return URL.create("sqlite", database=database)
    try:
        url = make_url(database)
    except ArgumentError:
        raise ClarionError(
            "the database is no URL; write sqlite:///clarion.db or postgresql://user@host/name"
        ) from None
    kind = url.get_backend_name()
    if kind in ("postgresql", "postgres"):
        return url.set(drivername="postgresql+psycopg")
    if kind != "sqlite" or not url.database or url.database == ":memory:":
        raise ClarionError("a database is an SQLite file or PostgreSQL: sqlite:///clarion.db or postgresql://…")
    return url


def make_engine(database: str) -> Engine:
    """An engine whose transactions say whether they write.

    Raises
    ------
    ClarionError
        When the database is of another kind, or its driver is missing.
    """
    url = url_of(database)
    options: dict[str, Any] = {"pool_size": CONNECTIONS, "max_overflow": 4 * CONNECTIONS, "pool_pre_ping": True}
    try:
        if url.get_backend_name() == "sqlite":
            Path(str(url.database)).parent.mkdir(parents=True, exist_ok=True)
            engine = sa.create_engine(url, connect_args={"timeout": BUSY_SECONDS}, **options)
            event.listen(engine, "connect", _set_up_sqlite)
            event.listen(engine, "begin", _begin_sqlite)
        else:
            engine = sa.create_engine(url, connect_args={"connect_timeout": 5}, **options)
    except ModuleNotFoundError as error:
        raise MissingExtraError(str(error.name), "postgres") from error
    except OSError as error:
        raise ClarionError(f"the directory of the database cannot be made: {error.strerror}") from error
    return engine


def _set_up_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # transactions are begun below, not by the driver
    for pragma in (
        f"busy_timeout={BUSY_SECONDS * 1000}",  # first: the others may have to wait already
        "journal_mode=WAL",
        "foreign_keys=ON",
        "cache_size=-65536",
        "wal_autocheckpoint=16000",  # pages: what changes again and again is carried over once
        "temp_store=MEMORY",
        "secure_delete=ON",  # text that was purged is not to be found in the file
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    # A plain BEGIN that writes later fails at once when another has written in between; this one waits its turn.
    options = connection.get_execution_options()
    if options.get(WRITES):
        # What was acknowledged outlives a power cut: it is on the disk when the transaction ends. It is so with all
        # that was written before, too; NORMAL leaves that to whoever writes next. Both outlive a kill.
        connection.exec_driver_sql(f"PRAGMA synchronous={'FULL' if options.get(DURABLE, True) else 'NORMAL'}")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if options.get(WRITES) else "BEGIN")


class Store:
    """A database that is brought to its present form at its first use.

    Parameters
    ----------
    database : str
        URL, or path of an SQLite file.
    """

    def __init__(self, database: str) -> None:
        self.engine = make_engine(database)
        self._ready = False
        self._lock = threading.Lock()
        # SQLite has one writer at a time; here they queue up instead of asking again and again.
        self._turn: AbstractContextManager[Any] = threading.Lock() if self.sqlite else nullcontext()

    @property
    def sqlite(self) -> bool:
        """Whether it is a file of SQLite."""
        return self.engine.dialect.name == "sqlite"

    @property
    def takes_turns(self) -> bool:
        """Whether it has one writer at a time, who should not look for anything for long."""
        return self.sqlite

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A transaction that only reads.

        Raises
        ------
        StoreAwayError
            When the database cannot be reached.
        """
        with self._transaction(writes=False) as connection:
            yield connection

    @contextmanager
    def write(self, *, arrivals: bool = False, durable: bool = True) -> Iterator[Connection]:
        """A transaction that writes, committed at its end.

        Parameters
        ----------
        arrivals : bool
            Whether posts arrive in it, which they do one transaction after the other.
        durable : bool
            Whether it must outlive a power cut from its end on; on SQLite, without that, it only does so from the end
            of the next one that must. It always outlives a kill of the service.

        Raises
        ------
        StoreAwayError
            When the database cannot be reached or others keep it too busy; nothing was written.
        """
        with self._turn, self._transaction(writes=True, durable=durable) as connection:
            if arrivals and not self.sqlite:  # SQLite has one writer at a time anyway
                connection.execute(sa.select(sa.func.pg_advisory_xact_lock(ARRIVALS)))
            yield connection

    def close(self) -> None:
        """Let go of every connection."""
        self.engine.dispose()

    @contextmanager
    def _transaction(self, *, writes: bool, durable: bool = True) -> Iterator[Connection]:
        try:
            self._bring_up()
            with self.engine.connect() as bare:
                options: dict[str, Any] = {WRITES: writes, DURABLE: durable}
                if not writes and not self.sqlite:  # as on SQLite, all that is read is of one moment
                    options |= {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
                connection = bare.execution_options(**options)
                with connection.begin():
                    yield connection
        except (OperationalError, sa.exc.TimeoutError, sa.exc.InterfaceError) as error:
            raise StoreAwayError(_words(error)) from error
        except DBAPIError as error:
            if error.connection_invalidated:
                raise StoreAwayError(_words(error)) from error
            raise

    def _bring_up(self) -> None:
        if self._ready:
            return
        with self._lock:
            if not self._ready:
                with self.engine.connect() as bare:
                    connection = bare.execution_options(**{WRITES: True})
                    with connection.begin():
                        if not self.sqlite:
                            connection.execute(sa.select(sa.func.pg_advisory_xact_lock(ARRIVALS)))
                        bring_up_to_date(connection)
                self._ready = True


def _words(error: Exception) -> str:
    # Never the statement or its parameters, which may hold a post; the driver's first line names the trouble.
    reason = str(getattr(error, "orig", error)).splitlines()[0][:200]
    return f"the database cannot be used just now: {reason}; see that it runs and that CLARION_DATABASE names it"
