"""The figures Prometheus asks for. Counted from the store when asked, so they hold for all workers together."""

from collections.abc import Iterable

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from pipeline.model import StoreError
from pipeline.store import overview
from pipeline.world import World
from workers import needs
from workers.health import examine, is_stalled

CONTENT_TYPE = CONTENT_TYPE_LATEST
OPEN = ("pending", "leased", "held", "uncertain", "dead")


def exposed(world: World) -> bytes:
    """All figures, as text."""
    registry = CollectorRegistry()
    registry.register(_Figures(world))
    return generate_latest(registry)


class _Figures(Collector):
    """Reads the store once and tells what it holds; tells `standfirst_up 0` when it cannot."""

    def __init__(self, world: World) -> None:
        self._world = world

    def collect(self) -> Iterable[Metric]:
        """Every figure."""
        health = examine(self._world)
        yield GaugeMetricFamily("standfirst_ready", "1 when store, broker, sweep and queues work.", value=health.ready)
        stalled = GaugeMetricFamily("standfirst_queue_stalled", "1 when nobody works on the queue.", labels=["queue"])
        for pulse in health.pulses:
            stalled.add_metric([pulse.queue], float(is_stalled(pulse)))
        yield stalled
        try:
            yield from self._counted()
        except StoreError:
            return

    def _counted(self) -> Iterable[Metric]:
        now = self._world.now()
        with self._world.store.read() as tx:
            queues, counts = overview.queues(tx, now), overview.counts(tx, now)
            channels, feeds = overview.channels_list(tx, now), overview.feeds_list(tx)
        yield from per_queue(queues)
        yield from per_channel(channels)
        yield from per_feed(feeds)
        held = GaugeMetricFamily("standfirst_articles_waiting", "Articles that wait for a person.", labels=["state"])
        held.add_metric(["held"], counts["articles_held"])
        held.add_metric(["set_aside"], counts["articles_set_aside"])
        yield held
        yield per_need(needs.needs(self._world))
        yield GaugeMetricFamily(
            "standfirst_delivered_last_hour", "Posts delivered in the last hour.", value=counts["delivered_hour"]
        )


def per_need(found: list[needs.Need]) -> Metric:
    """What needs a person."""
    wanting = GaugeMetricFamily("standfirst_needs_a_person", "What needs a person, by kind of alert.", labels=["kind"])
    for kind, count in needs.by_kind(found).items():
        wanting.add_metric([kind], count)
    return wanting


def per_queue(rows: list[overview.Row]) -> Iterable[Metric]:
    """How much is due, and since when."""
    depth = GaugeMetricFamily("standfirst_queue_depth", "Rows that are due.", labels=["queue"])
    age = GaugeMetricFamily("standfirst_queue_oldest_seconds", "Age of the oldest row that is due.", labels=["queue"])
    resting = GaugeMetricFamily("standfirst_queue_resting", "Rows due to channels that rest.", labels=["queue"])
    for row in rows:
        depth.add_metric([row["queue"]], row["depth"])
        age.add_metric([row["queue"]], row["oldest_s"])
        resting.add_metric([row["queue"]], row["resting"])
    return depth, age, resting


def per_channel(rows: list[overview.Row]) -> Iterable[Metric]:
    """What each mailbox holds."""
    open_rows = GaugeMetricFamily(
        "standfirst_deliveries", "Deliveries not done, by state.", labels=["channel", "state"]
    )
    paused = GaugeMetricFamily("standfirst_channel_paused", "1 while the channel is paused.", labels=["channel"])
    resting = GaugeMetricFamily(
        "standfirst_channel_resting", "1 while the channel sends nothing for a while, by itself.", labels=["channel"]
    )
    for row in rows:
        paused.add_metric([row["name"]], float(row["paused_at"] is not None))
        resting.add_metric([row["name"]], float(row["state"] == "resting"))
        for state in OPEN:
            open_rows.add_metric([row["name"], state], row[state])
    return open_rows, paused, resting


def per_feed(rows: list[overview.Row]) -> Iterable[Metric]:
    """How each feed is doing."""
    failures = GaugeMetricFamily("standfirst_feed_failures", "Failed polls in a row.", labels=["feed"])
    polled = GaugeMetricFamily("standfirst_feed_polled_timestamp", "Unix time of the last poll.", labels=["feed"])
    for row in rows:
        failures.add_metric([row["name"]], row["failures"])
        if row["polled_at"]:
            polled.add_metric([row["name"]], row["polled_at"].timestamp())
    return failures, polled
