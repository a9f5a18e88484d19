"""Fresh databases of both kinds, copied from one that was brought up once."""

from __future__ import annotations

import secrets
import shutil
from dataclasses import dataclass
from pathlib import Path

from service.store.engine import Store
from tests.service.postgres import make_database

KINDS = ("sqlite", "postgresql")


@dataclass(frozen=True)
class Databases:
    """Makes databases of one kind."""

    kind: str
    home: Path
    server: str | None = None

    def bring_up(self) -> None:
        """Make the one that the others are copied from."""
        store = Store(make_database(str(self.server), "model") if self.server else str(self.home / "model.db"))
        with store.read():
            pass
        store.close()

    def fresh(self) -> str:
        """A database with empty tables; its URL."""
        name = f"t{secrets.token_hex(6)}"
        if self.server:
            return make_database(self.server, name, "model")
        shutil.copy(self.home / "model.db", self.home / f"{name}.db")
        return f"sqlite:///{self.home / name}.db"

    def empty(self) -> str:
        """A database without tables; its URL."""
        name = f"e{secrets.token_hex(6)}"
        return make_database(self.server, name) if self.server else f"sqlite:///{self.home / name}.db"
