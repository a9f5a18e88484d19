"""A comparison for a person: the verdict in a sentence, then the tables behind it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from rich.console import Console

from training.compare.figures import BETTER, TOO_FEW, UNTOLD, WORSE, told

NAMES: Final = {
    "average_precision": "average precision",
    "auc": "AUC",
    "precision": "precision",
    "recall": "recall",
    "f1": "F1",
    "false_flags": "false flags in 1000",
    "accuracy": "accuracy",
    "macro_f1": "macro-F1",
    "flags_right": "flags right",
}
PER_THOUSAND: Final = frozenset({"false_flags"})


def sentences(figures: Mapping[str, Any]) -> str:
    """What a comparison tells, label by label, in one line."""
    if figures["classes"]:
        found = figures["classes"]["macro_f1"]
        return said({told(found): [f"{NAMES['macro_f1']} {change(found, 'macro_f1')}"]})
    by_verdict: dict[str, list[str]] = {}
    for label, one in figures["by_label"].items():
        found = one["average_precision"]
        interval = f" ({NAMES['average_precision']} {change(found, 'average_precision')})" if found else ""
        by_verdict.setdefault(one["verdict"], []).append(f"{label}{interval}")
    return said(by_verdict)


def said(by_verdict: Mapping[str, list[str]]) -> str:
    """Verdicts as sentences, the firm ones first."""
    openings = {
        BETTER: "B is better for",
        WORSE: "B is worse for",
        UNTOLD: "No difference is told for",
        TOO_FEW: "Too few posts to tell for",
    }
    parts = [
        f"{opening} {', '.join(by_verdict[verdict])}." for verdict, opening in openings.items() if verdict in by_verdict
    ]
    return " ".join(parts)


def number(value: float, figure: str) -> str:
    """A figure as it is read: three decimals, or one for counts in a thousand."""
    return f"{value:.1f}" if figure in PER_THOUSAND else f"{value:.3f}"


def signed(value: float | None, figure: str) -> str:
    """A difference with its sign; a dash where there is none."""
    return "–" if value is None else f"{'+' if value >= 0 else '−'}{number(abs(value), figure)}"


def change(found: Mapping[str, Any], figure: str) -> str:
    """A difference with its interval, where samples differ."""
    value, low, high = (signed(found["difference"][part], figure) for part in ("value", "low", "high"))
    return value if found["difference"]["low"] is None else f"{value} [{low}, {high}]"


def line(found: Mapping[str, Any] | None, figure: str) -> str:
    """A figure of A and of B and the difference, on one line."""
    if found is None:
        return f"  {NAMES[figure]:<20} –"
    a, b = (number(found[side]["value"], figure) for side in ("a", "b"))
    return f"  {NAMES[figure]:<20} {a:>7} {b:>7}   {change(found, figure)}"


def print_comparison(console: Console, figures: Mapping[str, Any]) -> None:
    """Everything but the posts themselves."""
    posts = figures["posts"]
    for side in ("A", "B"):
        one = figures[side.lower()]
        console.print(f"{side}: {one['name']} {one['version']} {one['sha256'][:12]}")
    console.print(f"{posts['n']} posts in {posts['groups']} groups; flags at {figures['profile']}")
    for reason, count in posts["left_out"].items():
        console.print(f"left out: {count} posts, {reason}")
    print_unshared(console, figures)
    console.print(sentences(figures))
    console.print(f"{'':<23} {'A':>6} {'B':>7}   B − A [95 %]")
    if figures["classes"]:
        console.print("classes")
        for figure in ("accuracy", "macro_f1"):
            console.print(line(figures["classes"][figure], figure))
        console.print(cells(figures["classes"]["mcnemar"], "classes"))
    for label, one in figures["by_label"].items():
        print_label(console, label, one)
    if len(figures["by_label"]) > 1:
        console.print("mean over the labels")
        for figure, found in figures["macro"].items():
            console.print(line(found, figure))
    print_slices(console, figures)


def print_unshared(console: Console, figures: Mapping[str, Any]) -> None:
    """Labels that only one bundle has, which are not compared."""
    lost = [(side, figures[f"only_{side.lower()}"]) for side in ("A", "B")]
    for side, labels in lost:
        if labels:
            console.print(f"not compared, only in {side}: {', '.join(labels)}")


def print_label(console: Console, label: str, one: Mapping[str, Any]) -> None:
    """Figures of one label, McNemar's test and where to move thresholds."""
    console.print(f"{label}: {one['positives']} of {one['n']} posts positive; {one['verdict']}")
    for figure in ("average_precision", "auc", "precision", "recall", "f1", "false_flags"):
        console.print(line(one[figure], figure))
    console.print(cells(one["mcnemar"], "flags"))
    console.print(f"  {'threshold of A':<20} {'flags':>7} {'precision':>9}   of B, as precise     of B, as many flags")
    for row in one["thresholds"]:
        if row["equal_flags"] or row["equal_precision"]:
            precision = number(row["precision"]["value"], "precision") if row["precision"] else "–"
            moved = [bracketed(row[name]) for name in ("equal_precision", "equal_flags")]
            console.print(f"  {row['threshold']:<20.3f} {row['flags']:>7} {precision:>9}   {moved[0]:<20} {moved[1]}")


def bracketed(found: Mapping[str, Any] | None) -> str:
    """A threshold with its interval."""
    if found is None:
        return "–"
    if found["low"] is None:
        return f"{found['value']:.3f}"
    return f"{found['value']:.3f} [{found['low']:.3f}–{found['high']:.3f}]"


def cells(found: Mapping[str, Any], what: str) -> str:
    """McNemar's test with the counts of its cells."""
    return (
        f"  {what} right: both {found['both']}, only A {found['only_a']}, only B {found['only_b']}, "
        f"neither {found['neither']}; McNemar's exact test p = {found['p']:.3g}"
    )


def print_slices(console: Console, figures: Mapping[str, Any]) -> None:
    """Slices where a difference is told, and how many others there are."""
    slices = figures["slices"]
    firm = [one for one in slices if one["verdict"] in {BETTER, WORSE}]
    few = sum(one["verdict"] == TOO_FEW for one in slices)
    console.print(
        f"slices: {len(firm)} told apart, {len(slices) - len(firm) - few} not, {few} of too few posts (Holm's "
        "correction over all)"
    )
    for one in firm:
        console.print(
            f"  {one['verdict']}: {one['kind']} {one['slice']}, {one['label']}, {NAMES[one['figure']]} "
            f"{change(one, one['figure'])}, p = {one['p_corrected']:.3g}, {one['n']} posts"
        )
