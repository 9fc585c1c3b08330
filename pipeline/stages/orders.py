"""What a person may order: publish, republish, retry, resolve, hold, release, withdraw, edit, resume.

Every order is a row with its reason in the article's history, and safe to give twice.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

import structlog

from pipeline.model import (
    Action,
    Article,
    ArticleState,
    Delivery,
    DeliveryState,
    Entry,
    Stage,
    UsageError,
)
from pipeline.stages.teaser import save, write
from pipeline.store import Tx, articles, channels, deliveries, history
from pipeline.world import World

log = structlog.get_logger()

REPUBLISHED = "republish"  # the decision in the article's history
REPUBLISHED_AT_ONCE = timedelta(minutes=1)  # a second republish within this asks first
DISCARDED = "discarded by a person"
SKIPPED = "skipped by a person on resuming"
BY_HAND = "by hand"  # the feed of an article that a person gave us by its address


class AsksFirst(UsageError):
    """An order that may be a slip: it is carried out when whoever gave it says that it is meant."""


def the_article(world: World, words: str) -> Article:
    """The one article a person means by an id, the beginning of one, or a link."""
    with world.store.read() as tx:
        found = articles.find(tx, words)
    if not found:
        raise UsageError(f"no article is known by “{words}”; `standfirst articles` lists them")
    if len(found) > 1:
        raise UsageError(f"“{words}” may mean {', '.join(a.id for a in found)}; give the whole id")
    return found[0]


def publish(world: World, url: str, channel_names: Iterable[str] = ()) -> Article:
    """Take the article at an address, read it now, and send it to these channels or to all; once, like any other."""
    now = world.now()
    names = _channels(world, channel_names)
    with world.store.begin() as tx:
        known = [one for one in articles.find(tx, url) if one.link == url]
        article = known[0] if known else _taken_by_hand(tx, url, now)
    written = None if known else write(world, article, fetch=True)
    if written is not None and not written.answers:
        discard(world, article, written.note)
        raise UsageError(f"{url}: {written.note}")
    with world.store.begin() as tx:
        if written is not None:
            save(world, tx, article, written, ArticleState.FANNED)
        for name in names:
            _deliver_once(tx, article, name, now, "published by a person")
    _say("article_published", article, channels=names)
    for name in names:
        world.hint(Stage.DELIVER, name)
    return article


def _taken_by_hand(tx: Tx, url: str, now: datetime) -> Article:
    entry = Entry(link=url, entry_id=url, title="")
    seed = f"hand:{url}"
    trace = articles.public_id(BY_HAND, seed)
    reason = "being read for a person"  # held: no stage takes it from our hands
    _, ident = articles.add(tx, BY_HAND, entry, seed=seed, state=ArticleState.HELD, now=now, trace=trace, reason=reason)
    article = articles.get(tx, ident)
    assert article is not None
    history.note(tx, article.seq, now, "poll", "new", "given by a person")
    return article


def _deliver_once(tx: Tx, article: Article, channel: str, now: datetime, reason: str) -> None:
    ident = deliveries.add(tx, article, channel, state=DeliveryState.PENDING, due_at=now, now=now, reason=reason)
    if ident is not None:
        history.note(tx, article.seq, now, "order", "will be posted", reason, channel)


def republish(world: World, article: Article, channel_names: Iterable[str] = (), *, again: bool = False) -> list[int]:
    """Deliver again: a new delivery for each channel, linked to the last one there.

    Nothing is done where one is on its way already. Within a minute of another republish it raises AsksFirst, unless
    the person says `again`.
    """
    now = world.now()
    with world.store.begin() as tx:
        articles.lock(tx, article.seq)  # two of these at the same moment: the second sees what the first has done
        old = deliveries.of_article(tx, article.seq)
        names = list(channel_names) or list(dict.fromkeys(d.channel for d in old)) or list(world.config.channels)
        last = {name: _last_post(old, name) for name in dict.fromkeys(names)}
        for name in last:
            _known_channel(world, name)
        due = [name for name, one in last.items() if one is None or one.state not in UNDER_WAY]
        if due and not again:
            _ask_after_another(tx, article, due, now)
        written = [_again(tx, article, name, last[name], now) for name in due]
    _say("article_republished", article, channels=names, deliveries=written)
    for name in names:
        world.hint(Stage.DELIVER, name)
    return written


UNDER_WAY = (DeliveryState.PENDING, DeliveryState.LEASED)


def _last_post(old: list[Delivery], channel: str) -> Delivery | None:
    return next((one for one in reversed(old) if one.channel == channel and one.action == Action.POST), None)


def _ask_after_another(tx: Tx, article: Article, names: list[str], now: datetime) -> None:
    before = [
        step
        for step in history.of_article(tx, article.seq)
        if step.decision == REPUBLISHED and step.channel in names and now - step.at < REPUBLISHED_AT_ONCE
    ]
    if before:
        where = ", ".join(dict.fromkeys(str(step.channel) for step in before))
        seconds = max(0, round((now - before[-1].at).total_seconds()))
        raise AsksFirst(f"it was republished {seconds} s ago on {where}; each time more is one more post there")


def _again(tx: Tx, article: Article, channel: str, old: Delivery | None, now: datetime) -> int:
    ident = deliveries.add(
        tx,
        article,
        channel,
        state=DeliveryState.PENDING,
        due_at=now,
        now=now,
        reason="republished by a person",
        ordinal=deliveries.next_ordinal(tx, article.seq, channel),
        republish_of=old.id if old else None,
    )
    assert ident is not None
    history.note(tx, article.seq, now, "order", REPUBLISHED, "by a person", channel)
    return ident


def retry(world: World, ident: int) -> Delivery:
    """Send a dead, cancelled, filtered or held delivery again, now; an uncertain one wants `resolve`."""
    now = world.now()
    may = [
        DeliveryState.DEAD,
        DeliveryState.PENDING,
        DeliveryState.CANCELLED,
        DeliveryState.FILTERED,
        DeliveryState.HELD,
    ]
    with world.store.begin() as tx:
        delivery = _the_delivery(tx, ident)
        if not deliveries.change(
            tx, ident, may, DeliveryState.PENDING, "tried again by a person", now, failures=0, lapses=0, created_at=now
        ):
            raise UsageError(f"delivery {ident} is {delivery.state}: {_what_instead(delivery)}")
        _note(tx, delivery, now, "retry", "by a person")
    log.info("delivery_retried", delivery=ident, channel=delivery.channel, article=delivery.article)
    world.hint(Stage.DELIVER, delivery.channel)
    return delivery


def _what_instead(delivery: Delivery) -> str:
    if delivery.state == DeliveryState.UNCERTAIN:
        return "say with `standfirst resolve` whether it is there"
    if delivery.state == DeliveryState.DELIVERED:
        return f"use `standfirst republish {delivery.article}` to post it again"
    return "it is being sent now"


def resolve(world: World, ident: int, *, there: bool, url: str | None = None, remote_id: str | None = None) -> Delivery:
    """A person's word on an uncertain delivery: it is there, or it is not and is to be sent."""
    now = world.now()
    with world.store.begin() as tx:
        delivery = _the_delivery(tx, ident)
        if there:
            done = deliveries.change(
                tx,
                ident,
                [DeliveryState.UNCERTAIN],
                DeliveryState.DELIVERED,
                "a person has seen it there",
                None,
                remote_id=remote_id,
                remote_url=url,
                delivered_at=now,
            )
        else:
            done = deliveries.change(
                tx,
                ident,
                [DeliveryState.UNCERTAIN],
                DeliveryState.PENDING,
                "a person has looked: it is not there",
                now,
                intent_at=None,
                failures=0,
                lapses=0,
            )
        if not done:
            raise UsageError(f"delivery {ident} is {delivery.state}, not uncertain")
        _note(tx, delivery, now, "resolved", "it is there" if there else "it is not there")
    log.info("delivery_resolved", delivery=ident, channel=delivery.channel, article=delivery.article, there=there)
    world.hint(Stage.DELIVER, delivery.channel)
    return delivery


