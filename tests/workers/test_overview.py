"""What the queues' figures count."""

from datetime import UTC, datetime, timedelta
from typing import Any

from pipeline.model import ArticleState, DeliveryState, Entry
from pipeline.store import articles, channels, deliveries, overview

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)


def depth(tx: Any) -> int:
    return int(next(row for row in overview.queues(tx, NOW) if row["queue"] == "deliver")["depth"])


def delivery(tx: Any, state: DeliveryState = DeliveryState.PENDING, **columns: Any) -> int:
    """One delivery of one article to the channel `desk`."""
    channels.sync(tx, [("desk", "webhook")], NOW)
    name = f"{state}{columns}"
    entry = Entry(entry_id=name, link=f"https://herald.example/{name}", title=name)
    _, ident = articles.add(tx, "herald", entry, seed=name, state=ArticleState.READY, now=NOW, trace="t", reason="")
    article = articles.get(tx, ident)
    assert article
    made = deliveries.add(tx, article, "desk", state=DeliveryState.PENDING, due_at=NOW, now=NOW, reason="")
    assert made
    deliveries.change(tx, made, [DeliveryState.PENDING], state, "", columns.pop("due_at", None), **columns)
    return made


def test_what_waits_behind_a_paused_channel_is_no_backlog(store: Any) -> None:
    with store.begin() as tx:
        delivery(tx, due_at=NOW)
        assert depth(tx) == 1
        channels.pause(tx, "desk", "by a person", NOW)
        assert depth(tx) == 0


def test_only_what_the_machine_cannot_settle_waits_for_a_person(store: Any) -> None:
    with store.begin() as tx:
        held = delivery(tx, DeliveryState.HELD)
        doubt = delivery(tx, DeliveryState.UNCERTAIN)
        dead = delivery(tx, DeliveryState.DEAD)
        delivery(tx, DeliveryState.UNCERTAIN, due_at=NOW + timedelta(minutes=1))  # is looked for
        delivery(tx, DeliveryState.DEAD, created_at=NOW - timedelta(days=9))  # is no news
        delivery(tx, DeliveryState.DELIVERED)
        delivery(tx, due_at=NOW)
        assert [row["id"] for row in overview.for_a_person(tx, NOW)] == [dead, doubt, held]
        assert {row["state"]: row["n"] for row in overview.deliveries_for_a_person(tx, NOW)} == {
            "held": 1,
            "uncertain": 1,
            "dead": 1,
        }
