"""The teaser stage: article new → teased. Reads the article's page where the feed's settings say so."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from time import monotonic
from typing import Any

import structlog

from pipeline import teaser as writing
from pipeline.feeds import canonical
from pipeline.model import Article, ArticleState, Error, Stage, StoreError
from pipeline.stages import suspects
from pipeline.stages.poll.visit import GAP, is_own
from pipeline.stages.suspects import TRIES
from pipeline.store import Tx, articles, feeds, history
from pipeline.store.codec import image_out
from pipeline.text import page as pages
from pipeline.world import World

log = structlog.get_logger()

LEASE = timedelta(seconds=90)  # longer than a page fetch and a child's time limit together
PAGE_BYTES = 2 * 1024 * 1024
PAGE_SECONDS = 15.0
LINK_WAIT = timedelta(minutes=1)  # how often an address that does not answer yet is asked again …
LINK_PATIENCE = timedelta(hours=24)  # … and for how long


@dataclass(frozen=True, slots=True)
class Written:
    """A teaser, the page it may have come from, and what is to be said about the page."""

    teaser: writing.Teaser
    page: pages.Page | None = None
    note: str = ""
    answers: bool = True  # whether the article's address does


def teaser(world: World, ident: str) -> None:
    """Write one article's teaser. An article that cannot be read after three tries is set aside with its reason."""
    now = world.now()
    began = monotonic()
    with world.store.begin() as tx:
        article = articles.claim(tx, ident, ArticleState.NEW, now, now + LEASE, by=world.process)
        if article is None:
            return
        if article.tries > suspects.LOST:
            suspects.set_aside(world, tx, article, Stage.TEASER)
            return
        override = articles.overriding(tx, article.seq)
        host = _host(world, article, override)
        turn = feeds.visit(tx, host, now, now + LEASE, GAP, by=world.process) if host else None
        if turn is not None and not turn.now:
            articles.put_back(tx, article, turn.at, turn.reason, -1)
            return
    try:
        with _leaving(world, host):
            written = _tried(world, article, str(override.get("teaser", "")))
    except Error as error:
        _later(world, article, str(error))
        return
    if _waits_for_link(world, article, written):
        return
    with world.store.begin() as tx:
        save(world, tx, article, written, ArticleState.TEASED)
    log.info(
        "teaser_written",
        article=article.id,
        feed=article.feed,
        source=written.teaser.source,
        words=len(written.teaser.text.split()),
        reason=written.teaser.reason,
        trace=article.trace,
        duration_ms=round((monotonic() - began) * 1000),
    )
    world.hint(Stage.DEDUPE, "")


def _host(world: World, article: Article, override: Mapping[str, Any]) -> str:
    """The host that is asked for its page, visited in turn with the polls of feeds (P19); one's own is not paced."""
    config = world.config.feed(article.feed)
    wanted = (config.fetch_pages or config.wait_for_link) and article.link and not override.get("teaser")
    return canonical.host(article.link) if wanted and not is_own(config) else ""


@contextmanager
def _leaving(world: World, host: str) -> Iterator[None]:
    try:
        yield
    finally:
        if host:
            with suppress(StoreError), world.store.begin(durable=False) as tx:
                feeds.leave(tx, host, world.now() + GAP, "it was visited a moment ago")


def _tried(world: World, article: Article, override: str) -> Written:
    """The teaser. The last try is made without the page, and in the child: if it kills again, we live and say so."""
    if suspects.spent(article) < TRIES - 1 or world.config.feed(article.feed).wait_for_link:
        return write(world, article, override)
    rules = world.config.teaser_rules(article.feed)
    found = writing.write_apart(article, rules, world.bounded, override=override)
    return Written(found, None, f"its page was left out after {TRIES - 1} tries")


def write(world: World, article: Article, override: str = "", *, fetch: bool = False) -> Written:
    """The article's teaser, with its page's help where the feed's settings (or `fetch`) ask for it."""
    feed = world.config.feed(article.feed)
    wanted = fetch or feed.fetch_pages or feed.wait_for_link
    page, note, answers = _page(world, article) if wanted and article.link and not override else (None, "", True)
    rules = world.config.teaser_rules(article.feed)
    return Written(writing.write(article, page, rules, world.bounded, override=override), page, note, answers)


def _page(world: World, article: Article) -> tuple[pages.Page | None, str, bool]:
    """The article's page, read; or None and why. A page is a help, never a condition."""
    try:
        networks = world.config.feed(article.feed).allow_networks
        answer = world.http.allowing(networks).get(article.link, limit=PAGE_BYTES, deadline=PAGE_SECONDS)
        if answer.status != 200:
            return None, f"its page answered {answer.status}", False
    except Error as error:
        return None, f"its page could not be fetched: {error}", False
    try:
        payload = {
            "html": answer.body,
            "url": answer.url,
            "content_type": answer.headers.get("content-type"),
            "prefer": world.config.feed(article.feed).prefer,
        }
        return pages.of(world.bounded.run("page", payload, seconds=writing.SECONDS)), "", True
    except Error as error:
        return None, f"its page could not be read: {error}", True


def save(world: World, tx: Tx, article: Article, written: Written, to: ArticleState) -> bool:
    """Write the teaser and what else was found into the article, and move it on; what the feed said stays."""
    now = world.now()
    found = written.teaser
    reason = f"{found.reason}; {written.note}" if written.note else found.reason
    columns: dict[str, Any] = {"teaser": found.text, "teaser_source": found.source, "teaser_reason": reason}
    extra = {
        "language": (article.language, found.language),
        "image": (article.image, image_out(found.image)),
        "authors": (article.authors, list(found.authors)),
        "tags": (article.tags, list(found.tags)),
        "title": (article.title, written.page.title if written.page else ""),
    }
    columns |= {name: value for name, (said, value) in extra.items() if value and not said}
    if not articles.move(tx, article, to, due_at=now, **columns):
        return False
    history.note(tx, article.seq, now, "teaser", f"written from the {found.source}", reason)
    return True


def _waits_for_link(world: World, article: Article, written: Written) -> bool:
    """Where the feed asks for it, an article waits until its address answers, after a day for a person (F26)."""
    if written.answers or not world.config.feed(article.feed).wait_for_link:
        return False
    now = world.now()
    with world.store.begin() as tx:
        if now - article.first_seen < LINK_PATIENCE:
            articles.put_back(tx, article, now + LINK_WAIT, f"waits until its address answers: {written.note}", -1)
        elif articles.move(tx, article, ArticleState.HELD, f"its address has not answered for a day: {written.note}"):
            history.note(tx, article.seq, now, "teaser", "held", written.note)
    log.info("article_waits", article=article.id, feed=article.feed, reason=written.note, trace=article.trace)
    return True


def _later(world: World, article: Article, reason: str) -> None:
    with world.store.begin() as tx:
        spent = suspects.spent(article) + 1
        if spent >= TRIES:
            suspects.set_aside(world, tx, article, Stage.TEASER, reason)
            return
        articles.put_back(tx, article, world.now() + timedelta(seconds=5 * spent), reason, suspects.FAULT - 1)
    log.warning("teaser_failed", article=article.id, feed=article.feed, reason=reason, trace=article.trace)
