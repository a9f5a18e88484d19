"""How far new posts have moved from the training posts: the population stability index."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from training.draws import DECIMALS
from training.reference import shares_between, unseen_by
from training.report.judged import Judged
from training.shares import by_chance, stability_index

Floats = npt.NDArray[np.float64]
SOME, MUCH = 0.1, 0.25  # customary limits


def drift_of(judged: Judged) -> dict[str, Any] | None:
    """The index of scores, length, language and unseen n-grams; None where the bundle has no reference.

    Returns
    -------
    dict or None
        By what was compared: `psi`, `by_chance`, and of each bin its `name` and the shares `before` and `now`.
    """
    reference = judged.classifier.manifest.training.get("reference")
    if reference is None:
        return None
    now = Now(judged.sampling[0], int(reference["posts"]))
    found = {
        f"score: {label}": now.tenths(reference["scores"][label], judged.chances[:, place])
        for place, label in enumerate(judged.classifier.labels)
    }
    texts = judged.posts.texts
    found["length in characters"] = now.tenths(reference["length"], np.array([len(text) for text in texts], float))
    found["language"] = now.names(reference["language"], judged.languages)
    found["n-grams not seen in training"] = now.tenths(reference["unseen"], unseen_by(judged.classifier, texts))
    return found


@dataclass(frozen=True)
class Now:
    """The posts at hand: what each stands for, and how many the training posts were."""

    weights: Floats
    before: int

    def tenths(self, reference: Mapping[str, Any], values: Floats) -> dict[str, Any]:
        """The index over the tenths of the training posts."""
        edges = np.array(reference["edges"], float)
        names = [f"≤ {edge:.4g}" for edge in edges] + [f"> {edges[-1]:.4g}"]
        return self.moved(names, np.array(reference["shares"], float), shares_between(values, edges, self.weights))

    def names(self, reference: Mapping[str, float], names: npt.NDArray[np.object_]) -> dict[str, Any]:
        """The index over names."""
        listed = sorted({*reference, *names})
        shares = np.array([self.weights[names == name].sum() for name in listed]) / self.weights.sum()
        return self.moved(listed, np.array([reference.get(name, 0.0) for name in listed]), shares)

    def moved(self, names: list[str], before: Floats, now: Floats) -> dict[str, Any]:
        """The index with the shares behind it."""
        shares = zip(names, before.tolist(), now.tolist(), strict=True)
        return {
            "psi": round(stability_index(before, now), DECIMALS),
            "by_chance": round(by_chance(len(names), self.before, len(self.weights)), DECIMALS),
            "bins": [{"name": n, "before": round(b, DECIMALS), "now": round(a, DECIMALS)} for n, b, a in shares],
        }
