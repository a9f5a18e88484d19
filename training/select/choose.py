"""Choose posts to label next: what the model is unsure of, spread over what there is, and a random share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix
from sklearn.cluster import MiniBatchKMeans
from sklearn.random_projection import SparseRandomProjection

from classifier.ngrams import GramSettings, count, inverse_document_frequency, readings, values
from training.groups import Merger, near_duplicates

Floats = npt.NDArray[np.float64]
Rows = npt.NDArray[np.int64]
LIKELY: Final = 0.5  # of the posts that are not random: share of those most likely to have a label
POOL: Final = 5  # unsure posts that are clustered, for each that is taken
DIMENSIONS: Final = 64  # of the projection that is clustered
MOST: Final = 20_000  # posts that are clustered
RANDOM, UNCERTAIN, LIKELIEST, DIVERSE = "random", "uncertain", "likely", "diverse"


@dataclass(frozen=True)
class Choice:
    """Posts to label.

    Parameters
    ----------
    rows : ndarray of int64, shape (chosen,)
        The most useful first.
    sampled_by : list of str
        Why each was chosen.
    inclusion : ndarray of float64, shape (chosen,)
        Probability with which a random one was chosen; NaN for the others, which say nothing of all posts.
    copies : int
        Posts left out because they are nearly the same as an earlier one.
    """

    rows: Rows
    sampled_by: list[str]
    inclusion: Floats
    copies: int


def choose(
    texts: list[str], distance: Floats | None, likelihood: Floats | None, n: int, share: float, seed: int
) -> Choice:
    """Choose `n` posts of all.

    Parameters
    ----------
    texts : list of str
        The posts.
    distance : ndarray of float64, shape (posts,), or None
        How far the nearest label is from its threshold, in log odds; None without a model.
    likelihood : ndarray of float64, shape (posts,), or None
        Highest probability of a label; None without a model.
    n : int
        How many to choose.
    share : float
        Of them that is drawn by lot from all.
    seed : int
        Of the lot and of the clusters.

    Returns
    -------
    Choice
        Fewer than `n` where there are not as many different posts.

    Notes
    -----
    Uncertainty: Lewis and Gale, "A Sequential Algorithm for Training Text Classifiers", 1994; spread over clusters of
    the unsure: Zhdanov, "Diverse mini-batch Active Learning", 2019.
    """
    dice, apart = np.random.default_rng(seed), different(texts)
    n = min(n, len(apart))
    by_lot = np.sort(dice.choice(apart, round(n * share), replace=False)) if n else apart[:0]
    left = apart[~np.isin(apart, by_lot)]
    rest, chosen = n - len(by_lot), [(row, RANDOM) for row in by_lot.tolist()]
    if distance is None or likelihood is None:
        chosen += [(row, DIVERSE) for row in spread(texts, left, rest, seed).tolist()]
    else:
        likely = left[np.argsort(-likelihood[left], kind="stable")][: round(rest * LIKELY)]
        left = left[~np.isin(left, likely)]
        unsure = left[np.argsort(distance[left], kind="stable")][: POOL * (rest - len(likely))]
        chosen += [(row, LIKELIEST) for row in likely.tolist()]
        chosen += [(row, UNCERTAIN) for row in spread(texts, unsure, rest - len(likely), seed).tolist()]
    inclusion = len(by_lot) / len(apart) if len(apart) else 0.0
    reasons = [reason for _, reason in chosen]
    known = np.array([inclusion if reason == RANDOM else np.nan for reason in reasons])
    return Choice(np.array([row for row, _ in chosen], np.int64), reasons, known, len(texts) - len(apart))


def different(texts: list[str]) -> Rows:
    """Rows of posts that are not nearly the same as an earlier one."""
    merger = Merger(len(texts))
    for one, other in near_duplicates(texts):
        merger.join(one, other)
    return np.unique([merger.root(row) for row in range(len(texts))]).astype(np.int64)


def spread(texts: list[str], rows: Rows, n: int, seed: int) -> Rows:
    """`n` of the rows, of each cluster the first that comes; rows stand by how much they are wanted."""
    rows = rows[:MOST]
    if len(rows) <= n or n < 2:
        return rows[:n]
    points = projected([texts[row] for row in rows], seed)
    model = MiniBatchKMeans(n, random_state=seed, n_init=1, batch_size=2048, max_iter=20, reassignment_ratio=0.0)
    clusters = model.fit_predict(points)
    first = np.unique(clusters, return_index=True)[1]
    others = np.setdiff1d(np.arange(len(rows)), first)
    wanted: Rows = rows[np.concatenate([np.sort(first), others])[:n]]
    return wanted


def projected(texts: list[str], seed: int) -> Floats:
    """Posts as points: their n-grams, projected at random so that distances are nearly kept (Achlioptas 2003)."""
    grams = GramSettings(buckets=2**16, most=4)
    counts, _ = count((readings(text, grams) for text in texts), grams)
    idf = inverse_document_frequency(counts, grams.buckets)
    shape = (len(texts), grams.buckets)
    table = csr_matrix((values(counts, idf), counts.buckets, counts.indptr), shape)
    projection = SparseRandomProjection(DIMENSIONS, density=1 / 3, random_state=seed, dense_output=True)
    points: Floats = projection.fit_transform(table)
    return points
