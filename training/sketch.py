"""Sketches of posts that say nearly the same: what training groups by and the service finds copies by. No tables."""

from __future__ import annotations

import hashlib
from typing import Final

import numpy as np
import numpy.typing as npt
from rensa import RMinHash

from classifier.text import fold

SEED: Final = 20240229
SIMILAR: Final = 0.6  # estimated Jaccard similarity of shingles from which posts are near-duplicates
SHINGLE: Final = 5

Signature = npt.NDArray[np.uint32]


def shingles(text: str) -> list[str]:
    """Overlapping pieces of the folded text."""
    folded = str(fold(text)).strip()
    return list(dict.fromkeys(folded[at : at + SHINGLE] for at in range(max(1, len(folded) - SHINGLE + 1))))


def sketch(text: str, permutations: int) -> RMinHash:
    """MinHash sketch of a text.

    Parameters
    ----------
    text : str
        Any post.
    permutations : int
        Numbers in the sketch, at least 1.

    Returns
    -------
    RMinHash
        The sketch; those of the same `permutations` can be compared.

    Notes
    -----
    MinHash over folded text: Broder, "On the resemblance and containment of documents", 1997.
    """
    made = RMinHash(num_perm=permutations, seed=SEED)
    made.update(shingles(text))
    return made


def signature(text: str, permutations: int) -> Signature:
    """The numbers of a sketch, shape (permutations,)."""
    return np.array(sketch(text, permutations).digest(), np.uint32)


def unpacked(packed: bytes) -> Signature:
    """A signature from its bytes, the lowest first."""
    return np.frombuffer(packed, "<u4")


def similarity(one: Signature, other: Signature) -> float:
    """Estimated Jaccard similarity of two texts by their signatures, 0 to 1."""
    return float(np.mean(one == other))


def band_keys(numbers: Signature, bands: int, kind: str = "") -> list[int]:
    """Keys by which similar texts meet: two texts with one key in common are candidates.

    Parameters
    ----------
    numbers : ndarray of uint32, shape (permutations,)
        A signature.
    bands : int
        How many parts to cut it into; divides its length.
    kind : str
        Texts of different kinds never meet.

    Returns
    -------
    list of int
        One signed number of 64 bits for each band, different between bands.
    """
    size, raw, head = 4 * len(numbers) // bands, numbers.astype("<u4").tobytes(), kind.encode()
    parts = (b"%d %s %s" % (place, raw[place * size : (place + 1) * size], head) for place in range(bands))
    return [int.from_bytes(hashlib.blake2b(part, digest_size=8).digest(), "little", signed=True) for part in parts]
