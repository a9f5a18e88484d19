"""One measured piece of work, run in a process of its own so that its memory is its own.

Prints one JSON object: seconds of each repetition, posts per repetition, peak memory in MB.
"""

from __future__ import annotations

import csv
import json
import resource
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from classifier.files import open_source

REPEATS = 5


def read_texts(files: Sequence[str], most: int) -> list[str]:
    """Posts of the files, repeated with a number added until there are `most`."""
    texts: list[str] = []
    for name in files:
        with open_source(name) as source:
            texts += [row.values["text"] for row in source.rows]
    return [texts[k % len(texts)] + (f" {k}" if k >= len(texts) else "") for k in range(most)]


def timed(work: Callable[[], object], repeats: int = REPEATS) -> list[float]:
    """Seconds of each repetition, after one that does not count."""
    work()
    seconds = []
    for _ in range(repeats):
        start = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - start)
    return seconds


def clarion(bundle: str, files: Sequence[str], *, explain: bool) -> dict[str, object]:
    """Score posts in memory."""
    from classifier import Classifier

    model, texts = Classifier.load(bundle), read_texts(files, 2_000 if explain else 20_000)
    return {"posts": len(texts), "seconds": timed(lambda: model.score(texts, explain=explain))}


def single(bundle: str, files: Sequence[str]) -> dict[str, object]:
    """Score posts one call at a time."""
    from classifier import Classifier

    model, texts = Classifier.load(bundle), read_texts(files, 2_000)
    return {"posts": len(texts), "seconds": timed(lambda: [model.score([text]) for text in texts])}


def scikit_learn(files: Sequence[str]) -> dict[str, object]:
    """Character n-grams within words and logistic regression, the usual baseline, one model per label."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression

    from training.posts import Schema, read_posts

    posts = read_posts(files, Schema())
    vectoriser = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True).fit(posts.texts)
    models = []
    for label in posts.labels:
        known = posts.frame[label].notna()
        table = vectoriser.transform(posts.frame["text"][known])
        models.append(LogisticRegression(C=30, solver="liblinear").fit(table, posts.frame[label][known]))
    texts = read_texts(files, 4_000)

    def score() -> object:
        table = vectoriser.transform(texts)
        return [model.predict_proba(table) for model in models]

    return {"posts": len(texts), "seconds": timed(score)}


def train(files: Sequence[str]) -> dict[str, object]:
    """Train on the files, calibration included."""
    from classifier.cues import read_cues
    from training.fit import FitSettings, Fitter
    from training.posts import Schema, read_posts
    from training.shipped import data_directory

    posts, cues = read_posts(files, Schema()), read_cues(data_directory() / "cues")
    return {"posts": len(posts.frame), "seconds": timed(lambda: list(Fitter(posts, cues, FitSettings(), "b").run()), 3)}


def score_file(bundle: str, files: Sequence[str], rows: int, directory: str) -> dict[str, object]:
    """Score a CSV file into another, as `clarion score` does."""
    from classifier import Classifier
    from classifier.frames import Job, Report, score_files

    source, out = Path(directory) / f"{rows}.csv", Path(directory) / "out.csv"
    with source.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["id", "text"])
        writer.writerows(enumerate(read_texts(files, rows)))
    job = Job(Classifier.load(bundle))
    job.classifier.score(["warm up"])
    start = time.perf_counter()
    list(score_files(job, [str(source)], str(out), Report()))
    return {"posts": rows, "seconds": [time.perf_counter() - start]}


def peak_megabytes() -> float:
    """Peak resident memory of this process; Linux's `ru_maxrss` would count the parent's too."""
    status = Path("/proc/self/status")
    if status.exists():
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20


def main() -> None:
    """Run the piece of work that the arguments name."""
    what, options = sys.argv[1], json.loads(sys.argv[2])
    works: dict[str, Callable[..., dict[str, object]]] = {
        "clarion": clarion,
        "single": single,
        "scikit_learn": scikit_learn,
        "train": train,
        "score_file": score_file,
    }
    result = works[what](**options)
    print(json.dumps(result | {"megabytes": round(peak_megabytes())}))


if __name__ == "__main__":
    main()
