"""A bundle whose every score is known by hand, and posts, checks and limits for it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from classifier.bundle import write_bundle
from tests.classifier.making import made_bundle
from tests.training.making import rolling, write

JOIN, PAY = "join us", "500 рублей"


def known_bundle(directory: Path, bias: float = -3.0, labels: tuple[str, ...] = ("recruitment", "separatism")) -> Path:
    """A bundle that knows nothing but its cues: "join us" makes recruitment .95, and pay both."""
    bundle = made_bundle(categories=False, labels=labels)
    arrays = {name: array if name == "idf" else np.zeros_like(array) for name, array in bundle.arrays.items()}
    arrays["bias"] = np.array([bias, bias])
    arrays["cue_weights"] = np.array([[6.0, 0.0], [6.0, 6.0], [-9.0, -9.0]])
    write_bundle(directory, bundle.manifest, arrays, bundle.cues)
    return directory


def filler(seed: int) -> str:
    """Words that no two posts share."""
    dice = rolling(seed)
    return " ".join("".join(dice.choices("bdgmnrtz", k=2) + dice.choices("aeiou", k=3)) for _ in range(6))


def post(number: int, *, says: str = "", recruitment: Any = 0, separatism: Any = 0, **more: Any) -> dict[str, Any]:
    """One labelled post."""
    labels = {"recruitment": recruitment, "separatism": separatism}
    return {"id": f"g{number}", "text": f"{filler(number)} {says}".strip(), "lang": "en", **labels, **more}


def good_posts() -> list[dict[str, Any]]:
    """Sixty posts on which the bundle is always right: each label has fifteen, thirty are harmless news and worship."""
    both = [post(n, says=PAY, recruitment=1, separatism=1, category="both", means="violent") for n in range(15)]
    one = [post(n, says=JOIN, recruitment=1, category="state_contract") for n in range(15, 30)]
    rest = [post(n, category="news" if n % 2 else "religion") for n in range(30, 60)]
    return [*both, *one, *rest]


def case(number: int, says: str, recruitment: int, functionality: str, pair: str = "") -> dict[str, Any]:
    """One functional check."""
    labels = {"recruitment": recruitment, "separatism": 0}
    return {"id": f"c{number}", "functionality": functionality, "text": says, "lang": "en", "pair": pair, **labels}


def good_cases() -> list[dict[str, Any]]:
    """Checks that pass, with one identity pair."""
    appeals = [case(n, f"{filler(100 + n)} {JOIN}", 1, "appeals") for n in range(6)]
    quiet = [case(n, filler(100 + n), 0, "quiet") for n in range(6, 12)]
    pairs = [case(12, "tall singers here", 0, "pairs", "p"), case(13, "small singers here", 0, "pairs", "p")]
    return [*appeals, *quiet, *pairs]


def posts_file(directory: Path, rows: list[dict[str, Any]] | None = None) -> Path:
    return write(directory / "held-out.csv", rows or good_posts())


def checks_file(directory: Path, rows: list[dict[str, Any]] | None = None) -> Path:
    return write(directory / "checks.csv", rows or good_cases())
