"""`python -m tests.bench.data DIR [--json FILE] [--only stance|call] [--quick]`: macro-F1 beside other methods.

DIR holds real labelled posts, `catalonia_stance.csv` and `call_to_action_de.csv`; they are measured with, never kept.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable, Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

import numpy as np

from tests.bench.contest import SEED, Judged, answers
from tests.bench.methods import methods
from training.gathering import remaining_part, training_part
from training.groups import group_posts
from training.posts import LabelledPosts, read_posts
from training.schema import Schema
from training.split import FOLDS, fold_numbers

Settings = dict[str, list[dict[str, Any]]]


def stance(directory: Path, quick: bool) -> dict[str, Any]:
    """Stance of tweets towards independence: learnt from the split `train`, judged on `val`, by language and whole."""
    posts = read_posts([str(directory / "catalonia_stance.csv")], Schema(label="stance"), drop_conflicts=True)
    learn, judge = training_part(posts), remaining_part(posts)
    given, settings = {}, {}
    for name, method in methods().items():
        learnt = method(learn, quick)
        given[name], settings[name] = learnt.label(judge.texts), [learnt.chosen]
        note(f"stance: {name} is done")
    judged = Judged(answers(judge), group_posts(judge), given)
    language = judge.frame["lang"].to_numpy()
    slices = {name: judged.part(language == name) for name in ("es", "ca")} | {"both": judged}
    return report(posts, f"{len(learn.frame)} learnt from, {len(judge.frame)} judged", slices, settings)


def call(directory: Path, quick: bool) -> dict[str, Any]:
    """Calls to action: each fold is judged by what was learnt from the others, near-duplicates on one side."""
    posts = read_posts([str(directory / "call_to_action_de.csv")], Schema(labels=("c2a",)), drop_conflicts=True)
    groups = group_posts(posts)
    folds = fold_numbers(posts, groups, SEED)
    given = {name: np.zeros(len(folds), np.int64) for name in methods()}
    settings: Settings = {name: [] for name in given}
    for number in range(FOLDS):
        learn, judge = posts.part(folds != number, "of this fold"), posts.part(folds == number, "of other folds")
        for name, method in methods().items():
            learnt = method(learn, quick)
            given[name][folds == number] = learnt.label(judge.texts)
            settings[name].append(learnt.chosen)
        note(f"calls to action: fold {number + 1} of {FOLDS} is done")
    return report(posts, f"{FOLDS} folds", {"de": Judged(answers(posts), groups, given)}, settings)


def report(posts: LabelledPosts, how: str, slices: Mapping[str, Judged], settings: Settings) -> dict[str, Any]:
    """Everything that was found about one set of posts, in a form for JSON."""
    figures = {name: judged.figures() for name, judged in slices.items()}
    return {"posts": len(posts.frame), "how": how, "left_out": posts.dropped, "figures": figures, "settings": settings}


def note(text: str) -> None:
    """Say how far it is, beside the output."""
    print(text, file=sys.stderr, flush=True)


def show(name: str, found: Mapping[str, Any]) -> None:
    """Print one set of posts: a line for each method, by slice."""
    left_out = "".join(f"; left out: {count} posts, {reason}" for reason, count in found["left_out"].items())
    print(f"{name}: {found['posts']} posts, {found['how']}{left_out}")
    for part, methods_found in found["figures"].items():
        for method, figures in methods_found.items():
            print(f"  {part:<5} {method:<22} {line(figures)}")
    for method, chosen in found["settings"].items():
        for settings in chosen:
            print(f"  {method} chose {', '.join(f'{key}={value}' for key, value in settings.items())}")


def line(figures: Mapping[str, Any]) -> str:
    """Macro-F1 and, for a rival, the lead of ours."""
    low, high = figures["interval"]
    text = f"macro-F1 {figures['macro_f1']:.3f} [{low:.3f}, {high:.3f}]"
    if "ours_ahead" not in figures:
        return text
    low, high = figures["ahead_interval"]
    return f"{text}   ours - it {figures['ours_ahead']:+.3f} [{low:+.3f}, {high:+.3f}]"


TASKS: Final[Mapping[str, Callable[[Path, bool], dict[str, Any]]]] = {"stance": stance, "call": call}


def main() -> None:
    """Measure what was asked for and print it."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.data", description="macro-F1 beside other methods")
    parser.add_argument("directory", type=Path, metavar="DIR", help="where the labelled posts are")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write everything there too")
    parser.add_argument("--only", choices=TASKS, help="only these posts")
    parser.add_argument("--quick", action="store_true", help="do not tune the rivals")
    asked = parser.parse_args()
    if not find_spec("fasttext"):
        print("fastText is not installed (pip install --group bench): going on without it")
    results = {}
    for name in [asked.only] if asked.only else TASKS:
        start = time.perf_counter()
        results[name] = TASKS[name](asked.directory, asked.quick)
        show(name, results[name])
        note(f"{name}: {time.perf_counter() - start:.0f} s")
    if asked.json:
        asked.json.write_text(json.dumps(results, indent=2) + "\n", "utf-8")


if __name__ == "__main__":
    main()