def release(world: World, found: Iterable[Article]) -> list[Article]:
    """Let held (or archived, or set aside) articles go on; gives those that do."""
    now = world.now()
    of = [ArticleState.HELD, ArticleState.SET_ASIDE, ArticleState.ARCHIVED]
    let: list[Article] = []
    with world.store.begin() as tx:
        for article in found:
            if articles.set_state(tx, article.seq, of, ArticleState.NEW, "released by a person", now):
                history.note(tx, article.seq, now, "order", "released", "by a person")
                let.append(article)
    for article in let:
        _say("article_released", article)
        world.hint(Stage.TEASER, article.id)
    return let


def hold(world: World, article: Article, reason: str = "held by a person") -> int:
    """Stop what has not been sent of an article; gives the number of deliveries held."""
    now = world.now()
    of = [ArticleState.NEW, ArticleState.TEASED, ArticleState.READY]
    with world.store.begin() as tx:
        articles.set_state(tx, article.seq, of, ArticleState.HELD, reason, now)
        mine = [d for d in deliveries.of_article(tx, article.seq) if d.state == DeliveryState.PENDING]
        for one in mine:
            deliveries.change(tx, one.id, [DeliveryState.PENDING], DeliveryState.HELD, reason, None)
        history.note(tx, article.seq, now, "order", "held", reason)
    _say("article_held", article, reason=reason)
    return len(mine)


