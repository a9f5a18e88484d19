"""Rank labels by how little a model that has not seen the post believes in them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from training.posts import LabelledPosts

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Suspect:
    """A label that looks wrong.

    Parameters
    ----------
    row : int
        Of the post.
    label : str
        Which label.
    given : int
        What it is labelled, 0 or 1.
    probability : float
        Out of fold, that it is 1.
    """

    row: int
    label: str
    given: int
    probability: float

    @property
    def confidence(self) -> float:
        """How much the model believes in what is given, from 0 to 1."""
        return self.probability if self.given else 1 - self.probability


def suspects(posts: LabelledPosts, chances: Floats) -> list[Suspect]:
    """Every label of every post, the least believed first; blank ones are left out.

    Parameters
    ----------
    posts : LabelledPosts
        With their labels.
    chances : ndarray of float64, shape (posts, labels)
        Probabilities by models that have not seen the post.

    Returns
    -------
    list of Suspect
        By self-confidence, ascending. Of exclusive classes only the one that is given, since the others follow from it.

    Notes
    -----
    Self-confidence: Northcutt, Jiang and Chuang, "Confident Learning: Estimating Uncertainty in Dataset Labels", JAIR
    70, 2021. For a yes-or-no label their normalised margin ranks alike: both fall with the probability of the other.
    """
    return sorted(every_label(posts, chances), key=lambda one: (one.confidence, one.row, one.label))


def every_label(posts: LabelledPosts, chances: Floats) -> Iterator[Suspect]:
    """The labels that are given."""
    for place, label in enumerate(posts.labels):
        truth = posts.frame[label].to_numpy(float)
        rows = np.flatnonzero(truth == 1 if posts.exclusive else ~np.isnan(truth))
        for row in rows.tolist():
            yield Suspect(row, label, int(truth[row]), float(chances[row, place]))
