"""One HTML page with all figures: no script, nothing from elsewhere; posts are hostile text and are shown as such."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from classifier.marks import Stretch, stretches
from classifier.visible import shown
from training.report.drift import MUCH, SOME
from training.report.plots import plots_of

TEMPLATES = Path(__file__).with_name("templates")
WITHOUT: Final[dict[str, Any]] = {"spans": [], "cues": []}
CURVES = {
    "precision_recall": "How many of the flagged posts have the label, by how many of those that have it are found.",
    "roc": "How many of the posts that have the label are flagged, by how many of the others are.",
    "reliability": "How many of the posts of a probability have the label; on the dotted line, as many as it says.",
    "histogram": "How the probabilities of posts that have the label differ from those of the others.",
}


def page(figures: Mapping[str, Any]) -> str:
    """The report as a page.

    Parameters
    ----------
    figures : mapping
        All figures, of a full run.

    Returns
    -------
    str
        HTML.
    """
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"estimate": estimate, "share": share, "count": count, "visible": shown}
    plots = {
        label: {kind: Markup(svg) for kind, svg in plots_of(number, shown(label), one).items()}  # noqa: S704 - our own
        for number, (label, one) in enumerate(figures["labels"].items())
    }
    return environment.get_template("report.html").render(
        figures, plots=plots, captions=CURVES, marks=marks, change=change, limits=(SOME, MUCH)
    )


def estimate(found: Mapping[str, Any] | None, decimals: int = 3) -> str:
    """A figure with its interval, or a dash."""
    if found is None:
        return "–"
    if found["low"] is None:
        return count(found["value"], decimals)
    low, high = (count(found[end], decimals) for end in ("low", "high"))
    return Markup('{} <span class="range">[{}–{}]</span>').format(count(found["value"], decimals), low, high)


def share(value: float | None) -> str:
    """A share with three decimals, or a dash."""
    return "–" if value is None else f"{value:.3f}"


def count(value: float, decimals: int = 0) -> str:
    """A number with thin spaces between thousands."""
    return f"{value:,.{decimals}f}".replace(",", "\u202f").replace("-", "−")


def change(psi: float) -> str:
    """What an index of stability means."""
    return "little" if psi < SOME else "some" if psi < MUCH else "much"


def marks(mistake: Mapping[str, Any]) -> list[Stretch]:
    """A post cut where its evidence changes; in one piece where there is none."""
    evidence = mistake["evidence"] or WITHOUT | {"window": {"start": 0, "end": len(mistake["text"])}}
    return stretches(mistake["text"], evidence, {cue["cue"]: cue["cue"] for cue in evidence["cues"]})
