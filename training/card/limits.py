"""What a model's own figures say that it cannot be relied on for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from classifier.manifest import Manifest
from training.card.words import code, count, percent

FEW: Final = 30  # posts of either kind, below which a figure of a language says little


def limits_of(manifest: Manifest, composition: Mapping[str, Any]) -> list[str]:
    """Sentences, in the order in which a reader should know them.

    Parameters
    ----------
    manifest : Manifest
        Of the finished model.
    composition : mapping
        See `training.card.composition.composition_of`.

    Returns
    -------
    list of str
        In Markdown.
    """
    return [
        *languages(manifest),
        *blanks(manifest),
        *aims(manifest),
        *sampling(composition),
        "It sees the words of one post: no picture, sound, link, thread, author, irony or knowledge of the world.",
        "Words, names and ways of writing change. Measure on new posts every few months.",
    ]


def languages(manifest: Manifest) -> Iterator[str]:
    """Languages of which there are too few posts to judge by, by label, and all that there are none of."""
    known: dict[str, None] = {}
    for label in manifest.labels:
        slices = manifest.metrics[label]["by_language"]
        known |= dict.fromkeys(slices)
        few = [code(name) for name, one in slices.items() if min(one["positives"], one["n"] - one["positives"]) < FEW]
        if few:
            yield (
                f"{code(label)}: fewer than {FEW} posts with the label, or without it, in {', '.join(few)}. "
                "A figure there is a guess, and so is a score."
            )
    yield f"In any language but {', '.join(map(code, known))}, a score is a guess."


def blanks(manifest: Manifest) -> Iterator[str]:
    """How many posts are left open."""
    for label, counts in manifest.training["labels"].items():
        if counts["blank"]:
            part = percent(counts["blank"], manifest.training["rows"])
            yield (
                f"{code(label)} is blank in {count(counts['blank'])} posts ({part}): neither learned from nor measured "
                "on. They are likely to be the hard ones, so that figures on all posts would be lower."
            )


def aims(manifest: Manifest) -> Iterator[str]:
    """Profiles that are not what their name says."""
    for name, profile in manifest.profiles.items():
        missed = [code(label) for label in manifest.labels if not profile[label].get("reached", True)]
        if missed:
            yield f"Profile {code(name)} misses its aim for {', '.join(missed)}; its threshold is the nearest."


def sampling(composition: Mapping[str, Any]) -> Iterator[str]:
    """What is not known where reviewers saw flagged posts only."""
    if not composition["measurable"]:
        yield (
            "Some posts were chosen with a probability that nobody stated, such as those that a model had flagged. "
            "What was missed cannot be told from them: recall and average precision are not given."
        )
