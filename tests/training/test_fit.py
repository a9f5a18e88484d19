"""What is fitted is what scores; blanks are masked, cues keep their sign, and nothing is judged on what it has seen."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csr_matrix, hstack
from scipy.special import expit
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score

from classifier import Classifier
from classifier.bundle import Bundle
from classifier.calibration import probabilities
from classifier.cues import CueSet, parse_cues
from classifier.errors import InputError
from classifier.manifest import Manifest
from classifier.ngrams import count, inverse_document_frequency, values
from classifier.text import fold
from tests.training.conftest import TINY, reproducibly
from tests.training.making import invented, table
from training.features import features_of
from training.fit import Fitter
from training.groups import group_posts
from training.linear import LEAST_CUE, calibrate, fit_arrays, fit_label, signs_for
from training.outoffold import UNTOLD
from training.posts import LabelledPosts
from training.split import FOLDS, fold_numbers

Matrix = npt.NDArray[np.float64]
PLAIN = ("war", "land")  # labels that no cue speaks about


def trained(posts: LabelledPosts, cues: CueSet, seed: int = 0) -> Bundle:
    fitter = Fitter(posts, cues, replace(TINY, seed=seed), "test")
    list(fitter.run())
    assert fitter.bundle is not None
    return fitter.bundle


def labels_of(posts: LabelledPosts) -> Matrix:
    labels: Matrix = posts.frame[list(posts.labels)].to_numpy(float)
    return labels


def sparse(texts: list[str], idf: npt.NDArray[np.float32] | None = None) -> csr_matrix:
    """The n-gram features of texts, put together here."""
    counts, _ = count([(fold(text),) for text in texts], TINY.ngrams)
    weights = inverse_document_frequency(counts, TINY.ngrams.buckets) if idf is None else idf
    return csr_matrix((values(counts, weights), counts.buckets, counts.indptr), (len(texts), TINY.ngrams.buckets))


# Training and scoring are the same sum.


def expected_margins(classifier: Classifier, text: str) -> Matrix:
    arrays, folded = classifier.bundle.arrays, fold(text)
    present = np.zeros(len(classifier.cues.cues), bool)
    present[classifier.cues.find(folded)[:, 0]] = True
    margins: Matrix = sparse([text], arrays["idf"]) @ arrays["weights"].astype(float)
    return np.asarray(margins[0] + present @ arrays["cue_weights"] + arrays["bias"])


WORDS = st.sampled_from(["join", "our", "squad", "referendum", "warning", "вступай", "осторожно", "baba", "дом", "."])


@reproducibly
@given(st.text(max_size=90) | st.lists(WORDS, max_size=40).map(" ".join))
def test_a_margin_is_the_sparse_row_times_the_weights(tiny_classifier: Classifier, text: str) -> None:
    margins = tiny_classifier.margins([text]).margins
    assert len(fold(text).symbols) <= 600, "longer posts are scored in windows too"
    assert margins[0] == pytest.approx(expected_margins(tiny_classifier, text), abs=1e-4)


def test_a_word_repeated_counts_three_times_and_no_more(tiny_classifier: Classifier) -> None:
    four, many = ("referendum " * times for times in (4, 20))
    assert (sparse([four]) != sparse([many])).nnz == 0
    assert (sparse(["referendum"]) != sparse([many])).nnz > 0
    assert tiny_classifier.margins([many])[0] == pytest.approx(tiny_classifier.margins([four])[0], abs=1e-9)


def test_the_scorer_decides_as_the_model_that_was_fitted(
    few: LabelledPosts, cues: CueSet, tiny_classifier: Classifier
) -> None:
    """scikit-learn fitted here, to features made here, against the arrays and the compiled loop."""
    named = [cue.name for cue in cues.cues]
    present = np.array([np.isin(range(4), cues.find(fold(text))[:, 0]) for text in few.texts])
    heard = present[:, [named.index("claim"), named.index("warns")]]
    table = hstack([sparse(few.texts), csr_matrix(heard * TINY.cue_scale)], format="csr")
    model = LogisticRegression(C=TINY.regularisation, solver="liblinear", max_iter=1000, tol=1e-6, random_state=0)
    model.fit(table, few.frame["separatism"] == 1)
    margins = tiny_classifier.margins(few.texts).margins
    found = model.coef_[0, -2:] * TINY.cue_scale
    lifted = np.array([1, -1]) * np.maximum(found * [1, -1], LEAST_CUE) - found  # what speaks at all speaks that loud
    assert margins[:, 1] == pytest.approx(model.decision_function(table) + heard @ lifted, abs=1e-3)


# Blank labels.


def with_blanks(few: LabelledPosts) -> tuple[list[dict[str, Any]], list[int]]:
    """Posts with two plain labels, and the rows where `war` is to be blank."""
    rows = [{"text": text, "war": float(n % 3 == 0), "land": float(n % 4 == 1)} for n, text in enumerate(few.texts)]
    return rows, list(range(2, 60, 6))


def fitted(rows: list[dict[str, Any]], cues: CueSet) -> dict[str, npt.NDArray[Any]]:
    posts = table(rows, *PLAIN)
    return fit_arrays(features_of(posts, cues, TINY), labels_of(posts), PLAIN, cues, TINY)


def test_a_blank_label_is_not_a_0(few: LabelledPosts, cues: CueSet) -> None:
    rows, chosen = with_blanks(few)
    blank = fitted([row | ({"war": None} if n in chosen else {}) for n, row in enumerate(rows)], cues)
    zero = fitted([row | ({"war": 0.0} if n in chosen else {}) for n, row in enumerate(rows)], cues)
    assert np.abs(blank["weights"][:, 0] - zero["weights"][:, 0]).max() > 0.01
    assert blank["bias"][0] - zero["bias"][0] > 0.01, "negatives were taken away, so the bias is higher"
    assert (blank["weights"][:, 1] == zero["weights"][:, 1]).all(), "the other label is untouched"


def test_a_post_with_a_blank_label_is_absent_for_that_label(few: LabelledPosts, cues: CueSet) -> None:
    rows, chosen = with_blanks(few)
    blank = fitted([row | ({"war": None} if n in chosen else {}) for n, row in enumerate(rows)], cues)
    kept = [n for n in range(len(rows)) if n not in chosen]
    matrix = sparse([row["text"] for row in rows])[kept]
    truth = np.array([rows[n]["war"] == 1 for n in kept])
    model = LogisticRegression(C=TINY.regularisation, solver="liblinear", random_state=0, max_iter=1000, tol=1e-6).fit(
        matrix, truth
    )
    assert blank["weights"][:, 0] == pytest.approx(model.coef_[0], abs=1e-6)
    assert blank["bias"][0] == pytest.approx(model.intercept_[0], abs=1e-6)


def test_flipping_blanks_to_0_changes_the_bundle_and_counts_say_which(cues: CueSet) -> None:
    rows = invented(60)
    for number in range(4, 60, 10):
        rows[number]["separatism"] = None
    blank, zero = trained(table(rows), cues), trained(table([row | {"separatism": row["separatism"] or "0"}
                                                             for row in rows]), cues)  # fmt: skip
    counts = [bundle.manifest.training["labels"]["separatism"] for bundle in (blank, zero)]
    assert counts == [{"positives": 12, "negatives": 42, "blank": 6}, {"positives": 12, "negatives": 48, "blank": 0}]
    assert blank.manifest.metrics["separatism"]["n"] == 54
    assert {profile["separatism"]["n"] for profile in blank.manifest.profiles.values()} == {54}
    assert blank.manifest.calibration["separatism"]["prevalence"] == pytest.approx(12 / 54)
    assert blank.manifest.calibration["separatism"] != zero.manifest.calibration["separatism"]
    assert (blank.arrays["weights"][:, 1] != zero.arrays["weights"][:, 1]).any()


# Cues.


def test_cue_weights_have_the_declared_sign_and_labels(fitter: Fitter) -> None:
    assert fitter.bundle is not None
    weights = dict(zip((cue.name for cue in fitter.cues.cues), fitter.bundle.arrays["cue_weights"], strict=True))
    assert weights["call_to_join"][0] > 0 == weights["call_to_join"][1]
    assert weights["claim"][1] > 0 == weights["claim"][0]
    assert (weights["warns"] < 0).all()


def test_a_cue_that_the_posts_speak_against_counts_little_rather_than_turned_round(fitter: Fitter) -> None:
    assert fitter.bundle is not None
    names = [cue.name for cue in fitter.cues.cues]
    assert fitter.bundle.arrays["cue_weights"][names.index("wrong_way_round")].tolist() == [-LEAST_CUE, 0]


def test_a_scale_of_0_is_a_model_without_cues(few: LabelledPosts, cues: CueSet) -> None:
    settings = replace(TINY, cue_scale=0.0)
    arrays = fit_arrays(features_of(few, cues, settings), labels_of(few), few.labels, cues, settings)
    assert not arrays["cue_weights"].any()


ADJECTIVES = (
    "Northern Ghost Iron Steppe Red Silent Волчий Ледяной Степной Железный Чёрный Быстрый Жұлдыз Темір Қыран".split()
)
NOUNS = "Hawks Lancers Foxes Beavers Барсы Лоси Клинки Бобры Сункарлары Бүркіттері".split()
UNITS = [f"{one} {other}" for number, one in enumerate(ADJECTIVES) for other in NOUNS[number % 3 :: 3]]


@pytest.mark.parametrize("unit", UNITS)
def test_a_name_added_to_a_cue_raises_an_offer_that_names_it(
    classifier: Classifier, shipped_cues: CueSet, unit: str
) -> None:
    offer = f"{unit} платит хорошо, позвони завтра"
    changed = {
        name: content.replace(b"  patterns:\n", f"  patterns:\n    made: ['{unit}']\n".encode())
        if name == "armed_unit.yaml"
        else content
        for name, content in shipped_cues.files.items()
    }
    newer = Classifier(classifier.bundle, parse_cues(changed, "changed"))
    before, after = classifier.margins([offer]).margins[0], newer.margins([offer]).margins[0]
    assert after[0] >= before[0] + LEAST_CUE - 1e-9
    assert after[1] == before[1]
    one, other = (model.score([offer])[0].labels["recruitment"].probability for model in (classifier, newer))
    assert other > one


@reproducibly
@given(st.lists(st.booleans(), min_size=60, max_size=60).filter(lambda kinds: 0 < sum(kinds) < 60))
def test_signs_hold_whatever_the_labels_are(cues: CueSet, kinds: list[bool]) -> None:
    rows = [row | {"recruitment": float(kind)} for row, kind in zip(invented(60), kinds, strict=True)]
    posts = table(rows)
    arrays = fit_arrays(features_of(posts, cues, TINY), labels_of(posts), posts.labels, cues, TINY)
    for place, label in enumerate(posts.labels):
        signs = signs_for(label, cues)
        assert (arrays["cue_weights"][:, place] * signs >= LEAST_CUE * np.abs(signs)).all()
        assert (arrays["cue_weights"][signs == 0, place] == 0).all()


def test_signs_are_those_of_the_cue_files(cues: CueSet) -> None:
    assert [cue.name for cue in cues.cues] == ["call_to_join", "claim", "warns", "wrong_way_round"]
    assert signs_for("recruitment", cues).tolist() == [1, 0, -1, -1]
    assert signs_for("separatism", cues).tolist() == [0, 1, -1, 0]
    assert signs_for("war", cues).tolist() == [0, 0, 0, 0]


# Calibration.


@reproducibly
@given(
    st.lists(st.tuples(st.floats(-50, 50), st.booleans()), min_size=4, max_size=60).filter(
        lambda drawn: len({truth for _, truth in drawn}) == 2
    )
)
def test_a_higher_margin_never_gives_a_lower_probability(drawn: list[tuple[float, bool]]) -> None:
    margins, truth = np.array([margin for margin, _ in drawn]), np.array([truth for _, truth in drawn])
    found = calibrate(margins, truth)
    assert found["slope"] >= 0
    assert found["prevalence"] == truth.mean()
    chances = probabilities(np.sort(margins), found)
    assert (np.diff(chances) >= 0).all()
    assert chances.min() >= 0
    assert chances.max() <= 1


def test_margins_that_point_the_wrong_way_give_everybody_the_prevalence() -> None:
    margins, truth = np.linspace(-3, 3, 40), np.arange(40) < 10
    found = calibrate(margins, truth)
    assert found["slope"] == 0
    assert probabilities(margins, found) == pytest.approx(np.full(40, 0.25))


def test_calibration_finds_the_curve_that_the_labels_came_from() -> None:
    dice = np.random.default_rng(0)
    margins = dice.normal(size=20_000)
    found = calibrate(margins, dice.random(20_000) < expit(2 * margins - 1))
    assert [found["slope"], found["intercept"]] == pytest.approx([2, -1], abs=0.1)


# Out of fold.


@pytest.fixture(scope="module")
def folds(few: LabelledPosts) -> npt.NDArray[np.int64]:
    return fold_numbers(few, group_posts(few), 0)


@pytest.mark.parametrize("number", range(FOLDS))
def test_a_folds_margins_do_not_depend_on_its_own_labels(
    few: LabelledPosts, cues: CueSet, folds: npt.NDArray[np.int64], number: int
) -> None:
    fitter, labels = Fitter(few, cues, TINY, "x"), labels_of(few)
    features, mine = features_of(few, cues, TINY), folds == number
    before = fitter.held_out_margins(features, labels, folds, number)
    own, others = labels.copy(), labels.copy()
    own[mine] = 1 - own[mine]
    others[np.flatnonzero(~mine)[:20]] = 1 - others[np.flatnonzero(~mine)[:20]]
    assert (fitter.held_out_margins(features, own, folds, number) == before).all()
    assert (fitter.held_out_margins(features, others, folds, number) != before).any()


def test_a_folds_margins_do_not_depend_on_its_own_texts(
    few: LabelledPosts, cues: CueSet, folds: npt.NDArray[np.int64]
) -> None:
    """Neither weights nor document frequencies: with its other texts replaced, a post's margin stays."""
    mine = np.flatnonzero(folds == 0)
    frame = few.frame.copy()
    frame.loc[mine[1:], "text"] = [f"quite another text {row} referendum join" for row in mine[1:]]
    before, after = (
        Fitter(posts, cues, TINY, "x").held_out_margins(features_of(posts, cues, TINY), labels_of(few), folds, 0)
        for posts in (few, replace(few, frame=frame))
    )
    assert (before[0] == after[0]).all()
    assert (before[1:] != after[1:]).any()


