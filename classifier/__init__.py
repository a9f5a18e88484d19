"""Score social-media posts for calls to arms and calls to secede, with exact reasons."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from classifier.errors import ClarionError

if TYPE_CHECKING:
    from classifier.model import Classifier, Score

__version__ = "0.1.0"
__all__ = ["ClarionError", "Classifier", "Score", "__version__"]


def __getattr__(name: str) -> Any:
    """Import the compiled part only when it is used, so that `clarion --help` is quick."""
    if name in ("Classifier", "Score"):
        from classifier import model

        return getattr(model, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
