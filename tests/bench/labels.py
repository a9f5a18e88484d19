"""`python -m tests.bench.labels`: whether `clarion select` saves labels and `clarion audit` finds wrong ones.

Both are tried on the posts that ship, whose labels are known. Writes docs/figures/labels.json, select.svg and
audit.svg, and the tables of docs/training.md.
"""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from joblib import Parallel, delayed
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from classifier.cues import read_cues
from classifier.model import Classifier
from training.audit.suspects import suspects
from training.features import features_of
from training.fit import Fitter
from training.groups import group_posts
from training.measure import average_precision
from training.posts import LabelledPosts, read_posts
from training.schema import Schema
from training.select.choose import choose
from training.settings import FitSettings
from training.shipped import data_directory, post_files
from training.streamed import a_fifth
from training.study.plot import SALT
from training.study.tables import brought_up_to_date

Rows = npt.NDArray[np.int64]
START, STEP, MOST = 400, 200, 2000  # labelled posts
SEEDS: Final = (0, 1, 2)
RARE: Final = 0.1  # share of the pool that has a label
FLIPPED: Final = 0.05
READ: Final = (0.01, 0.02, 0.05, 0.1, 0.15, 0.2)  # shares of the labels that are read again
DOCS: Final = Path(__file__).parents[2] / "docs"


class Trial:
    """The shipped posts with features computed once, a fifth held out."""

    def __init__(self) -> None:
        self.posts = read_posts(post_files(), Schema())
        self.cues = read_cues(data_directory() / "cues")
        self.fitter = Fitter(self.posts, self.cues, FitSettings(), "trial")
        self.features = features_of(self.posts, self.cues, self.fitter.settings)
        self.labels = self.posts.frame[list(self.posts.labels)].to_numpy(float)
        self.texts = self.posts.texts
        self.aside = a_fifth(group_posts(self.posts), 0)

    def pool(self, seed: int) -> Rows:
        """Posts to choose from, of which as few have a label as in a stream."""
        dice = np.random.default_rng(seed)
        positive = (self.labels == 1).any(axis=1)
        rows = [np.flatnonzero(~self.aside & (positive == kind)) for kind in (False, True)]
        few = dice.permutation(rows[1])[: round(len(rows[0]) * RARE / (1 - RARE))]
        return dice.permutation(np.concatenate([rows[0], few]))

    def model(self, rows: Rows) -> Classifier:
        """A model of some posts."""
        with threadpool_limits(limits=1, user_api="blas"):
            return self.fitter.scorer(self.features, self.labels, rows)

    def precision(self, model: Classifier) -> list[float]:
        """Average precision of each label on the posts that are held out."""
        rows = np.flatnonzero(self.aside)
        margins = model.margins([self.texts[row] for row in rows])[0]
        found = []
        for place in range(self.labels.shape[1]):
            known = ~np.isnan(self.labels[rows, place])
            found.append(average_precision(self.labels[rows, place][known] == 1, margins[known, place]) or 0.0)
        return found


def by_lot(trial: Trial, model: Classifier, left: Rows, seed: int) -> Rows:
    """What nobody chooses."""
    del trial, model
    return np.random.default_rng(seed).permutation(left)[:STEP]


def by_select(trial: Trial, model: Classifier, left: Rows, seed: int) -> Rows:
    """What `clarion select` would choose; margins stand for log odds, with the threshold where half are positive."""
    texts = [trial.texts[row] for row in left]
    margins = model.margins(texts)[0]
    return left[choose(texts, np.abs(margins).min(axis=1), margins.max(axis=1), STEP, 0.2, seed).rows]


WAYS: Final[Mapping[str, Callable[[Trial, Classifier, Rows, int], Rows]]] = {"random": by_lot, "select": by_select}


def grown(trial: Trial, way: str, seed: int) -> list[dict[str, Any]]:
    """Label more and more of a pool, chosen in one way."""
    pool, found = trial.pool(seed), []
    mine, left = pool[:START], pool[START:]
    while True:
        model = trial.model(mine)
        precision = trial.precision(model)
        positives = int((trial.labels[mine] == 1).any(axis=1).sum())
        point = {"way": way, "seed": seed, "posts": len(mine), "positives": positives}
        found.append(point | dict(zip(trial.posts.labels, precision, strict=True)))
        if len(mine) >= MOST:
            return found
        chosen = WAYS[way](trial, model, left, seed)
        mine, left = np.concatenate([mine, chosen]), left[~np.isin(left, chosen)]


