"""Copies of a post that are labelled otherwise, although nobody declared them to be twins."""

from __future__ import annotations

from dataclasses import dataclass

from training.corpus.copies import copies
from training.posts import LabelledPosts


@dataclass(frozen=True)
class Contradiction:
    """Two posts that are nearly the same and differ in labels."""

    row: int
    other: int
    labels: tuple[str, ...]


def contradictions(posts: LabelledPosts) -> list[Contradiction]:
    """Pairs of near-copies with different labels; declared twins and posts of one declared group are meant so.

    Parameters
    ----------
    posts : LabelledPosts
        Their blank labels differ from nothing.

    Returns
    -------
    list of Contradiction
        In the order of the later post.
    """
    frame = posts.frame
    ids, twins, groups = (list(frame[column]) for column in ("id", "twin", "group"))
    found = []
    for row, other in copies(posts.texts):
        meant = twins[row] == ids[other] or twins[other] == ids[row] or (groups[row] and groups[row] == groups[other])
        differ = tuple(label for label in posts.labels if {frame[label][row], frame[label][other]} == {0.0, 1.0})
        if differ and not meant:
            found.append(Contradiction(row, other, differ))
    return found
