"""`python -m tests.service.decider DATABASE NAME`: a reader who decides on whatever waits, until killed.

In a process of its own, with the code that the service runs; a line with its number for every decision that is made.
"""

from __future__ import annotations

import sys
import time

from service.review.reading import read_post
from service.store.engine import Store
from tests.service.review.making import YES, Office


def main() -> None:
    """Decide and say so, post after post."""
    office = Office.over(Store(sys.argv[1]))
    reader = office.reader(sys.argv[2])
    while True:
        post = office.review.claims.take_next(reader)
        if post is None:
            time.sleep(0.01)
            continue
        version = read_post(office.store, reader, post).versions[0].id
        made = office.review.deciding.decide(reader, post, version, YES)
        sys.stdout.write(f"{made}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