def discard(world: World, article: Article, reason: str = DISCARDED) -> int:
    """Never send what has not been sent of an article."""
    now = world.now()
    of = [state for state in ArticleState if state not in (ArticleState.JOINED, ArticleState.FANNED)]
    with world.store.begin() as tx:
        articles.set_state(tx, article.seq, of, ArticleState.WITHDRAWN, reason, now)
        n = deliveries.cancel_unsent(tx, article.seq, reason)
        history.note(tx, article.seq, now, "order", "discarded", reason)
    _say("article_discarded", article, reason=reason)
    return n


def edit(world: World, article: Article, *, teaser: str | None = None) -> None:
    """Keep an editor's teaser for an article; what is not sent yet is sent with it."""
    now = world.now()
    with world.store.begin() as tx:
        words = dict(articles.overriding(tx, article.seq))
        words.pop("teaser", None)
        if teaser:
            words["teaser"] = teaser
        articles.override(tx, article.seq, words)
        if teaser and article.state not in (ArticleState.NEW, ArticleState.HELD, ArticleState.SET_ASIDE):
            articles.write_teaser(tx, article.seq, teaser, "editor", "written by hand")
        history.note(tx, article.seq, now, "order", "edited", "an editor's teaser" if teaser else "teaser given back")
    _say("article_edited", article)


def pause_channel(world: World, name: str, reason: str = "paused by a person") -> bool:
    """Stop a channel's mailbox; it keeps its queue."""
    _known_channel(world, name)
    with world.store.begin() as tx:
        done = channels.pause(tx, name, reason, world.now())
    log.info("channel_paused", channel=name, reason=reason)
    return done


def resume_channel(world: World, name: str, *, skip_backlog: bool = False) -> int:
    """Let a mailbox go on; with `skip_backlog` what waited is cancelled. Gives the number cancelled."""
    _known_channel(world, name)
    with world.store.begin() as tx:
        skipped = deliveries.skip_backlog(tx, name, SKIPPED) if skip_backlog else 0
        channels.resume(tx, name, world.now())
    log.info("channel_resumed", channel=name, skipped=skipped)
    world.hint(Stage.DELIVER, name)
    return skipped


def _channels(world: World, names: Iterable[str]) -> list[str]:
    chosen = list(names) or list(world.config.channels)
    for name in chosen:
        _known_channel(world, name)
    return chosen


def _known_channel(world: World, name: str) -> None:
    if name not in world.config.channels:
        raise UsageError(f"no channel “{name}” is configured; there are {', '.join(world.config.channels) or 'none'}")


def _the_delivery(tx: Tx, ident: int) -> Delivery:
    delivery = deliveries.get(tx, ident)
    if delivery is None:
        raise UsageError(f"there is no delivery {ident}; `standfirst deliveries` lists them")
    return delivery


def _note(tx: Tx, delivery: Delivery, now: datetime, decision: str, reason: str) -> None:
    article = articles.get(tx, delivery.article)
    if article is not None:
        history.note(tx, article.seq, now, "order", decision, reason, delivery.channel)


def _say(event: str, article: Article, **facts: object) -> None:
    log.info(event, article=article.id, feed=article.feed, trace=article.trace, **facts)
