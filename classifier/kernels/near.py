"""Find the posts that share the rarest stems with a post."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from classifier.foldtable import SIZE
from classifier.kernels.compiled import Symbols, compiled
from classifier.kernels.hashing import bucket_of, word_hash
from classifier.kernels.letters import word_stop

STEM: Final = 5  # first symbols of a word that two words must share
LEAST: Final = 3  # symbols of a word that counts at all
STEMS: Final = 2**16

Floats = npt.NDArray[np.float32]


@compiled
def stems_of(sym: Symbols, n: int, buckets: Symbols, seen: npt.NDArray[np.bool_]) -> int:
    """Distinct buckets of the stems of a post's words; returns how many. `seen` is all false before and after."""
    i, count = 1, 0
    while i < n:
        e = word_stop(sym, i)
        if e - i >= LEAST and sym[i] < SIZE:
            bucket = bucket_of(word_hash(sym, i, min(e, i + STEM)), STEMS - 1)
            if not seen[bucket]:
                seen[bucket] = True
                buckets[count] = bucket
                count += 1
        i = e + 1
    for k in range(count):
        seen[buckets[k]] = False
    return count


@compiled
def similarities(
    buckets: Symbols, count: int, idf: Floats, starts: Symbols, posts: Symbols, weights: Floats, found: Floats
) -> None:
    """Cosine of a post's stems with those of every post of an index, into `found`."""
    square = 0.0
    found[:] = np.float32(0.0)
    for k in range(count):
        value = idf[buckets[k]]
        square += value * value
        for entry in range(starts[buckets[k]], starts[buckets[k] + 1]):
            found[posts[entry]] += value * weights[entry]
    if square > 0:
        norm = np.float32(np.sqrt(square))
        for post in range(len(found)):
            found[post] /= norm