def test_the_manifests_figures_are_those_out_of_fold(
    fitter: Fitter, few: LabelledPosts, cues: CueSet, folds: npt.NDArray[np.int64]
) -> None:
    assert fitter.bundle is not None
    manifest, labels = fitter.bundle.manifest, labels_of(few)
    features, margins = features_of(few, cues, TINY), np.zeros_like(labels)
    for number in range(FOLDS):
        margins[folds == number] = Fitter(few, cues, TINY, "x").held_out_margins(features, labels, folds, number)
    for place, label in enumerate(few.labels):
        truth = labels[:, place] == 1
        found = manifest.calibration[label]
        assert found == calibrate(margins[:, place], truth)
        chances = np.round(expit(found["slope"] * margins[:, place] + found["intercept"]), 6)
        expected = average_precision_score(truth, chances)
        assert manifest.metrics[label]["average_precision"] == pytest.approx(expected, abs=5e-5)
        for profile in manifest.profiles.values():
            flagged = chances >= profile[label]["threshold"]
            assert profile[label]["flagged"] == flagged.sum()
            assert profile[label]["recall"] == pytest.approx((truth & flagged).sum() / truth.sum(), abs=5e-5)


# The run as a whole.


def test_training_learns_what_the_posts_say(tiny_classifier: Classifier) -> None:
    texts = ["join our squad", "a referendum for the region", "a warning about those who enlist", "bobo dada"]
    recruits, claims, warns, chats = tiny_classifier.score(texts)
    assert recruits.labels["recruitment"].probability > 0.5 > recruits.labels["separatism"].probability
    assert claims.labels["separatism"].probability > 0.5 > claims.labels["recruitment"].probability
    for score in (warns, chats):
        assert max(label.probability for label in score.labels.values()) < 0.5


