"""Measure a bundle on labelled posts: average precision, precision and recall per profile, by language."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from classifier import lang
from classifier.errors import InputError
from classifier.model import Classifier
from classifier.output import STDOUT, whole_file
from classifier.terminal import complain
from training.measure import at_threshold, average_precision, by_slice
from training.posts import LabelledPosts, read_posts
from training.run import interval, plain_console, remaining_part, shown
from training.schema import Schema


def evaluate_bundle(
    directory: Path, files: Sequence[str], json_out: str | None, text: str, label: str | None, everything: bool
) -> None:
    """Read posts, measure, print, and write JSON where asked for."""
    classifier = Classifier.load(directory)
    posts = read_posts(files, schema_for(classifier, text, label))
    if not everything:
        posts = remaining_part(posts)
    if posts.frame.empty:
        raise InputError(f"{', '.join(files)}: every post is of split train or blank; pass --all to measure on them")
    check_classes(posts, classifier)
    figures = measure(classifier, posts)
    if json_out:
        with whole_file(json_out) as stream:
            stream.write((json.dumps(figures, indent=1, ensure_ascii=False) + "\n").encode())
    if json_out != STDOUT:
        print_figures(figures)
    if posts.sha256 == classifier.manifest.training.get("data_sha256"):
        complain("these are the very posts that the bundle was trained on: the figures say nothing of new posts")


def schema_for(classifier: Classifier, text: str, label: str | None) -> Schema:
    """Columns that posts must have for this bundle."""
    if classifier.exclusive and label is None:
        raise InputError("the labels of this bundle are exclusive; name the column of classes with --label")
    return Schema(classifier.labels, text, label)


def check_classes(posts: LabelledPosts, classifier: Classifier) -> None:
    """Refuse classes that the bundle does not know."""
    unknown = sorted(set(posts.labels) - set(classifier.labels))
    if unknown:
        raise InputError(
            f"classes unknown to this bundle: {', '.join(unknown)}; it has: {', '.join(classifier.labels)}"
        )


def measure(classifier: Classifier, posts: LabelledPosts) -> dict[str, Any]:
    """Figures of a classifier on posts.

    Parameters
    ----------
    classifier : Classifier
        Whose scores are judged.
    posts : LabelledPosts
        Posts with labels; blank labels are left out of that label's figures.

    Returns
    -------
    dict
        `model`, `posts` and, by label, average precision, figures per profile, and slices by language.
    """
    chances = classifier.probabilities(classifier.margins(posts.texts)[0])
    stated = zip(posts.frame["lang"], posts.texts, strict=True)
    languages = np.array([name.split("-")[0] or lang.detect(text) for name, text in stated], object)
    figures: dict[str, Any] = {
        "model": {"name": classifier.name, "version": classifier.version, "sha256": classifier.sha256},
        "posts": {"n": len(posts.frame), "sha256": posts.sha256, "left_out": posts.dropped},
        "labels": {},
    }
    for place, name in enumerate(classifier.labels):
        truth_column = posts.frame[name].to_numpy(float) if name in posts.frame else np.zeros(len(posts.frame))
        known = ~np.isnan(truth_column)
        truth, chance = truth_column[known] == 1, chances[known, place]
        figures["labels"][name] = {
            "n": int(known.sum()),
            "positives": int(truth.sum()),
            "average_precision": average_precision(truth, chance),
            "profiles": {
                p: at_threshold(truth, chance, classifier.thresholds(p)[name]) for p in classifier.manifest.profiles
            },
            "by_language": by_slice(truth, chance, languages[known]),
        }
    return figures


def print_figures(figures: dict[str, Any]) -> None:
    """The figures for a person."""
    console = plain_console()
    model = figures["model"]
    console.print(f"{model['name']} {model['version']} on {figures['posts']['n']} posts")
    for reason, count in figures["posts"]["left_out"].items():
        console.print(f"left out: {count} posts, {reason}")
    for label, one in figures["labels"].items():
        precision, counts = shown(one["average_precision"]), f"{one['positives']} of {one['n']} posts positive"
        console.print(f"{label}: average precision {precision}, {counts}")
        for name, profile in one["profiles"].items():
            shares = f"precision {interval(profile, 'precision')}  recall {interval(profile, 'recall')}"
            console.print(f"  {name:<15} from {profile['threshold']:.3f}  {shares}")
        for name, part in one["by_language"].items():
            precision = shown(part["average_precision"])
            console.print(
                f"  {name:<15} average precision {precision}, {part['positives']} of {part['n']} posts positive"
            )
