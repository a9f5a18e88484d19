"""The posts, checks, cues and guide that ship with the program: the checkout's, or else the wheel's copy."""

from __future__ import annotations

import hashlib
from pathlib import Path

from classifier.errors import InputError

HERE = Path(__file__).parent


def data_directory() -> Path:
    """Directory with ``posts/``, ``checks/``, ``cues/`` and ``labelling-guide.md``.

    Raises
    ------
    InputError
        When this installation carries none.
    """
    for place in (HERE / "_data", HERE.parent / "data"):
        if (place / "labelling-guide.md").is_file():
            return place
    raise InputError("this installation carries no posts; name the files of labelled posts")


def post_files() -> list[str]:
    """The shipped labelled posts, in a fixed order."""
    return [str(path) for path in sorted((data_directory() / "posts").glob("*.csv"))]


def checks_file() -> str:
    """The shipped functional checks."""
    return str(data_directory() / "checks" / "functional.csv")


def hard_file() -> str:
    """The frozen hard set: labelled posts that never enter training, tuning or the choice of anything."""
    return str(data_directory() / "checks" / "hard.csv")


def check_files() -> list[str]:
    """Files of texts that must not stand among posts to learn from."""
    return [checks_file(), hard_file()]


def gate_file() -> str:
    """The shipped limits that a bundle must hold to be released."""
    return str(data_directory() / "gate.yaml")


def topics_file() -> str:
    """The shipped words for peoples, countries, regions and topics, which may not tell a label by themselves."""
    return str(data_directory() / "checks" / "topic-words.csv")


def policy_version() -> str:
    """Short digest of the labelling guide that the shipped labels follow."""
    return hashlib.sha256((data_directory() / "labelling-guide.md").read_bytes()).hexdigest()[:12]
