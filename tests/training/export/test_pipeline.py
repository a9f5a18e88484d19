"""An exported pipeline gives the bundle's probabilities, post for post."""

from __future__ import annotations

import io
from typing import Any

import joblib
import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.base import clone
from sklearn.pipeline import Pipeline

from classifier import Classifier
from classifier.bundle import Bundle
from classifier.cues import CueSet
from classifier.errors import BundleError, UnfitTextError
from classifier.ngrams import GramSettings
from tests.classifier.making import LABELS, fit_texts, made_bundle
from tests.training.conftest import TINY, reproducibly
from tests.training.making import classes, rolling, table, words
from training.export import features
from training.export.pipeline import pipeline_of
from training.fit import Fitter
from training.posts import LabelledPosts

AGREE = 1e-6


def scored(classifier: Classifier, posts: list[str]) -> npt.NDArray[np.float64]:
    return np.array([[one.probability for one in score.labels.values()] for score in classifier.score(posts)])


def long_posts(count: int) -> list[str]:
    """Posts of some thousand characters with one telling sentence somewhere."""
    dice = rolling(5)
    told = ("Join our squad, enlist today", "A referendum for the region", "A warning about those who enlist")
    posts = []
    for number in range(count):
        sentences = [words(dice, dice.randint(5, 12)) for _ in range(30)]
        sentences.insert(dice.randint(0, 30), told[number % 3])
        posts.append(". ".join(sentences))
    return posts


@pytest.fixture(scope="module")
def many() -> tuple[Classifier, Pipeline]:
    """A model with random weights, of n-grams, cues, categories and words as they stand."""
    bundle = made_bundle(grams=GramSettings(buckets=2**10, verbatim=True))
    return Classifier(bundle, bundle.cues), pipeline_of(bundle)


@reproducibly
@given(st.lists(fit_texts, min_size=1, max_size=6))
def test_any_posts_get_the_same_probabilities(many: tuple[Classifier, Pipeline], posts: list[str]) -> None:
    classifier, pipeline = many
    np.testing.assert_allclose(pipeline.predict_proba(posts), scored(classifier, posts), rtol=0, atol=AGREE)


def test_long_posts_are_scored_by_the_window_that_decides(many: tuple[Classifier, Pipeline]) -> None:
    classifier, pipeline = many
    posts = long_posts(24)
    windows = classifier.margins(posts).windows
    assert (windows[:, 0] != windows[:, 1]).any(axis=1).sum() > 3  # labels decided by different windows
    np.testing.assert_allclose(pipeline.predict_proba(posts), scored(classifier, posts), rtol=0, atol=AGREE)


def test_a_trained_model_gives_the_same_probabilities(tiny_classifier: Classifier, few: LabelledPosts) -> None:
    pipeline, posts = pipeline_of(tiny_classifier.bundle), [*few.texts, *long_posts(6)]
    assert list(pipeline.classes_) == list(LABELS)
    np.testing.assert_allclose(pipeline.predict_proba(posts), scored(tiny_classifier, posts), rtol=0, atol=AGREE)
    assert pipeline.predict(posts).tolist() == (pipeline.predict_proba(posts) > 0.5).astype(int).tolist()


def test_features_times_weights_are_calibrated_margins(tiny_classifier: Classifier, few: LabelledPosts) -> None:
    bundle = tiny_classifier.bundle
    pipeline = pipeline_of(bundle)
    table = pipeline[:-1].transform(few.texts[:9])
    margins = tiny_classifier.margins(few.texts[:9]).margins
    width = bundle.manifest.gram_settings.buckets + len(bundle.cues.cues) + 1
    assert table.shape == (9, width * 2)
    for place, (label, model) in enumerate(zip(LABELS, pipeline[-1].estimators_, strict=True)):
        fitted = bundle.manifest.calibration[label]
        odds = (table @ model.coef_.T).toarray()[:, 0] + model.intercept_
        np.testing.assert_allclose(odds, fitted["slope"] * margins[:, place] + fitted["intercept"], atol=1e-4)


