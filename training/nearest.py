"""Which labelled posts a bundle carries for showing beside posts like them."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from classifier.nearest import NearestIndex, build_index
from classifier.text import fold
from training.posts import LabelledPosts

MOST_NEAREST: Final = 20_000  # posts in one bundle


def index_of(posts: LabelledPosts, most: int, seed: int) -> NearestIndex | None:
    """Index of no more than `most` posts, chosen by lot where there are more; None for none.

    Parameters
    ----------
    posts : LabelledPosts
        Posts whose texts may be shown to everybody who may use the bundle.
    most : int
        How many at most.
    seed : int
        Of the lot.

    Returns
    -------
    NearestIndex or None
        What the bundle is to carry.
    """
    size = min(most, MOST_NEAREST, len(posts.frame))
    if size == 0:
        return None
    chosen = np.sort(np.random.default_rng(seed).permutation(len(posts.frame))[:size])
    rows = [row_of(posts, int(place)) for place in chosen]
    return build_index((fold(row["text"]) for row in rows), rows)


def row_of(posts: LabelledPosts, place: int) -> dict[str, Any]:
    """What is shown of one post."""
    row = posts.frame.iloc[place]
    labels = {name: None if np.isnan(row[name]) else int(row[name]) for name in posts.labels}
    return {"text": str(row["text"]), "lang": str(row["lang"]), "category": str(row["category"]), "labels": labels}
