"""Proposed changes of cue files: who proposed and who approved each, and what its dry run said.

Revision 0004, 2026-11
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table."""
    key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "cue_changes",
        sa.Column("id", key, nullable=False),
        sa.Column("file", sa.String(), nullable=False),
        sa.Column("before_sha256", sa.String(64), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("findings", sa.Text(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("proposed_by", key, nullable=False),
        sa.Column("proposed_at", sa.BigInteger(), nullable=False),
        sa.Column("settled_by", key, nullable=True),
        sa.Column("settled_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["proposed_by"], ["users.id"], name=op.f("fk_cue_changes_proposed_by")),
        sa.ForeignKeyConstraint(["settled_by"], ["users.id"], name=op.f("fk_cue_changes_settled_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cue_changes")),
    )