@pytest.mark.parametrize("count", [2, 3])
def test_exclusive_classes_add_up_and_the_likeliest_is_predicted(count: int, cues: CueSet) -> None:
    rows = [row for row in classes(120) if row["topic"] != "weather" or count == 3]
    names = tuple(sorted({row["topic"] for row in rows}))
    frame = table([row | {name: str(int(row["topic"] == name)) for name in names} for row in rows], *names).frame
    fitter = Fitter(LabelledPosts(frame, names, True, "0" * 64), cues, TINY, "topics")
    list(fitter.run())
    assert fitter.bundle is not None
    classifier, pipeline = Classifier(fitter.bundle, cues), pipeline_of(fitter.bundle)
    posts = [str(row["text"]) for row in rows]
    chances = pipeline.predict_proba(posts)
    np.testing.assert_allclose(chances, scored(classifier, posts), rtol=0, atol=AGREE)
    np.testing.assert_allclose(chances.sum(axis=1), 1, rtol=0, atol=1e-12)
    assert list(pipeline.classes_) == list(names)
    assert list(pipeline.predict(posts)) == [score.predicted for score in classifier.score(posts)]


def test_a_single_label_is_a_question_of_yes_or_no(cues: CueSet, few: LabelledPosts) -> None:
    fitter = Fitter(LabelledPosts(few.frame, LABELS[:1], False, "0" * 64), cues, TINY, "one")
    list(fitter.run())
    assert fitter.bundle is not None
    chances = pipeline_of(fitter.bundle).predict_proba(few.texts)
    wanted = scored(Classifier(fitter.bundle, cues), few.texts)[:, 0]
    np.testing.assert_allclose(chances, np.stack([1 - wanted, wanted], axis=1), rtol=0, atol=AGREE)


def test_it_can_be_cloned_and_fitted_anew(tiny_classifier: Classifier, few: LabelledPosts) -> None:
    pipeline = clone(pipeline_of(tiny_classifier.bundle))
    truth = few.frame[list(LABELS)].to_numpy(int)
    assert pipeline.fit(few.texts, truth).predict_proba(few.texts).shape == truth.shape


def dumped(thing: object) -> bytes:
    stream = io.BytesIO()
    joblib.dump(thing, stream)
    return stream.getvalue()


def test_what_is_stored_is_read_and_the_same_bytes(tiny_classifier: Classifier, few: LabelledPosts) -> None:
    one, two = (dumped(pipeline_of(tiny_classifier.bundle)) for _ in range(2))
    assert one == two
    read = joblib.load(io.BytesIO(one))
    wanted = pipeline_of(tiny_classifier.bundle).predict_proba(few.texts)
    np.testing.assert_array_equal(read.predict_proba(few.texts), wanted)
    assert str(few.texts[0]).encode() not in one


def test_the_posts_that_a_bundle_shows_are_left_behind(classifier: Classifier) -> None:
    assert classifier.bundle.nearest is not None
    kept: Bundle = pipeline_of(classifier.bundle)["features"].bundle
    assert (kept.nearest, kept.documents) == (None, {})


def test_another_folding_is_refused(tiny_classifier: Classifier, monkeypatch: pytest.MonkeyPatch) -> None:
    stored = dumped(pipeline_of(tiny_classifier.bundle))
    monkeypatch.setattr(features, "fold_digest", lambda: "another")
    with pytest.raises(BundleError, match="exported with another folding than this program's; export the bundle anew"):
        joblib.load(io.BytesIO(stored))


@pytest.mark.parametrize(("bad", "reason"), [("", "empty"), (7, "must be a string"), ("a\0b", "NUL")])
def test_a_text_that_cannot_be_scored_is_named(tiny_classifier: Classifier, bad: Any, reason: str) -> None:
    with pytest.raises(UnfitTextError, match=f"text 1: .*{reason}"):
        pipeline_of(tiny_classifier.bundle).predict_proba(["good", bad])
