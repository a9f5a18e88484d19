"""One training run from the command line: read, fit, write, say what came out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from classifier.bundle import CARD, DATASHEET, write_bundle
from classifier.cues import read_cues
from classifier.errors import InputError
from classifier.manifest import Manifest
from classifier.model import Classifier
from classifier.ngrams import count
from classifier.output import STDOUT
from classifier.terminal import complain, progress, put_off_interruptions
from classifier.text import fold
from training.card.about import read_about
from training.card.documents import documents_of
from training.evaluate import figures_of, write
from training.fit import Fitter
from training.gathering import apart, with_base, without_checks
from training.nearest import MOST_NEAREST, index_of
from training.posts import LabelledPosts, read_posts
from training.printing import interval, plain_console, shown
from training.report.figures import Report
from training.report.outoffold import OutOfFold
from training.report.page import page
from training.schema import Schema
from training.search import Search
from training.settings import settings_for
from training.shipped import data_directory, post_files


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
    renamed: Mapping[str, str] = field(default_factory=dict)
    grouped_by: tuple[str, ...] = ()
    balanced_classes: bool = False
    base: bool = False
    exclude_checks: bool = False
    about: str | None = None
    search: bool = False
    cache: Path | None = None
    report: str | None = None

    @property
    def schema(self) -> Schema:
        """Which columns hold what."""
        return Schema(self.labels, self.text, self.label, self.renamed)


def train_bundle(job: TrainingJob) -> None:
    """Train and write a bundle; prints its out-of-fold figures."""
    if job.report:
        check_place(job.report, job.out)
    about = read_about(job.about, shipped=not job.files)
    posts = gathered(job)
    cues = read_cues(job.cues or data_directory() / "cues")
    how = {"seed": job.seed, "grouped_by": job.grouped_by, "balanced_classes": job.balanced_classes}
    fitter = Fitter(posts, cues, settings_for(posts, bool(job.files), **how), job.name)
    with put_off_interruptions():  # one that comes while a loop is compiled would be lost
        count([(fold("ready"),)], fitter.settings.ngrams)
    if job.search:
        fitter = searched(fitter, job.cache)
    for _ in progress(fitter.run(), "training"):
        pass
    if fitter.bundle is None:
        raise RuntimeError("training ended without a bundle")
    shown_posts = index_of(posts, carried(job), job.seed)
    documents = documents_of(fitter, about, shown_posts, shipped=not job.files, base=job.base)
    digest = write_bundle(job.out, fitter.bundle.manifest, fitter.bundle.arrays, cues, shown_posts, documents)
    if job.report != STDOUT:
        summary(fitter.bundle.manifest)
    complain(f"bundle {job.out} {digest}")
    complain(f"card {job.out / CARD}, datasheet {job.out / DATASHEET}; to read them: clarion card {job.out}")
    if job.report:
        found = figures_of(Report(OutOfFold.of(Classifier.load(job.out), fitter)), [])
        write(job.report, page(found))
        complain(f"report {job.report}: out of fold; it holds posts")


def check_place(report: str, out: Path) -> None:
    """Refuse, before anything is learned, a report that could not be written at the end."""
    path = Path(report)
    if report == STDOUT:
        return
    if out.resolve() in path.resolve().parents:
        raise InputError(f"--report {report}: {out} is for the bundle alone; write the report elsewhere")
    if path.is_dir() or not path.parent.is_dir():
        wrong = "it is a directory" if path.is_dir() else f"there is no directory {path.parent}"
        raise InputError(f"--report {report}: cannot be written: {wrong}")


def searched(fitter: Fitter, cache: Path | None) -> Fitter:
    """A fitter with the settings that a search chose."""
    search = Search(fitter, cache)
    for _ in progress(search.run(), "searching"):
        pass
    return replace(fitter, settings=search.chosen, searched=search.told)


def gathered(job: TrainingJob) -> LabelledPosts:
    """The posts to learn from."""
    if job.base and not job.files:
        raise InputError("--base adds the shipped posts to FILES; without FILES they are all there is")
    posts = apart(read_posts(list(job.files) or post_files(), job.schema, job.drop_conflicts), job.drop_conflicts)
    if job.base:
        posts = with_base(posts, job.schema, job.drop_conflicts)
    return without_checks(posts, job.labels) if job.exclude_checks else posts


def carried(job: TrainingJob) -> int:
    """How many posts the bundle shows: those that ship may be seen by anybody, others only when asked for."""
    if job.nearest is not None:
        return job.nearest
    return 0 if job.files else MOST_NEAREST


def summary(manifest: Manifest) -> None:
    """Print what was trained and how good it is out of fold."""
    training = manifest.training
    console = plain_console()
    console.print(f"{manifest.name} {manifest.version}: {training['rows']} posts in {training['groups']} groups")
    for reason, number in training["dropped"].items():
        console.print(f"left out: {number} posts, {reason}")
    if untold := manifest.metrics.get("recall"):
        console.print(f"recall and average precision cannot be told: {untold}")
    if search := training.get("search"):
        chosen = ", ".join(f"{name} {value:g}" for name, value in search["chosen"].items())
        console.print(f"search: {chosen}; average precision {search['average_precision']:.3f} on posts it had not seen")
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
