"""What the gate found, for a person."""

from __future__ import annotations

from typing import Final

from rich.console import Console

from training.gate.findings import Figure, Finding
from training.gate.limits import COUNTS, Limit
from training.gate.run import Gate

SHOWN: Final = 5  # figures beyond a limit that are listed; --json has them all


def print_gate(console: Console, gate: Gate) -> None:
    """A line for each limit, then the reasons, then the verdict."""
    one = gate.classifier
    console.print(f"{one.name} {one.version} on {len(gate.posts.frame)} posts and {len(gate.cases)} checks")
    for reason, count in gate.posts.dropped.items():
        console.print(f"left out: {count} posts, {reason}")
    for finding in gate.findings:
        console.print(line(finding))
    failed = [finding for finding in gate.findings if finding.broken]
    for finding in failed:
        print_reasons(console, finding)
    held = sum(bool(finding.figures) for finding in gate.findings)
    console.print(
        f"{held - len(failed)} of {held} limits hold: {'may be released' if gate.passed else 'not to be released'}"
    )


def line(finding: Finding) -> str:
    """One limit: verdict, the figure that comes nearest to it or is furthest beyond, the bound and the aim."""
    limit, worst = finding.limit, finding.worst
    if worst is None:
        return f"{'–':<5} {limit.name:<25} not applied: {finding.reason}"
    bound = f"{'at most' if limit.most else 'at least'} {amount(limit, limit.bound)}"
    several = f" (worst of {len(finding.figures)})" if len(finding.figures) > 1 else ""
    aim = f"aim {amount(limit, limit.aim):<6}"
    whose = "" if limit.name in COUNTS else behind(worst, several)  # a list, which stands among the reasons
    return f"{finding.verdict:<5} {limit.name:<25} {measured(finding, worst):<19} {bound:<14} {aim} {whose}".rstrip()


def measured(finding: Finding, figure: Figure) -> str:
    """A figure, with its interval where that decides."""
    value, low, high = (amount(finding.limit, part) for part in (figure.value, figure.low, figure.high))
    return f"{value} [{low}–{high}]" if finding.limit.by_interval else value


def behind(figure: Figure, several: str = "") -> str:
    """Whose figure it is and what stands behind it."""
    whose = f"{figure.of}{several}"
    return f"{whose}: {figure.counts}" if whose and figure.counts else whose or figure.counts


def amount(limit: Limit, value: float) -> str:
    """A count as it is, a share with three decimals."""
    return str(int(value)) if limit.name in COUNTS else f"{value:.3f}"


def print_reasons(console: Console, finding: Finding) -> None:
    """Why a limit is there and what breaks it."""
    console.print(f"broken: {finding.limit.name}: {finding.limit.why}")
    for figure in finding.broken[:SHOWN]:
        console.print(f"  {measured(finding, figure)} {behind(figure)}".rstrip())
    if len(finding.broken) > SHOWN:
        console.print(f"  and {len(finding.broken) - SHOWN} more; --json FILE names them all")
