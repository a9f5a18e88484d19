"""What the training posts looked like, kept in the manifest so that later posts can be held against them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix

from classifier.model import Classifier
from classifier.ngrams import Counts, count, readings

Floats = npt.NDArray[np.float64]
TENTHS: Final = np.arange(1, 10) / 10
DECIMALS: Final = 6


def reference_of(
    labels: Sequence[str], chances: Floats, texts: Sequence[str], languages: Iterable[str], unseen: Floats
) -> dict[str, Any]:
    """What is kept of the training posts: only shares, no text.

    Parameters
    ----------
    labels : sequence of str
        In the order of the columns of `chances`.
    chances : ndarray of float64, shape (posts, labels)
        Rounded out-of-fold probabilities.
    texts, languages : sequence and iterable of str
        Of the posts.
    unseen : ndarray of float64, shape (posts,)
        See `unseen_out_of_fold`.

    Returns
    -------
    dict
        `posts`; `scores` by label, `length` and `unseen`: the `edges` of tenths and the `shares` between them;
        `language`: share of each.
    """
    names, sizes = np.unique(np.array(list(languages), str), return_counts=True)
    shares = np.round(sizes / len(texts), DECIMALS).tolist()
    return {
        "posts": len(texts),
        "scores": {label: tenths(chances[:, place]) for place, label in enumerate(labels)},
        "length": tenths(np.array([len(text) for text in texts], float)),
        "language": dict(zip(names.tolist(), shares, strict=True)),
        "unseen": tenths(unseen),
    }


def tenths(values: Floats) -> dict[str, list[float]]:
    """Edges of the tenths of values and the shares between them; fewer than ten where values are the same."""
    edges = np.unique(np.quantile(values, TENTHS, method="inverted_cdf"))
    return {"edges": edges.tolist(), "shares": np.round(shares_between(values, edges), DECIMALS).tolist()}


def shares_between(values: Floats, edges: Floats, weights: Floats | None = None) -> Floats:
    """Share of values up to the first edge, between each two, and above the last."""
    places, weight = np.searchsorted(edges, values, side="left"), np.ones(len(values)) if weights is None else weights
    found: Floats = np.bincount(places, weight, minlength=len(edges) + 1) / weight.sum()
    return found


def unseen_out_of_fold(counts: Counts, folds: npt.NDArray[np.int64], buckets: int) -> Floats:
    """Share of each post's n-grams that no post of another fold has, shape (posts,)."""
    table = csr_matrix((counts.counts, counts.buckets, counts.indptr), (len(counts.indptr) - 1, buckets))
    found = np.zeros(table.shape[0])
    for number in np.unique(folds):
        seen = np.zeros(buckets, bool)
        seen[table[folds != number].indices] = True
        found[folds == number] = unseen_shares(table[folds == number], seen)
    return found


def unseen_shares(table: csr_matrix, seen: npt.NDArray[np.bool_]) -> Floats:
    """Share of each row's counts that stand at buckets not seen; 0 for a row without any."""
    total = np.asarray(table.sum(axis=1), float).ravel()
    known = np.asarray(table @ seen.astype(float), float).ravel()
    shares: Floats = np.divide(total - known, total, out=np.zeros(len(total)), where=total > 0)
    return shares


def unseen_by(classifier: Classifier, texts: Iterable[str]) -> Floats:
    """Share of each text's n-grams that no training post of a classifier has, shape (texts,).

    A bucket that no post had has the highest inverse document frequency, which no other bucket reaches.
    """
    counts, _ = count((readings(text, classifier.settings) for text in texts), classifier.settings)
    idf = classifier.bundle.arrays["idf"]
    highest = np.float32(np.log(1 + int(classifier.manifest.training["rows"])) + 1)
    shape = (len(counts.indptr) - 1, len(idf))
    return unseen_shares(csr_matrix((counts.counts, counts.buckets, counts.indptr), shape), idf < highest)
