"""An index that alone tells how much waits in each state, and since when.

Revision 0006, 2026-11
"""

from __future__ import annotations

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the index."""
    op.create_index("ix_posts_state_received", "posts", ["state", "received_at"])
