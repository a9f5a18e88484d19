"""What the console keeps of an account: how it wants to read.

Revision 0002, 2026-11
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column."""
    op.add_column("users", sa.Column("settings", sa.Text(), nullable=False, server_default="{}"))
