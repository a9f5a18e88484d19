"""Language of labelled posts: as stated, without the script, or else as detected."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from classifier import lang
from training.posts import LabelledPosts


def languages_of(posts: LabelledPosts) -> npt.NDArray[np.object_]:
    """Language of each post, shape (posts,)."""
    pairs = zip(posts.frame["lang"], posts.texts, strict=True)
    return np.array([stated.split("-")[0] or lang.detect(text) for stated, text in pairs], object)
