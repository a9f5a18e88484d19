"""Scoring posts: one, many, good and bad, with every setting that changes an answer."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from classifier import ClarionError, Classifier
from classifier.calibration import logit
from classifier.errors import BundleError, CueError, UnfitTextError, UnknownProfileError
from classifier.model import REASONS, Cut, doubt_of
from classifier.ngrams import GramSettings
from tests.classifier.making import CUES, LABELS, fit_texts, made_bundle, made_classifier, reproducibly, texts

MODEL = made_classifier()
CLASSES = made_classifier(labels=("against", "neutral", "favour"), exclusive=True)
VERBATIM = made_classifier(grams=GramSettings(2**10, verbatim=True))
both = pytest.mark.parametrize("model", [MODEL, CLASSES], ids=["independent", "exclusive"])
every = pytest.mark.parametrize("model", [MODEL, CLASSES, VERBATIM], ids=["independent", "exclusive", "verbatim"])


@every
@settings(reproducibly)
@given(several=st.lists(fit_texts, min_size=1, max_size=8))
@example(["цена в $", "300 в месяц", "#", "вступай", "c", "0", "0", "c", "@", "abcdef", "http://", "a.kz"])
@example(["в с т", "у п а й", "3", "000 $", "к*", "*к", "+7 701", "123 45 67"])
def test_a_post_scores_alike_alone_in_a_batch_and_explained(model: Classifier, several: list[str]) -> None:
    batch = model.score(several)
    explained = model.score(several, explain=True)
    for text, among, with_reasons in zip(several, batch, explained, strict=True):
        assert model.score([text]) == [among]
        assert with_reasons.labels == among.labels
        assert with_reasons.predicted == among.predicted


def test_more_posts_than_fit_one_call_score_alike(made: Classifier) -> None:
    several = [f"вступай в отряд номер {k}" for k in range(1100)]
    together = made.score(several)
    assert together[1099] == made.score([several[1099]])[0]
    assert len(together) == 1100


def test_threads_do_not_touch_each_other(made: Classifier) -> None:
    several = [f"вступай в отряд {k} " * (k % 40 + 1) for k in range(200)]
    alone = made.score(several, explain=True)
    with ThreadPoolExecutor(8) as pool:
        parts = pool.map(lambda k: made.score(several[k : k + 10], explain=True), range(0, 200, 10))
    assert [score for part in parts for score in part] == alone


@settings(reproducibly)
@given(several=st.lists(texts | st.none() | st.integers() | st.binary(max_size=3), max_size=8))
def test_one_bad_text_never_spoils_its_batch(several: list[object]) -> None:
    results = MODEL.score_each(several, max_characters=50)
    assert len(results) == len(several)
    for place, (text, result) in enumerate(zip(several, results, strict=True)):
        if isinstance(result, UnfitTextError):
            assert result.index == place
        else:
            assert result == MODEL.score([str(text)])[0]


def test_score_refuses_the_first_unfit_text_by_its_place(made: Classifier) -> None:
    with pytest.raises(UnfitTextError, match=r"^text 1: the text is empty$") as fault:
        made.score(["x", "", None])  # type: ignore[list-item]
    assert fault.value.index == 1
    with pytest.raises(ClarionError, match="give a list of texts"):
        made.score("a single string")


def test_no_posts_give_no_scores(made: Classifier, exclusive: Classifier) -> None:
    assert made.score([]) == exclusive.score([]) == []
    assert made.score_each([""], explain=True)[0].args == ("text 0: the text is empty",)  # type: ignore[union-attr]


@both
@settings(reproducibly)
@given(text=fit_texts)
def test_probabilities_are_rounded_and_compared_with_the_threshold_as_shown(model: Classifier, text: str) -> None:
    for profile in model.manifest.profiles:
        score = model.score([text], profile=profile)[0]
        for label, found in score.labels.items():
            assert found.threshold == model.thresholds(profile)[label]
            assert 0 <= found.probability <= 1
            assert round(found.probability, 6) == found.probability
            assert found.flagged == (found.probability >= found.threshold)
            assert found.uncertain == (found.reason is not None)


@given(text=fit_texts)
@reproducibly
def test_exclusive_classes_add_up_and_the_likeliest_is_predicted(text: str) -> None:
    score = CLASSES.score([text])[0]
    chances = {label: found.probability for label, found in score.labels.items()}
    assert sum(chances.values()) == pytest.approx(1, abs=2e-6)
    assert score.predicted is not None
    assert chances[score.predicted] == max(chances.values())
    assert MODEL.score([text])[0].predicted is None


def test_profiles_are_those_of_the_bundle(made: Classifier) -> None:
    with pytest.raises(UnknownProfileError, match="unknown profile 'loud'; this bundle has: balanced, high_precision"):
        made.score(["x"], profile="loud")
    assert made.thresholds("high_recall") == dict.fromkeys(LABELS, 0.1)


@pytest.mark.parametrize(
    ("probability", "doubt", "reason"),
    [
        (0.5, None, "near_threshold"),
        (0.59, "too_short", "near_threshold"),
        (0.41, None, "near_threshold"),
        (0.61, None, None),
        (0.39, None, None),
        (0.9, "unknown_language", "unknown_language"),
        (0.9, "mostly_unseen", "mostly_unseen"),
    ],
)
def test_a_score_says_why_it_is_uncertain(probability: float, doubt: str | None, reason: str | None) -> None:
    judged = Cut.at(0.5).judge(probability, doubt)
    assert judged.reason == reason
    assert judged.flagged == (probability >= 0.5)


@pytest.mark.parametrize("threshold", [0.0, 1.0])
def test_nothing_is_near_a_threshold_that_all_or_none_reach(threshold: float) -> None:
    assert Cut.at(threshold).judge(threshold, None).reason is None


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("вступай", "too_short"),
        ("😀😀😀 5 ! ...", "too_short"),
        ("zyx wvu tsr qpo nml kji hgf edc baz fab cab dab", "unknown_language"),
        ("мы завтра поедем к бабушке на дачу и возьмём собаку", None),
    ],
)
def test_short_texts_and_unknown_languages_are_doubted(text: str, reason: str | None) -> None:
    model = made_classifier(scale=0.0)
    threshold: Any = model.manifest.profiles["balanced"]["recruitment"]
    threshold["threshold"] = 0.999999  # nothing is near it
    assert model.score([text])[0].labels["recruitment"].reason == reason


@pytest.mark.parametrize(
    ("words", "known", "tongue", "doubt"),
    [
        (2, 2, 0, "too_short"),
        (2, 0, -1, "too_short"),
        (3, 3, 0, None),
        (3, 0, -1, "unknown_language"),
        (10, 4, 5, None),
        (10, 3, 5, "mostly_unseen"),
        (0, 0, -1, "too_short"),
    ],
)
def test_a_text_as_a_whole_is_doubted_for_the_first_reason_that_holds(
    words: int, known: int, tongue: int, doubt: str | None
) -> None:
    assert doubt_of(words, known, tongue) == doubt
    assert doubt is None or doubt in REASONS


@pytest.mark.parametrize(("known", "reason"), [(0, "mostly_unseen"), (1, None)])
def test_a_text_of_words_that_the_model_has_not_learned_from_is_doubted(known: int, reason: str | None) -> None:
    bundle = made_bundle(scale=0.0)
    bundle.arrays["known_words"][:] = known
    model = Classifier(bundle, bundle.cues)
    threshold: Any = model.manifest.profiles["balanced"]["recruitment"]
    threshold["threshold"] = 0.999999  # nothing is near it
    found = model.score(["мы завтра поедем к бабушке на дачу и возьмём собаку"])[0].labels["recruitment"]
    assert (found.uncertain, found.reason) == (reason is not None, reason)


def test_what_is_measured_of_posts_comes_by_name() -> None:
    several = ["вступай в отряд", "x", "... "]
    found = MODEL.margins(several)
    assert found.margins.shape == (3, 2)
    assert found.windows.shape == (3, 2, 2)
    assert found.notes[:, 0].tolist() == [3, 1, 0]
    assert found.windows[:, :, 0].tolist() == [[0, 0]] * 3
    assert MODEL.margins([]).margins.shape == (0, 2)


def test_another_prevalence_shifts_the_log_odds_of_its_label_alone(made_bundle_directory: Path) -> None:
    usual = Classifier.load(made_bundle_directory).score(["вступай в отряд"])[0].labels
    rare = Classifier.load(made_bundle_directory, prevalence={"recruitment": 0.01}).score(["вступай в отряд"])[0].labels
    moved = logit(rare["recruitment"].probability) - logit(usual["recruitment"].probability)
    assert moved == pytest.approx(logit(0.01) - logit(0.2), abs=1e-3)
    assert rare["separatism"] == usual["separatism"]


@pytest.mark.parametrize("prevalence", [{"recruitment": 0.0}, {"recruitment": 1.0}, {"other": 0.1}])
def test_an_impossible_prevalence_is_refused(made_bundle_directory: Path, prevalence: dict[str, float]) -> None:
    with pytest.raises(BundleError, match=r"and a share between 0 and 1$"):
        Classifier.load(made_bundle_directory, prevalence=prevalence)


def test_cues_can_be_replaced_without_training(made_bundle_directory: Path, tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text(CUES.replace('"join us"', '"join us", "glorpify"'), encoding="utf-8")
    before = Classifier.load(made_bundle_directory)
    after = Classifier.load(made_bundle_directory, cues=tmp_path)
    assert after.cues_sha256 != before.cues_sha256 == before.bundle.cues.sha256
    assert after.sha256 == before.sha256
    moved = after.margins(["now glorpify"]).margins - before.margins(["now glorpify"]).margins
    np.testing.assert_allclose(moved[0], before.weights.cue_weights[0])
    assert after.score(["nothing of it"]) == before.score(["nothing of it"])


def test_fewer_cues_in_another_order_keep_their_own_weights(made_bundle_directory: Path, tmp_path: Path) -> None:
    call, pay, _ = CUES.strip().replace("\npay_offer", "\0pay_offer").replace("\nreported", "\0reported").split("\0")
    (tmp_path / "mine.yaml").write_text(f"{pay}\n{call}\n", encoding="utf-8")
    usual, fewer = Classifier.load(made_bundle_directory), Classifier.load(made_bundle_directory, cues=tmp_path)
    np.testing.assert_allclose(fewer.margins(["вступай 5$"]).margins, usual.margins(["вступай 5$"]).margins)
    assert fewer.margins(["он сообщил"]).margins.tolist() != usual.margins(["он сообщил"]).margins.tolist()


def test_unknown_or_faulty_cues_are_refused(made_bundle_directory: Path, tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text(CUES.replace("pay_offer", "new_idea"), encoding="utf-8")
    with pytest.raises(ClarionError, match=r": cues unknown to this bundle: new_idea; train a bundle with them first$"):
        Classifier.load(made_bundle_directory, cues=tmp_path)
    (tmp_path / "mine.yaml").write_text("a: [", encoding="utf-8")
    with pytest.raises(CueError, match=r"mine\.yaml, line"):
        Classifier.load(made_bundle_directory, cues=tmp_path)


def test_the_wire_form_is_plain_json_without_the_id(made: Classifier, exclusive: Classifier) -> None:
    plain = made.score(["вступай"])[0].to_dict()
    assert list(plain) == ["detected_lang", "labels"]
    assert list(plain["labels"]["recruitment"]) == ["probability", "threshold", "flagged", "uncertain", "reason"]
    explained = exclusive.score(["вступай"], explain=True)[0].to_dict()
    assert list(explained) == ["detected_lang", "labels", "predicted", "evidence", "resembles"]
    assert json.loads(json.dumps(explained)) == explained
    part = explained["evidence"]["favour"]
    assert list(part) == ["margin", "bias", "window", "spans", "cues", "other"]


def test_what_is_serving_is_told(classifier: Classifier) -> None:
    assert classifier.name == "test"
    assert classifier.labels == ("recruitment", "separatism")
    assert not classifier.exclusive
    assert classifier.version.startswith("0.1.0+")
    assert classifier.policy_version
    assert len(classifier.sha256) == len(classifier.cues_sha256) == 64
