"""Pieces of work: the classifier in memory."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import partial
from time import perf_counter_ns

import numpy as np

from classifier import Classifier
from tests.bench.posts import long_post, read_posts
from tests.bench.rounds import Measured, Piece, Repeat, Worker, rated, seconds

SIZES = (10_000, 100_000, 1_000_000)
PATIENCE = 10.0  # seconds for a size of long posts, after which no longer ones are tried


def arrays(bundle: str, posts: str, first: int = 0, step: int = 1) -> Repeat:
    """Probabilities as an array: the same thing that scikit-learn gives."""
    model, texts = Classifier.load(bundle), read_posts(posts)[first::step]
    return rated(lambda: model.probabilities(model.margins(texts)[0]), len(texts))


def objects(bundle: str, posts: str, *, explain: bool) -> Repeat:
    """Whole answers, with or without evidence."""
    model, texts = Classifier.load(bundle), read_posts(posts)
    return rated(lambda: model.score(texts, explain=explain), len(texts))


def one_post(bundle: str, posts: str) -> Repeat:
    """Microseconds of a call with a single post."""
    model, texts = Classifier.load(bundle), read_posts(posts)

    def repeat() -> Measured:
        taken = np.empty(len(texts))
        for place, text in enumerate(texts):
            start = perf_counter_ns()
            model.score([text])
            taken[place] = perf_counter_ns() - start
        return {"median": float(np.median(taken)) / 1e3, "p99": float(np.percentile(taken, 99)) / 1e3}

    return repeat


def _one_by_one(model: Classifier, posts: list[str]) -> None:
    for post in posts:
        model.score([post])


def long_posts(bundle: str, posts: str, kind: str) -> Repeat:
    """Microseconds per character of long posts of a kind, by their length."""
    model, words = Classifier.load(bundle), read_posts(posts)
    texts = {size: long_post(kind, size, words) for size in SIZES}

    def repeat() -> Measured:
        measured = {}
        for size, text in texts.items():
            posts = [text] * (SIZES[-1] // size)
            taken = seconds(partial(_one_by_one, model, posts))
            measured[str(size)] = taken / SIZES[-1] * 1e6
            if taken > PATIENCE:
                break
        return measured

    return repeat


def two_threads(bundle: str, posts: str) -> Repeat:
    """Each of two threads of one process scores half of the posts with the same classifier."""
    model, texts = Classifier.load(bundle), read_posts(posts)
    halves, pool = (texts[::2], texts[1::2]), ThreadPoolExecutor(2)
    return rated(lambda: list(pool.map(lambda half: model.probabilities(model.margins(half)[0]), halves)), len(texts))


def two_processes(bundle: str, posts: str) -> Repeat:
    """Each of two processes, on a core of its own, scores half of the posts."""
    pieces = [
        Piece("arrays", {"bundle": bundle, "posts": posts, "first": half, "step": 2}, (half - 2,)) for half in (0, 1)
    ]
    # They end with this process, when their standard input does.
    workers = [Worker(piece).ready() for piece in pieces]

    def work() -> None:
        for worker in workers:
            worker.ask()
        for worker in workers:
            worker.answer()

    return rated(work, len(read_posts(posts)))
