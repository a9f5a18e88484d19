"""Working memory of the compiled loops."""

from __future__ import annotations

from typing import Final

import numpy as np

from classifier.blocks import zeros
from classifier.kernels.kept import TURN, Counting, Noted, Scratch, Voted, keys_of
from classifier.kernels.rows import SPARE
from classifier.kernels.tongue import VOICES
from classifier.ngrams import GramSettings, most_occurrences

KEPT_WORDS: Final = 2**17  # words that one piece remembers: more than posts of a day often use


class Memory:
    """Working memory for one model: as many pieces as there ever were calls at the same time.

    Threads come and go, and one that scores now and then would keep some 40 MB for itself.

    Parameters
    ----------
    settings : GramSettings
        Shape of the features.
    columns : int
        Of the rows that words give, see `Weights`.
    """

    def __init__(self, settings: GramSettings, columns: int) -> None:
        self.settings = settings
        self.columns = columns
        self.idle: list[Scratch] = []

    def take(self) -> Scratch:
        """A piece for one call: the one that was used last, which knows most words and is nearest to the processor."""
        try:
            return self.idle.pop()
        except IndexError:
            return scratch(self.settings, self.columns)

    def give(self, piece: Scratch) -> None:
        """Give a piece back; after a call that failed nobody does, since it may not be clean."""
        self.idle.append(piece)


def scratch(settings: GramSettings, columns: int) -> Scratch:
    """Fresh working memory."""
    occurrences = most_occurrences(settings)
    shapes = ((columns + SPARE,), np.float32), keys_of(KEPT_WORDS), ((KEPT_WORDS, columns), np.float32), TURN
    row, keys, rows, turn = zeros(*shapes)
    counting = Counting(*zeros(*Counting.kinds(settings.buckets, occurrences)))
    noted, voted = Noted(*zeros(*Noted.kinds(KEPT_WORDS))), Voted(*zeros(*Voted.kinds(KEPT_WORDS, VOICES)))
    return Scratch(counting, row, keys, rows, turn, noted, voted)
