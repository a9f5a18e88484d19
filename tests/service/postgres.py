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


@contextmanager
def server() -> Iterator[str]:
    """Run a server for as long as the block lasts; its URL, for its superuser."""
    place, user = programs(), account()
    home = Path(tempfile.mkdtemp(prefix="clarion-postgres-"))
    if user:
        shutil.chown(home, user)
    data = home / "data"
    options = {"user": user, "cwd": home} if user else {"cwd": home}
    initdb = [place / "initdb", "-D", data, "-U", "clarion", "--auth=trust", "--encoding=UTF8", "--locale=C", "-N"]
    subprocess.run(initdb, check=True, capture_output=True, **options)  # type: ignore[call-overload]
    port = free_port()
    command: list[str | Path] = [place / "postgres", "-D", data, "-p", str(port), "-h", "127.0.0.1"]
    command += [part for setting in SETTINGS for part in ("-c", setting)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **options)  # type: ignore[call-overload]
    try:
        wait_for(port)
        yield f"postgresql://clarion@127.0.0.1:{port}"
    finally:
        process.send_signal(signal.SIGQUIT)  # at once: everything in it is thrown away
        process.wait(timeout=60)
        shutil.rmtree(home, ignore_errors=True)


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