def test_too_few_groups_are_refused_before_anything_is_fitted(cues: CueSet) -> None:
    rows = [row | {"separatism": str(int(number < 4))} for number, row in enumerate(invented(40))]
    with pytest.raises(InputError, match="label 'separatism': 4 positive posts in 4 groups"):
        next(Fitter(table(rows), cues, TINY, "x").run())


def test_steps_count_up_to_their_number(few: LabelledPosts, cues: CueSet) -> None:
    steps = list(Fitter(few, cues, TINY, "x").run())
    assert [done for done, _ in steps] == list(range(1, len(steps) + 1))
    assert {total for _, total in steps} == {len(steps)}


def test_a_seed_fixes_everything_and_another_changes_it(few: LabelledPosts, cues: CueSet, fitter: Fitter) -> None:
    assert fitter.bundle is not None
    same, other = trained(few, cues), trained(few, cues, seed=1)
    assert replace(same.manifest, name="tiny") == fitter.bundle.manifest
    for name, array in fitter.bundle.arrays.items():
        assert (array == same.arrays[name]).all()
    assert other.manifest.calibration != same.manifest.calibration


def test_the_manifest_says_what_it_was_made_from(fitter: Fitter, few: LabelledPosts, cues: CueSet) -> None:
    assert fitter.bundle is not None
    manifest: Manifest = fitter.bundle.manifest
    assert (manifest.name, manifest.labels, manifest.exclusive) == ("tiny", ("recruitment", "separatism"), False)
    assert manifest.version.endswith(few.sha256[:12])
    told = manifest.training
    assert (told["data_sha256"], told["cues_sha256"], told["rows"]) == (few.sha256, cues.sha256, 80)
    assert told["groups"] == len(set(group_posts(few).tolist()))
    assert set(manifest.libraries) >= {"python", "numpy", "scikit-learn", "scipy", "rensa"}
    slices = manifest.metrics["recruitment"]["by_language"]
    assert {name: part["n"] for name, part in slices.items()} == {"ru": 27, "kk": 27, "en": 26}


