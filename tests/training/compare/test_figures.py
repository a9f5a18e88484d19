"""Figures of both sides are scikit-learn's; their differences are of the same samples."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import average_precision_score, f1_score, precision_score, recall_score, roc_auc_score

from tests.training.compare.making import noisy, posts_of, side
from training.compare.figures import (
    BETTER,
    FIGURES,
    TOO_FEW,
    UNTOLD,
    WORSE,
    differences,
    drawn_figures,
    label_verdict,
    macro,
    told,
)
from training.compare.sides import Paired, paired

TRUTH = ([1, 0, 0, 1, 0, None, 0, 1, 0, 0] * 12)[:117]
GROUPS = np.arange(len(TRUTH)) // 2


def pair_of(noise_a: float, noise_b: float, resamples: int = 200) -> Paired:
    posts = posts_of(TRUTH)
    one = side(posts, noisy(TRUTH, noise_a, 1), groups=GROUPS, resamples=resamples)
    return paired("recruitment", one, side(posts, noisy(TRUTH, noise_b, 2), 0.6))


def by_hand(truth: np.ndarray, chance: np.ndarray, threshold: float) -> dict[str, float]:
    flagged = chance >= threshold
    return {
        "average_precision": average_precision_score(truth, chance),
        "auc": roc_auc_score(truth, chance),
        "precision": precision_score(truth, flagged),
        "recall": recall_score(truth, flagged),
        "f1": f1_score(truth, flagged),
        "false_flags": 1000 * flagged[~truth].mean(),
    }


def test_figures_and_differences_are_those_of_scikit_learn() -> None:
    pair = pair_of(0.4, 0.15)
    assert len(pair.truth) == sum(value is not None for value in TRUTH)
    found = differences(drawn_figures(pair.a), drawn_figures(pair.b))
    one = by_hand(pair.truth, pair.a.chance, 0.5)
    other = by_hand(pair.truth, pair.b.chance, 0.6)
    assert set(found) == set(FIGURES)
    for name in FIGURES:
        assert found[name]["a"]["value"] == pytest.approx(one[name], abs=6e-5)
        assert found[name]["b"]["value"] == pytest.approx(other[name], abs=6e-5)
        assert found[name]["difference"]["value"] == pytest.approx(other[name] - one[name], abs=6e-5)


def test_one_resample_is_applied_to_both() -> None:
    pair = pair_of(0.4, 0.15)
    names, member = np.unique(GROUPS, return_inverse=True)
    dice = np.random.default_rng(3)
    counts = dice.multinomial(len(names), np.full(len(names), 1 / len(names)), size=200)
    changes = []
    for sample in counts:
        weights = sample[member][pair.a.rows]
        scores = [average_precision_score(pair.truth, one.chance, sample_weight=weights) for one in (pair.a, pair.b)]
        changes.append(scores[1] - scores[0])
    found = differences(drawn_figures(pair.a), drawn_figures(pair.b))["average_precision"]["difference"]
    assert [found["low"], found["high"]] == pytest.approx(np.quantile(changes, [0.025, 0.975]), abs=6e-5)


def test_a_side_beside_itself_never_differs() -> None:
    pair = pair_of(0.3, 0.3)
    same = Paired(pair.a, pair.a)
    for found in differences(drawn_figures(same.a), drawn_figures(same.b)).values():
        assert found["difference"] == {"value": 0.0, "low": None, "high": None}


def test_verdicts() -> None:
    clear, other_way = pair_of(0.5, 0.05), pair_of(0.05, 0.5)
    for pair, verdict in ((clear, BETTER), (other_way, WORSE), (Paired(clear.a, clear.a), UNTOLD)):
        assert label_verdict(pair, differences(drawn_figures(pair.a), drawn_figures(pair.b))) == verdict
    few = clear.part(np.arange(len(clear.truth)) < 15)
    assert label_verdict(few, differences(drawn_figures(few.a), drawn_figures(few.b))) == TOO_FEW


def test_fewer_false_flags_are_better() -> None:
    found = {"difference": {"value": -3.0, "low": -4.0, "high": -2.0}}
    assert (told(found), told(found, less_is_better=True)) == (WORSE, BETTER)


def test_the_mean_over_labels_leaves_out_what_a_label_lacks() -> None:
    one = {name: np.array([0.2, 0.1]) for name in FIGURES}
    other = {name: np.array([0.6, 0.7]) for name in FIGURES} | {"precision": np.array([np.nan, np.nan])}
    found = macro([one, other])
    assert found["auc"] == pytest.approx([0.4, 0.4])
    assert found["precision"] == pytest.approx([0.2, 0.1])
    assert np.isnan(macro([other])["precision"]).all()


def test_posts_of_one_kind_have_no_ranking() -> None:
    posts = posts_of([0] * 40)
    pair = paired("recruitment", *(side(posts, noisy([0] * 40, 0.3, seed)) for seed in (1, 2)))
    found = differences(drawn_figures(pair.a), drawn_figures(pair.b))
    assert [name for name, one in found.items() if one is None] == ["average_precision", "auc", "recall"]
    assert label_verdict(pair, found) == TOO_FEW
