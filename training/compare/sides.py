"""Two bundles on the same labelled posts: which labels they share, and what each says of every post."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from classifier.errors import InputError
from classifier.model import Classifier
from training.draws import Draws
from training.evaluate import TRAINED_ON, notes_on
from training.gathering import remaining_part, training_part
from training.posts import LabelledPosts, read_posts
from training.report.judged import Judged, One
from training.schema import Schema

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
UNSHARED: Final = "of a class that only one of the bundles knows"


@dataclass(frozen=True)
class Paired:
    """The posts of one label with what two bundles say of them.

    Parameters
    ----------
    a, b : One
        The same posts in the same order with the same samples; probabilities and thresholds are each bundle's own.
    """

    a: One
    b: One

    @property
    def name(self) -> str:
        """Of the label."""
        return self.a.name

    @property
    def truth(self) -> Bools:
        """Which posts have the label."""
        return self.a.truth

    @property
    def draws(self) -> Draws:
        """Samples of the posts: one resample is applied to both bundles."""
        return self.a.draws

    @property
    def right(self) -> tuple[Bools, Bools]:
        """Which flags, given or not, are right: of A, of B."""
        return self.a.flagged == self.truth, self.b.flagged == self.truth

    def part(self, keep: Bools) -> Paired:
        """Some of the posts."""
        return Paired(self.a.part(keep), self.b.part(keep))


def shared_labels(a: Classifier, b: Classifier) -> tuple[str, ...]:
    """Labels that both bundles have, in the order of A.

    Raises
    ------
    InputError
        When there is none.
    """
    shared = tuple(label for label in a.labels if label in b.labels)
    if not shared:
        raise InputError(
            f"the bundles share no label: A has {', '.join(a.labels)}, B has {', '.join(b.labels)}; "
            "compare bundles of the same labels"
        )
    return shared


def read_shared(
    a: Classifier, b: Classifier, files: Sequence[str], schema: Schema, everything: bool, drop_conflicts: bool = False
) -> LabelledPosts:
    """Labelled posts of the labels that two bundles share.

    Parameters
    ----------
    a, b : Classifier
        The bundles.
    files : sequence of str
        Labelled posts.
    schema : Schema
        Which columns hold what; its labels are replaced by those that both have.
    everything : bool
        Also posts whose `split` is train or blank.
    drop_conflicts : bool
        Leave out, and count, posts whose text stands elsewhere with other labels, instead of refusing.

    Raises
    ------
    InputError
        For faults in the posts, and when no post is left to compare on.
    """
    labels = shared_labels(a, b)
    if (a.exclusive or b.exclusive) and schema.label is None:
        raise InputError("the labels of these bundles are exclusive; name the column of classes with --label")
    posts = read_posts(files, replace(schema, labels=labels), drop_conflicts)
    if schema.label is not None:
        posts = shared_classes(posts, a, b)
    kept = posts if everything else remaining_part(posts)
    if kept.frame.empty:
        left = "no post is of a class that both bundles know" if posts.frame.empty else "every post is of split train"
        raise InputError(f"{', '.join(files)}: {left}{'' if posts.frame.empty else ' or blank; pass --all'}")
    return kept


def shared_classes(posts: LabelledPosts, a: Classifier, b: Classifier) -> LabelledPosts:
    """Posts of classes that both bundles know; a class that neither knows is refused."""
    unknown = sorted(set(posts.labels) - set(a.labels) - set(b.labels))
    if unknown:
        raise InputError(f"classes unknown to both bundles: {', '.join(unknown)}; A has: {', '.join(a.labels)}")
    shared = set(shared_labels(a, b))
    return posts.part(posts.frame["class"].isin(shared), UNSHARED)


def trained_on(classifier: Classifier, posts: LabelledPosts) -> bool:
    """Whether a bundle was trained on these very posts, or on those of them that are of split train or blank."""
    learnt = classifier.manifest.training.get("data_sha256")
    return learnt in {posts.sha256, training_part(posts).sha256}


def known_to(judged: Judged) -> list[str]:
    """What a bundle knows of the posts by heart, so that its figures flatter it."""
    return [TRAINED_ON] if trained_on(judged.classifier, judged.posts) else notes_on(judged)


@dataclass(frozen=True)
class Side:
    """A bundle and what it says of every post.

    Parameters
    ----------
    judged : Judged
        The posts beside what the bundle says of them.
    profile : str
        Whose thresholds decide.
    """

    judged: Judged
    profile: str

    @property
    def labels(self) -> tuple[str, ...]:
        """Of the bundle, shared or not."""
        return self.judged.classifier.labels

    def truth(self, label: str) -> Floats:
        """One label of the posts, NaN where blank."""
        return self.judged.labels[:, self.labels.index(label)]

    def chance(self, label: str) -> Floats:
        """Rounded probabilities of one label, shape (posts,)."""
        return self.judged.chances[:, self.labels.index(label)]

    def threshold(self, label: str) -> float:
        """From which a post is flagged."""
        return self.judged.classifier.thresholds(self.profile)[label]

    def flagged(self, label: str) -> Bools:
        """Which posts are flagged, shape (posts,)."""
        return self.chance(label) >= self.threshold(label)

    def one(self, label: str) -> One:
        """What there is of one label, at the thresholds of the profile."""
        return replace(self.judged.one(label), threshold=self.threshold(label))

    def to_dict(self, labels: Sequence[str]) -> dict[str, Any]:
        """Which bundle this is, and its thresholds of some labels."""
        bundle = self.judged.classifier
        told = {"name": bundle.name, "version": bundle.version, "sha256": bundle.sha256}
        return told | {"thresholds": {label: self.threshold(label) for label in labels}}


def paired(label: str, a: Side, b: Side) -> Paired:
    """The posts of one label with each bundle's probabilities and thresholds, and A's samples for both."""
    one = a.one(label)
    return Paired(one, replace(one, chance=b.chance(label)[one.rows], thresholds={}, threshold=b.threshold(label)))
