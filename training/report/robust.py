"""Functional checks, and what disguises do to the posts at hand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from training.check import Case, flipping_pairs, pair_members, passes
from training.disguise import DISGUISES, disguise
from training.draws import DECIMALS, estimate, shares
from training.report.curves import drawn_average_precisions
from training.report.judged import Judged, One
from training.shares import wilson

Floats = npt.NDArray[np.float64]
MOST: Final = 2000  # posts that are disguised; more would say the same and take longer


def check_figures(judged: Judged, cases: list[Case]) -> dict[str, Any]:
    """Pass rate of every functionality, the worst first, and identity pairs that change a flag.

    Returns
    -------
    dict
        `passed`, `n`, `functionalities` by name (`n`, `passed`, `share` with Wilson's `low` and `high`, ids `failed`),
        `pairs`, `flipped`.
    """
    scores = judged.classifier.score([case.text for case in cases], profile=judged.profile)
    results: dict[str, list[tuple[str, bool]]] = {}
    for case, score in zip(cases, scores, strict=True):
        results.setdefault(case.functionality, []).append((case.id, passes(case, score)))
    found = {name: functionality(outcomes) for name, outcomes in results.items()}
    return {
        "n": len(cases),
        "passed": sum(one["passed"] for one in found.values()),
        "functionalities": dict(sorted(found.items(), key=lambda item: item[1]["share"]["value"])),
        "pairs": len(pair_members(cases, scores)),
        "flipped": len(flipping_pairs(cases, scores)),
    }


def functionality(outcomes: list[tuple[str, bool]]) -> dict[str, Any]:
    """Pass rate of one functionality; its cases are written one by one, so each counts by itself."""
    passed = sum(ok for _, ok in outcomes)
    low, high = wilson(np.array(float(passed)), np.array(float(len(outcomes))))
    share = {"value": passed / len(outcomes), "low": float(low), "high": float(high)}
    return {
        "n": len(outcomes),
        "passed": passed,
        "share": {name: round(value, DECIMALS) for name, value in share.items()},
        "failed": [case_id for case_id, ok in outcomes if not ok],
    }


def disguised_rows(posts: int, seed: int) -> npt.NDArray[np.int64]:
    """The posts that are disguised: all, or a sample."""
    if posts <= MOST:
        return np.arange(posts)
    return np.sort(np.random.default_rng(seed).choice(posts, MOST, replace=False))


def disguise_figures(judged: Judged) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every disguise with what it does, one after another.

    Yields
    ------
    name : str
        Of the disguise.
    figures : dict
        By label: `drop` in average precision, paired over the same samples, and the share of posts whose flag `flips`,
        both as estimates or None.
    """
    rows = disguised_rows(len(judged.posts.frame), judged.seed)
    texts = [str(text) for text in judged.posts.frame["text"].iloc[rows]]
    plain = {label: within(judged.one(label), rows) for label in judged.classifier.labels}
    before = {label: drawn_average_precisions(one) for label, one in plain.items()}
    for name in DISGUISES:
        hidden = judged.classifier.margins([disguise(text, name, judged.seed) for text in texts]).margins
        chances = np.full_like(judged.chances, np.nan)
        chances[rows] = judged.classifier.probabilities(hidden)
        yield (
            name,
            {
                label: changed(one, chances[one.rows, place], before[label])
                for place, (label, one) in enumerate(plain.items())
            },
        )


def within(one: One, rows: npt.NDArray[np.int64]) -> One:
    """The posts of a label that are among some rows."""
    return one.part(np.isin(one.rows, rows))


def changed(one: One, chance: Floats, before: Floats | None) -> dict[str, Any]:
    """What other probabilities of the same posts change."""
    other = replace(one, chance=chance)
    after = drawn_average_precisions(other)
    flips = (other.flagged != one.flagged)[:, None]
    drop = None if before is None or after is None else before - after
    return {
        "drop": None if drop is None else estimate(float(drop[0]), drop[1:]),
        "flips": shares(flips, np.ones_like(flips), one.draws)[0],
    }
