"""What reviewed posts stand for, and when recall can be told from them."""

from __future__ import annotations

from tests.training.making import table
from training.sampling import weights_of


def test_posts_of_no_sample_count_as_one() -> None:
    weights, measurable = weights_of(table([{}, {}]))
    assert (weights.tolist(), measurable) == ([1.0, 1.0], True)


def test_sampled_posts_stand_for_as_many_as_they_were_drawn_from() -> None:
    rows = [
        {"sampled_by": "random", "inclusion_probability": 0.01},
        {"sampled_by": "flag", "inclusion_probability": 1.0},
    ]
    weights, measurable = weights_of(table([*rows, {}]))
    assert (weights.tolist(), measurable) == ([100.0, 1.0, 1.0], True)


def test_flagged_posts_alone_say_nothing_of_recall() -> None:
    weights, measurable = weights_of(table([{"sampled_by": "flag"}, {}]))
    assert (weights.tolist(), measurable) == ([1.0, 1.0], False)
