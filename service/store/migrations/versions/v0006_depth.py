"""Indexes that alone tell how much waits in each state, and since when, and how many came in each band.

Revision 0006, 2026-11
"""

from __future__ import annotations

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the indexes."""
    op.create_index("ix_posts_state_received", "posts", ["state", "received_at"])
    op.create_index("ix_posts_band_received", "posts", ["band", "received_at"])
