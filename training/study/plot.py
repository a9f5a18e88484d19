"""The learning curve as a picture: a self-contained SVG, the same bytes for the same figures."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from typing import Any, Final

SALT: Final = "clarion"
MARKS: Final = ("o", "s", "^", "D")  # told apart without colour


def learning_curve(points: Sequence[Mapping[str, Any]], labels: Sequence[str]) -> bytes:
    """Average precision against the number of posts.

    Parameters
    ----------
    points : sequence of mapping
        `posts`, `draw`, and the average precision of each label.
    labels : sequence of str
        What to draw.

    Returns
    -------
    bytes
        An SVG without script and without date.
    """
    import matplotlib as mpl
    from matplotlib.figure import Figure

    with mpl.rc_context({"svg.hashsalt": SALT, "svg.fonttype": "path"}):
        figure = Figure(figsize=(7, 4), layout="constrained")
        axes = figure.subplots()
        sizes = sorted({point["posts"] for point in points})
        for label, mark in zip(labels, MARKS, strict=False):
            means = []
            for size in sizes:
                found = [point[label] for point in points if point["posts"] == size]
                axes.scatter([size] * len(found), found, s=10, alpha=0.4, color="0.4")
                means.append(sum(found) / len(found))
            axes.plot(sizes, means, marker=mark, label=label)
        axes.set_xscale("log", base=2)
        axes.set_xticks(sizes, [f"{size:,}".replace(",", " ") for size in sizes])
        axes.set_xlabel("posts learnt from")
        axes.set_ylabel("average precision on the hard set")
        axes.set_ylim(0, 1)
        axes.grid(alpha=0.3)
        axes.legend()
        out = io.BytesIO()
        figure.savefig(out, format="svg", metadata={"Date": None, "Creator": None})
    return out.getvalue()
