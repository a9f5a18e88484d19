"""Slices are told apart where there is enough to tell them by, and corrected for their number."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import accuracy_score, average_precision_score

from tests.training.compare.making import noisy, posts_of, side
from training.compare.figures import BETTER, TOO_FEW, UNTOLD, WORSE
from training.compare.sides import paired
from training.compare.significance import holm, mcnemar
from training.compare.slices import RANKING, RIGHT, judged_together, looks_at, names_of

SIZE = 300
TRUTH = [1, 0, 0] * (SIZE // 3)
NAMES = np.array((["ru"] * 150 + ["en"] * 140 + ["kk"] * 9 + [""]), object)


def looks(resamples: int = 200) -> list[dict]:  # type: ignore[type-arg]
    """B is worse in Russian, better in English."""
    a, b = noisy(TRUTH, 0.1, 1), noisy(TRUTH, 0.1, 2)
    b[:150], a[150:290] = noisy(TRUTH[:150], 0.8, 3), noisy(TRUTH[150:290], 0.8, 4)
    posts = posts_of(TRUTH)
    pair = paired("recruitment", side(posts, a, resamples=resamples), side(posts, b))
    found = list(looks_at(pair, "language", NAMES))
    dicts = judged_together(found)
    tested = [one for one in found if one.p is not None]
    assert [one["p_corrected"] for one in dicts if one["p"] is not None] == holm(
        [one.p for one in tested if one.p is not None]
    )
    for name in ("ru", "en"):
        part = pair.part(name == NAMES)
        mine = {one["figure"]: one for one in dicts if one["slice"] == name}
        assert mine[RIGHT]["a"]["value"] == pytest.approx(accuracy_score(part.truth, part.a.flagged), abs=6e-5)
        assert mine[RIGHT]["p"] == pytest.approx(mcnemar(*part.right)["p"])
        assert mine[RANKING]["b"]["value"] == pytest.approx(
            average_precision_score(part.truth, part.b.chance), abs=6e-5
        )
    return dicts


def test_what_is_told_is_told_both_ways() -> None:
    found = {(one["slice"], one["figure"]): one["verdict"] for one in looks()}
    assert found == {
        ("ru", RIGHT): WORSE,
        ("ru", RANKING): WORSE,
        ("en", RIGHT): BETTER,
        ("en", RANKING): BETTER,
        ("kk", RIGHT): TOO_FEW,
        ("kk", RANKING): TOO_FEW,
    }


def test_no_difference_is_told_of_a_side_beside_itself() -> None:
    one = side(posts_of(TRUTH), noisy(TRUTH, 0.3, 1))
    pair = paired("separatism", one, one)
    found = judged_together(list(looks_at(pair, "language", NAMES)))
    assert {one["verdict"] for one in found} == {UNTOLD, TOO_FEW}
    assert {one["p"] for one in found} == {1.0, None}


def test_posts_of_one_campaign_are_too_few() -> None:
    posts, groups = posts_of(TRUTH), np.arange(SIZE) // 50
    one, other = (side(posts, noisy(TRUTH, noise, 1), groups=groups) for noise in (0.1, 0.8))
    pair = paired("recruitment", one, other)
    assert {one["verdict"] for one in judged_together(list(looks_at(pair, "language", NAMES)))} == {TOO_FEW}


def test_slices_are_of_language_category_source_and_length() -> None:
    columns = {"lang": ["kk-Latn", "ru"], "category": ["slogan", ""], "source": ["authored", "review"]}
    found = {kind: list(names) for kind, names in names_of(posts_of([1, 0], **columns)).items()}
    assert found == {"language": ["kk", "ru"], "category": ["slogan", ""], "source": ["authored", "review"]}
    lengths = names_of(posts_of([1, 0], text=["short", "long " * 30]))["length"]
    assert lengths[0] != lengths[1]
