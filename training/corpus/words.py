"""Words that give a label away by themselves.

Ranking: log-odds with an informative Dirichlet prior, Monroe, Colaresi and Quinn, "Fightin' Words: Lexical Feature
Selection and Evaluation for Identifying the Content of Political Conflict", Political Analysis 2008.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix

from training.corpus.spread import words_of

TOP: Final = 50
LEAST_POSTS: Final = 8  # a rarer word says little
PRIOR: Final = 500.0  # pseudo-words of the whole language that each side is given

Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Telling:
    """A word that is commoner on one side of a label.

    Parameters
    ----------
    word : str
        In lower case.
    posts, positives : int
        Posts with the word, and how many of them have the label.
    score : float
        Log-odds in standard deviations; above 0 on the side of the label.
    """

    word: str
    posts: int
    positives: int
    score: float


def occurrence(texts: Sequence[str]) -> tuple[csr_matrix, list[str]]:
    """Which word stands in which post, shape (posts, words) of 0 and 1, and the words."""
    rows = [sorted(set(words_of(text))) for text in texts]
    names = sorted({word for row in rows for word in row})
    place = {word: number for number, word in enumerate(names)}
    columns = [place[word] for row in rows for word in row]
    starts = np.cumsum([0, *map(len, rows)])
    return csr_matrix((np.ones(len(columns)), columns, starts), (len(texts), len(names))), names


def log_odds(inside: Floats, outside: Floats) -> Floats:
    """Standardised log-odds of each word, shape (words,), from its counts on both sides."""
    prior = PRIOR * (inside + outside) / (inside + outside).sum()

    def odds(counts: Floats) -> Floats:
        found: Floats = np.log((counts + prior) / (counts.sum() + PRIOR - counts - prior))
        return found

    deviation: Floats = np.sqrt(1 / (inside + prior) + 1 / (outside + prior))
    return (odds(inside) - odds(outside)) / deviation


def telling_words(texts: Sequence[str], truth: Bools, top: int = TOP) -> list[Telling]:
    """The words that speak most for a label.

    Parameters
    ----------
    texts : sequence of str
        Posts of one language.
    truth : ndarray of bool, shape (posts,)
        Which have the label.
    top : int
        How many words at the most.

    Returns
    -------
    list of Telling
        The strongest first; none where a side is empty.
    """
    if truth.all() or not truth.any():
        return []
    table, names = occurrence(texts)
    inside, outside = np.asarray(table[truth].sum(axis=0))[0], np.asarray(table[~truth].sum(axis=0))[0]
    scores, posts = log_odds(inside, outside), inside + outside
    ranked = [word for word in np.argsort(-scores, kind="stable") if posts[word] >= LEAST_POSTS][:top]
    return [Telling(names[word], int(posts[word]), int(inside[word]), float(scores[word])) for word in ranked]
