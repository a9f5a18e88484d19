"""The posts of a training run beside what models that have not seen them say of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import numpy.typing as npt

from classifier.model import Classifier
from training.fit import Fitter
from training.intervals import RESAMPLES
from training.outoffold import MANY, RESAMPLES_OF_MANY
from training.report.judged import Judged


@dataclass(frozen=True)
class OutOfFold(Judged):
    """Posts of a training run; the bundle that came of it has seen them and gives only labels and thresholds.

    Parameters
    ----------
    run : Fitter
        The finished run.
    """

    run: Fitter = field(kw_only=True)

    @classmethod
    def of(cls, classifier: Classifier, run: Fitter) -> OutOfFold:
        """The held-out posts of a finished run, and the bundle that came of it."""
        posts = run.judged(run.held)
        resamples = RESAMPLES if len(posts.frame) <= MANY else RESAMPLES_OF_MANY
        return cls(classifier, posts, run.settings.seed, resamples, run=run)

    @property
    def how(self) -> str:
        """How the posts were held out."""
        return self.run.held.how

    @cached_property
    def chances(self) -> npt.NDArray[np.float64]:
        """Rounded probabilities by models that have not seen the post, shape (posts, labels)."""
        return self.run.chances

    @cached_property
    def groups(self) -> npt.NDArray[np.int64]:
        """Group of each post: those that were kept whole."""
        return self.run.groups[self.run.held.rows]
