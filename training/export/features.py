"""Posts as rows of numbers of which a linear model makes Clarion's margins: the first step of an exported pipeline.

For each label, a block of columns describes the part of the post that decided its margin: n-grams, cues, and what the
categories add. Its module and name stand in exported files, so neither may change.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix, hstack
from sklearn.base import BaseEstimator, TransformerMixin

from classifier.bundle import Bundle, fold_digest
from classifier.cues import parse_cues
from classifier.errors import BundleError, UnfitTextError
from classifier.kernels.odds import FARTHEST
from classifier.kernels.score import is_long, same_range
from classifier.model import Classifier
from classifier.ngrams import count, readings, values
from classifier.text import Folded, unfit

Floats = npt.NDArray[np.float64]
Window = tuple[int, int]  # of folded symbols
Part = tuple[Sequence[Folded], npt.NDArray[np.bool_]]  # what its n-grams are taken from, and which cues are in it
FOLDING: Final = "fold_sha256"


class PostFeatures(TransformerMixin, BaseEstimator):  # type: ignore[misc]
    """From texts to the features that decided each label's margin.

    Parameters
    ----------
    bundle : Bundle
        Of the model: its folding, n-grams, cues and categories make the features, and its weights choose the part of
        a long post that counts.

    Notes
    -----
    There is nothing to fit. Columns come in blocks of equal width, one for each label of the bundle in order: every
    bucket of n-grams, every cue, and the log odds of the label's categories.
    """

    def __init__(self, bundle: Bundle) -> None:
        self.bundle = bundle

    def __getstate__(self) -> dict[str, Any]:
        """Plain parts: no compiled pattern and nothing of a thread."""
        parts = {name: getattr(self.bundle, name) for name in ("manifest", "arrays", "sha256")}
        return parts | {"cues": dict(self.bundle.cues.files), FOLDING: fold_digest()}

    def __setstate__(self, state: Mapping[str, Any]) -> None:
        """Build the bundle anew from its parts.

        Raises
        ------
        BundleError
            When this program folds otherwise than the one that wrote the file, so that every score would be wrong.
        """
        if state.get(FOLDING) != fold_digest():
            raise BundleError("exported with another folding than this program's; export the bundle anew")
        cues = parse_cues(state["cues"], "exported cues", names_checked=True)
        self.bundle = Bundle(state["manifest"], state["arrays"], cues, state["sha256"])

    def __sklearn_is_fitted__(self) -> bool:
        """It is what it is from the start."""
        return True

    @cached_property
    def _classifier(self) -> Classifier:
        return Classifier(self.bundle, self.bundle.cues)

    @property
    def block_width(self) -> int:
        """Columns of each label: n-grams, cues, and the log odds of its categories."""
        return self.bundle.manifest.gram_settings.buckets + len(self.bundle.cues.cues) + 1

    def fit(self, _texts: Sequence[str], _labels: object = None) -> PostFeatures:
        """Learn nothing."""
        return self

    def transform(self, texts: Sequence[str]) -> csr_matrix:
        """Features of posts.

        Parameters
        ----------
        texts : sequence of str
            The posts.

        Returns
        -------
        csr_matrix of float64, shape (posts, labels * (buckets + cues + 1))
            A block for each label.

        Raises
        ------
        UnfitTextError
            For the first text that cannot be scored.
        """
        texts = list(texts)
        for place, text in enumerate(texts):
            reason = unfit(text)
            if reason:
                raise UnfitTextError(place, reason)
        windows = self._classifier.margins(texts).windows.tolist()
        chosen, places = different_windows(windows)
        parts = [part for text, some in zip(texts, chosen, strict=True) for part in self._parts(text, some)]
        shared = self._shared_columns(parts)
        odds = self._odds(shared)
        blocks = [hstack([shared[rows], csr_matrix(odds[rows, label][:, None])]) for label, rows in enumerate(places.T)]
        return hstack(blocks, format="csr")

    def _parts(self, text: str, windows: Sequence[Window]) -> Iterator[Part]:
        """The windows of one post."""
        post, *plain = readings(text, self._classifier.settings)
        whole = (0, len(post.symbols))
        silent = is_long(post.symbols, whole[1])  # then a cue counts in a window only
        found = self.bundle.cues.find(post)
        for window in windows:
            present = np.zeros(len(self.bundle.cues.cues), bool)
            if window != whole or not silent:
                present[found[(found[:, 1] > window[0]) & (found[:, 2] < window[1]), 0]] = True
            yield [cut(post, *window), *(cut(one, *same_place(post, window, one)) for one in plain)], present

    def _shared_columns(self, parts: Sequence[Part]) -> csr_matrix:
        """Columns that are the same for every label: n-grams, then cues, shape (parts, buckets + cues)."""
        settings = self._classifier.settings
        counts, _ = count([read for read, _ in parts], settings)
        shape = (len(parts), settings.buckets)
        ngrams = csr_matrix((values(counts, self.bundle.arrays["idf"]), counts.buckets, counts.indptr), shape)
        cues = np.array([present for _, present in parts], float).reshape(len(parts), len(self.bundle.cues.cues))
        return hstack([ngrams, csr_matrix(cues)], format="csr")

    def _odds(self, shared: csr_matrix) -> Floats:
        """Log odds of each label's categories, shape (parts, labels); 0 for a label with none, or with all of them."""
        weights, labels = self._classifier.weights, self._classifier.labels
        kinds = len(weights.category_bias)
        odds = np.zeros((shared.shape[0], len(labels)))
        if not kinds:
            return odds
        used = np.unique(shared.indices[shared.indices < len(weights.category_weights)])
        units = shared[:, used] @ weights.category_weights[used, :kinds].astype(float)
        likely = 1 / (1 + np.exp(-np.clip(weights.category_bias + units * weights.category_scale, -FARTHEST, FARTHEST)))
        for place, own in enumerate(weights.category_labels.T):
            if own.any() and not own.all():
                odds[:, place] = np.log(likely[:, own].sum(axis=1) / likely[:, ~own].sum(axis=1))
        return odds


def different_windows(windows: Sequence[Sequence[Sequence[int]]]) -> tuple[list[list[Window]], npt.NDArray[np.int64]]:
    """The windows of each post without repetition, and the place of each label's among all of them.

    Parameters
    ----------
    windows : sequence of sequence of sequence of int
        For each post and label, the start and end of what decided.

    Returns
    -------
    chosen : list of list of tuple of int
        For each post, the different windows.
    places : ndarray of int64, shape (posts, labels)
        Counted through all posts.
    """
    chosen, places, before = [], [], 0
    for post in windows:
        different = list(dict.fromkeys((start, end) for start, end in post))
        places.append([before + different.index((start, end)) for start, end in post])
        chosen.append(different)
        before += len(different)
    return chosen, np.array(places, np.int64)


def cut(post: Folded, start: int, end: int) -> Folded:
    """A part of a folded post."""
    return Folded(post.symbols[start:end], post.starts[start:end], post.ends[start:end])


def same_place(post: Folded, window: Window, plain: Folded) -> Window:
    """Where in the words as they stand the tokens of a window of the skeleton are."""
    size = len(post.symbols)
    start, end = same_range(*window, size, post.starts, post.ends, plain.symbols, plain.starts, len(plain.symbols))
    return int(start), int(end)
