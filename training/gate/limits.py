"""The limits that a bundle is held against, read from one file; every fault is named with its line."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from classifier.cuefile import Located, read_yaml
from classifier.errors import CueError, InputError

FIGURE, INTERVAL = "figure", "interval"
BOUNDS: Final = ("at_least", "at_most")
COUNTS: Final = ("labels_worse", "slices_worse")
SHARES: Final = (
    *("functional_checks", "functionality", "harmless_functionality", "identity_flips", "identity_change"),
    *("average_precision", "false_flags", "false_flags_category", "lawful_false_flags", "lawful_false_flags_slice"),
    *("calibration", "twins_right", "twins_in_order"),
)
NAMES: Final = (*SHARES, *COUNTS)


@dataclass(frozen=True)
class Limit:
    """One limit.

    Parameters
    ----------
    name : str
        What it is on, one of `NAMES`.
    bound : float
        What must be kept.
    most : bool
        Whether the bound is the most that is allowed; else the least.
    by_interval : bool
        Whether only a figure whose whole 95 % interval is beyond the bound breaks it.
    aim : float
        Where we want to be.
    why : str
        What the limit is for.
    """

    name: str
    bound: float
    most: bool
    by_interval: bool
    aim: float
    why: str

    def kept(self, value: float, low: float, high: float) -> bool:
        """Whether a figure with its interval keeps the limit."""
        if self.most:
            return (low if self.by_interval else value) <= self.bound
        return (high if self.by_interval else value) >= self.bound


def read_limits(name: str) -> dict[str, Limit]:
    """Read a file of limits.

    Parameters
    ----------
    name : str
        Path of a YAML file as `data/gate.yaml`; limits that it leaves out are not applied.

    Returns
    -------
    dict of str to Limit
        In the order of the file.

    Raises
    ------
    InputError
        Naming file and line of the first fault.
    """
    try:
        content = Path(name).read_bytes()
    except OSError as fault:
        raise InputError(f"{name}: cannot be read: {fault.strerror or fault}") from fault
    try:
        found = {key.text(): limit(key, body) for key, body in read_yaml(content, name).entries()}
    except CueError as fault:  # of the reader of YAML, which names the line
        raise InputError(str(fault)) from fault
    if not found:
        raise InputError(f"{name}: no limits; known: {', '.join(NAMES)}")
    return found


def limit(key: Located, body: Located) -> Limit:
    """One entry of the file."""
    name = key.text()
    if name not in NAMES:
        raise key.error(f"unknown limit {name!r}; known: {', '.join(NAMES)}")
    bounds = [field.text() for field, _ in body.entries() if field.text() in BOUNDS]
    if len(bounds) != 1:
        raise key.error(f"{name}: write one of {' or '.join(BOUNDS)}")
    fields = dict(body.fields({bounds[0], "judged_by", "aim", "why"}))
    judged = fields["judged_by"].text()
    if judged not in {FIGURE, INTERVAL} or (judged == INTERVAL and name in COUNTS):
        raise fields["judged_by"].error(f"{judged!r}: write {FIGURE}{'' if name in COUNTS else f' or {INTERVAL}'}")
    return Limit(
        name, number(fields, bounds[0], name), bounds[0] == "at_most", judged == INTERVAL,
        number(fields, "aim", name), fields["why"].text(),
    )  # fmt: skip


def number(fields: Mapping[str, Located], field: str, name: str) -> float:
    """A share between 0 and 1, or a count of at least 0."""
    place = fields[field]
    try:
        value = float(place.text())
    except ValueError:
        value = math.nan
    most = math.inf if name in COUNTS else 1.0
    if not 0 <= value <= most or math.isinf(value):
        wanted = "a number from 0 up" if name in COUNTS else "a share from 0 to 1"
        raise place.error(f"{field}: {place.text()!r}: write {wanted}")
    return value
