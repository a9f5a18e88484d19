"""The methods that are compared. Each learns from posts, choosing its settings and its cut out of fold among them.

Every rival is tuned step by step: one group of settings after the other, each kept at its best. Posts to be judged are
never seen before they are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import numpy as np
from joblib import Parallel, delayed
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.svm import LinearSVC

from classifier.cues import read_cues
from classifier.model import Classifier
from tests.bench.contest import SEED, Floats, Ints, answers, best_cut, decided, macro_f1
from training.fit import Fitter
from training.groups import group_posts
from training.outoffold import HeldOut
from training.posts import LabelledPosts
from training.settings import settings_for
from training.shipped import data_directory
from training.split import fold_numbers

INNER: Final = 3  # folds among the posts to learn from, for choosing settings
Settings = Mapping[str, Any]
Labeller = Callable[[Sequence[str]], Ints]
Scorer = Callable[[Sequence[str]], Floats]


@dataclass(frozen=True)
class Learnt:
    """What a method made of posts: how it labels others, and the settings it chose."""

    label: Labeller
    chosen: dict[str, Any]


class WatchedFitter(Fitter):
    """Training as shipped, keeping the out-of-fold margins that it calibrates by, to choose a cut by them too."""

    seen: HeldOut

    def manifest(self, labels: Floats, held: HeldOut, groups: Ints) -> Any:
        """The finished manifest."""
        self.seen = held
        return super().manifest(labels, held, groups)


def ours(posts: LabelledPosts, quick: bool) -> Learnt:
    """Clarion as shipped, cues included; nothing is tuned, so that nothing is quicker."""
    del quick
    cues = read_cues(data_directory() / "cues")
    fitter = WatchedFitter(posts, cues, settings_for(posts, own=True), "rivals")
    list(fitter.run())
    assert fitter.bundle is not None
    model = Classifier(fitter.bundle, cues)
    seen = fitter.seen
    cut = None if posts.exclusive else best_cut(answers(posts)[seen.rows], seen.margins[:, 0])

    def scores(texts: Sequence[str]) -> Floats:
        margins = model.margins(texts)[0]
        return model.probabilities(margins) if posts.exclusive else margins

    return Learnt(lambda texts: decided(scores(texts), cut), {"cut": cut})


@dataclass(frozen=True)
class Rival:
    """A method with settings to be tuned.

    Parameters
    ----------
    steps : tuple of sequence of mapping
        Each step's alternatives; the first of each is where tuning starts, and all there is with `quick`.
    train : callable
        From texts, answers and settings to a function that scores texts.
    """

    steps: tuple[Sequence[Settings], ...]
    train: Callable[[list[str], Ints, Settings], Scorer]

    def __call__(self, posts: LabelledPosts, quick: bool) -> Learnt:
        """Tune by folds among the posts, then learn from all of them."""
        truth, folds = answers(posts), fold_numbers(posts, group_posts(posts), SEED, INNER)
        best: dict[str, Any] = {key: value for step in self.steps for key, value in step[0].items()}
        tried: dict[str, tuple[float, float | None]] = {}
        for step in self.steps:
            options = [best | dict(settings) for settings in (step[:1] if quick else step)]
            for settings in options:
                if repr(settings) not in tried:
                    tried[repr(settings)] = self.judge(posts, truth, folds, settings)
            best = max(options, key=lambda settings: tried[repr(settings)][0])
        scorer, (figure, cut) = self.train(posts.texts, truth, best), tried[repr(best)]
        return Learnt(lambda texts: decided(scorer(texts), cut), best | {"cut": cut, "out_of_fold": figure})

    def judge(self, posts: LabelledPosts, truth: Ints, folds: Ints, settings: Settings) -> tuple[float, float | None]:
        """Macro-F1 out of fold, and the cut that it was reached with."""
        texts = np.array(posts.texts, object)
        scores = np.zeros((len(texts), len(posts.labels)))
        parts = [folds == number for number in range(INNER)]
        work = (delayed(self.held_out)(texts[~part], truth[~part], texts[part], settings) for part in parts)
        for part, found in zip(parts, Parallel(n_jobs=-1)(work), strict=True):
            scores[part] = found
        cut = None if posts.exclusive else best_cut(truth, scores[:, 0])
        return macro_f1(truth, decided(scores, cut)), cut

    def held_out(self, texts: Any, truth: Ints, others: Any, settings: Settings) -> Floats:
        """Scores of texts by a model of other ones."""
        return self.train(list(texts), truth, settings)(list(others))


def train_svm(texts: list[str], truth: Ints, settings: Settings) -> Scorer:
    """TF-IDF and a linear support vector machine, scikit-learn's own."""
    shape = {key: value for key, value in settings.items() if key != "C"}
    vectoriser = TfidfVectorizer(**shape, sublinear_tf=True, dtype=np.float64)
    model = LinearSVC(C=settings["C"], random_state=SEED).fit(vectoriser.fit_transform(texts), truth)

    def scores(some: Sequence[str]) -> Floats:
        found = model.decision_function(vectoriser.transform(some))
        return np.asarray(found).reshape(len(some), -1)

    return scores


