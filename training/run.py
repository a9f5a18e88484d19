"""One training run from the command line: read, fit, write, say what came out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from rich.console import Console

from classifier.bundle import Manifest, write_bundle
from classifier.cues import read_cues
from classifier.ngrams import count
from classifier.terminal import complain, progress, put_off_interruptions
from classifier.text import fold
from training.fit import FitSettings, Fitter
from training.nearest import MOST_NEAREST, index_of
from training.posts import LabelledPosts, read_posts
from training.schema import Schema
from training.shipped import data_directory, post_files

WIDTH: Final = 120
TO_LEARN_FROM: Final = ("train", "")  # values of `split`


@dataclass(frozen=True)
class TrainingJob:
    """What `clarion train` was asked for."""

    files: tuple[str, ...]
    out: Path
    labels: tuple[str, ...]
    text: str
    label: str | None
    seed: int
    name: str
    cues: Path | None
    drop_conflicts: bool
    nearest: int | None = None


def train_bundle(job: TrainingJob) -> None:
    """Train and write a bundle; prints its out-of-fold figures."""
    files = list(job.files) or post_files()
    posts = read_posts(files, Schema(job.labels, job.text, job.label), job.drop_conflicts)
    posts = training_part(posts)
    cues = read_cues(job.cues or data_directory() / "cues")
    fitter = Fitter(posts, cues, FitSettings(seed=job.seed, search=bool(job.files)), job.name)
    with put_off_interruptions():  # one that comes while a loop is compiled would be lost
        count([(fold("ready"),)], fitter.settings.ngrams)
    for _ in progress(fitter.run(), "training"):
        pass
    if fitter.bundle is None:
        raise RuntimeError("training ended without a bundle")
    shown_posts = index_of(posts, carried(job), job.seed)
    digest = write_bundle(job.out, fitter.bundle.manifest, fitter.bundle.arrays, cues, shown_posts)
    summary(fitter.bundle.manifest)
    complain(f"bundle {job.out} {digest}")


def carried(job: TrainingJob) -> int:
    """How many posts the bundle shows: those that ship may be seen by anybody, others only when asked for."""
    if job.nearest is not None:
        return job.nearest
    return 0 if job.files else MOST_NEAREST


def training_part(posts: LabelledPosts) -> LabelledPosts:
    """The posts to learn from: those whose `split` is train or blank."""
    return posts.part(posts.frame["split"].isin(TO_LEARN_FROM), "of another split")


def remaining_part(posts: LabelledPosts) -> LabelledPosts:
    """The posts that `training_part` leaves; all of them where no post has a `split`."""
    split = posts.frame["split"]
    return posts.part(~split.isin(TO_LEARN_FROM), "of split train or blank") if (split != "").any() else posts


def plain_console() -> Console:
    """Standard output for text as it is: names of models, classes and checks may look like rich markup."""
    return Console(highlight=False, markup=False, emoji=False, width=WIDTH, soft_wrap=True)


def summary(manifest: Manifest) -> None:
    """Print what was trained and how good it is out of fold."""
    training = manifest.training
    console = plain_console()
    console.print(f"{manifest.name} {manifest.version}: {training['rows']} posts in {training['groups']} groups")
    for reason, number in training["dropped"].items():
        console.print(f"left out: {number} posts, {reason}")
    for label in manifest.labels:
        figures = manifest.metrics[label]
        console.print(
            f"{label}: average precision {shown(figures['average_precision'])} out of fold, "
            f"{figures['positives']} of {figures['n']} posts positive"
        )
        for name, profile in manifest.profiles.items():
            console.print(profile_line(name, profile[label]))


def profile_line(name: str, figures: Mapping[str, Any]) -> str:
    """One profile of one label: threshold, precision and recall."""
    missed = "" if figures["reached"] else "  (aim not reached)"
    shares = f"precision {interval(figures, 'precision')}  recall {interval(figures, 'recall')}"
    return f"  {name:<15} from {figures['threshold']:.3f}  {shares}{missed}"


def shown(figure: float | None) -> str:
    """A share with three decimals, or a dash."""
    return "–" if figure is None else f"{figure:.3f}"


def interval(figures: Mapping[str, Any], name: str) -> str:
    """A share with its 95 % interval; a dash where it cannot be had."""
    if figures[f"{name}_low"] is None:
        return shown(figures[name])
    return f"{shown(figures[name])} [{figures[f'{name}_low']:.2f}–{figures[f'{name}_high']:.2f}]"
