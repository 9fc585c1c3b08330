"""The first tables, as they were then: a migration never changes with the code."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Forward."""
    _alerts()
    _aliases()
    _articles()
    _attempts()
    _channels()
    _feeds()
    _fingerprints()
    _hosts()
    _polls()
    _pulses()
    _recurrences()
    _revisions()
    _sightings()
    _steps()
    _subscriptions()
    _vault()
    _verdicts()
    _deliveries()


def _alerts() -> None:
    op.create_table(
        "alerts",
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("seen_at", sa.BigInteger(), nullable=False),
        sa.Column("over_at", sa.BigInteger(), nullable=True),
        sa.Column("told", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("told_at", sa.BigInteger(), nullable=True),
        sa.Column("taken_until", sa.BigInteger(), nullable=True),
        sa.Column("tries", sa.Integer(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("kind", "subject", name=op.f("pk_alerts")),
    )


def _aliases() -> None:
    op.create_table(
        "aliases",
        sa.Column("feed", sa.String(), nullable=False),
        sa.Column("key", sa.LargeBinary(), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("article_seq", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("feed", "key", name=op.f("pk_aliases")),
    )
    op.create_index(op.f("ix_aliases_article_seq"), "aliases", ["article_seq"], unique=False)
    op.create_index(
        "ix_aliases_link",
        "aliases",
        ["key"],
        unique=False,
        sqlite_where=sa.text("kind = 'link'"),
        postgresql_where=sa.text("kind = 'link'"),
    )


def _articles() -> None:
    op.create_table(
        "articles",
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("feed", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("link", sa.Text(), nullable=False),
        sa.Column("entry_id", sa.Text(), nullable=True),
        sa.Column("summary", sa.Text(), server_default="", nullable=False),
        sa.Column("content", sa.Text(), server_default="", nullable=False),
        sa.Column("published_at", sa.BigInteger(), nullable=True),
        sa.Column("updated_at", sa.BigInteger(), nullable=True),
        sa.Column("first_seen_at", sa.BigInteger(), nullable=False),
        sa.Column("language", sa.String(), nullable=True),
        sa.Column("authors", sa.JSON(none_as_null=True), server_default=sa.text("'[]'"), nullable=False),
        sa.Column("tags", sa.JSON(none_as_null=True), server_default=sa.text("'[]'"), nullable=False),
        sa.Column("image", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("teaser", sa.Text(), server_default="", nullable=False),
        sa.Column("teaser_source", sa.String(), server_default="", nullable=False),
        sa.Column("teaser_reason", sa.Text(), server_default="", nullable=False),
        sa.Column("override", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("revision", sa.Integer(), server_default="1", nullable=False),
        sa.Column("content_hash", sa.LargeBinary(), nullable=True),
        sa.Column("trace", sa.String(), server_default="", nullable=False),
        sa.Column("joined_to", sa.String(length=16), nullable=True),
        sa.Column("due_at", sa.BigInteger(), nullable=True),
        sa.Column("leased_until", sa.BigInteger(), nullable=True),
        sa.Column("tries", sa.Integer(), server_default="0", nullable=False),
        sa.Column("vanished_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_articles")),
        sa.UniqueConstraint("id", name=op.f("uq_articles_id")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_articles_feed_seq", "articles", ["feed", "seq"], unique=False)
    op.create_index(
        "ix_articles_open",
        "articles",
        ["state", "seq"],
        unique=False,
        sqlite_where=sa.text("state in ('new','teased','ready')"),
        postgresql_where=sa.text("state in ('new','teased','ready')"),
    )
    op.create_index(
        "ix_articles_waiting",
        "articles",
        ["state", "feed"],
        unique=False,
        sqlite_where=sa.text("state in ('held','set_aside')"),
        postgresql_where=sa.text("state in ('held','set_aside')"),
    )


def _attempts() -> None:
    op.create_table(
        "attempts",
        sa.Column("delivery_id", sa.BigInteger(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("started_at", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("delivery_id", "attempt", name=op.f("pk_attempts")),
    )


def _channels() -> None:
    op.create_table(
        "channels",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("paused_at", sa.BigInteger(), nullable=True),
        sa.Column("paused_reason", sa.Text(), server_default="", nullable=False),
        sa.Column("next_send_at", sa.BigInteger(), nullable=True),
        sa.Column("failures", sa.Integer(), server_default="0", nullable=False),
        sa.Column("delivered_at", sa.BigInteger(), nullable=True),
        sa.Column("retired_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_channels")),
    )


def _feeds() -> None:
    op.create_table(
        "feeds",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("url", sa.String(), nullable=False),
        sa.Column("configured_url", sa.String(), nullable=False),
        sa.Column("state", sa.String(), server_default="active", nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("etag", sa.String(), nullable=True),
        sa.Column("last_modified", sa.String(), nullable=True),
        sa.Column("body_hash", sa.LargeBinary(), nullable=True),
        sa.Column("probed_at", sa.BigInteger(), nullable=True),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("due_reason", sa.Text(), server_default="", nullable=False),
        sa.Column("interval_s", sa.Integer(), server_default="0", nullable=False),
        sa.Column("leased_until", sa.BigInteger(), nullable=True),
        sa.Column("attempt", sa.Integer(), server_default="0", nullable=False),
        sa.Column("polled_at", sa.BigInteger(), nullable=True),
        sa.Column("baseline_at", sa.BigInteger(), nullable=True),
        sa.Column("changed_at", sa.BigInteger(), nullable=True),
        sa.Column("failures", sa.Integer(), server_default="0", nullable=False),
        sa.Column("failing_since", sa.BigInteger(), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("moved_to", sa.String(), nullable=True),
        sa.Column("moved_since", sa.BigInteger(), nullable=True),
        sa.Column("moved_seen", sa.Integer(), server_default="0", nullable=False),
        sa.Column("memory", sa.JSON(none_as_null=True), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("title", sa.String(), server_default="", nullable=False),
        sa.Column("language", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_feeds")),
    )
    op.create_index(
        "ix_feeds_due",
        "feeds",
        ["due_at"],
        unique=False,
        sqlite_where=sa.text("state in ('active','failing')"),
        postgresql_where=sa.text("state in ('active','failing')"),
    )


def _fingerprints() -> None:
    op.create_table(
        "fingerprints",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("link", sa.Integer(), nullable=True),
        sa.Column("title", sa.Integer(), nullable=True),
        sa.Column("head", sa.Integer(), nullable=True),
        sa.Column("bin0", sa.Integer(), nullable=True),
        sa.Column("bin1", sa.Integer(), nullable=True),
        sa.Column("bin2", sa.Integer(), nullable=True),
        sa.Column("bin3", sa.Integer(), nullable=True),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("digest", sa.BigInteger(), nullable=True),
        sa.Column("sketch", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_fingerprints")),
    )
    op.create_index(
        "ix_fingerprints_digest",
        "fingerprints",
        ["digest"],
        unique=False,
        sqlite_where=sa.text("digest is not null"),
        postgresql_where=sa.text("digest is not null"),
    )
    for key in ["bin0", "bin1", "bin2", "bin3", "head", "link", "title"]:
        if op.get_bind().dialect.name == "sqlite":  # its indexes hold the number anyway
            op.create_index(f"ix_fingerprints_{key}", "fingerprints", [key])
        else:
            op.create_index(f"ix_fingerprints_{key}_number", "fingerprints", [key, "number"])


def _hosts() -> None:
    op.create_table(
        "hosts",
        sa.Column("host", sa.String(), nullable=False),
        sa.Column("busy_until", sa.BigInteger(), nullable=True),
        sa.Column("next_at", sa.BigInteger(), nullable=True),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("host", name=op.f("pk_hosts")),
    )


def _polls() -> None:
    op.create_table(
        "polls",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("feed", sa.String(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("not_modified", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("bytes", sa.Integer(), server_default="0", nullable=False),
        sa.Column("duration_ms", sa.Integer(), server_default="0", nullable=False),
        sa.Column("entries", sa.Integer(), server_default="0", nullable=False),
        sa.Column("new", sa.Integer(), server_default="0", nullable=False),
        sa.Column("held", sa.Integer(), server_default="0", nullable=False),
        sa.Column("next_due_at", sa.BigInteger(), nullable=True),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("error", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_polls")),
    )
    op.create_index("ix_polls_at", "polls", ["at"], unique=False)
    op.create_index("ix_polls_feed_at", "polls", ["feed", "at"], unique=False)


def _pulses() -> None:
    op.create_table(
        "pulses",
        sa.Column("queue", sa.String(), nullable=False),
        sa.Column("sent_at", sa.BigInteger(), nullable=True),
        sa.Column("seen_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("queue", name=op.f("pk_pulses")),
    )


def _recurrences() -> None:
    op.create_table(
        "recurrences",
        sa.Column("feed", sa.String(), nullable=False),
        sa.Column("memory", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("feed", name=op.f("pk_recurrences")),
    )


def _revisions() -> None:
    op.create_table(
        "revisions",
        sa.Column("article_seq", sa.BigInteger(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("changed", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("before", sa.JSON(none_as_null=True), nullable=False),
        sa.PrimaryKeyConstraint("article_seq", "revision", name=op.f("pk_revisions")),
    )


def _sightings() -> None:
    op.create_table(
        "sightings",
        sa.Column("article_seq", sa.BigInteger(), nullable=False),
        sa.Column("feed", sa.String(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("article_seq", "feed", name=op.f("pk_sightings")),
    )


def _steps() -> None:
    op.create_table(
        "steps",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("article_seq", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("stage", sa.String(), nullable=False),
        sa.Column("decision", sa.String(), nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("channel", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_steps")),
    )
    op.create_index(op.f("ix_steps_article_seq"), "steps", ["article_seq"], unique=False)


def _subscriptions() -> None:
    op.create_table(
        "subscriptions",
        sa.Column("token", sa.String(), nullable=False),
        sa.Column("feed", sa.String(), nullable=False),
        sa.Column("protocol", sa.String(), server_default="websub", nullable=False),
        sa.Column("hub", sa.String(), nullable=False),
        sa.Column("topic", sa.String(), nullable=False),
        sa.Column("secret", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("asked_at", sa.BigInteger(), nullable=True),
        sa.Column("lease_until", sa.BigInteger(), nullable=True),
        sa.Column("renew_at", sa.BigInteger(), nullable=True),
        sa.Column("pushed_at", sa.BigInteger(), nullable=True),
        sa.Column("failures", sa.Integer(), server_default="0", nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("token", name=op.f("pk_subscriptions")),
    )
    op.create_index(op.f("ix_subscriptions_feed"), "subscriptions", ["feed"], unique=False)


def _vault() -> None:
    op.create_table(
        "vault",
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("value", sa.LargeBinary(), nullable=True),
        sa.Column("until", sa.BigInteger(), nullable=True),
        sa.Column("busy_until", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("channel", "name", name=op.f("pk_vault")),
    )


def _verdicts() -> None:
    op.create_table(
        "verdicts",
        sa.Column("article", sa.String(length=16), nullable=False),
        sa.Column("other", sa.String(length=16), nullable=False),
        sa.Column("verdict", sa.String(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("article", "other", name=op.f("pk_verdicts")),
    )


def _deliveries() -> None:
    op.create_table(
        "deliveries",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("article_seq", sa.BigInteger(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("ordinal", sa.Integer(), server_default="0", nullable=False),
        sa.Column("action", sa.String(), server_default="post", nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("failure", sa.String(), nullable=True),
        sa.Column("due_at", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("attempt", sa.Integer(), server_default="0", nullable=False),
        sa.Column("failures", sa.Integer(), server_default="0", nullable=False),
        sa.Column("lapses", sa.Integer(), server_default="0", nullable=False),
        sa.Column("leased_until", sa.BigInteger(), nullable=True),
        sa.Column("intent_at", sa.BigInteger(), nullable=True),
        sa.Column("post", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("progress", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("remote_id", sa.Text(), nullable=True),
        sa.Column("remote_url", sa.Text(), nullable=True),
        sa.Column("trace", sa.String(), server_default="", nullable=False),
        sa.Column("revision", sa.Integer(), server_default="1", nullable=False),
        sa.Column("republish_of", sa.BigInteger(), nullable=True),
        sa.Column("delivered_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["article_seq"], ["articles.seq"], name=op.f("fk_deliveries_article_seq")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deliveries")),
        sa.UniqueConstraint(
            "article_seq", "channel", "ordinal", name=op.f("uq_deliveries_article_seq_channel_ordinal")
        ),
        sa.UniqueConstraint("key", name=op.f("uq_deliveries_key")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_deliveries_delivered",
        "deliveries",
        ["delivered_at"],
        unique=False,
        sqlite_where=sa.text("delivered_at is not null"),
        postgresql_where=sa.text("delivered_at is not null"),
    )
    op.create_index(
        "ix_deliveries_due",
        "deliveries",
        ["channel", "due_at", "id"],
        unique=False,
        sqlite_where=sa.text("state in ('pending','uncertain')"),
        postgresql_where=sa.text("state in ('pending','uncertain')"),
    )
    op.create_index(
        "ix_deliveries_leased",
        "deliveries",
        ["leased_until"],
        unique=False,
        sqlite_where=sa.text("state = 'leased'"),
        postgresql_where=sa.text("state = 'leased'"),
    )
    op.create_index(
        "ix_deliveries_waiting",
        "deliveries",
        ["state", "channel"],
        unique=False,
        sqlite_where=sa.text("state in ('held','dead','uncertain')"),
        postgresql_where=sa.text("state in ('held','dead','uncertain')"),
    )
