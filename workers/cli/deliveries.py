"""deliveries · retry · resolve: one article to one channel."""

from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.wording import counted
from workers.cli import output
from workers.cli.opening import AsJson, ConfigPath, DeliveryId, Key, Limit, ordered, stored, world

if TYPE_CHECKING:
    from pipeline.world import World

COLUMNS = {
    "id": "delivery",
    "state": "state",
    "channel": "channel",
    "article": "article",
    "when": "when",
    "title": "title",
    "reason": "reason",
}


def register(app: typer.Typer) -> None:
    """Add these commands."""
    app.command("deliveries")(deliveries)
    app.command()(retry)
    app.command()(resolve)


def deliveries(
    config: ConfigPath = None,
    channel: Annotated[str | None, typer.Option("--channel", help="Only of this channel.")] = None,
    state: Annotated[list[str] | None, typer.Option("--state", help="Only in this state; may be repeated.")] = None,
    limit: Limit = 50,
    json: AsJson = False,
) -> None:
    """List deliveries, newest first."""
    from pipeline.model import DeliveryState
    from pipeline.store import overview

    states = output.words(state, DeliveryState)
    with stored(config) as found, found.store.read() as tx:
        now = found.now()
        rows = overview.deliveries_list(tx, now, channel=channel, states=states, limit=limit)
    if not json:
        for row in rows:
            row["when"] = output.ago(
                row["delivered_at"] or row["rests_until"] or row["due_at"] or row["created_at"], now
            )
            row["reason"] = (
                output.resting(row["rests_until"], row["rest_reason"]) if row["rests_until"] else row["reason"]
            )
            row["title"] = output.clipped(row["title"])
    output.listing(rows, COLUMNS, json=json, empty="no deliveries")


def retry(
    delivery: Annotated[int | None, typer.Argument(metavar="[DELIVERY]", help="Its number.")] = None,
    config: ConfigPath = None,
    dead: Annotated[
        str | None, typer.Option("--dead", metavar="CHANNEL", help="All dead letters of a channel.")
    ] = None,
    key: Key = "",
) -> None:
    """Send a dead, held or cancelled delivery again."""
    from pipeline.model import UsageError
    from pipeline.stages import orders
    from pipeline.store import overview

    if (delivery is None) == (dead is None):
        raise UsageError("name one delivery, or --dead CHANNEL; `standfirst deliveries --state dead` lists them")

    def again(within: "World") -> int:
        idents = [delivery] if delivery is not None else []
        if dead is not None:
            with within.store.read() as tx:
                rows = overview.deliveries_list(tx, within.now(), channel=dead, states=["dead"], limit=100_000)
                idents = [row["id"] for row in reversed(rows)]
        for ident in idents:
            orders.retry(within, ident)
        return len(idents) if dead is not None else idents[0]

    told = {"delivery": delivery} if delivery is not None else {"dead": dead}
    with world(config) as found:
        count = ordered(found, key, "retry", told, again)
    output.say(f"{counted(count if dead is not None else 1, 'delivery', 'deliveries')} tried again")


def resolve(
    delivery: DeliveryId,
    there: Annotated[bool, typer.Option("--there/--not-there", help="Whether the post is on the channel.")],
    config: ConfigPath = None,
    url: Annotated[str | None, typer.Option("--url", help="The post's address, where it is there.")] = None,
    key: Key = "",
) -> None:
    """Say whether an uncertain delivery arrived; if not, it is sent."""
    from pipeline.stages import orders

    with world(config) as found:
        told = {"delivery": delivery, "there": there} | ({"url": url} if url else {})
        ordered(found, key, "resolve", told, lambda world: orders.resolve(world, delivery, there=there, url=url).id)
    output.say("noted: it is there" if there else "noted: it is not there, and is sent")
