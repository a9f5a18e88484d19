"""The tables. What is in them is described in docs/review.md; `migrations/` brings a database to this form."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.engine import Dialect

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND: Final = timedelta(microseconds=1)


class Moment(sa.types.TypeDecorator[datetime]):
    """A time with its zone, kept as microseconds since 1970: the same, and in order, on every database."""

    impl = sa.BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:  # noqa: ARG002
        """To microseconds."""
        return None if value is None else (value - EPOCH) // MICROSECOND

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """To a time in UTC."""
        return None if value is None else EPOCH + value * MICROSECOND


# SQLite counts up by itself only in a column that is called INTEGER.
Key = sa.BigInteger().with_variant(sa.Integer, "sqlite")
metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _link(target: str, **how: Any) -> sa.Column[int]:
    name = how.pop("name")
    return sa.Column(name, Key, sa.ForeignKey(target), **how)


facts = sa.Table(
    "facts",
    metadata,
    sa.Column("name", sa.String, primary_key=True),
    sa.Column("value", sa.String, nullable=False),
)

scorers = sa.Table(
    "scorers",
    metadata,
    sa.Column("id", Key, primary_key=True),
    sa.Column("model", sa.String, nullable=False),
    sa.Column("model_version", sa.String, nullable=False),
    sa.Column("sha256", sa.String(64), nullable=False),
    sa.Column("cues_sha256", sa.String(64), nullable=False),
    sa.Column("policy_version", sa.String, nullable=False),
    sa.Column("profile", sa.String, nullable=False),
    sa.UniqueConstraint("sha256", "cues_sha256", "policy_version", "profile"),
)

posts = sa.Table(
    "posts",
    metadata,
    sa.Column("id", Key, primary_key=True, autoincrement=False),
    sa.Column("platform", sa.String, nullable=False),
    sa.Column("external_id", sa.String, nullable=False),
    sa.Column("author", sa.String),
    sa.Column("url", sa.String),
    sa.Column("parent_text", sa.Text),
    sa.Column("created_at", Moment),
    sa.Column("received_at", Moment, nullable=False),
    sa.Column("expires_at", Moment, nullable=False),
    sa.Column("due_at", Moment),
    sa.Column("reach", sa.BigInteger, nullable=False, server_default="0"),
    sa.Column("source", sa.String, nullable=False),  # of the report
    sa.Column("lang", sa.String, nullable=False),  # detected
    sa.Column("state", sa.String, nullable=False),
    sa.Column("desk", sa.String),  # who may take it: review, lead, or nobody
    sa.Column("labels", sa.String, nullable=False),  # those at or above the floor, joined by +
    sa.Column("probability", sa.Double, nullable=False),  # of the likeliest label
    sa.Column("band", sa.SmallInteger, nullable=False),
    sa.Column("due_key", sa.BigInteger, nullable=False),
    sa.Column("rank", sa.Double, nullable=False),  # minus the priority: lowest first
    sa.Column("campaign_id", Key),
    sa.Column("variant", sa.String, nullable=False, server_default=""),
    sa.Column("sampled_by", sa.String, nullable=False),
    sa.Column("inclusion_probability", sa.Double, nullable=False),
    sa.Column("version_id", Key, nullable=False),
    sa.Column("decision_id", Key),  # the one that stands
    sa.Column("claimed_by", Key),
    sa.Column("claimed_until", Moment),
    sa.UniqueConstraint("platform", "external_id"),
    sa.Index("ix_posts_desk", "desk", "due_key", "rank", "id"),
    sa.Index("ix_posts_desk_lang", "desk", "lang", "due_key", "rank", "id"),
    sa.Index("ix_posts_desk_source", "desk", "source", "due_key", "rank", "id"),
    sa.Index("ix_posts_desk_labels", "desk", "labels", "due_key", "rank", "id"),
    sa.Index("ix_posts_desk_band", "desk", "band", "due_key", "rank", "id"),
    sa.Index("ix_posts_state", "state", "due_key", "rank", "id"),
    sa.Index("ix_posts_state_received", "state", "received_at"),  # alone tells how much waits in a state, since when
    sa.Index("ix_posts_desk_platform", "desk", "platform", "due_key", "rank", "id"),
    # With the order, or the next copy would be looked for along the index by state, among the copies of all campaigns.
    sa.Index("ix_posts_campaign", "campaign_id", "state", "due_key", "rank", "id",
             sqlite_where=sa.text("campaign_id IS NOT NULL"), postgresql_where=sa.text("campaign_id IS NOT NULL")),
    sa.Index("ix_posts_author", "platform", "author", sqlite_where=sa.text("author IS NOT NULL"),
             postgresql_where=sa.text("author IS NOT NULL")),
    sa.Index("ix_posts_expires", "expires_at", sqlite_where=sa.text("desk IS NOT NULL"),
             postgresql_where=sa.text("desk IS NOT NULL")),
    sa.Index("ix_posts_received", "received_at"),
    sa.Index("ix_posts_band_received", "band", "received_at"),
    sa.Index("ix_posts_claimed_by", "claimed_by", sqlite_where=sa.text("claimed_by IS NOT NULL"),
             postgresql_where=sa.text("claimed_by IS NOT NULL")),
)  # fmt: skip

versions = sa.Table(
    "versions",
    metadata,
    sa.Column("id", Key, primary_key=True, autoincrement=False),
    _link("posts.id", name="post_id", nullable=False, index=True),
    sa.Column("number", sa.Integer, nullable=False),
    sa.Column("text", sa.Text),  # none once it expired or was purged
    sa.Column("sha256", sa.String(64), nullable=False),
    sa.Column("received_at", Moment, nullable=False),
    _link("scorers.id", name="scorer_id", nullable=False),
)

scores = sa.Table(
    "scores",
    metadata,
    _link("versions.id", name="version_id", primary_key=True),
    sa.Column("label", sa.String, primary_key=True),
    sa.Column("probability", sa.Double, nullable=False),
    sa.Column("threshold", sa.Double, nullable=False),
    sa.Column("flagged", sa.Boolean, nullable=False),
    sa.Column("reason", sa.String),  # why it is uncertain
    sqlite_with_rowid=False,
)

campaigns = sa.Table(
    "campaigns",
    metadata,
    sa.Column("id", Key, primary_key=True, autoincrement=False),
    sa.Column("lead_id", Key, nullable=False),  # the post that stands for all in the queue
    sa.Column("size", sa.Integer, nullable=False),
    sa.Column("first_seen", Moment, nullable=False),
    sa.Column("last_seen", Moment, nullable=False),
)

sketches = sa.Table(
    "sketches",
    metadata,
    _link("posts.id", name="post_id", primary_key=True, autoincrement=False),
    sa.Column("signature", sa.LargeBinary, nullable=False),
    sa.Column("band_keys", sa.LargeBinary, nullable=False),  # its bands, so that they can be taken out again
)

bands = sa.Table(
    "bands",
    metadata,
    sa.Column("band", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("post_id", Key, primary_key=True, autoincrement=False),
    sqlite_with_rowid=False,
)

users = sa.Table(
    "users",
    metadata,
    sa.Column("id", Key, primary_key=True),
    sa.Column("name", sa.String, nullable=False, unique=True),
    sa.Column("pseudonym", sa.String, nullable=False, unique=True),
    sa.Column("role", sa.String, nullable=False),
    sa.Column("password", sa.String),
    sa.Column("lang", sa.String, nullable=False, server_default="en"),
    sa.Column("settings", sa.Text, nullable=False, server_default="{}"),  # JSON: how they want to read
    sa.Column("created_at", Moment, nullable=False),
    sa.Column("disabled_at", Moment),
    sa.Column("failures", sa.Integer, nullable=False, server_default="0"),
    sa.Column("locked_until", Moment),
)

sessions = sa.Table(
    "sessions",
    metadata,
    sa.Column("digest", sa.String(64), primary_key=True),
    _link("users.id", name="user_id", nullable=False, index=True),
    sa.Column("created_at", Moment, nullable=False),
    sa.Column("seen_at", Moment, nullable=False),
    sa.Column("expires_at", Moment, nullable=False),
)

keys = sa.Table(
    "keys",
    metadata,
    sa.Column("id", Key, primary_key=True),
    sa.Column("name", sa.String, nullable=False, unique=True),
    sa.Column("digest", sa.String(64), nullable=False, unique=True),
    sa.Column("scopes", sa.String, nullable=False),  # joined by spaces
    sa.Column("created_at", Moment, nullable=False),
    sa.Column("revoked_at", Moment),
)

claims = sa.Table(
    "claims",
    metadata,
    sa.Column("id", Key, primary_key=True),
    _link("posts.id", name="post_id", nullable=False, index=True),
    _link("users.id", name="user_id", nullable=False, index=True),
    sa.Column("claimed_at", Moment, nullable=False),
    sa.Column("ended_at", Moment),
    sa.Column("ended_by", sa.String),  # decided, released, handed over, expired
)

decisions = sa.Table(
    "decisions",
    metadata,
    sa.Column("id", Key, primary_key=True, autoincrement=False),
    _link("posts.id", name="post_id", nullable=False),
    _link("versions.id", name="version_id", nullable=False),
    _link("users.id", name="user_id", nullable=False),
    sa.Column("decided_at", Moment, nullable=False),
    sa.Column("stage", sa.String, nullable=False),  # first, second, adjudication, appeal, golden, undo
    sa.Column("seconds", sa.Double),  # since it was claimed
    sa.Column("bulk", sa.String),  # the same for all copies that one decision covered
    sa.Column("replaces", Key),  # the one that stood before
    sa.Column("undoes", Key),
    sa.Column("person_at_risk", sa.Boolean, nullable=False),
    sa.Column("threat_to_life", sa.Boolean, nullable=False),
    sa.Index("ix_decisions_post_user", "post_id", "user_id"),
    sa.Index("ix_decisions_decided", "decided_at"),
    sa.Index("ix_decisions_bulk", "bulk", sqlite_where=sa.text("bulk IS NOT NULL"),
             postgresql_where=sa.text("bulk IS NOT NULL")),
)  # fmt: skip

verdicts = sa.Table(
    "verdicts",
    metadata,
    _link("decisions.id", name="decision_id", primary_key=True),
    sa.Column("label", sa.String, primary_key=True),
    sa.Column("outcome", sa.String, nullable=False),
    sa.Column("reason", sa.String),
    sa.Column("route", sa.String),
    sa.Column("means", sa.String),
    sqlite_with_rowid=False,
)

notes = sa.Table(
    "notes",
    metadata,
    sa.Column("id", Key, primary_key=True),
    _link("posts.id", name="post_id", nullable=False, index=True),
    _link("users.id", name="user_id", nullable=False),
    sa.Column("written_at", Moment, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
)

appeals = sa.Table(
    "appeals",
    metadata,
    sa.Column("id", Key, primary_key=True),
    _link("posts.id", name="post_id", nullable=False, index=True),
    _link("decisions.id", name="decision_id", nullable=False),  # what is appealed against
    sa.Column("filed_at", Moment, nullable=False),
    sa.Column("filed_by", sa.String, nullable=False),
    sa.Column("settled_by", Key),  # the decision that settled it
)

tallies = sa.Table(
    "tallies",
    metadata,
    sa.Column("day", sa.String(10), primary_key=True),
    sa.Column("platform", sa.String, primary_key=True),
    sa.Column("lang", sa.String, primary_key=True),
    sa.Column("outcome", sa.String, primary_key=True),  # queued, sampled, below_floor
    sa.Column("posts", sa.BigInteger, nullable=False),
    sqlite_with_rowid=False,
)

golden = sa.Table(
    "golden",
    metadata,
    _link("posts.id", name="post_id", primary_key=True, autoincrement=False),
    _link("users.id", name="added_by", nullable=False),
    sa.Column("added_at", Moment, nullable=False),
    sa.Column("retired_at", Moment),
)

cue_changes = sa.Table(
    "cue_changes",
    metadata,
    sa.Column("id", Key, primary_key=True),
    sa.Column("file", sa.String, nullable=False),
    sa.Column("before_sha256", sa.String(64), nullable=False),  # of the file that it would replace
    sa.Column("content", sa.Text, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("findings", sa.Text, nullable=False),  # JSON: what the dry run said
    sa.Column("state", sa.String, nullable=False),  # proposed, approved, withdrawn
    _link("users.id", name="proposed_by", nullable=False),
    sa.Column("proposed_at", Moment, nullable=False),
    _link("users.id", name="settled_by"),
    sa.Column("settled_at", Moment),
)

events = sa.Table(
    "events",
    metadata,
    sa.Column("number", Key, primary_key=True, autoincrement=False),
    sa.Column("at", Moment, nullable=False),
    sa.Column("actor", sa.String, nullable=False),
    sa.Column("action", sa.String, nullable=False),
    sa.Column("subject", sa.String, nullable=False),
    sa.Column("details", sa.Text, nullable=False),  # JSON
    sa.Column("previous", sa.String(64), nullable=False),
    sa.Column("hash", sa.String(64), nullable=False),
    sa.Index("ix_events_subject", "subject"),
)

APPEND_ONLY: Final = ("decisions", "verdicts", "events")
