"""What only the maker of a model can say of it, from a small file."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Final

from classifier.cuefile import read_yaml
from classifier.errors import CueError, InputError
from classifier.visible import shown

FIELDS: Final = (
    "made_by", "contact", "licence", "use", "avoid", "collected", "labelled", "people", "careful", "maintained",
)  # fmt: skip
NOT_STATED: Final = "not stated"
SHIPPED: Final[Mapping[str, str]] = MappingProxyType({
    "made_by": "the Clarion contributors",
    "licence": "posts CC BY 4.0 (credit “Clarion contributors”), program Apache-2.0",
    "use": "For trust and safety teams, newsrooms and researchers who have more posts than eyes.",
    "collected": "Composed for this project, not collected from a platform, and written by a language model.",
    "labelled": "By the writer of each post, by the project's labelling guide; one post in seven was read again.",
    "people": "No post is a real person's. Handles, numbers and the names of armed groups and companies are invented.",
    "careful": "The posts are no sample of anything: shares of labels, languages and topics were set, not observed.",
    "maintained": "Versioned with the program; mistakes and missing kinds of posts are welcome as issues.",
})  # fmt: skip


def read_about(name: str | None, shipped: bool) -> dict[str, str]:
    """What the maker says, by field of `FIELDS`; `NOT_STATED` where nothing is said.

    Parameters
    ----------
    name : str or None
        Path of a YAML file of `field: text`; None for none.
    shipped : bool
        Whether the posts are those that ship, of which the project itself can say something.

    Returns
    -------
    dict of str to str
        Every field, each text on one line.

    Raises
    ------
    InputError
        Naming file and line of the first fault.
    """
    known = dict.fromkeys(FIELDS, NOT_STATED) | (dict(SHIPPED) if shipped else {})
    if name is None:
        return known
    try:
        content = Path(name).read_bytes()
    except OSError as fault:
        raise InputError(f"{name}: cannot be read: {fault.strerror or fault}") from fault
    try:
        return known | stated(content, name)
    except CueError as fault:  # of the reader of YAML, which names the line
        raise InputError(str(fault)) from fault


def stated(content: bytes, name: str) -> dict[str, str]:
    """The fields of a file."""
    found = {}
    for key, value in read_yaml(content, name).entries():
        if key.text() not in FIELDS:
            raise key.error(f"unknown field {key.text()!r}; known: {', '.join(FIELDS)}")
        found[key.text()] = " ".join(shown(value.text()).split())
    return found
