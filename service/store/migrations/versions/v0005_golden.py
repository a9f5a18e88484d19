"""Golden posts: decided ones whose answer is known, mixed in to see how reading goes.

Revision 0005, 2026-11
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table."""
    key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "golden",
        sa.Column("post_id", key, autoincrement=False, nullable=False),
        sa.Column("added_by", key, nullable=False),
        sa.Column("added_at", sa.BigInteger(), nullable=False),
        sa.Column("retired_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"], name=op.f("fk_golden_post_id")),
        sa.ForeignKeyConstraint(["added_by"], ["users.id"], name=op.f("fk_golden_added_by")),
        sa.PrimaryKeyConstraint("post_id", name=op.f("pk_golden")),
    )
