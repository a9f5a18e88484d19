"""Exclusive classes: accuracy, macro-F1 and confusion are those of scikit-learn."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import accuracy_score, confusion_matrix, f1_score

from classifier import Classifier
from classifier.cues import CueSet
from tests.training.conftest import TINY
from tests.training.making import classes, write
from tests.training.report.making import drawn_weights
from training.fit import Fitter
from training.posts import read_posts
from training.report.exclusive import class_figures, macro_f1
from training.report.figures import Report
from training.report.judged import Judged
from training.schema import Schema


@pytest.fixture(scope="module")
def judged_classes(tmp_path_factory: pytest.TempPathFactory, cues: CueSet) -> Judged:
    place = tmp_path_factory.mktemp("classes")
    schema = Schema(label="topic")
    fitter = Fitter(read_posts([str(write(place / "a.csv", classes(90)))], schema), cues, TINY, "classes")
    list(fitter.run())
    assert fitter.bundle is not None
    posts = read_posts([str(write(place / "b.csv", classes(60, seed=5)))], schema)
    return Judged(Classifier(fitter.bundle, cues), posts, resamples=40)


def test_figures_of_classes(judged_classes: Judged) -> None:
    found = class_figures(judged_classes)
    assert found is not None
    names = list(judged_classes.classifier.labels)
    truth = judged_classes.posts.frame["class"].to_numpy(str)
    predicted = np.array([score.predicted for score in judged_classes.classifier.score(judged_classes.posts.texts)])
    assert found["classes"] == names
    assert found["confusion"] == confusion_matrix(truth, predicted, labels=names).tolist()
    assert found["accuracy"]["value"] == pytest.approx(accuracy_score(truth, predicted), abs=5e-5)
    assert found["macro_f1"]["value"] == pytest.approx(f1_score(truth, predicted, average="macro"), abs=5e-5)
    everything = judged_classes.one(names[0])
    drawn = [f1_score(truth, predicted, average="macro", sample_weight=w) for w in drawn_weights(everything)]
    ends = np.quantile(drawn, [0.025, 0.975])
    assert [found["macro_f1"]["low"], found["macro_f1"]["high"]] == pytest.approx(ends, abs=6e-5)


def test_a_class_that_nobody_has_or_gets_does_not_count() -> None:
    table = np.array([[[3.0, 1, 0], [0, 4, 0], [0, 0, 0]]])
    truth, predicted = [0] * 4 + [1] * 4, [0, 0, 0, 1, 1, 1, 1, 1]
    assert macro_f1(table)[0] == pytest.approx(f1_score(truth, predicted, average="macro"))


def test_what_is_of_the_guide_is_skipped_with_the_reason(judged_classes: Judged) -> None:
    report = Report(judged_classes)
    list(report.run())
    assert "not those of the labelling guide" in report.figures["checks"]["skipped"]
    assert report.figures["lawful"] == report.figures["checks"]
    assert report.figures["categories"] == report.figures["identities"] == {}
    assert set(report.figures["labels"]) == set(judged_classes.classifier.labels)


def test_independent_labels_have_none(judged: Judged) -> None:
    assert class_figures(judged) is None
