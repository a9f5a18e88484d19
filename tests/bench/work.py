"""One measured piece of work, in a process of its own so that its memory and its core are its own.

It gets ready, says so, and then repeats the work once for every line on its standard input, answering with what it
measured as JSON. So the process that asks can let several pieces take turns: what slows the machine for a while slows
all of them, and their ratios hold.
"""

from __future__ import annotations

import json
import sys
from importlib import import_module

from tests.bench.machine import pin, resident

PIECES = {
    "scikit_learn": "rivals",
    "fasttext": "rivals",
    "arrays": "scoring",
    "objects": "scoring",
    "one_post": "scoring",
    "long_posts": "scoring",
    "two_threads": "scoring",
    "two_processes": "scoring",
    "command": "program",
    "score_file": "program",
    "train": "program",
    "web": "web",
    "queue": "queue",
}


def main() -> None:
    """Repeat the piece of work that the arguments name for as long as it is asked for."""
    what, places, options = sys.argv[1], json.loads(sys.argv[2]), json.loads(sys.argv[3])
    answers, sys.stdout = sys.stdout, sys.stderr  # what libraries print is no answer
    if places:
        pin(places)
    repeat = getattr(import_module(f"tests.bench.{PIECES[what]}"), what)(**options)
    print("ready", file=answers, flush=True)
    for _ in sys.stdin:
        print(json.dumps(repeat() | {"megabytes": resident(peak=True)}), file=answers, flush=True)


if __name__ == "__main__":
    main()