def fasttext_lines(texts: Iterable[str], truth: Iterable[int] | None = None) -> Iterator[str]:
    """Posts as fastText reads them: lower case, one a line, punctuation apart from words."""
    marks = str.maketrans({mark: f" {mark} " for mark in ".,;:!?¡¿()\"'’“”«»…#@"})
    plain = (" ".join(text.lower().translate(marks).split()) for text in texts)
    return plain if truth is None else (f"__label__{t} {line}" for t, line in zip(truth, plain, strict=True))


def train_fasttext(texts: list[str], truth: Ints, settings: Settings) -> Scorer:
    """FastText's own classifier, on one thread so that it comes out the same twice."""
    import fasttext  # type: ignore[import-not-found]

    with TemporaryDirectory() as directory:
        file = Path(directory) / "posts.txt"
        file.write_text("\n".join(fasttext_lines(texts, truth)) + "\n", "utf-8")
        fixed = {"dim": 50, "bucket": 200_000, "thread": 1, "seed": SEED, "verbose": 0}
        classes = int(max(truth)) + 1
        try:
            model = fasttext.train_supervised(str(file), **settings, **fixed)
        except RuntimeError:  # "Encountered NaN": these settings learn nothing, and are not chosen
            return lambda some: np.zeros((len(some), classes if classes > 2 else 1))

    def scores(some: Sequence[str]) -> Floats:
        table = np.zeros((len(some), classes))
        for row, text in enumerate(fasttext_lines(some)):
            # below its own wrapper, which gives lists of texts one chance for all classes and fails on NumPy 2 for one
            for chance, name in model.f.predict(f"{text}\n", classes, 0.0, "strict"):
                table[row, int(name.removeprefix("__label__"))] = chance
        return table if classes > 2 else table[:, 1:]

    return scores


STRENGTHS: Final = [{"C": c} for c in (0.3, 0.1, 1.0, 3.0)]
CHARACTERS: Final = [
    {"analyzer": analyzer, "ngram_range": lengths}
    for lengths in ((2, 5), (3, 5), (2, 6))
    for analyzer in ("char_wb", "char")
]
WORDS: Final = [
    {"ngram_range": lengths, "token_pattern": pattern}
    for pattern in (r"(?u)\b\w\w+\b", r"(?u)[#@]?\w+|[^\w\s]")
    for lengths in ((1, 2), (1, 1))
]
PASSES: Final = [{"epoch": epoch, "lr": lr} for epoch, lr in ((15, 0.5), (5, 0.5), (30, 0.5), (15, 0.2), (30, 0.1))]
PIECES: Final = [{"minn": least, "maxn": most} for least, most in ((2, 5), (0, 0), (3, 6))]
RUNS: Final = [{"wordNgrams": words} for words in (1, 2, 3)]

RIVALS: Final[Mapping[str, Rival]] = {
    "character n-gram SVM": Rival((CHARACTERS, STRENGTHS), train_svm),
    "word TF-IDF SVM": Rival((WORDS, STRENGTHS), train_svm),
    "fastText": Rival((PIECES, PASSES, RUNS, PIECES), train_fasttext),
}


def methods() -> dict[str, Callable[[LabelledPosts, bool], Learnt]]:
    """Every method by name, ours first; without fastText where it is not installed."""
    there = {name: rival for name, rival in RIVALS.items() if name != "fastText" or find_spec("fasttext")}
    return {"ours": ours, **there}
