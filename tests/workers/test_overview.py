"""What the queues' figures count."""

from datetime import UTC, datetime
from typing import Any

from pipeline.model import ArticleState, DeliveryState, Entry
from pipeline.store import articles, channels, deliveries, overview

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)


def depth(tx: Any) -> int:
    return int(next(row for row in overview.queues(tx, NOW) if row["queue"] == "deliver")["depth"])


def test_what_waits_behind_a_paused_channel_is_no_backlog(store: Any) -> None:
    with store.begin() as tx:
        channels.sync(tx, [("desk", "webhook")], NOW)
        entry = Entry(entry_id="1", link="https://herald.example/1", title="One")
        _, ident = articles.add(tx, "herald", entry, seed="1", state=ArticleState.READY, now=NOW, trace="t", reason="")
        article = articles.get(tx, ident)
        assert article
        deliveries.add(tx, article, "desk", state=DeliveryState.PENDING, due_at=NOW, now=NOW, reason="")
        assert depth(tx) == 1
        channels.pause(tx, "desk", "by a person", NOW)
        assert depth(tx) == 0
