"""Plots as inline SVG: no script, no date, colours of the page, the same bytes for the same figures."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Mapping
from html import escape
from typing import Any, Final

# Stand-ins that matplotlib writes as they are; the page's style sheet gives the colours, light or dark.
INK, SOFT, LINE, MAIN, BAND, OTHER = "#010203", "#010204", "#010205", "#010206", "#010207", "#010208"
COLOURS: Final = {INK: "ink", SOFT: "soft", LINE: "line", MAIN: "main", BAND: "band", OTHER: "other"}
STYLE: Final[dict[Any, Any]] = {
    "svg.hashsalt": "clarion",
    "svg.fonttype": "none",
    "font.family": "sans-serif",
    "font.size": 10,
    "text.color": INK,
    "axes.edgecolor": SOFT,
    "axes.labelcolor": INK,
    "axes.facecolor": "none",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "xtick.color": SOFT,
    "ytick.color": SOFT,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "grid.color": LINE,
    "legend.frameon": False,
    "legend.labelcolor": INK,
}
SIZE: Final = (4.4, 3.3)  # inches
NAMES: Final = re.compile(r'(id="|href="#|url\(#)')


def drawn(name: str, title: str, draw: Callable[[Any], None]) -> str:
    """A picture as SVG to stand in a page.

    Parameters
    ----------
    name : str
        Put before every identifier, so that pictures in one page do not clash; letters, digits and hyphens.
    title : str
        What the picture says, for those who cannot see it.
    draw : callable
        Draws on axes.
    """
    import matplotlib as mpl
    from matplotlib.figure import Figure

    out = io.StringIO()
    with mpl.rc_context(STYLE):
        figure = Figure(figsize=SIZE, layout="constrained", facecolor="none")
        axes = figure.subplots()
        axes.grid()
        axes.set_axisbelow(True)
        draw(axes)
        figure.savefig(out, format="svg", metadata={"Date": None, "Creator": None, "Format": None, "Type": None})
    return tidied(out.getvalue(), name, title)


def tidied(svg: str, name: str, title: str) -> str:
    """The SVG element alone, with names of its own, colours of the page and a title."""
    body = svg[svg.index("<svg") :]
    head, rest = body.split(">", 1)
    box = re.search(r'viewBox="[^"]*"', head)
    rest = re.sub(r"<metadata>.*?</metadata>\s*", "", rest, flags=re.DOTALL)
    rest = NAMES.sub(lambda found: f"{found[1]}{name}-", rest)
    rest = re.sub(r"font: ([\d.]+)px [^;\"]*", r"font: \1px var(--sans)", rest)
    for colour, variable in COLOURS.items():
        rest = rest.replace(colour, f"var(--{variable})")
    size = box[0] if box else ""
    named = f'{size} role="img" aria-labelledby="{name}-title"><title id="{name}-title">{escape(title)}</title>'
    return f'<svg xmlns:xlink="http://www.w3.org/1999/xlink" {named}{rest.strip()}\n'


def curve(name: str, figures: Mapping[str, Any], label: str, kind: str) -> str:
    """A precision–recall or ROC curve with its band."""
    said = {"precision_recall": ("Precision against recall", "recall", "precision")}
    title, across, up = said.get(kind, ("Recall against the rate of false flags", "rate of false flags", "recall"))

    def draw(axes: Any) -> None:
        axes.fill_between(figures["x"], figures["low"], figures["high"], color=BAND, linewidth=0)
        axes.plot(figures["x"], figures["y"], color=MAIN, linewidth=1.8)
        if kind == "roc":
            axes.plot([0, 1], [0, 1], color=SOFT, linewidth=0.8, linestyle=":")
        unit_square(axes, across, up)

    return drawn(name, f"{title}, {label}, with its 95 % band. {reading(figures)}", draw)


def reading(figures: Mapping[str, Any]) -> str:
    """A few points of a curve in words."""
    x, y = figures["x"], figures["y"]
    wanted = [round(len(x) * share) - 1 for share in (0.25, 0.5, 0.75, 1)]
    return "; ".join(f"at {x[k]:.2f}: {y[k]:.2f}" for k in wanted)


def unit_square(axes: Any, across: str, up: str) -> None:
    """Both axes from 0 to 1."""
    axes.set_xlim(0, 1)
    axes.set_ylim(0, 1.02)
    axes.set_xlabel(across)
    axes.set_ylabel(up)


def reliability(name: str, figures: Mapping[str, Any], label: str) -> str:
    """Share of positives against mean probability of every bin."""
    bins = [one for one in figures["bins"] if one["share"]]
    x = [one["probability"] for one in bins]
    y = [one["share"]["value"] for one in bins]
    # a bin that is in no sample has no interval
    ends = [(one["share"]["low"], one["share"]["high"]) for one in bins]
    low = [max(0.0, value - (value if end[0] is None else end[0])) for value, end in zip(y, ends, strict=True)]
    high = [max(0.0, (value if end[1] is None else end[1]) - value) for value, end in zip(y, ends, strict=True)]

    def draw(axes: Any) -> None:
        axes.plot([0, 1], [0, 1], color=SOFT, linewidth=0.8, linestyle=":")
        axes.errorbar(x, y, yerr=[low, high], color=MAIN, marker="o", markersize=4, linewidth=1.2, elinewidth=1)
        unit_square(axes, "mean probability", "share that has the label")

    said = f"error {figures['error']:.3f}, noise floor {figures['floor']:.3f}"
    return drawn(name, f"Reliability of the probabilities, {label}, in {len(bins)} bins of equal mass: {said}.", draw)


def histogram(name: str, figures: Mapping[str, Any], label: str) -> str:
    """Share of the posts of each kind by probability."""
    edges = figures["edges"]
    rows = {kind: figures[kind] for kind in ("negatives", "positives")}

    def draw(axes: Any) -> None:
        for (kind, counts), colour, hatch in zip(rows.items(), (OTHER, MAIN), ("", "///"), strict=True):
            shares = [count / max(1, sum(counts)) for count in counts]
            axes.stairs(shares, edges, color=colour, linewidth=1.6, hatch=hatch, label=kind)
        axes.set_xlim(0, 1)
        axes.set_xlabel("probability")
        axes.set_ylabel("share of the posts of a kind")
        axes.legend(loc="upper center")

    kinds = ", ".join(f"{sum(counts)} {kind}" for kind, counts in rows.items())
    return drawn(name, f"Probabilities of posts with and without the label, {label}: {kinds}.", draw)


def plots_of(number: int, label: str, figures: Mapping[str, Any]) -> dict[str, str]:
    """All pictures of one label, by what they show; those without figures are left out."""
    made = {}
    for kind in ("precision_recall", "roc"):
        if figures["curves"][kind]:
            made[kind] = curve(f"{kind.replace('_', '-')}-{number}", figures["curves"][kind], label, kind)
    if figures["calibration"]:
        made["reliability"] = reliability(f"reliability-{number}", figures["calibration"], label)
        made["histogram"] = histogram(f"histogram-{number}", figures["histogram"], label)
    return made
