"""Figures of the functional checks and identity pairs."""

from __future__ import annotations

from collections.abc import Sequence

from classifier.model import Classifier
from training.check import Case, pair_changes, passes
from training.gate.findings import Figure, plain, share


def case_figures(classifier: Classifier, cases: Sequence[Case], profile: str) -> dict[str, list[Figure]]:
    """Figures of functional checks, by limit.

    Parameters
    ----------
    classifier : Classifier
        Of the bundle.
    cases : sequence of Case
        The checks.
    profile : str
        Whose thresholds decide.
    """
    scores = classifier.score([case.text for case in cases], profile=profile)
    passed = [passes(case, score) for case, score in zip(cases, scores, strict=True)]
    kinds: dict[str, list[bool]] = {}
    wanted: dict[str, bool] = {}
    for case, ok in zip(cases, passed, strict=True):
        kinds.setdefault(case.functionality, []).append(ok)
        wanted[case.functionality] = wanted.get(case.functionality, False) or any(case.wanted.values())
    flips, pairs, change = pair_changes(cases, scores)
    each = {name: share(name, sum(results), len(results)) for name, results in kinds.items()}
    return {
        "functional_checks": [share("", sum(passed), len(passed))],
        "functionality": list(each.values()),
        "harmless_functionality": [figure for name, figure in each.items() if not wanted[name]],
        "identity_flips": [share("", flips, pairs)] if pairs else [],
        "identity_change": [plain("", change, f"median of {pairs} pairs")] if pairs else [],
    }
