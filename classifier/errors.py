"""What a user did, or was given, that cannot be used: one small exception each, with a complete message."""

from __future__ import annotations


class ClarionError(Exception):
    """Base of every error that is the caller's to mend; its message names the place and the next step."""

    exit_code = 2


class InputError(ClarionError):
    """A file, row, column or option that cannot be used as it is."""


class BundleError(ClarionError):
    """A bundle that is missing, damaged, foreign or newer than this program."""


class CueError(ClarionError):
    """A cue file that does not follow the cue language."""


class UnknownProfileError(ClarionError):
    """A profile that the bundle does not have."""

    def __init__(self, profile: str, known: tuple[str, ...]) -> None:
        super().__init__(f"unknown profile {profile!r}; this bundle has: {', '.join(known)}")


class UnfitTextError(ClarionError):
    """A text that cannot be scored, with its place in the call.

    Parameters
    ----------
    index : int
        Position of the text among the texts given, from 0.
    reason : str
        Why it cannot be scored.
    """

    def __init__(self, index: int, reason: str) -> None:
        super().__init__(f"text {index}: {reason}")
        self.index = index
        self.reason = reason


class MissingExtraError(ClarionError):
    """A job whose libraries are not installed, with the command that installs them."""

    def __init__(self, module: str, extra: str) -> None:
        super().__init__(f'this needs {module}, which is not installed; type: pip install "clarion[{extra}]"')
