"""How good settings are on held-out posts, worked out once and kept on disk."""

from __future__ import annotations

import logging
from dataclasses import asdict, dataclass, field, replace
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from joblib import Memory
from joblib.memory import CacheWarning

from classifier import __version__
from classifier.terminal import complain
from training.features import features_of, stated_weights
from training.fit import LIBRARIES, Fitter
from training.settings import FitSettings
from training.strength import precision_of

VERSIONS: Final = (__version__, *map(version, LIBRARIES))  # with others, figures may differ

Rows = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Trial:
    """Settings to be judged on some folds.

    Parameters
    ----------
    key : dict
        All that the figure depends on; no text of a post is in it.
    fitter : Fitter
        What is fitted, with these settings.
    """

    key: dict[str, Any]
    fitter: Fitter = field(repr=False)  # holds the posts, and a memory that fails shows what it was asked

    @classmethod
    def of(cls, fitter: Fitter, settings: FitSettings, folds: Rows, numbers: tuple[int, ...]) -> Trial:
        """A trial of settings on the posts of a fitter, whose `numbers` of the folds are held out in turn."""
        known = {"versions": VERSIONS, "posts": fitter.posts.sha256, "cues": fitter.cues.sha256}
        fitted = {"weights": stated_weights(fitter.posts), "settings": asdict(settings)}
        return cls(known | fitted | {"folds": folds, "numbers": numbers}, replace(fitter, settings=settings))


def judged(key: dict[str, Any], trial: Trial) -> float:
    """Mean average precision of a trial over labels and its folds."""
    fitter = trial.fitter
    labels = fitter.posts.frame[list(fitter.posts.labels)].to_numpy(float)
    features = features_of(fitter.posts, fitter.cues, fitter.settings)
    return precision_of(fitter, features, labels, key["folds"], key["numbers"])


@dataclass
class Remembered:
    """`judged` with a memory on disk; without one where none is asked for, or where there is no space for it.

    Parameters
    ----------
    directory : Path or None
        Of the memory. Reading it runs what is in it: it is for one's own.
    """

    directory: Path | None
    call: Any = field(init=False, default=None)

    def __post_init__(self) -> None:
        """Open the memory."""
        if self.directory is None:
            return
        logging.getLogger("joblib").setLevel(logging.ERROR)  # a damaged entry is worked out anew, without a traceback
        try:
            self.call = Memory(str(self.directory), verbose=0).cache(judged, ignore=["trial"])
        except OSError as fault:
            self.complain(fault)

    def __call__(self, trial: Trial) -> float:
        """The figure of a trial."""
        call = self.call
        if call is not None:
            try:
                return float(call(trial.key, trial))
            except (OSError, CacheWarning) as fault:  # the posts were read long ago: only the memory meets the disk
                call, self.call = self.call, None
                if call is not None:  # no other thread has said it
                    self.complain(fault)
        return judged(trial.key, trial)

    def complain(self, fault: Exception) -> None:
        """Say that nothing is kept."""
        complain(f"--cache {self.directory}: nothing can be kept there, so the search goes on without: {fault}")
