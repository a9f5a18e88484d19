"""`python -m tests.service.soak --kills 100`: killed again and again, the service loses nothing that it acknowledged.

A round serves, posts over HTTP and decides, kills service and reader with SIGKILL at a moment drawn from the seed,
starts the service again and looks: every acknowledged post and decision must be there, whole, and the audit log too.
"""

from __future__ import annotations

import argparse
import hashlib
import http.client
import itertools
import json
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import sqlalchemy as sa

from classifier.terminal import progress
from service.review import records
from service.store import audit
from service.store.engine import Store
from service.store.tables import decisions, posts, scores, versions
from tests.service.databases import KINDS, Databases
from tests.service.postgres import server
from tests.service.review.making import LABELS, OFFER
from tests.service.running import running

ROOT = Path(__file__).parents[2]
SENDERS = 4
FEWEST = 5  # acknowledged posts and decisions of a round before it may be killed
LONGEST = 1.0  # seconds from there to the kill, at most
PATIENCE = 120.0
COPIES = 3  # one post of so many copies an offer, so that campaigns are interrupted too


class SoakError(Exception):
    """Something acknowledged is gone, or nothing was acknowledged at all."""


@dataclass
class Soak:
    """A database, the service that is killed over it, and all that was acknowledged.

    Parameters
    ----------
    url : str
        A database brought up, with nothing in it.
    bundle, home : Path
        What scores, and where the service runs.
    seed : int
        Of the moments.
    """

    url: str
    bundle: Path
    home: Path
    seed: int
    sent: list[int] = field(default_factory=list)
    decided: list[int] = field(default_factory=list)

    def run(self, kills: int) -> Iterator[tuple[int, int]]:
        """Kill so many times; yields how many are done, of how many.

        Raises
        ------
        SoakError
            When something is missing after a restart.
        """
        chance, numbers = random.Random(self.seed), itertools.count()  # noqa: S311
        store = Store(self.url)
        for done in range(kills + 1):  # the last start only looks
            settings = {"CLARION_DATABASE": self.url, "CLARION_RANDOM_SHARE": "1"}
            with running("--bundle", str(self.bundle), cwd=self.home, **settings) as service:
                if found := self.faults(store):
                    raise SoakError("\n".join([f"after kill {done} (seed {self.seed}):", *found]))
                yield done, kills
                if done < kills:
                    with self._sending(service.url, numbers), self._deciding(f"reader {done}"):
                        self._wait()
                        time.sleep(chance.uniform(0, LONGEST))
                        service.stop(signal.SIGKILL)
        store.close()

    def faults(self, store: Store) -> list[str]:
        """What was acknowledged and is not there, what is there by half, and what `verify-audit` would say."""
        stand = sa.select(decisions.c.id).join(posts, posts.c.decision_id == decisions.c.id)
        enough = sa.func.count(scores.c.label) >= len(LABELS)
        parts = sa.select(posts.c.external_id).join(versions, versions.c.id == posts.c.version_id)
        whole = parts.join(scores, scores.c.version_id == versions.c.id).group_by(posts.c.id).having(enough)
        with store.read() as connection:
            posted = set(connection.execute(sa.select(posts.c.external_id)).scalars())
            halves = posted - set(connection.execute(whole).scalars())
            lost = {str(number) for number in self.sent} - posted
            undecided = set(self.decided) - set(connection.execute(stand).scalars())
            told = [*audit.faults(connection), *records.faults(connection)]
        found = {"posts lost": lost, "posts there by half": halves, "decisions lost": undecided}
        return [f"{what}: {sorted(which)[:10]}" for what, which in found.items() if which] + told

    def _wait(self) -> None:
        sent, decided, end = len(self.sent), len(self.decided), time.monotonic() + PATIENCE
        while len(self.sent) < sent + FEWEST or len(self.decided) < decided + FEWEST:
            if time.monotonic() > end:
                raise SoakError(f"nothing was acknowledged within {PATIENCE:.0f} seconds")
            time.sleep(0.01)

    @contextmanager
    def _sending(self, address: str, numbers: Iterator[int]) -> Iterator[None]:
        """Send posts until the service is gone."""

        def send_on() -> None:
            while (number := next(numbers)) is not None and send(address, number):
                self.sent.append(number)

        senders = [threading.Thread(target=send_on, daemon=True) for _ in range(SENDERS)]
        for sender in senders:
            sender.start()
        yield
        for sender in senders:
            sender.join(60)

    @contextmanager
    def _deciding(self, name: str) -> Iterator[None]:
        """Decide for as long as the block lasts, and die at its end."""
        command = [sys.executable, "-m", "tests.service.decider", self.url, name]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
            listener = threading.Thread(target=self._listen, args=[process], daemon=True)
            listener.start()
            try:
                yield
            finally:
                process.kill()
                listener.join(60)

    def _listen(self, process: subprocess.Popen[str]) -> None:
        assert process.stdout is not None
        self.decided.extend(int(line) for line in process.stdout if line.endswith("\n"))


def send(url: str, number: int) -> bool:
    """Send one post; whether it was acknowledged."""
    text = f"{OFFER} {number}" if number % COPIES == 0 else hashlib.sha256(str(number).encode()).hexdigest()
    body = json.dumps({"items": [{"platform": "forum", "id": str(number), "text": text}]}).encode()
    request = urllib.request.Request(f"{url}/v1/posts", body, {"Content-Type": "application/json"})  # noqa: S310
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310 - a loopback address
            return bool(json.load(answer)["results"][0]["state"])
    except (OSError, ValueError, http.client.HTTPException):
        return False


def soak(databases: Databases, bundle: Path, kills: int, seed: int) -> str:
    """Kill over a fresh database of one kind; what came of it in a line."""
    databases.bring_up()
    started, one = time.monotonic(), Soak(databases.fresh(), bundle, databases.home, seed)
    for _ in progress(one.run(kills), databases.kind):
        pass
    passed = time.monotonic() - started
    return (
        f"{databases.kind}: {kills} kills in {passed:,.0f} s; {len(one.sent):,} posts and {len(one.decided):,} "
        "decisions acknowledged, none lost; the audit log whole after each"
    )


def main() -> None:
    """Kill on both databases, or on the one that was asked for."""
    parser = argparse.ArgumentParser(prog="python -m tests.service.soak", description=__doc__)
    parser.add_argument("--kills", type=int, default=100, help="on each database [default: 100]")
    parser.add_argument("--seed", type=int, default=7, help="of the moments [default: 7]")
    parser.add_argument("--only", choices=KINDS, help="one kind of database")
    parser.add_argument("--bundle", type=Path, default=Path("models/current"), help="[default: models/current]")
    asked = parser.parse_args()
    bundle = asked.bundle.resolve()
    try:
        for kind in [asked.only] if asked.only else KINDS:
            with tempfile.TemporaryDirectory() as home, _server(kind) as url:
                line = soak(Databases(kind, Path(home), url), bundle, asked.kills, asked.seed)
                sys.stdout.write(f"{line}\n")
                sys.stdout.flush()
    except (SoakError, pytest.skip.Exception, pytest.fail.Exception) as fault:
        sys.exit(str(fault))


@contextmanager
def _server(kind: str) -> Iterator[str | None]:
    if kind == "sqlite":
        yield None
        return
    with server() as url:
        yield url


if __name__ == "__main__":
    main()
