"""How a classifier is fitted."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from classifier.ngrams import GramSettings
from training.categories import categories_of
from training.posts import LabelledPosts


@dataclass(frozen=True)
class FitSettings:
    """How to fit.

    Parameters
    ----------
    ngrams : GramSettings
        Shape of the n-gram features.
    regularisation : float
        Inverse strength (scikit-learn's C).
    cue_scale : float
        Value of a present cue beside n-gram features of unit norm: a 1 would escape regularisation.
    category_regularisation : float
        Inverse strength for the models of categories.
    category_weight : float
        What the log odds of a label's categories count in its margin.
    seed : int
        Of the folds and the solver.
    search : bool
        Whether `regularisation` is chosen by what ranks held-out posts best. Posts with categories, as those that ship,
        keep the one given.
    grouped_by : tuple of str
        Columns whose values make posts belong together, beside near-copies, declared groups and twins.
    balanced_classes : bool
        Whether the rarer side of a label counts for as much as the other.
    """

    ngrams: GramSettings = field(default_factory=GramSettings)
    regularisation: float = 30.0
    cue_scale: float = 0.06
    category_regularisation: float = 100.0
    category_weight: float = 2.0
    seed: int = 0
    search: bool = False
    grouped_by: tuple[str, ...] = ()
    balanced_classes: bool = False


def settings_for(posts: LabelledPosts, own: bool, **more: Any) -> FitSettings:
    """How posts are fitted: own ones are read verbatim too, unless they have categories, and the strength is chosen.

    Whoever has categories follows the labelling guide, whose posts may be disguised, and goes with the posts that ship.
    What others ask may well depend on who is named.
    """
    verbatim = own and not categories_of(posts).labels
    return FitSettings(GramSettings(verbatim=verbatim, alike=not verbatim), search=own, **more)
