"""The usual n-grams of the posts that ship: what a letter hidden behind a star is guessed from.

``python -m training.usual`` writes them anew after many posts were added; models have to be trained again then.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Final

import numpy as np
import numpy.typing as npt

from classifier import foldtable
from classifier.kernels.hidden import LEAST, MOST, note_usual
from classifier.text import code_points, skeleton_words
from training.posts import read_posts
from training.schema import Schema
from training.shipped import post_files

BYTES: Final = 2**17
AGAIN: Final = 2  # posts that an n-gram stands in, to be a usual one


def usual_grams(texts: Iterable[str]) -> list[str]:
    """N-grams of words, spaces around them included, that stand in several posts."""
    counts: Counter[str] = Counter()
    for text in texts:
        words = {f" {word} " for word in skeleton_words(text.replace("*", " "))}
        counts.update({gram for word in words for gram in grams_of(word)})
    return sorted(gram for gram, posts in counts.items() if posts >= AGAIN)


def grams_of(word: str) -> Iterable[str]:
    """N-grams of a word that have at least one letter."""
    return (word[at : at + size] for size in range(LEAST, MOST + 1) for at in range(len(word) - size + 1))


def build(texts: Iterable[str]) -> npt.NDArray[np.uint8]:
    """The bits of the usual n-grams of posts."""
    grams, usual = usual_grams(texts), np.zeros(BYTES, np.uint8)
    note_usual(code_points("".join(grams)), np.cumsum([len(gram) for gram in grams], dtype=np.int64), usual)
    return usual


if __name__ == "__main__":
    np.savez_compressed(foldtable.USUAL, usual=build(read_posts(post_files(), Schema()).texts))