def flipped_found(posts: LabelledPosts, seed: int) -> dict[str, Any]:
    """Flip some labels on purpose, and see how many of them come first in an audit."""
    dice, frame = np.random.default_rng(seed), posts.frame.copy()
    wrong: set[tuple[int, str]] = set()
    for label in posts.labels:
        known = np.flatnonzero(frame[label].notna())
        rows = dice.choice(known, round(len(known) * FLIPPED), replace=False)
        frame.loc[rows, label] = 1 - frame.loc[rows, label]
        wrong |= {(int(row), label) for row in rows}
    frame["category"] = ""  # it would tell
    spoilt = LabelledPosts(frame, posts.labels, posts.exclusive, posts.sha256)
    fitter = Fitter(spoilt, read_cues(data_directory() / "cues"), FitSettings(), "trial")
    list(fitter.run())
    ranked = suspects(spoilt, fitter.chances)
    hits = np.cumsum([(one.row, one.label) in wrong for one in ranked])
    found = {str(share): round(float(hits[round(len(ranked) * share) - 1] / len(wrong)), 4) for share in READ}
    return {"flipped": len(wrong), "labels": len(ranked), "found": found}


def picture(series: Mapping[str, tuple[Sequence[float], Sequence[float]]], across: str, up: str) -> bytes:
    """Lines as SVG, the same bytes for the same figures."""
    import matplotlib as mpl
    from matplotlib.figure import Figure

    with mpl.rc_context({"svg.hashsalt": SALT, "svg.fonttype": "path"}):
        figure = Figure(figsize=(7, 4), layout="constrained")
        axes = figure.subplots()
        for (name, (x, y)), mark in zip(series.items(), "os^D", strict=False):
            axes.plot(x, y, marker=mark, label=name)
        axes.set_xlabel(across)
        axes.set_ylabel(up)
        axes.set_ylim(0, 1)
        axes.grid(alpha=0.3)
        axes.legend()
        out = io.BytesIO()
        figure.savefig(out, format="svg", metadata={"Date": None, "Creator": None})
    return out.getvalue()


def mean(points: Sequence[Mapping[str, Any]], way: str, size: int, name: str) -> float:
    """Mean of a figure over seeds."""
    return float(np.mean([point[name] for point in points if point["way"] == way and point["posts"] == size]))


def select_table(points: Sequence[Mapping[str, Any]], labels: Sequence[str]) -> str:
    """Average precision of both ways, by how many posts are labelled."""
    head = "| posts labelled | " + " | ".join(f"{label}, {way}" for label in labels for way in WAYS)
    lines = [head + " | positives, random | positives, select |", "|" + "---|" * (2 * len(labels) + 3)]
    for size in sorted({point["posts"] for point in points}):
        shown = [f"{mean(points, way, size, label):.3f}" for label in labels for way in WAYS]
        counts = [f"{mean(points, way, size, 'positives'):.0f}" for way in WAYS]
        lines.append(f"| {size} | {' | '.join(shown + counts)} |")
    return "\n".join(lines)


def audit_table(found: Mapping[str, Any]) -> str:
    """Share of the flipped labels found, by how many are read again."""
    lines = ["| labels read again | wrong ones found | by chance |", "|---|---|---|"]
    lines += [f"| {float(share):.0%} | {value:.0%} | {float(share):.0%} |" for share, value in found["found"].items()]
    return "\n".join(lines)


def main() -> None:
    """Run both trials and write what came of them."""
    trial = Trial()
    work = (delayed(grown)(trial, way, seed) for seed in SEEDS for way in WAYS)
    points = [point for run in Parallel(n_jobs=-1, prefer="threads")(work) for point in run]
    print("select is done", file=sys.stderr, flush=True)
    audit = flipped_found(trial.posts, 0)
    found = json.dumps({"select": points, "audit": audit}, indent=1) + "\n"
    (DOCS / "figures" / "labels.json").write_text(found, "utf-8")
    sizes = sorted({point["posts"] for point in points})
    lines = {
        f"{label}, {way}": (sizes, [mean(points, way, size, label) for size in sizes])
        for label in trial.posts.labels
        for way in WAYS
    }
    drawn = picture(lines, "posts labelled", "average precision on held-out posts")
    (DOCS / "figures" / "select.svg").write_bytes(drawn)
    shares = [float(share) for share in audit["found"]]
    curves = {"audit": (shares, list(audit["found"].values())), "chance": (shares, shares)}
    drawn = picture(curves, "share of the labels read again", "share of the wrong labels found")
    (DOCS / "figures" / "audit.svg").write_bytes(drawn)
    tables = {"select": select_table(points, trial.posts.labels), "audit": audit_table(audit)}
    document = DOCS / "training.md"
    document.write_text(brought_up_to_date(document.read_text("utf-8"), tables), "utf-8")
    for name, table in tables.items():
        print(name, table, sep="\n")


if __name__ == "__main__":
    main()
