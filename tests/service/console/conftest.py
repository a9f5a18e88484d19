"""A desk for each test, on both kinds of database."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from service.review.words import Role
from tests.service.console.desk import Desk, open_desk


@pytest.fixture
def desk(database: str) -> Iterator[Desk]:
    """A desk with an account of every role, called by it, and a second reviewer."""
    with open_desk(database) as made:
        for role in Role:
            made.account(role.value, role)
        made.account("other")
        yield made
