"""Models of more posts than memory holds the n-grams of."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from classifier.cues import CueSet
from classifier.ngrams import count, inverse_document_frequency, readings
from classifier.text import fold
from tests.training.conftest import TINY
from tests.training.making import invented, table
from training import fit
from training.features import features_of
from training.fit import Fitter
from training.linear import LEAST_CUE, balancing, signs_for
from training.measure import average_precision
from training.posts import LabelledPosts
from training.streamed import EPOCHS, STREAMED, STRENGTH, Streamed, a_fifth

MANY = table(invented(600))


@pytest.fixture
def streamed(cues: CueSet, monkeypatch: pytest.MonkeyPatch) -> Fitter:
    """A finished run that was told that these are too many posts."""
    monkeypatch.setattr(fit, "LARGE", 100)
    fitter = Fitter(MANY, cues, replace(TINY, regularisation=STRENGTH), "many")
    list(fitter.run())
    return fitter


def labels_of(posts: LabelledPosts) -> np.ndarray:
    return posts.frame[list(posts.labels)].to_numpy(float)


def test_a_fifth_is_held_out_and_the_manifest_says_so(streamed: Fitter) -> None:
    assert streamed.bundle is not None
    manifest = streamed.bundle.manifest
    assert manifest.training["rows"] == 600
    assert manifest.training["solver"] == STREAMED
    assert manifest.metrics["how"] == "a fifth of the posts held out, groups kept whole"
    assert manifest.metrics["recruitment"]["n"] == pytest.approx(120, abs=2)


def test_it_ranks_held_out_posts_as_well_as_a_model_of_all_n_grams_at_once(streamed: Fitter, cues: CueSet) -> None:
    aside = a_fifth(streamed.groups, 0)
    settings = replace(TINY, regularisation=STRENGTH)
    scorer = Fitter(MANY, cues, settings, "x").scorer(
        features_of(MANY, cues, settings), labels_of(MANY), np.flatnonzero(~aside)
    )
    margins = scorer.margins([text for text, out in zip(MANY.texts, aside, strict=True) if out])[0]
    assert streamed.bundle is not None
    for place, label in enumerate(MANY.labels):
        in_memory = average_precision(labels_of(MANY)[aside, place] == 1, margins[:, place])
        assert streamed.bundle.manifest.metrics[label]["average_precision"] == pytest.approx(in_memory, abs=0.05)


def test_the_same_posts_and_seed_give_the_same_bytes(
    streamed: Fitter, cues: CueSet, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fit, "LARGE", 100)
    again = Fitter(MANY, cues, replace(TINY, regularisation=STRENGTH), "many")
    list(again.run())
    assert streamed.bundle is not None
    assert again.bundle is not None
    assert again.bundle.manifest == streamed.bundle.manifest
    for name, array in streamed.bundle.arrays.items():
        np.testing.assert_array_equal(again.bundle.arrays[name], array)


def test_idf_is_that_of_the_posts_learned_from_and_cues_keep_their_sign(streamed: Fitter, cues: CueSet) -> None:
    assert streamed.bundle is not None
    arrays = streamed.bundle.arrays
    counts, known = count([(fold(text),) for text in MANY.texts], TINY.ngrams)
    np.testing.assert_array_equal(arrays["idf"], inverse_document_frequency(counts, TINY.ngrams.buckets))
    np.testing.assert_array_equal(arrays["known_words"], known)
    for place, label in enumerate(MANY.labels):
        signs = signs_for(label, cues)
        assert (arrays["cue_weights"][:, place] * signs >= LEAST_CUE * np.abs(signs)).all()
        assert (arrays["cue_weights"][signs == 0, place] == 0).all()


def test_steps_are_counted_to_the_end(cues: CueSet) -> None:
    stream = Streamed(MANY.texts, labels_of(MANY), np.ones(600), cues, TINY)
    steps = list(stream.run([stream.learner(np.ones(600, bool))]))
    assert steps == [(done, EPOCHS + 1) for done in range(1, EPOCHS + 2)]


def test_a_blank_label_is_not_learned_from(cues: CueSet) -> None:
    labels = labels_of(MANY)
    half = np.arange(600) % 2 == 0
    blank = labels.copy()
    blank[half, 1] = np.nan
    found = []
    for given, learns in ((blank, np.ones(600, bool)), (labels, ~half)):
        stream = Streamed(MANY.texts, given, np.ones(600), cues, TINY)
        learner = stream.learner(learns)
        learner.models[1].set_params(alpha=1e-3, average=300)
        idf = np.ones(TINY.ngrams.buckets, np.float32)
        for chunk in stream.chunks(np.arange(600)):
            stream.learn(learner, chunk, idf)
        found.append(learner.models[1].coef_)
    np.testing.assert_allclose(found[0], found[1])


def test_groups_are_held_out_whole_and_others_with_another_seed() -> None:
    groups = np.repeat(np.arange(100), 3)
    aside = a_fifth(groups, 0)
    assert aside.sum() == 60
    assert (aside.reshape(100, 3).all(axis=1) | ~aside.reshape(100, 3).any(axis=1)).all()
    assert (a_fifth(groups, 1) != aside).any()


def test_balanced_sides_count_the_same() -> None:
    labels = np.array([1, 0, 0, 0, np.nan, 1.0])
    learned = np.array([True, True, True, True, True, False])
    weights = balancing(labels, learned)
    assert weights[(labels == 1) & learned].sum() == weights[(labels == 0) & learned].sum() == 2.0
    assert weights[4] == 1.0


def test_what_is_unseen_is_what_no_post_learned_from_has(cues: CueSet) -> None:
    stream = Streamed(MANY.texts, labels_of(MANY), np.ones(600), cues, TINY)
    learner = stream.learner(np.arange(600) < 500)
    for chunk in stream.chunks(np.arange(600)):
        learner.see(chunk)
    rows = np.arange(490, 510)
    found = stream.unseen(learner, rows)
    assert (found[:10] == 0).all()
    seen = {int(b) for text in MANY.texts[:500] for b in count([readings(text, TINY.ngrams)], TINY.ngrams)[0].buckets}
    for row, share in zip(rows[10:], found[10:], strict=True):
        counts, _ = count([readings(MANY.texts[row], TINY.ngrams)], TINY.ngrams)
        new = sum(int(c) for b, c in zip(counts.buckets, counts.counts, strict=True) if int(b) not in seen)
        assert share == pytest.approx(new / counts.counts.sum())
