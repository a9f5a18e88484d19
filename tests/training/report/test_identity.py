"""Names are swapped in their forms, and the areas of Borkan et al. are those of scikit-learn."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from classifier import Classifier, protected
from classifier.ngrams import GramSettings
from tests.classifier.making import made_classifier
from tests.training.making import table
from training.draws import Draws
from training.report.identity import Names, finder, identity_figures, label_figures, read_names, swapped, swaps_in
from training.report.judged import Judged

RUSSIAN = Names(
    "people",
    "ru",
    {"kazakh": ("казахи", "казахов"), "tatar": ("татары", "татар"), "russian": ("русские", "русских")},
    frozenset({"kazakh", "tatar"}),
)


def texts(text: str, names: Names = RUSSIAN) -> dict[str, str]:
    return {swap.name: swap.text for swap in swaps_in(0, text, names, finder(names)(text))}


def test_a_name_is_replaced_in_its_form_and_case() -> None:
    assert texts("Для КАЗАХОВ и казахи, Казахов") == {
        "kazakh": "Для КАЗАХОВ и казахи, Казахов",
        "tatar": "Для ТАТАР и татары, Татар",
        "russian": "Для РУССКИХ и русские, Русских",
    }


@pytest.mark.parametrize("text", ["о русских", "казахи и татары", "оказахи", "казахи_", ""])
def test_posts_without_one_name_are_left_alone(text: str) -> None:
    assert texts(text) == {}


def test_apostrophes_of_every_kind_are_one() -> None:
    names = Names("people", "uz", {"uzbek": ("o'zbeklar",), "rus": ("ruslar",)}, frozenset({"uzbek", "rus"}))
    assert texts("Oʻzbeklar keldi", names) == {"uzbek": "Oʻzbeklar keldi", "rus": "Ruslar keldi"}


def test_the_names_that_ship_fit_together() -> None:
    listed = read_names()
    assert {names.kind for names in listed} == {"people", "faith", "region"}
    for names in listed:
        assert len(names.forms) > 3
        assert len({len(forms) for forms in names.forms.values()}) == 1, f"{names.kind} {names.language}"
        forms = [form.lower() for name in names.sought for form in set(names.forms[name])]
        assert len(forms) == len(set(forms)), "a form belongs to one name"


def test_names_of_peoples_and_faiths_are_protected_ones() -> None:
    written = [name.written.removesuffix("*") for listed in protected.names().values() for name in listed]
    forms = [forms[0].lower() for names in read_names() if names.kind != "region" for forms in names.forms.values()]
    assert [form for form in forms if not form.startswith(tuple(written))] == []


def test_areas_are_those_of_scikit_learn() -> None:
    dice = np.random.default_rng(0)
    posts, names = 40, ("a", "b", "c")
    rows = np.repeat(np.arange(posts), len(names))
    name = np.array(names * posts, object)
    truth = np.repeat(dice.random(posts) < 0.4, len(names)).astype(float)
    truth[rows == 5] = np.nan
    chance = np.round(np.clip(dice.normal(0.4 + 0.2 * (truth == 1) + 0.1 * (name == "b"), 0.2), 0, 1), 2)
    draws = Draws.of(dice.integers(0, 25, posts), dice.choice([1.0, 4.0], posts), seed=0, resamples=40)
    found = label_figures(truth, chance, draws, rows, name)
    assert list(found) == ["a", "b", "c"]
    own = name == "b"
    parts = {
        "subgroup": own & ~np.isnan(truth),
        "bpsn": ((truth == 1) & ~own) | ((truth == 0) & own),
        "bnsp": ((truth == 1) & own) | ((truth == 0) & ~own),
    }
    for part, keep in parts.items():
        weights = draws.weights[rows]
        expected = roc_auc_score(truth[keep], chance[keep], sample_weight=weights[keep])
        assert found["b"][part]["value"] == pytest.approx(expected, abs=5e-5)
        drawn = []
        for counts in draws.counts:
            weight = (counts[draws.member] * draws.weights)[rows][keep]
            drawn.append(roc_auc_score(truth[keep], chance[keep], sample_weight=weight))
        ends = np.quantile(drawn, [0.025, 0.975])
        assert [found["b"][part]["low"], found["b"][part]["high"]] == pytest.approx(ends, abs=6e-5)
    assert found["b"]["bpsn"]["value"] < found["a"]["bpsn"]["value"], "b draws flags"


def test_too_few_posts_have_no_areas() -> None:
    truth, chance = np.array([1.0, 0, 0, 0, 0, 0]), np.linspace(0, 1, 6)
    draws = Draws.of(np.arange(6), np.ones(6), seed=0, resamples=10)
    assert label_figures(truth, chance, draws, np.arange(6), np.array(["a"] * 6, object)) == {}


def test_a_file_without_names_has_none_and_many_posts_are_sampled(
    tiny_classifier: Classifier, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = Judged(tiny_classifier, table([{"text": "nobody", "recruitment": "0", "separatism": "0"}]))
    assert identity_figures(plain, read_names()) == {}
    monkeypatch.setattr("training.report.identity.MOST", 3)
    rows = [{"text": f"Казахи {n}", "lang": "ru", "recruitment": "0", "separatism": "0"} for n in range(9)]
    swaps = swapped(Judged(tiny_classifier, table(rows)), [RUSSIAN])
    assert len(swaps) == 9
    assert len({swap.row for swap in swaps}) == 3


@pytest.mark.parametrize(
    "names", [one for one in read_names() if one.kind != "region"], ids=lambda one: f"{one.kind}-{one.language}"
)
def test_no_margin_tells_which_people_or_faith_is_named(names: Names) -> None:
    model = made_classifier(grams=GramSettings(2**16))
    for forms in zip(*names.forms.values(), strict=True):
        margins = model.margins(
            [f"{form}, в наш батальон берут без вопросов. {form.upper()}" for form in forms]
        ).margins
        assert (margins == margins[0]).all(), forms
