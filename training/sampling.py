"""What posts stand for, where a service chose which of them a reviewer saw."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from training.posts import LabelledPosts


def weights_of(posts: LabelledPosts) -> tuple[npt.NDArray[np.float64], bool]:
    """How many posts of the stream each post stands for.

    Parameters
    ----------
    posts : LabelledPosts
        Ordinary labelled posts have neither `sampled_by` nor `inclusion_probability`; reviewed ones have both, or only
        the former where they were seen because they were flagged.

    Returns
    -------
    weights : ndarray of float64, shape (posts,)
        One over the probability with which a post was chosen; 1 where none is stated.
    recall_measurable : bool
        False where posts were chosen with a probability that nobody stated: of what was never shown, nothing is known.

    Notes
    -----
    Horvitz and Thompson, "A generalization of sampling without replacement from a finite universe", 1952.
    """
    chance = posts.frame["inclusion_probability"].to_numpy(float)
    sampled = (posts.frame["sampled_by"] != "").to_numpy()
    return 1 / np.where(np.isnan(chance), 1.0, chance), not bool((sampled & np.isnan(chance)).any())
