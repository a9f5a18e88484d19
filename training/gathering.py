"""Put together the posts to learn from: files of one's own, the posts that ship, and what has to stay out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import pandas as pd

from classifier.errors import InputError
from training.check import read_cases
from training.corpus.copies import shared
from training.groups import near_duplicates
from training.posts import LabelledPosts, digest, read_posts, without_conflicts
from training.schema import Schema
from training.shipped import checks_file, post_files

TO_LEARN_FROM: Final = ("train", "")  # values of `split`
SHOWN: Final = 20  # places in one message


def training_part(posts: LabelledPosts) -> LabelledPosts:
    """The posts to learn from: those whose `split` is train or blank."""
    return posts.part(posts.frame["split"].isin(TO_LEARN_FROM), "of another split")


def remaining_part(posts: LabelledPosts) -> LabelledPosts:
    """The posts that `training_part` leaves; all of them where no post has a `split`."""
    split = posts.frame["split"]
    return posts.part(~split.isin(TO_LEARN_FROM), "of split train or blank") if (split != "").any() else posts


def apart(posts: LabelledPosts, drop: bool) -> LabelledPosts:
    """The posts to learn from, none of which nearly stands in another split.

    Raises
    ------
    InputError
        With the places of posts that stand on both sides, unless they are to be dropped and counted.
    """
    learned = posts.frame["split"].isin(TO_LEARN_FROM).tolist()
    if all(learned) or not any(learned):
        return training_part(posts)
    pairs = [pair for pair in near_duplicates(posts.texts) if learned[pair[0]] != learned[pair[1]]]
    rows = {row for pair in pairs for row in pair if learned[row]}
    if rows and not drop:
        places = posts.frame["place"]
        said = [f"{places[one]} is nearly {places[other]}" for one, other in pairs]
        raise InputError(
            f"{len(rows)} posts of split train nearly stand in another split, which then measures memory; move them "
            f"or pass --drop-conflicts:\n  " + "\n  ".join(few(said))
        )
    return training_part(posts.part([row not in rows for row in range(len(learned))], "nearly in another split"))


def with_base(posts: LabelledPosts, schema: Schema, drop: bool) -> LabelledPosts:
    """Add the posts that ship; of those that stand in `posts` already, with the same labels, only these stay.

    Raises
    ------
    InputError
        When labels are not the guide's, an id is used twice, or the same text has other labels and is not dropped.
    """
    if not schema.by_guide:
        raise InputError("--base adds posts with the labels of the labelling guide; yours have others, so leave it out")
    base = training_part(read_posts(post_files(), Schema()))
    again = base.frame["text"].isin(set(posts.frame["text"]))
    same = again & same_labels(base, posts)
    base = base.part(~same, "shipped posts that stand in your files")
    clash = sorted(set(base.frame["id"]) & set(posts.frame["id"]))
    if clash:
        raise InputError(f"ids that the shipped posts have too: {', '.join(few(clash))}; rename yours")
    frame = pd.concat([posts.frame, base.frame], ignore_index=True)
    dropped = posts.dropped | base.dropped
    both = LabelledPosts(frame, posts.labels, posts.exclusive, digest(frame, posts.labels), dropped)
    return without_conflicts(both, drop)


def same_labels(base: LabelledPosts, posts: LabelledPosts) -> pd.Series:
    """Whether each post of `base` has the labels that its text has in `posts`."""
    labels = list(posts.labels)
    mine = {
        text: tuple(values) for text, *values in posts.frame[["text", *labels]].fillna(-1.0).itertuples(index=False)
    }
    theirs = base.frame[["text", *labels]].fillna(-1.0).itertuples(index=False)
    return pd.Series([mine.get(text) == tuple(values) for text, *values in theirs], index=base.frame.index, dtype=bool)


def without_checks(posts: LabelledPosts, labels: Sequence[str]) -> LabelledPosts:
    """Leave out, and count, posts that nearly stand among the functional checks, which measure nothing else then."""
    cases = [case.text for case in read_cases(checks_file(), labels)]
    rows = {row for row, _ in shared(posts.texts, cases)}
    return posts.part([row not in rows for row in range(len(posts.frame))], "nearly among the functional checks")


def few(said: Sequence[str]) -> list[str]:
    """The first of many, and how many more there are."""
    more = len(said) - SHOWN
    return [*said[:SHOWN], f"and {more} more"] if more > 0 else list(said)
