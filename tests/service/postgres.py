"""A real PostgreSQL server for the tests, Debian's, on a free loopback port and gone afterwards."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

PLACES = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
SETTINGS = (
    "fsync=off",
    "full_page_writes=off",
    "max_connections=300",
    "unix_socket_directories=",
    "shared_buffers=64MB",
)


def programs() -> Path:
    """Directory of the server's programs; where there are none, skip, but fail where everything must be there."""
    for place in (*PLACES, *(Path(found).resolve().parent for found in [shutil.which("postgres")] if found)):
        if (place / "initdb").exists() and (place / "postgres").exists():
            return place
    message = "no PostgreSQL server here; install it with: apt-get install -y postgresql"
    if os.environ.get("CI") == "true":
        pytest.fail(message)
    pytest.skip(message)


def account() -> str | None:
    """Who runs the server: it refuses to be run by root, and the package brings an account."""
    if os.geteuid() != 0:
        return None
    with suppress(KeyError):
        return pwd.getpwnam("postgres").pw_name
    return "nobody"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Server:
    """A server whose data stay between a stop and the next start."""

    home: Path
    port: int
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """For its superuser."""
        return f"postgresql://clarion@127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start it and wait until it answers."""
        command: list[str | Path] = [programs() / "postgres", "-D", self.home / "data"]
        command += ["-p", str(self.port), "-h", "127.0.0.1"]
        command += [part for setting in SETTINGS for part in ("-c", setting)]
        self.process = subprocess.Popen(
            command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=self.home, user=account()
        )
        wait_for(self.port)

    def stop(self) -> None:
        """Stop it at once, as a crash would; what was committed stays."""
        if self.process is not None:
            self.process.send_signal(signal.SIGQUIT)
            self.process.wait(timeout=60)


@contextmanager
def prepared() -> Iterator[Server]:
    """A server that is not started yet; stopped and taken away at the end of the block."""
    place, user = programs(), account()
    home = Path(tempfile.mkdtemp(prefix="clarion-postgres-"))
    if user:
        shutil.chown(home, user)
    initdb = [place / "initdb", "-D", home / "data", "-U", "clarion", "--auth=trust", "--encoding=UTF8"]
    subprocess.run([*initdb, "--locale=C", "-N"], check=True, capture_output=True, cwd=home, user=user)
    made = Server(home, free_port())
    try:
        yield made
    finally:
        made.stop()
        shutil.rmtree(home, ignore_errors=True)


@contextmanager
def server() -> Iterator[str]:
    """Run a server for as long as the block lasts; its URL."""
    with prepared() as made:
        made.start()
        yield made.url


def wait_for(port: int) -> None:
    import psycopg

    for _ in range(300):
        with suppress(psycopg.OperationalError):
            psycopg.connect(host="127.0.0.1", port=port, user="clarion", dbname="postgres").close()
            return
        time.sleep(0.1)
    pytest.fail("the PostgreSQL server did not come up within 30 seconds")


def make_database(url: str, name: str, model: str = "template1") -> str:
    """A fresh database on the server, a copy of another; its URL."""
    import psycopg

    with psycopg.connect(f"{url}/postgres", autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{model}"')
    return f"{url}/{name}"
