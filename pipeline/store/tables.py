"""Every table of the store, for both databases.

A moment is stored as whole microseconds since 1970 in UTC (`Instant`): dates lose nothing on the way (F21), sort as
numbers, and mean the same in SQLite and PostgreSQL. What grows for ever (`aliases`) is kept narrow; what is asked
every second (due rows) has a partial index that holds open rows only, so it costs the same after a million deliveries.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    ColumnElement,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    literal_column,
    text,
)
from sqlalchemy.types import TypeDecorator

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


class Instant(TypeDecorator[datetime]):
    """An aware datetime, kept as microseconds since 1970."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:  # noqa: ARG002
        """To the database."""
        return None if value is None else (value - EPOCH) // MICROSECOND

    def process_result_value(self, value: Any | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """From the database."""
        return read_instant(value)


def read_instant(value: int | None) -> datetime | None:
    """An instant of a statement that was written out, and so knows nothing of its columns' types."""
    return None if value is None else EPOCH + timedelta(microseconds=value)


def among(column: ColumnElement[str], *states: str) -> ColumnElement[bool]:
    """`column in (…)` with the words written out, not bound.

    SQLite takes a partial index only where its condition stands word for word in the query, and PostgreSQL's prepared
    statements only where it is no parameter. The conditions below are written as this function writes them.
    """
    return column.in_([literal_column(f"'{state}'") for state in states])


# SQLite gives an INTEGER PRIMARY KEY its own ever-growing number; a BIGINT one it does not.
Serial = BigInteger().with_variant(Integer, "sqlite")
Json = JSON(none_as_null=True)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

feeds = Table(
    "feeds",
    metadata,
    Column("name", String, primary_key=True),
    Column("url", String, nullable=False),  # where it is polled now: the configured one, or where it moved for good
    Column("configured_url", String, nullable=False),
    Column("state", String, nullable=False, server_default="active"),
    Column("reason", Text, nullable=False, server_default=""),  # of the state
    # what the last 200 said, byte for byte
    Column("etag", String),
    Column("last_modified", String),
    Column("body_hash", LargeBinary),
    Column("probed_at", Instant),  # the last unconditional request
    # when and why next
    Column("due_at", Instant, nullable=False),
    Column("due_reason", Text, nullable=False, server_default=""),
    Column("interval_s", Integer, nullable=False, server_default="0"),
    Column("leased_until", Instant),
    Column("leased_by", String(16)),  # the process: see `processes`
    Column("attempt", Integer, nullable=False, server_default="0"),  # the fence
    # what happened
    Column("polled_at", Instant),
    Column("baseline_at", Instant),  # the first document that parsed; until then the feed is new
    Column("changed_at", Instant),  # the last new article
    Column("failures", Integer, nullable=False, server_default="0"),
    Column("failing_since", Instant),
    Column("error", Text),
    # where it says it moved
    Column("moved_to", String),
    Column("moved_since", Instant),
    Column("moved_seen", Integer, nullable=False, server_default="0"),
    # identity's memory: worthless ids and links, oldest known date, what it trusts
    Column("memory", Json, nullable=False, server_default=text("'{}'")),
    Column("title", String, nullable=False, server_default=""),
    Column("language", String),
    Index(
        "ix_feeds_due",
        "due_at",
        sqlite_where=text("state in ('active','failing')"),
        postgresql_where=text("state in ('active','failing')"),
    ),
)

hosts = Table(
    "hosts",
    metadata,
    Column("host", String, primary_key=True),
    Column("busy_until", Instant),
    Column("busy_by", String(16)),
    Column("next_at", Instant),
    Column("reason", Text, nullable=False, server_default=""),
)

polls = Table(
    "polls",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("feed", String, nullable=False),
    Column("at", Instant, nullable=False),
    Column("by", String, nullable=False),  # schedule, push, person
    Column("status", Integer),
    Column("not_modified", Boolean, nullable=False, server_default=text("false")),
    Column("bytes", Integer, nullable=False, server_default="0"),
    Column("duration_ms", Integer, nullable=False, server_default="0"),
    Column("entries", Integer, nullable=False, server_default="0"),
    Column("new", Integer, nullable=False, server_default="0"),
    Column("held", Integer, nullable=False, server_default="0"),
    Column("next_due_at", Instant),
    Column("reason", Text, nullable=False, server_default=""),  # of the next due time
    Column("error", Text),
    Index("ix_polls_feed_at", "feed", "at"),
    Index("ix_polls_at", "at"),
)

subscriptions = Table(
    "subscriptions",
    metadata,
    Column("token", String, primary_key=True),  # the unguessable part of the callback's path
    Column("feed", String, nullable=False, index=True),
    Column("protocol", String, nullable=False, server_default="websub"),  # or rsscloud
    Column("hub", String, nullable=False),
    Column("topic", String, nullable=False),
    Column("secret", String, nullable=False),
    Column("state", String, nullable=False),  # pending, active, denied, unhealthy, ended
    Column("asked_at", Instant),
    Column("lease_until", Instant),
    Column("renew_at", Instant),
    Column("pushed_at", Instant),
    Column("failures", Integer, nullable=False, server_default="0"),
    Column("reason", Text, nullable=False, server_default=""),
)

articles = Table(
    "articles",
    metadata,
    Column("seq", Serial, primary_key=True),  # the order of first sight
    Column("id", String(16), nullable=False, unique=True),
    Column("feed", String, nullable=False),
    Column("state", String, nullable=False),
    Column("reason", Text, nullable=False, server_default=""),
    Column("title", Text, nullable=False),
    Column("link", Text, nullable=False),
    Column("entry_id", Text),
    Column("summary", Text, nullable=False, server_default=""),
    Column("content", Text, nullable=False, server_default=""),
    Column("published_at", Instant),
    Column("updated_at", Instant),
    Column("first_seen_at", Instant, nullable=False),
    Column("language", String),
    Column("authors", Json, nullable=False, server_default=text("'[]'")),
    Column("tags", Json, nullable=False, server_default=text("'[]'")),
    Column("image", Json),
    Column("teaser", Text, nullable=False, server_default=""),
    Column("teaser_source", String, nullable=False, server_default=""),
    Column("teaser_reason", Text, nullable=False, server_default=""),
    Column("override", Json),  # what an editor said: {"teaser": …}
    Column("revision", Integer, nullable=False, server_default="1"),
    Column("content_hash", LargeBinary),  # of what makes a revision
    Column("trace", String, nullable=False, server_default=""),
    Column("joined_to", String(16)),
    Column("due_at", Instant),  # of its next stage; the delay of its deliveries counts from first sight
    Column("leased_until", Instant),
    Column("leased_by", String(16)),  # the process: see `processes`
    Column("tries", Integer, nullable=False, server_default="0"),
    Column("vanished_at", Instant),
    Index(
        "ix_articles_open",
        "state",
        "seq",
        sqlite_where=text("state in ('new','teased','ready')"),
        postgresql_where=text("state in ('new','teased','ready')"),
    ),
    Index(
        "ix_articles_waiting",
        "state",
        "feed",
        sqlite_where=text("state in ('held','set_aside')"),
        postgresql_where=text("state in ('held','set_aside')"),
    ),
    Index(
        "ix_articles_joined",
        "first_seen_at",
        sqlite_where=text("state = 'joined'"),
        postgresql_where=text("state = 'joined'"),
    ),
    Index("ix_articles_feed_seq", "feed", "seq"),
    sqlite_autoincrement=True,
)

# Kept for ever: an article once seen is never new again, whatever became of it.
aliases = Table(
    "aliases",
    metadata,
    Column("feed", String, primary_key=True),
    Column("key", LargeBinary, primary_key=True),
    Column("kind", String(8), nullable=False),  # id, bare_id, link, dated, text
    Column("version", Integer, nullable=False),
    Column("article_seq", BigInteger, nullable=False, index=True),
    Index("ix_aliases_link", "key", sqlite_where=text("kind = 'link'"), postgresql_where=text("kind = 'link'")),
)

# The feeds an article came through: its routes add up.
sightings = Table(
    "sightings",
    metadata,
    Column("article_seq", BigInteger, primary_key=True),
    Column("feed", String, primary_key=True),
    Column("at", Instant, nullable=False),
)

revisions = Table(
    "revisions",
    metadata,
    Column("article_seq", BigInteger, primary_key=True),
    Column("revision", Integer, primary_key=True),
    Column("at", Instant, nullable=False),
    Column("changed", Json, nullable=False),  # names of what changed
    Column("before", Json, nullable=False),  # the values it replaced
)

steps = Table(
    "steps",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("article_seq", BigInteger, nullable=False, index=True),
    Column("at", Instant, nullable=False),
    Column("stage", String, nullable=False),
    Column("decision", String, nullable=False),
    Column("reason", Text, nullable=False, server_default=""),
    Column("channel", String),
)

channels = Table(
    "channels",
    metadata,
    Column("name", String, primary_key=True),
    Column("kind", String, nullable=False),
    Column("paused_at", Instant),
    Column("paused_reason", Text, nullable=False, server_default=""),
    Column("next_send_at", Instant),
    Column("rest_reason", Text, nullable=False, server_default=""),  # why nothing is sent before next_send_at
    Column("failures", Integer, nullable=False, server_default="0"),  # refusals in a row
    Column("delivered_at", Instant),
    Column("retired_at", Instant),  # no longer in the configuration
)

vault = Table(
    "vault",
    metadata,
    Column("channel", String, primary_key=True),
    Column("name", String, primary_key=True),
    Column("value", LargeBinary),
    Column("until", Instant),
    Column("busy_until", Instant),
)

deliveries = Table(
    "deliveries",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("key", String(32), nullable=False, unique=True),
    Column("article_seq", BigInteger, ForeignKey("articles.seq"), nullable=False),
    Column("channel", String, nullable=False),
    Column("ordinal", Integer, nullable=False, server_default="0"),
    Column("action", String, nullable=False, server_default="post"),
    Column("state", String, nullable=False),
    Column("reason", Text, nullable=False, server_default=""),
    Column("failure", String),
    Column("due_at", Instant),  # None: waits for a person
    Column("created_at", Instant, nullable=False),
    Column("attempt", Integer, nullable=False, server_default="0"),
    Column("failures", Integer, nullable=False, server_default="0"),
    Column("lapses", Integer, nullable=False, server_default="0"),  # workers that were lost while they had it
    Column("leased_until", Instant),
    Column("leased_by", String(16)),  # the process: see `processes`
    Column("intent_at", Instant),  # since when something may be on its way
    Column("post", Json),
    Column("progress", Json),
    Column("remote_id", Text),
    Column("remote_url", Text),
    Column("trace", String, nullable=False, server_default=""),
    Column("revision", Integer, nullable=False, server_default="1"),
    Column("republish_of", BigInteger),
    Column("delivered_at", Instant),
    UniqueConstraint("article_seq", "channel", "ordinal"),  # once
    Index(
        "ix_deliveries_due",
        "channel",
        "due_at",
        "id",
        sqlite_where=text("state in ('pending','uncertain')"),
        postgresql_where=text("state in ('pending','uncertain')"),
    ),
    Index(
        "ix_deliveries_leased",
        "leased_until",
        sqlite_where=text("state = 'leased'"),
        postgresql_where=text("state = 'leased'"),
    ),
    Index(
        "ix_deliveries_waiting",
        "state",
        "channel",
        sqlite_where=text("state in ('held','dead','uncertain')"),
        postgresql_where=text("state in ('held','dead','uncertain')"),
    ),
    Index(
        "ix_deliveries_delivered",
        "delivered_at",
        sqlite_where=text("delivered_at is not null"),
        postgresql_where=text("delivered_at is not null"),
    ),
    sqlite_autoincrement=True,
)

attempts = Table(
    "attempts",
    metadata,
    Column("delivery_id", BigInteger, primary_key=True),
    Column("attempt", Integer, primary_key=True),
    Column("started_at", Instant, nullable=False),
    Column("ended_at", Instant, nullable=False),
    Column("outcome", String, nullable=False),
    Column("status", Integer),
    Column("reason", Text, nullable=False, server_default=""),
)

# A message sent through each queue now and then, and when a worker took it: a queue nobody consumes is an alarm.
pulses = Table(
    "pulses",
    metadata,
    Column("queue", String, primary_key=True),
    Column("sent_at", Instant),
    Column("seen_at", Instant),
)

# The worker processes that are alive, each by its own word every few seconds. The leases of one that fell silent are
# ended early where nothing can have left.
processes = Table(
    "processes",
    metadata,
    Column("id", String(16), primary_key=True),
    Column("seen_at", Instant, nullable=False),
)

# What an operator was told: any number of sweeps look, one of them tells.
alerts = Table(
    "alerts",
    metadata,
    Column("kind", String, primary_key=True),
    Column("subject", String, primary_key=True),
    Column("reason", Text, nullable=False, server_default=""),
    Column("since", Instant, nullable=False),
    Column("seen_at", Instant, nullable=False),  # the last look that found it
    Column("over_at", Instant),  # None: it holds
    Column(
        "told", Boolean, nullable=False, server_default=text("false")
    ),  # whether the operator believes that it holds
    Column("told_at", Instant),
    Column("taken_until", Instant),  # a sweep is telling it
    Column("tries", Integer, nullable=False, server_default="0"),
)

# What is remembered of an article's text, so that the same story is found again. Each key is looked up in an index of
# its own, newest first; a key that is NULL costs nothing. `number` is the article's `seq` in four bytes and the keys
# are four bytes too: this table is as large as the newsroom's memory is long.
KEYS = ("link", "title", "head", "bin0", "bin1", "bin2", "bin3")
fingerprints = Table(
    "fingerprints",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    *(Column(key, Integer) for key in KEYS),
    Column("at", Instant, nullable=False),
    Column("digest", BigInteger),  # of the exact text: set when the window is over and the other keys go
    Column("sketch", LargeBinary, nullable=False),  # pipeline/dedupe/fingerprint.py; its first byte is the version
    # SQLite's indexes hold the number anyway.
    *(Index(f"ix_fingerprints_{key}", key).ddl_if(dialect="sqlite") for key in KEYS),
    *(Index(f"ix_fingerprints_{key}_number", key, "number").ddl_if(dialect="postgresql") for key in KEYS),
    Index(
        "ix_fingerprints_digest",
        "digest",
        sqlite_where=text("digest is not null"),
        postgresql_where=text("digest is not null"),
    ),
)

# What recurs in a feed, bounded; and under the empty name how far the fingerprints were taken anew after an upgrade.
recurrences = Table(
    "recurrences",
    metadata,
    Column("feed", String, primary_key=True),
    Column("memory", LargeBinary, nullable=False),
)

# A person's word on two articles: these are different, or one story; or that a person was asked.
verdicts = Table(
    "verdicts",
    metadata,
    Column("article", String(16), primary_key=True),
    Column("other", String(16), primary_key=True),
    Column("verdict", String, nullable=False),
    Column("at", Instant, nullable=False),
)

# Orders that were given with a key, and what they were answered: the same key gets the same answer and nothing is done.
orders = Table(
    "orders",
    metadata,
    Column("key", String, primary_key=True),
    Column("asked", String(32), nullable=False),  # of the order and its arguments
    Column("answer", Json),
    Column("at", Instant, nullable=False),
    Index("ix_orders_at", "at"),
)
