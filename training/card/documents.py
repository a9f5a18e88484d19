"""Card and datasheet of a training run, from its finished manifest and its posts."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from classifier.bundle import CARD, DATASHEET
from classifier.manifest import Manifest
from classifier.nearest import NearestIndex
from training.card import words
from training.card.about import NOT_STATED
from training.card.composition import composition_of
from training.card.limits import limits_of
from training.fit import Fitter
from training.guide import LABELS

TEMPLATES: Final = Path(__file__).with_name("templates")
FIGURES_OF_RECALL: Final = ("average_precision", "recall", "precision_at_1_in_1000")  # that need what was missed


def documents_of(
    fitter: Fitter, about: Mapping[str, str], carried: NearestIndex | None, shipped: bool, base: bool = False
) -> dict[str, str]:
    """Card (Mitchell et al. 2019) and datasheet (Gebru et al. 2021) of a finished run.

    Parameters
    ----------
    fitter : Fitter
        After its run.
    about : mapping
        See `training.card.about.read_about`.
    carried : NearestIndex or None
        Posts that the bundle shows.
    shipped : bool
        Whether the posts are those that ship; of others nothing is said that was only found out about those.
    base : bool
        Whether those that ship are among others.

    Returns
    -------
    dict of str to str
        By the file's name in the bundle, in Markdown. The same run gives the same text: there is no date in it.

    Notes
    -----
    Mitchell et al., "Model Cards for Model Reporting", 2019. Gebru et al., "Datasheets for Datasets", 2021.
    """
    if fitter.bundle is None:
        raise RuntimeError("a run that has not ended has no card")
    manifest, composition = (
        fitter.bundle.manifest,
        composition_of(fitter.posts, fitter.groups, fitter.settings.grouped_by),
    )
    facts = {
        "manifest": manifest,
        "composition": composition,
        "metrics": known_figures(manifest.metrics, manifest, composition["measurable"]),
        "profiles": {name: known_profile(one, composition["measurable"]) for name, one in manifest.profiles.items()},
        "settings": settings_of(manifest),
        "limits": limits_of(manifest, composition),
        "about": about,
        "not_stated": NOT_STATED,
        "carried": 0 if carried is None else len(carried.row_at) - 1,
        "shipped": shipped,
        "base": base,
        "by_guide": manifest.labels == LABELS and not manifest.exclusive,
    }
    page = environment()
    return {name: page.get_template(f"{name}.j2").render(facts) for name in (CARD, DATASHEET)}


def environment() -> Environment:
    """What fills the templates."""
    page = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=False,  # noqa: S701 - Markdown, no HTML: names are written by the filter `code`
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    for each in (words.code, words.cell, words.count, words.share, words.percent, words.bounded):
        page.filters[each.__name__] = each
    return page


def known_figures(metrics: Mapping[str, Any], manifest: Manifest, measurable: bool) -> dict[str, Any]:
    """Figures by label, without those that cannot be known."""
    found = {}
    for label in manifest.labels:
        slices = {name: masked(one, measurable) for name, one in metrics[label]["by_language"].items()}
        found[label] = masked(metrics[label], measurable) | {"by_language": slices}
    return found


def known_profile(profile: Mapping[str, Any], measurable: bool) -> dict[str, Any]:
    """Figures of a profile by label, without those that cannot be known."""
    return {label: masked(one, measurable) for label, one in profile.items()}


def masked(figures: Mapping[str, Any], measurable: bool) -> dict[str, Any]:
    """Figures as they are, or without those that need to know what was missed."""
    return dict(figures) | ({} if measurable else dict.fromkeys(FIGURES_OF_RECALL))


def settings_of(manifest: Manifest) -> dict[str, Any]:
    """Everything single that the manifest says of how the model was fitted."""
    told = {**manifest.training, **manifest.features["ngrams"], "category_weight": manifest.category_weight}
    told |= {name: ", ".join(value) for name, value in told.items() if isinstance(value, list)}
    return {name: value for name, value in told.items() if isinstance(value, (str, int, float, bool, type(None)))}