def test_a_weight_of_two_is_as_good_as_the_post_twice(few: LabelledPosts, cues: CueSet) -> None:
    settings, labels = replace(TINY, cue_scale=0.0), labels_of(few)
    features = features_of(few, cues, settings)
    idf = fit_arrays(features, labels, PLAIN, cues, settings)["idf"]
    ngrams = csr_matrix((values(features.counts, idf), features.counts.buckets, features.counts.indptr), (80, 2**12))
    truth, signs = labels[:, 0] == 1, signs_for(PLAIN[0], cues)
    heavy, twice = np.where(np.arange(80) < 20, 2.0, 1.0), np.concatenate([np.arange(80), np.arange(20)])
    one, bias, _ = fit_label(ngrams, features.cues, truth, signs, settings, heavy)
    other, other_bias, _ = fit_label(ngrams[twice], features.cues[twice], truth[twice], signs, settings)
    np.testing.assert_allclose(one, other, atol=1e-3)
    assert bias == pytest.approx(other_bias, abs=1e-3)


def test_weights_of_one_change_nothing(few: LabelledPosts, cues: CueSet) -> None:
    ones = LabelledPosts(few.frame.assign(weight=1.0), few.labels, few.exclusive, few.sha256)
    found = []
    for posts in (few, ones):
        fitter = Fitter(posts, cues, TINY, "x")
        list(fitter.run())
        assert fitter.bundle is not None
        found.append(fitter.bundle)
    assert found[0].manifest == found[1].manifest
    for name, array in found[0].arrays.items():
        np.testing.assert_array_equal(found[1].arrays[name], array)


