"""What a reader cannot do just now, each with what to do next."""

from __future__ import annotations

from classifier.errors import ClarionError


class ReviewError(ClarionError):
    """Something that cannot be done with a post as it stands."""


class UnknownPostError(ReviewError):
    """There is no such post."""

    def __init__(self) -> None:
        super().__init__("there is no such post; it may never have come in, or scored below the floor")


class TakenError(ReviewError):
    """Somebody else has the post, or it is no longer this reader's."""

    def __init__(self) -> None:
        super().__init__("this post is not claimed by you, or no longer; take the next one")


class EditedError(ReviewError):
    """The text changed while it was read."""

    def __init__(self) -> None:
        super().__init__("the text of this post changed while you read it; read it again and decide anew")


class NotAllowedError(ReviewError):
    """The account may not do this."""


class VerdictError(ReviewError):
    """A decision that is incomplete or says what it cannot say."""
