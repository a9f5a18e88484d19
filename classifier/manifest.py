"""What a bundle says of itself, and what must hold of it before the compiled loops, which check nothing, may run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from classifier.ngrams import GramSettings


@dataclass(frozen=True)
class Manifest:
    """What a bundle says of itself.

    Parameters
    ----------
    name, version : str
        Of the model.
    labels : tuple of str
        In the order of the arrays.
    exclusive : bool
        Whether the labels are classes of which a post has exactly one.
    policy_version : str
        Digest of the labelling guide that the labels follow.
    features : mapping
        Shape of the n-grams (see `GramSettings`), the names of the cues in the order of the arrays, and, where the
        model knows categories, the labels of each in that order and the weight of their odds.
    training : mapping
        Data digest, rows, counts per label, seed, regularisation.
    calibration : mapping
        By label: slope, intercept, and the prevalence they were fitted at.
    profiles : mapping
        By profile and label: threshold with measured precision, recall and 95 % intervals.
    metrics : mapping
        Out-of-fold figures.
    libraries : mapping
        Versions that made the bundle.
    """

    name: str
    version: str
    labels: tuple[str, ...]
    exclusive: bool
    policy_version: str
    features: Mapping[str, Any]
    training: Mapping[str, Any]
    calibration: Mapping[str, Mapping[str, float]]
    profiles: Mapping[str, Mapping[str, Mapping[str, Any]]]
    metrics: Mapping[str, Any]
    libraries: Mapping[str, str]

    @cached_property
    def gram_settings(self) -> GramSettings:
        """Shape of the n-gram features."""
        return GramSettings(**self.features["ngrams"])

    @property
    def categories(self) -> Mapping[str, Sequence[str]]:
        """By category that the model knows: the labels that its posts have."""
        categories: Mapping[str, Sequence[str]] = self.features.get("categories", {})
        return categories

    @property
    def category_weight(self) -> float:
        """What the log odds of a label's categories count in its margin."""
        return float(self.features.get("category_weight", 0.0))


def check_manifest(manifest: Manifest) -> None:
    """Raise ValueError unless every label has its calibration and a threshold in every profile."""
    labels, cues = set(manifest.labels), manifest.features["cues"]
    check_grams(manifest.gram_settings)
    if not isinstance(cues, list) or len(set(cues)) < len(cues):
        raise ValueError("cues")
    if not labels or len(labels) != len(manifest.labels) or set(manifest.calibration) != labels:
        raise ValueError("labels and calibration disagree")
    check_categories(manifest)
    if not manifest.profiles:
        raise ValueError("no profiles")
    for name, profile in manifest.profiles.items():
        if set(profile) != labels or not all(0 <= float(profile[label]["threshold"]) <= 1 for label in labels):
            raise ValueError(f"profile {name}")
    for label, fitted in manifest.calibration.items():
        if not np.isfinite([fitted["slope"], fitted["intercept"]]).all() or not 0 < fitted["prevalence"] < 1:
            raise ValueError(f"calibration of {label}")


def check_categories(manifest: Manifest) -> None:
    """Raise ValueError unless categories name labels of the bundle and have a weight that counts for them."""
    for name, named in manifest.categories.items():
        if not set(named) <= set(manifest.labels):
            raise ValueError(f"category {name}")
    if not np.isfinite(manifest.category_weight) or manifest.category_weight < 0:
        raise ValueError("category weight")


def check_grams(settings: GramSettings) -> None:
    """Raise ValueError for n-gram settings that the compiled loops, which check nothing, could not take."""
    whole = all(isinstance(number, int) for number in settings.to_dict().values())
    if not whole or settings.buckets < 2 or settings.buckets & (settings.buckets - 1):
        raise ValueError("n-gram buckets")
    if not 2 <= settings.least <= settings.most <= 16 or not 1 <= settings.cap <= 255:
        raise ValueError("n-gram settings")
