"""What a caller can mend is told in one complete message."""

from __future__ import annotations

import subprocess
import sys

import pytest

import classifier
from classifier.errors import ClarionError, MissingExtraError, UnfitTextError, UnknownProfileError


@pytest.mark.parametrize(
    ("fault", "message"),
    [
        (UnfitTextError(3, "the text is empty"), "text 3: the text is empty"),
        (UnknownProfileError("x", ("a", "b")), "unknown profile 'x'; this bundle has: a, b"),
        (
            MissingExtraError("pyarrow", "files"),
            'this needs pyarrow, which is not installed; type: pip install "clarion[files]"',
        ),
    ],
)
def test_messages_are_stable(fault: ClarionError, message: str) -> None:
    assert str(fault) == message
    assert fault.exit_code == 2


def test_the_public_names_are_there_and_no_others() -> None:
    assert all(getattr(classifier, name) for name in classifier.__all__)
    with pytest.raises(AttributeError, match="no attribute 'Frobnicator'"):
        classifier.Frobnicator  # noqa: B018


def test_importing_the_package_loads_no_heavy_library() -> None:
    code = "import sys, classifier.cli; print(sorted({'numpy', 'numba', 'pyarrow', 'yaml'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