def test_balanced_classes_find_more_of_the_rarer_side(few: LabelledPosts, cues: CueSet) -> None:
    bias = [
        fit_arrays(features_of(few, cues, one), labels_of(few), PLAIN, cues, one)["bias"]
        for one in (TINY, replace(TINY, balanced_classes=True))
    ]
    assert (bias[1] > bias[0]).all()  # positives are a fifth


def reviewed(sampled_by: str, chance: float) -> LabelledPosts:
    frame = table(invented(80)).frame.assign(sampled_by=sampled_by, inclusion_probability=chance)
    return LabelledPosts(frame, ("recruitment", "separatism"), False, "0" * 64)


def test_decisions_on_flagged_posts_alone_have_no_recall(cues: CueSet) -> None:
    fitter = Fitter(reviewed("flag", float("nan")), cues, TINY, "x")
    list(fitter.run())
    assert fitter.bundle is not None
    manifest = fitter.bundle.manifest
    assert manifest.metrics["recall"] == UNTOLD
    for label in manifest.labels:
        assert manifest.metrics[label]["average_precision"] is None
        for profile in manifest.profiles.values():
            assert profile[label]["recall"] is None
            assert profile[label]["recall_low"] is None
            assert profile[label]["precision"] is not None
            assert 0 <= profile[label]["threshold"] <= 1


def test_figures_count_posts_for_as_many_as_they_stand_for(cues: CueSet) -> None:
    posts = reviewed("random", 0.5)
    posts.frame.loc[:39, "inclusion_probability"] = 0.1
    fitter = Fitter(posts, cues, TINY, "x")
    list(fitter.run())
    assert fitter.bundle is not None
    truth, weight = posts.frame["recruitment"] == 1, 1 / posts.frame["inclusion_probability"]
    assert "recall" not in fitter.bundle.manifest.metrics
    prevalence = fitter.bundle.manifest.calibration["recruitment"]["prevalence"]
    assert prevalence == pytest.approx(weight[truth].sum() / weight.sum())


def test_groups_by_author_stay_whole(cues: CueSet) -> None:
    posts = table([row | {"author": f"a{number % 7}"} for number, row in enumerate(invented(80))])
    fitter = Fitter(posts, cues, replace(TINY, grouped_by=("author",)), "x")
    list(fitter.run())
    assert fitter.bundle is not None
    assert fitter.bundle.manifest.training["groups"] == 7
    one = table([row | {"author": "a"} for row in invented(80)])
    with pytest.raises(InputError, match="16 positive posts in 1 groups; at least 5 groups are needed"):
        list(Fitter(one, cues, replace(TINY, grouped_by=("author",)), "x").run())
