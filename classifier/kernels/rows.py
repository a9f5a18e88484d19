"""What belongs to a bucket, and the rows of sums that the loops add up.

A row has the columns `SQUARE` and `KNOWN`, then labels, then categories, before which `head` columns stand.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
from numba.extending import register_jitable

SQUARE, KNOWN, SUMS = 0, 1, 2  # columns of a row: squared idf, whether the word is known, then sums
IDF: Final = 0  # column of the floats of a bucket where a row has `SQUARE`
WIDTH: Final = 16  # columns that the loops like to take at once
SPARE: Final = WIDTH  # columns beyond those of a row that sums have, where 0 is added
COMMON: Final = 48  # columns of categories in the models that ship, filled up to a multiple of `WIDTH`

Floats = npt.NDArray[np.float32]
Steps = npt.NDArray[np.int8]


class Weights(NamedTuple):
    """Weights of all labels and categories; one bucket's lie side by side in memory.

    Parameters
    ----------
    floats : ndarray of float32, shape (buckets, row // 4)
        Rows of buckets, see `base`; a row is a multiple of 64 bytes and begins at one.
    steps : ndarray of int8, shape (buckets, row)
        The same memory, see `category_weights`.
    bias : ndarray of float64, shape (labels,)
        Margin of an empty post, before categories.
    cue_weights : ndarray of float64, shape (cues, labels)
        Per cue, the scale of cues against n-grams already multiplied in.
    category_scale : ndarray of float64, shape (categories,)
        What one unit is worth.
    category_bias : ndarray of float64, shape (categories,)
        Log odds of a category for an empty post.
    category_labels : ndarray of bool, shape (categories, labels)
        Which label a category's posts have.
    category_weight : float
        What the log odds of a label's categories against all others count in its margin.
    """

    floats: Floats
    steps: Steps
    bias: npt.NDArray[np.float64]
    cue_weights: npt.NDArray[np.float64]
    category_scale: npt.NDArray[np.float64]
    category_bias: npt.NDArray[np.float64]
    category_labels: npt.NDArray[np.bool_]
    category_weight: float

    @property
    def head(self) -> int:
        """Numbers of a bucket besides its weights of categories."""
        return SUMS + len(self.bias)

    @property
    def base(self) -> Floats:
        """By bucket: inverse document frequency, 1 where it is of a word that was learned from, weights of labels."""
        return self.floats[:, : self.head]

    @property
    def category_weights(self) -> Steps:
        """By bucket, in units of the category's scale; 0 in the columns that fill up to a width that the loops like."""
        return self.steps[:, 4 * self.head : 3 * self.head + self.columns]

    @property
    def columns(self) -> int:
        """Columns of the rows that the loops add up: those of `base`, then of `category_weights`."""
        return columns_for(len(self.bias), len(self.category_scale))


@register_jitable  # type: ignore[untyped-decorator]  # the loops ask it too
def filled_up(columns: int) -> int:
    """The next number of columns that the loops like."""
    return -(-columns // WIDTH) * WIDTH


def columns_for(labels: int, kinds: int) -> int:
    """Columns of the rows that the loops add up."""
    return int(filled_up(SUMS + labels + kinds))
