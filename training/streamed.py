"""Fit linear models to more posts than memory holds the n-grams of: piece by piece, counted anew in every pass."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix, hstack
from sklearn.linear_model import SGDClassifier

from classifier.cues import CueSet
from classifier.ngrams import Counts, count, idf_of, readings, values
from training.features import present_cues
from training.linear import balancing, lifted, signs_for
from training.reference import unseen_shares
from training.settings import FitSettings

LARGE: Final = 50_000  # posts from which models are fitted so
CHUNK: Final = 4096  # posts whose n-grams are in memory at once
EPOCHS: Final = 3
STRENGTH: Final = 3.0  # of regularisation where none is asked for: weaker ones want more passes
STREAMED: Final = f"averaged stochastic gradient descent, {EPOCHS} passes"

Floats = npt.NDArray[np.float64]
Rows = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Chunk:
    """Some posts as counts of n-grams and the cues that are present."""

    rows: Rows
    counts: Counts
    known: npt.NDArray[np.uint8]
    cues: Bools


@dataclass
class Learner:
    """One model of some of the posts, for all labels.

    Parameters
    ----------
    learns : ndarray of bool, shape (posts,)
        Which posts it learns from.
    models : list of SGDClassifier
        One for each label.
    weights : ndarray of float64, shape (posts, labels)
        How much each post counts for each label.
    frequency : ndarray of int64, shape (buckets,)
        In how many of its posts each bucket stands.
    known : ndarray of uint8, shape (buckets,)
        Which buckets are those of words.
    """

    learns: Bools
    models: list[SGDClassifier]
    weights: Floats
    frequency: npt.NDArray[np.int64]
    known: npt.NDArray[np.uint8]

    def see(self, chunk: Chunk) -> None:
        """Note in how many posts each bucket stands, and which are those of words."""
        size = len(self.frequency)
        matrix = csr_matrix((chunk.counts.counts, chunk.counts.buckets, chunk.counts.indptr), (len(chunk.rows), size))
        self.frequency += np.bincount(matrix[self.learns[chunk.rows]].indices, minlength=size)
        self.known |= chunk.known

    def idf(self) -> npt.NDArray[np.float32]:
        """Inverse document frequencies of its posts."""
        return idf_of(self.frequency, int(self.learns.sum()))


@dataclass
class Streamed:
    """Models of many posts by stochastic gradient descent, averaged from the second pass on.

    Parameters
    ----------
    texts : list of str
        The posts.
    labels : ndarray of float64, shape (posts, labels)
        0, 1, NaN where blank.
    weights : ndarray of float64, shape (posts,)
        How much each post counts.
    cues : CueSet
        Features beside the n-grams.
    settings : FitSettings
        How; categories are left out.

    Notes
    -----
    Bottou, "Large-Scale Machine Learning with Stochastic Gradient Descent", 2010; averaging: Polyak and Juditsky,
    "Acceleration of stochastic approximation by averaging", 1992.
    """

    texts: list[str]
    labels: Floats
    weights: Floats
    cues: CueSet
    settings: FitSettings

    def learner(self, learns: Bools) -> Learner:
        """A model of some of the posts that has learned nothing yet."""
        size = max(2, int(learns.sum()))
        alpha = 1 / (self.settings.regularisation * size)
        models = [
            SGDClassifier(loss="log_loss", alpha=alpha, average=size, random_state=self.settings.seed)
            for _ in range(self.labels.shape[1])
        ]
        weights = np.repeat(self.weights[:, None], self.labels.shape[1], axis=1)
        if self.settings.balanced_classes:
            weights *= np.stack([balancing(column, learns) for column in self.labels.T], axis=1)
        buckets = self.settings.ngrams.buckets
        return Learner(learns, models, weights, np.zeros(buckets, np.int64), np.zeros(buckets, np.uint8))

    def run(self, learners: Sequence[Learner]) -> Iterator[tuple[int, int]]:
        """Fit the models, yielding (pieces done, pieces in all)."""
        size, done = len(self.texts), 0
        steps = (EPOCHS + 1) * -(-size // CHUNK)
        for chunk in self.chunks(np.arange(size)):
            for learner in learners:
                learner.see(chunk)
            done += 1
            yield done, steps
        frequencies = [learner.idf() for learner in learners]
        dice = np.random.default_rng(self.settings.seed)
        for _ in range(EPOCHS):
            for chunk in self.chunks(dice.permutation(size)):
                for learner, idf in zip(learners, frequencies, strict=True):
                    self.learn(learner, chunk, idf)
                done += 1
                yield done, steps

    def chunks(self, order: Rows) -> Iterator[Chunk]:
        """The posts in an order, counted piece by piece."""
        for at in range(0, len(order), CHUNK):
            rows = order[at : at + CHUNK]
            read = [readings(self.texts[row], self.settings.ngrams) for row in rows]
            yield Chunk(rows, *count(read, self.settings.ngrams), present_cues(read, self.cues))

    def learn(self, learner: Learner, chunk: Chunk, idf: npt.NDArray[np.float32]) -> None:
        """One step of a model over its posts of a piece."""
        shape = (len(chunk.rows), self.settings.ngrams.buckets)
        grams = csr_matrix((values(chunk.counts, idf), chunk.counts.buckets, chunk.counts.indptr), shape)
        table = hstack([grams, csr_matrix(chunk.cues * self.settings.cue_scale)], format="csr")
        labels, weights = self.labels[chunk.rows], learner.weights[chunk.rows]
        for place, model in enumerate(learner.models):
            use = learner.learns[chunk.rows] & ~np.isnan(labels[:, place])
            if use.any():
                truth = labels[use, place] == 1
                model.partial_fit(table[use], truth, classes=[False, True], sample_weight=weights[use, place])

    def arrays(self, learner: Learner, names: Sequence[str]) -> dict[str, npt.NDArray[Any]]:
        """Arrays of the model; see `fit_arrays`."""
        buckets, labels = self.settings.ngrams.buckets, len(names)
        found: dict[str, npt.NDArray[Any]] = {
            "idf": learner.idf(),
            "known_words": learner.known,
            "weights": np.zeros((buckets, labels), np.float32),
            "bias": np.zeros(labels),
            "cue_weights": np.zeros((len(self.cues.cues), labels)),
        }
        for place, (name, model) in enumerate(zip(names, learner.models, strict=True)):
            signs, row = signs_for(name, self.cues), model.coef_[0]
            found["weights"][:, place], found["bias"][place] = row[:buckets], model.intercept_[0]
            of_cues = row[buckets:][np.flatnonzero(signs)]
            found["cue_weights"][:, place] = lifted(of_cues, signs, self.settings.cue_scale)
        return found

    def unseen(self, learner: Learner, rows: Rows) -> Floats:
        """Share of each post's n-grams that the model has not learned from, shape (rows,)."""
        seen, found = learner.frequency > 0, []
        for chunk in self.chunks(rows):
            shape = (len(chunk.rows), len(seen))
            table = csr_matrix((chunk.counts.counts, chunk.counts.buckets, chunk.counts.indptr), shape)
            found.append(unseen_shares(table, seen))
        return np.concatenate(found)


def a_fifth(groups: Rows, seed: int) -> Bools:
    """Which posts are held out: those of every fifth group, by lot."""
    order = np.random.default_rng(seed).permutation(int(groups.max()) + 1)
    aside: Bools = order[groups] * 5 < len(order)
    return aside
