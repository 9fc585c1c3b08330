"""What was learned ends with the setting that it was learned for, and a refusal of credentials is believed at once."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import structlog

from pipeline.config.references import References
from pipeline.model import ArticleState, DeliveryState, Entry
from pipeline.stages import orders
from pipeline.store import articles, channels
from tests.stages.conftest import Newsroom
from tests.stages.test_once import creations, posts
from workers.demo.sandbox import Fault, Request

S = DeliveryState
CHANNEL = "mastodon"


def settle(newsroom: Newsroom, **settings: Any) -> None:
    """Route to the one channel, with these settings of its kind."""
    newsroom.only(CHANNEL)
    before = newsroom.config.channels[CHANNEL]
    given = replace(before, settings={**before.settings, **settings})
    newsroom.config = replace(newsroom.config, channels={**newsroom.config.channels, CHANNEL: given})


def paused(newsroom: Newsroom) -> str:
    with newsroom.store.read() as tx:
        return str(channels.get(tx, CHANNEL).paused_reason or "")


@pytest.fixture
def token(newsroom: Newsroom, tmp_path: Path) -> Path:
    """The file that holds the channel's token."""
    file = tmp_path / "token"
    file.write_text(newsroom.platforms[CHANNEL].token)
    settle(newsroom, token=References({}, tmp_path).resolve({"file": "token"}))
    return file


def test_a_token_renewed_in_its_file_is_used_at_the_first_refusal(newsroom: Newsroom, token: Path) -> None:
    world = newsroom.world()
    newsroom.article(1)
    newsroom.work(world, until=60)
    newsroom.platforms[CHANNEL].token = "another-token"
    token.write_text("another-token\n")
    article = newsroom.article(2)
    newsroom.work(world, until=60)
    assert newsroom.deliveries(article)[CHANNEL].state == S.DELIVERED
    assert not paused(newsroom)
    assert posts(newsroom, CHANNEL) == 2


def test_a_token_renewed_in_its_file_is_used_after_resume_by_the_same_process(newsroom: Newsroom, token: Path) -> None:
    world = newsroom.world()
    newsroom.platforms[CHANNEL].token = "another-token"
    article = newsroom.article()
    newsroom.work(world, until=60)
    assert paused(newsroom)
    token.write_text("another-token\n")
    orders.resume_channel(world, CHANNEL)
    newsroom.work(world, until=60)
    assert newsroom.deliveries(article)[CHANNEL].state == S.DELIVERED


@pytest.mark.parametrize("content", ["", "\xff\xfe", "x" * 100_000])
def test_a_file_that_is_half_written_changes_nothing(newsroom: Newsroom, token: Path, content: str) -> None:
    token.write_bytes(content.encode("latin-1"))
    article = newsroom.article()
    newsroom.work(until=60)
    assert newsroom.deliveries(article)[CHANNEL].state == S.DELIVERED


def test_a_renewed_secret_stays_out_of_reasons(newsroom: Newsroom, token: Path) -> None:
    world = newsroom.world()
    newsroom.platforms[CHANNEL].script = lambda _: Fault(
        stored=False, status=401, body=b'{"error":"renewed-secret is void"}'
    )
    token.write_text("renewed-secret\n")
    newsroom.article()
    newsroom.work(world, until=60)
    assert "is void" in paused(newsroom)
    assert "renewed-secret" not in paused(newsroom)


def void(request: Request) -> Fault | None:
    """Takahē's middleware on a token that it does not know."""
    asks = request.headers.get("authorization")
    return Fault(stored=False, status=400, body=b"Invalid Bearer token") if asks else None


def test_a_void_token_named_by_a_400_pauses_the_channel_at_once(newsroom: Newsroom) -> None:
    settle(newsroom)
    newsroom.platforms[CHANNEL].script = void
    made = [newsroom.article(n) for n in range(3)]
    newsroom.work(until=60)
    assert "Invalid Bearer token" in paused(newsroom)
    assert {newsroom.deliveries(one)[CHANNEL].state for one in made} == {S.PENDING}
    assert len(creations(newsroom, CHANNEL)) == 1


