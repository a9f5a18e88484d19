"""The looks of a portrait: what is left out is left out, and nothing is judged by what it has seen."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Any, cast

import numpy as np
import pytest

from classifier import Classifier
from classifier.cues import CueSet
from classifier.errors import InputError
from tests.training.conftest import TINY
from tests.training.making import invented, table
from training.disguise import DISGUISES, disguise
from training.linear import calibrate
from training.portrait.run import Likeness, Portrait, Variant, share_over, surrounded, variants
from training.posts import LabelledPosts
from training.study.run import Ordinary


@pytest.fixture(scope="module")
def batched() -> LabelledPosts:
    return table([row | {"batch": f"b{n // 10}", "category": f"k{n % 2}"} for n, row in enumerate(invented(120))])


@pytest.fixture(scope="module")
def portrait(batched: LabelledPosts, cues: CueSet) -> Portrait:
    return Portrait(batched, [], None, cues, TINY)


def test_variants_are_the_pipeline_with_one_part_changed() -> None:
    found = variants(TINY)
    assert found["as it ships"] == TINY
    assert len(set(map(repr, found.values()))) == len(found) == 8
    assert found["without cues"] == replace(TINY, cue_scale=0.0)
    assert found["without categories"] == replace(TINY, category_weight=0.0)
    assert found["a quarter of the buckets"].ngrams.buckets == TINY.ngrams.buckets // 4
    assert found["n-grams of 2 to 4 letters"].ngrams.most == 4
    assert not found["every people and faith by its own name"].ngrams.alike
    assert found["no cap on repetition"].ngrams.cap == 255


def test_a_post_is_surrounded_in_a_random_place() -> None:
    harmless, dice = ["a", "b", "c"], np.random.default_rng(0)
    found = [surrounded("POST", harmless, 4, dice).split("\n") for _ in range(100)]
    assert {len(lines) for lines in found} == {5}
    assert {lines.index("POST") for lines in found} == {0, 1, 2, 3, 4}
    assert set().union(*found) == {"a", "b", "c", "POST"}
    assert surrounded("POST", harmless, 0, dice) == "POST"
    assert len(surrounded("", harmless, 3, dice).split("\n")) == 3


def test_a_share_over_a_margin_counts_the_margin_itself(tiny_classifier: Classifier) -> None:
    texts = ["join our squad", "bobo dada", "a warning"]
    margins = np.sort(tiny_classifier.margins(texts).margins[:, 0])
    shares = [share_over(tiny_classifier, texts, 0, limit) for limit in (*margins, margins[-1] + 1e-6)]
    assert shares == pytest.approx([1, 2 / 3, 1 / 3, 0])
    assert share_over(tiny_classifier, [], 0, 0.0) == 0.0


def test_probabilities_of_a_part_do_not_depend_on_its_own_labels(portrait: Portrait, batched: LabelledPosts) -> None:
    dice = np.random.default_rng(0)
    labels = batched.frame[list(batched.labels)].to_numpy(float)
    margins, parts = labels + dice.normal(size=labels.shape), np.arange(len(labels)) % 3
    before = Likeness(portrait).cross_calibrated(margins, parts)
    frame = batched.frame.copy()
    frame.loc[parts == 0, list(batched.labels)] = 1 - frame.loc[parts == 0, list(batched.labels)]
    after = Likeness(replace(portrait, posts=replace(batched, frame=frame))).cross_calibrated(margins, parts)
    assert (before[parts == 0] == after[parts == 0]).all()
    assert (before[parts == 1] != after[parts == 1]).any()
    fitted = calibrate(margins[parts != 2, 1], labels[parts != 2, 1] == 1)
    expected = 1 / (1 + np.exp(-fitted["slope"] * margins[parts == 2, 1] - fitted["intercept"]))
    assert before[parts == 2, 1] == pytest.approx(expected, abs=1e-6)


def test_every_disguise_is_held_against_the_plain_posts(portrait: Portrait, batched: LabelledPosts) -> None:
    whole = Variant(portrait, portrait.settings)
    parts = whole.bench.folds()
    found = Likeness(portrait).of_part(whole, parts, 1)
    assert list(found) == ["plain", *DISGUISES]
    scorer, rows = whole.bench.scorer(np.flatnonzero(parts != 1)), np.flatnonzero(parts == 1)
    hidden = [disguise(batched.texts[row], "stars", TINY.seed) for row in rows]
    assert (found["stars"] == scorer.margins(hidden).margins).all()
    assert (found["plain"] == whole.margins[rows]).all()


def test_false_flags_are_counted_at_the_threshold_of_the_plain_posts(cues: CueSet) -> None:
    posts = table([{"recruitment": int(n < 2), "separatism": None if n < 3 else int(n == 9)} for n in range(10)])
    margins = np.array([[9.0, 0.0], [8.0, 0.0], *[[0.0, 0.0]] * 7, [0.0, 5.0]])
    worse = margins.copy()
    worse[2:4, 0] = 8.5
    found = Likeness(Portrait(posts, [], None, cues, TINY)).disguised({"plain": margins, "worse": worse})
    assert found["plain"]["recruitment"] == {"average_precision": 1.0, "false_flags": 0.0}
    assert found["worse"]["recruitment"] == {"average_precision": round((1 + 2 / 4) / 2, 4), "false_flags": 250.0}
    assert found["plain"]["separatism"] == {"average_precision": 1.0, "false_flags": 0.0}


def test_a_category_is_right_where_every_known_label_is(cues: CueSet) -> None:
    rows: list[dict[str, Any]] = [
        {"recruitment": 1, "separatism": 0, "category": "offer"},
        {"recruitment": 0, "separatism": 0, "category": "news"},
        {"recruitment": 0, "separatism": None, "category": "news"},
        {"recruitment": 0, "separatism": 1, "category": "slogan"},
        {"recruitment": 0, "separatism": 0, "category": ""},
    ]
    chances = np.array([[0.9, 0.1], [0.1, 0.1], [0.1, 0.8], [0.95, 0.8], [0.1, 0.1]])
    likeness = Likeness(Portrait(table(rows), [], None, cues, TINY))
    limits = likeness.thresholds(chances)
    assert limits == [0.9, 0.8]
    assert likeness.categories(chances) == {
        "news": {"n": 2, "right": 2},
        "offer": {"n": 1, "right": 1},
        "slogan": {"n": 1, "right": 0},
    }


def test_languages_without_posts_are_left_out_of_the_calibration(cues: CueSet, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("training.reliability.DRAWS", 3)
    posts = table([{"recruitment": n % 2, "separatism": n % 2, "lang": ("ru", "ru-Latn")[n % 2]} for n in range(8)])
    found = Likeness(Portrait(posts, [], None, cues, TINY)).calibration(np.full((8, 2), 0.5))
    assert {label: {name: one["n"] for name, one in parts.items()} for label, parts in found.items()} == {
        "recruitment": {"all": 8, "ru": 8},
        "separatism": {"all": 8, "ru": 8},
    }


class Flagging:
    """Flags what begins with a capital, for the label in its second place."""

    labels = ("recruitment", "separatism")

    def margins(self, texts: list[str]) -> Any:
        rows = np.array([[0.0, float(text[:1].isupper())] for text in texts])
        return type("Measured", (), {"margins": rows})()

    def probabilities(self, margins: Any) -> Any:
        return margins

    def thresholds(self, _profile: str) -> dict[str, float]:
        return dict.fromkeys(self.labels, 0.5)


def test_flags_among_ordinary_posts_are_those_in_a_thousand(portrait: Portrait) -> None:
    texts = ("Aa", "bb", "cc", "dd")
    variant = Variant(replace(portrait, ordinary=Ordinary(texts, ("ru",) * 4)), TINY)
    variant.__dict__["model"] = cast("Classifier", Flagging())
    assert variant.flags_per_thousand() == 250.0
    assert Variant(portrait, TINY).flags_per_thousand() is None


def test_a_variants_model_is_calibrated_on_posts_it_has_not_seen(portrait: Portrait, batched: LabelledPosts) -> None:
    variant = Variant(portrait, TINY)
    truth = batched.frame["recruitment"].to_numpy(float) == 1
    assert variant.model.manifest.calibration["recruitment"] == calibrate(variant.margins[:, 0], truth)
    assert set(variant.model.thresholds("balanced")) == set(batched.labels)


def test_too_few_batches_are_refused(cues: CueSet) -> None:
    few = table([row | {"batch": f"b{n % 9}"} for n, row in enumerate(invented(90))])
    with pytest.raises(InputError, match=r"label 'recruitment': 18 positive posts in \d groups; at least 10 groups"):
        next(Portrait(few, [], None, cues, TINY).run())


def test_posts_of_all_batches_are_held_out(portrait: Portrait) -> None:
    parts = Variant(portrait, TINY).bench.folds()
    assert Counter(parts.tolist()).keys() == set(range(10))
