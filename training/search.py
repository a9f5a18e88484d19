"""Search for the settings that rank held-out posts best, and say how good the whole search is on posts it never saw."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from joblib import Parallel, delayed
from joblib.memory import CacheWarning
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from classifier.errors import InputError
from training.fit import Fitter
from training.groups import group_posts
from training.linear import signs_for
from training.remembered import Remembered, Trial
from training.settings import FitSettings
from training.split import FOLDS, check_enough, fold_numbers
from training.strength import CANDIDATES, TRIED, WORTH

SPACE: Final[Mapping[str, tuple[float, ...]]] = {  # one after the other, each from what is best so far
    "regularisation": CANDIDATES,
    "most": (4, 5, 6),
    "buckets": (2**16, 2**18, 2**20),
    "cue_scale": (0.03, 0.06, 0.12),  # 0 would be a model that cannot be told new names
}
DECIMALS: Final = 4
HOW: Final = f"mean over labels and {FOLDS} folds, on each of which the whole search was made anew without its posts"

Rows = npt.NDArray[np.int64]


def value_of(settings: FitSettings, name: str) -> float:
    """What settings say of one of the names in `SPACE`."""
    value: float = getattr(settings.ngrams if hasattr(settings.ngrams, name) else settings, name)
    return value


def with_value(settings: FitSettings, name: str, value: float) -> FitSettings:
    """Settings with another value of one of the names in `SPACE`."""
    change: dict[str, Any] = {name: value}
    if hasattr(settings.ngrams, name):
        change = {"ngrams": replace(settings.ngrams, **change)}
    return replace(settings, **change)


def described(settings: FitSettings) -> dict[str, float]:
    """What settings say of all names in `SPACE`."""
    return {name: value_of(settings, name) for name in SPACE}


@dataclass
class Descent:
    """One search: name after name, the value that ranks held-out posts best.

    Parameters
    ----------
    fitter : Fitter
        Its posts, and the settings to start from.
    groups : ndarray of int64, shape (posts,)
        Groups that folds keep whole.
    remembered : Remembered
        What was tried before.
    best : FitSettings
        The best so far.
    reached : float
        Its mean average precision.
    tried : list of dict
        Values and mean average precision of everything tried, in order.
    """

    fitter: Fitter
    groups: Rows
    remembered: Remembered
    best: FitSettings = field(init=False)
    reached: float = field(init=False, default=-np.inf)
    tried: list[dict[str, float]] = field(init=False, default_factory=list)

    def run(self, names: Sequence[str]) -> Iterator[None]:
        """Search, yielding after the settings to start from and after each name."""
        self.best = replace(self.fitter.settings, search=False)  # what it would choose is chosen here
        folds = fold_numbers(self.fitter.posts, self.groups, self.best.seed)
        self.take([self.best], folds)
        yield
        for name in names:
            others = [value for value in SPACE[name] if value != value_of(self.best, name)]
            self.take([with_value(self.best, name, value) for value in others], folds)
            yield

    def take(self, candidates: Sequence[FitSettings], folds: Rows) -> None:
        """Try candidates; one that gains enough is the best from now on."""
        trials = [Trial.of(self.fitter, candidate, folds, tuple(range(TRIED))) for candidate in candidates]
        for candidate, figure in zip(candidates, side_by_side(self.remembered, trials), strict=True):
            self.tried.append({**described(candidate), "average_precision": round(figure, DECIMALS)})
            if figure > self.reached + WORTH:
                self.best, self.reached = candidate, figure


def side_by_side(remembered: Remembered, trials: Sequence[Trial]) -> list[float]:
    """Figures of trials, on all cores."""
    # a memory that cannot write warns: as an error, the warning reaches the one who asked
    with threadpool_limits(limits=1, user_api="blas"), warnings.catch_warnings():
        warnings.simplefilter("error", CacheWarning)
        return list(Parallel(n_jobs=-1, prefer="threads")(delayed(remembered)(trial) for trial in trials))


@dataclass
class Search:
    """The search on all posts, and the same search judged on posts that it has not seen.

    Parameters
    ----------
    fitter : Fitter
        Posts, cues, and the settings to start from.
    cache : Path or None
        Directory in which what was tried is kept, so that an interrupted search goes on where it was.
    chosen : FitSettings
        What came of it.
    told : dict
        What the manifest says of it: `tried`, `chosen`, `average_precision` of the whole search, and `how`.

    Notes
    -----
    Nested cross-validation: Varma and Simon, "Bias in error estimation when using cross-validation for model
    selection", 2006.
    """

    fitter: Fitter
    cache: Path | None = None
    chosen: FitSettings = field(init=False)
    told: dict[str, Any] = field(init=False, default_factory=dict)

    def run(self) -> Iterator[tuple[int, int]]:
        """Search, yielding (steps done, steps in all).

        Raises
        ------
        InputError
            When a label has too few groups of posts, or there are too many posts to fit many models to.
        """
        posts, settings = self.fitter.posts, self.fitter.settings
        if self.fitter.large:
            raise InputError(
                f"--search fits many models, and {len(posts.frame)} posts are too many for that; leave it out"
            )
        groups = group_posts(posts, settings.grouped_by)
        check_enough(posts, groups)
        folds, remembered, names = fold_numbers(posts, groups, settings.seed), Remembered(self.cache), self.names
        done, steps, figures = 0, (FOLDS + 1) * (len(names) + 1), []
        for number in (None, *range(FOLDS)):
            mine = folds != (-1 if number is None else number)
            part = posts if number is None else posts.part(mine, "held out")
            descent = Descent(replace(self.fitter, posts=part), groups[mine], remembered)
            for _ in descent.run(names):
                done += 1
                yield done, steps
            if number is None:
                self.chosen = descent.best
                self.told = {"tried": descent.tried, "chosen": described(descent.best)}
            else:
                trial = Trial.of(self.fitter, descent.best, folds, (number,))
                figures += side_by_side(remembered, [trial])
        self.told |= {"average_precision": round(float(np.mean(figures)), DECIMALS), "how": HOW}

    @property
    def names(self) -> list[str]:
        """What is searched over: not how much cues count where no cue speaks about a label."""
        labels, cues = self.fitter.posts.labels, self.fitter.cues
        heard = any(signs_for(label, cues).any() for label in labels)
        return [name for name in SPACE if heard or name != "cue_scale"]
