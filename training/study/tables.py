"""The figures of a study as tables for docs/data.md."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from training.study.figures import ALL, FALSE_FLAGS

Figures = Mapping[str, Any]
DASH: Final = "–"
BEGIN, END = "<!-- figures {}: begin -->\n", "<!-- figures {}: end -->"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table in Markdown, its first column to the left and the others to the right."""
    lines = ["| " + " | ".join(head) + " |", "|---" + "|--:" * (len(head) - 1) + "|"]
    lines += ["| " + " | ".join(row) + " |" for row in rows]
    return "\n".join(lines) + "\n"


def share(value: float | None) -> str:
    """A share with two decimals and no leading zero."""
    if value is None:
        return DASH
    return f"{value:.2f}".removeprefix("0")


def with_interval(figure: Figures, name: str) -> str:
    """A share and its interval."""
    value = figure.get(name)
    if value is None:
        return DASH
    low, high = figure["interval"]
    return f"{share(value)} [{share(low)}–{share(high)}]"


def precision_table(figures: Figures, labels: Sequence[str]) -> str:
    """Average precision by language and label."""
    names = list(dict.fromkeys(name for label in labels for name in figures[label] if name != "balanced"))
    head = ["language", *(part for label in labels for part in (label, "positives of posts"))]
    rows = []
    for name in names:
        row = [f"**{name}**" if name == ALL else name]
        for label in labels:
            one = figures[label].get(name, {})
            row += [with_interval(one, "average_precision"), f"{one['positives']} of {one['n']}" if one else DASH]
        rows.append(row)
    return table(head, rows)


def twins_line(twins: Figures) -> str:
    """How the twins fare, in a sentence."""
    if not twins.get("pairs"):
        return "No twins.\n"
    both, order = with_interval(twins["both_right"], "share"), with_interval(twins["in_order"], "share")
    return (
        f"Of {twins['pairs']} pairs of twins, both are right in {both}, and they stand in the right order in {order}.\n"
    )


def regions_table(figures: Figures, labels: Sequence[str]) -> str:
    """Average precision on each region by a model that has not seen it."""
    rows = [
        [name, *(with_interval(one[label], "average_precision") for label in labels), str(one[labels[0]]["n"])]
        for name, one in figures.items()
    ]
    return table(["region left out", *labels, "posts"], rows)


def ordinary_table(figures: Figures, labels: Sequence[str]) -> str:
    """Flags among ordinary posts, and recall where they are held to few."""
    head = ["label", "language", "flags per 1 000 at `balanced`", *(f"recall at {n} per 1 000" for n in FALSE_FLAGS)]
    rows = []
    for label in labels:
        for name, one in figures[label].items():
            flags, low_high = one["balanced"], one["balanced"]["interval"]
            rate = f"{flags['per_thousand']} [{low_high[0]}–{low_high[1]}]"
            recalls = [with_interval(one["recall_at"][str(n)], "share") for n in FALSE_FLAGS]
            rows.append([label, f"**{name}**" if name == ALL else name, rate, *recalls])
    return table(head, rows)


def functional_table(figures: Figures) -> str:
    """Functional checks that pass, by language."""
    rows = [
        [f"**{name}**" if name == ALL else name, f"{one['right']} of {one['n']}", share(one["right"] / one["n"])]
        for name, one in figures["languages"].items()
    ]
    pairs = figures["pairs"]
    line = (
        f"\n{pairs['flips']} of {pairs['n']} identity pairs change a flag (median change {pairs['median_change']}).\n"
    )
    return table(["language", "pass", "share"], rows) + line


def weakest_table(figures: Figures, names: int = 12) -> str:
    """The categories of which the fewest posts are flagged rightly."""
    ordered = sorted(figures.items(), key=lambda item: (item[1]["right"] / item[1]["n"], item[0]))[:names]
    rows = [[name, f"{one['right']} of {one['n']}", share(one["right"] / one["n"])] for name, one in ordered]
    return table(["category", "right", "share"], rows)


def curve_table(points: Sequence[Figures], labels: Sequence[str]) -> str:
    """Average precision after learning from growing numbers of posts, mean over the draws."""
    sizes = sorted({point["posts"] for point in points})
    rows = []
    for size in sizes:
        found = [point for point in points if point["posts"] == size]
        rows.append([str(size), *(share(sum(point[label] for point in found) / len(found)) for label in labels)])
    return table(["posts", *labels], rows)


def all_tables(figures: Figures, labels: Sequence[str]) -> dict[str, str]:
    """Every table by its name; what was not measured says so."""
    absent = "not measured\n"
    return {
        "hard": precision_table(figures["hard"], labels) + "\n" + twins_line(figures["hard"]["twins"]),
        "categories": weakest_table(figures["hard"]["categories"]),
        "functional": functional_table(figures["functional"]),
        "batches": precision_table({label: figures["batches"][label] for label in labels}, labels)
        + "\n"
        + twins_line(figures["batches"]["twins"]),
        "ordinary": ordinary_table({label: figures["ordinary"][label] for label in labels}, labels)
        if figures.get("ordinary")
        else absent,
        "regions": regions_table(figures["regions"], labels) if "regions" in figures else absent,
        "curve": curve_table(figures["curve"], labels) if "curve" in figures else absent,
    }


def brought_up_to_date(document: str, tables: Mapping[str, str]) -> str:
    """A document with each table between its marks; marks that it lacks are left out."""
    for name, content in tables.items():
        begin, end = BEGIN.format(name), END.format(name)
        if begin in document:
            start, stop = document.index(begin) + len(begin), document.index(end)
            document = document[:start] + content + document[stop:]
    return document
