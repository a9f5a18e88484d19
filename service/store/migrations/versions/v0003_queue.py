"""Indexes by which a long queue stays quick: the next copy of a campaign, and the posts of one platform in order.

Revision 0003, 2026-11
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Put the order of the queue into the index of campaigns, and add one by platform."""
    op.drop_index("ix_posts_campaign", "posts")
    op.create_index(
        "ix_posts_campaign",
        "posts",
        ["campaign_id", "state", "due_key", "rank", "id"],
        sqlite_where=sa.text("campaign_id IS NOT NULL"),
        postgresql_where=sa.text("campaign_id IS NOT NULL"),
    )
    op.create_index("ix_posts_desk_platform", "posts", ["desk", "platform", "due_key", "rank", "id"])