def test_a_400_that_speaks_of_tokens_and_means_the_post_refuses_the_post(newsroom: Newsroom) -> None:
    settle(newsroom)
    body = b'{"error":"Unexpected token in text"}'
    newsroom.platforms[CHANNEL].fail(Fault(stored=False, status=400, body=body))
    first, second = newsroom.article(1), newsroom.article(2)
    newsroom.work(until=60)
    assert newsroom.deliveries(first)[CHANNEL].state == S.DEAD
    assert newsroom.deliveries(second)[CHANNEL].state == S.DELIVERED
    assert not paused(newsroom)


def in_full(request: Request) -> Fault | None:
    """A server that says a link is 23, and counts all of it."""
    if request.method != "POST" or request.path != "/api/v1/statuses" or len(request.json()["status"]) <= 500:
        return None
    return Fault(stored=False, status=400, body=b'{"error":"Text is too long: 500 characters at most"}')


def long_article(newsroom: Newsroom, n: int) -> Any:
    """A long teaser, and a long link whose host's ending is one that Mastodon knows: others it counts in full."""
    link = f"https://town-crier.org/{n}/{'a-word-' * 18}"
    given = Entry(entry_id=link, link=link, title=f"Bakery number {n} opens")
    with newsroom.store.begin() as tx:
        state = ArticleState.READY
        seq, ident = articles.add(tx, "news", given, seed=link, state=state, now=newsroom.now, trace=f"t{n}")
        articles.write_teaser(tx, seq, "A sentence of the teaser that is said again. " * 11, "summary", "long")
        return articles.get(tx, ident)


def test_a_link_that_is_counted_in_full_costs_one_refusal_and_no_post(newsroom: Newsroom) -> None:
    settle(newsroom)
    given = newsroom.config.channels[CHANNEL]
    changed = replace(given, template="{teaser} {link}")
    newsroom.config = replace(newsroom.config, channels={**newsroom.config.channels, CHANNEL: changed})
    newsroom.platforms[CHANNEL].script = in_full
    for n in range(2):
        article = long_article(newsroom, n)
        newsroom.work(until=60)
        assert newsroom.deliveries(article)[CHANNEL].state == S.DELIVERED
    assert posts(newsroom, CHANNEL) == 2
    assert len(creations(newsroom, CHANNEL)) == 3  # one was refused, and nothing of it after that


def test_what_is_too_long_by_any_count_is_refused_once_more_and_then_dead(newsroom: Newsroom) -> None:
    settle(newsroom)
    newsroom.platforms[CHANNEL].script = lambda request: (
        Fault(stored=False, status=422, body=b'{"error":"Text is too long"}') if request.method == "POST" else None
    )
    article = newsroom.article()
    newsroom.work(until=60)
    assert newsroom.deliveries(article)[CHANNEL].state == S.DEAD
    assert len(creations(newsroom, CHANNEL)) <= 2


@pytest.mark.parametrize(
    "body", [[], None, "x", {"configuration": []}, {"configuration": {"statuses": {"max_characters": "many"}}}]
)
def test_an_instance_that_tells_no_limits_costs_no_post_and_is_asked_ever_more_rarely(
    newsroom: Newsroom, body: Any
) -> None:
    settle(newsroom)
    platform = newsroom.platforms[CHANNEL]
    platform.script = lambda request: (
        Fault(stored=False, status=200, body=json.dumps(body).encode()) if "instance" in request.path else None
    )
    article = newsroom.article()
    with structlog.testing.capture_logs() as events:
        newsroom.work(until=60)
        for n in range(2, 40):
            newsroom.article(n)
            newsroom.work(until=1)
            newsroom.now += timedelta(seconds=10)
    assert newsroom.deliveries(article)[CHANNEL].state == S.DELIVERED
    assert not any("exception" in event or "exc_info" in event for event in events)
    assert sum("instance" in one.path for one in platform.requests) <= 6
    assert isinstance(events, list)
    assert all(isinstance(event, Mapping) for event in events)
