"""Killed at any moment, the service loses no post and no decision that it acknowledged."""

from __future__ import annotations

import http.client
import itertools
import json
import random
import signal
import subprocess
import sys
import threading
import time
import urllib.request
from pathlib import Path

import pytest
import sqlalchemy as sa

from service.review import records
from service.store import audit
from service.store.engine import Store
from service.store.tables import decisions, posts
from tests.service.databases import Databases
from tests.service.review.making import OFFER, Office
from tests.service.running import running

KILLS = 3
DECIDER = """
import sys
from service.store.engine import Store
from tests.service.review.making import YES, Office
office = Office.over(Store(sys.argv[1]))
anna = office.reader(sys.argv[2])
while (post := office.review.claims.take_next(anna)) is not None:
    from service.review.reading import read_post
    version = read_post(office.store, anna, post).versions[0].id
    print(office.review.deciding.decide(anna, post, version, YES), flush=True)
"""


def send(url: str, number: int) -> bool:
    """Send one post; whether it was acknowledged."""
    item = {"platform": "forum", "id": str(number), "text": f"{OFFER} {number}"}
    body = json.dumps({"items": [item]}).encode()
    request = urllib.request.Request(f"{url}/v1/posts", body, {"Content-Type": "application/json"})  # noqa: S310
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310 - a loopback address
            return bool(json.load(answer)["results"][0]["state"])
    except (OSError, ValueError, http.client.HTTPException):
        return False


@pytest.mark.slow
def test_no_acknowledged_post_is_lost(databases: Databases, bundle: Path, tmp_path: Path) -> None:
    url, chance, numbers = databases.fresh(), random.Random(7), itertools.count()  # noqa: S311
    acknowledged: list[int] = []

    def keep_sending(address: str) -> None:
        while True:
            number = next(numbers)
            if not send(address, number):
                return
            acknowledged.append(number)

    for _ in range(KILLS):
        before = len(acknowledged)
        with running("--bundle", str(bundle), cwd=tmp_path, CLARION_DATABASE=url, CLARION_RANDOM_SHARE="1") as service:
            senders = [threading.Thread(target=keep_sending, args=[service.url]) for _ in range(4)]
            for sender in senders:
                sender.start()
            while len(acknowledged) < before + 10:
                time.sleep(0.01)
            time.sleep(chance.random() / 2)
            service.stop(signal.SIGKILL)
            for sender in senders:
                sender.join(60)
    store = Store(url)
    with store.read() as connection:
        kept = set(connection.execute(sa.select(posts.c.external_id)).scalars())
    store.close()
    assert len(acknowledged) >= KILLS * 10
    assert {str(number) for number in acknowledged} <= kept


@pytest.mark.slow
def test_no_acknowledged_decision_is_lost(databases: Databases) -> None:
    url, chance = databases.fresh(), random.Random(8)  # noqa: S311
    store = Store(url)
    office = Office.over(store)
    office.take(*[office.post(f"join {number * 7919:x} {number:x}") for number in range(400)])
    acknowledged: list[int] = []
    for number in range(KILLS):
        command = [sys.executable, "-c", DECIDER, url, f"reader {number}"]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2]) as process:
            assert process.stdout is not None
            acknowledged += [int(process.stdout.readline()) for _ in range(5)]
            time.sleep(chance.random() / 4)
            process.kill()
            lines = process.stdout.read().splitlines(keepends=True)
            acknowledged += [int(line) for line in lines if line.endswith("\n")]
    with store.read() as connection:
        kept = set(connection.execute(sa.select(decisions.c.id)).scalars())
        assert [*audit.faults(connection), *records.faults(connection)] == []
    store.close()
    assert len(acknowledged) >= KILLS * 5
    assert set(acknowledged) <= kept
