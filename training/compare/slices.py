"""Where a challenger is better or worse: parts of the posts by language, category, source and length."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from training.compare.figures import (
    BETTER,
    LEAST_GROUPS,
    TOO_FEW,
    UNTOLD,
    WORSE,
    difference_of,
    enough,
    ranked_figures,
)
from training.compare.sides import Paired
from training.compare.significance import LEVEL, from_samples, holm, sign_flip
from training.draws import ratio
from training.languages import languages_of
from training.posts import LabelledPosts
from training.report.slices import by_length

Floats = npt.NDArray[np.float64]
Names = npt.NDArray[np.object_]
RIGHT: Final = "flags_right"
RANKING: Final = "average_precision"


@dataclass(frozen=True)
class Look:
    """One figure of one label in one slice.

    Parameters
    ----------
    kind, slice, label, figure : str
        What is looked at.
    n, groups : int
        Posts and groups of posts.
    found : dict or None
        `a`, `b` and `difference`; None where either lacks the figure.
    p : float or None
        Of no difference; None for too few posts.
    """

    kind: str
    slice: str
    label: str
    figure: str
    n: int
    groups: int
    found: dict[str, Any] | None
    p: float | None

    def to_dict(self, corrected: float | None) -> dict[str, Any]:
        """As an object, with the verdict."""
        return {
            **{name: value for name, value in vars(self).items() if name not in {"found", "p"}},
            **(self.found or {"a": None, "b": None, "difference": None}),
            "p": self.p,
            "p_corrected": corrected,
            "verdict": self.verdict(corrected),
        }

    def verdict(self, corrected: float | None) -> str:
        """What the corrected test tells."""
        if corrected is None or self.found is None:
            return TOO_FEW
        if corrected > LEVEL:
            return UNTOLD
        return BETTER if self.found["difference"]["value"] > 0 else WORSE


def names_of(posts: LabelledPosts) -> dict[str, Names]:
    """By kind of slice, the slice of each post, empty for a post of none; a kind that parts no posts is left out."""
    found = {
        "language": languages_of(posts),
        "category": posts.frame["category"].to_numpy(object),
        "source": posts.frame["source"].to_numpy(object),
        "length": length_names(posts.texts),
    }
    return {kind: names for kind, names in found.items() if len(set(names)) > 1}


def length_names(texts: list[str]) -> Names:
    """How long each post is, in words."""
    names = np.full(len(texts), "", object)
    for name, inside in by_length(texts).items():
        names[inside] = name
    return names


def looks_at(pair: Paired, kind: str, names: Names) -> Iterator[Look]:
    """Both figures of one label in every slice of a kind.

    Parameters
    ----------
    pair : Paired
        The posts of the label.
    kind : str
        Language, category, source or length.
    names : ndarray of object, shape (posts,)
        Slice of each of the pair's posts.
    """
    for name in sorted(set(names) - {""}):
        part = pair.part(names == name)
        groups = len(np.unique(part.draws.member))
        place = (kind, str(name).strip(), pair.name)
        yield Look(*place, RIGHT, len(part.truth), groups, *by_flags(part, groups))
        if part.truth.any() and not part.truth.all():
            yield Look(*place, RANKING, len(part.truth), groups, *by_ranking(part))


def by_flags(part: Paired, groups: int) -> tuple[dict[str, Any] | None, float | None]:
    """Share of the flags, given or not, that are right, and the exact test over groups."""
    ones = np.ones(len(part.truth))
    right = np.stack([*part.right, ones], axis=1).astype(float)
    a, b, n = np.concatenate([(part.draws.weights @ right)[None], part.draws.sums(right)]).T
    found = difference_of(ratio(a, n), ratio(b, n))
    if groups < LEAST_GROUPS:
        return found, None
    return found, sign_flip((right[:, 1] - right[:, 0]).astype(np.int64), part.draws.member)


def by_ranking(part: Paired) -> tuple[dict[str, Any] | None, float | None]:
    """Average precision, and how far its difference is from 0 beside its bootstrap error."""
    a, b = (ranked_figures(one)[RANKING] for one in (part.a, part.b))
    found = difference_of(a, b)
    if found is None or not enough(part):
        return found, None
    return found, from_samples(float(b[0] - a[0]), b[1:] - a[1:])


def judged_together(looks: Sequence[Look]) -> list[dict[str, Any]]:
    """Looks as objects with verdicts, corrected for how many there are, all slices of all labels together."""
    tested = [at for at, look in enumerate(looks) if look.p is not None]
    corrected = dict(zip(tested, holm([look.p for look in looks if look.p is not None]), strict=True))
    return [look.to_dict(corrected.get(at)) for at, look in enumerate(looks)]
