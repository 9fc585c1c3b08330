"""Every kind that looks a post up: “it is not there” is said only by one who has looked far enough."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from pipeline import channels, lookback
from pipeline.lookback import MARGIN
from pipeline.model import Post, Receipt, Seen, Sending, Uncertain
from tests.channels.accounts import ACCOUNTS, Account, Held
from tests.channels.play import KEY, NOW, config, door, outcome, sending
from tests.channels.scripted import Answer, Asked, platform
from tests.channels.test_conformance import CASES, filled, post_for

SECOND = timedelta(seconds=1)
OURS = 500_000  # the number of our post: others are before and after it
LISTED = [kind for kind in sorted(ACCOUNTS) if not ACCOUNTS[kind]().found_by_key]
KINDS = pytest.mark.parametrize("kind", LISTED)
ORDERED = pytest.mark.parametrize("kind", [kind for kind in LISTED if ACCOUNTS[kind]().ordered])
DATELESS = pytest.mark.parametrize("kind", [kind for kind in LISTED if not ACCOUNTS[kind]().dated])


def later(count: int, start: datetime = NOW) -> list[Held]:
    """Others' posts after ours, newest first."""
    return [
        Held(OURS + n, start + n * SECOND, f"words {n}", f"https://news.example/later/{n}") for n in range(count, 0, -1)
    ]


def earlier(count: int) -> list[Held]:
    """Posts of the days before, newest first."""
    return [
        Held(OURS - n, NOW - timedelta(minutes=30 * n), f"old words {n}", f"https://news.example/earlier/{n}")
        for n in range(1, count + 1)
    ]


def held(post: Post, at: datetime | None = NOW + SECOND, number: int = OURS, **more: Any) -> Held:
    """Our post, as it arrived."""
    return Held(number, at, **{"text": post.text, "link": post.link, "key": KEY} | more)


@dataclass
class Asking:
    """A channel, its account, and the post in doubt."""

    channel: Any
    account: Account
    post: Post
    to: Sending

    def look_up(self, **more: Any) -> Any:
        return outcome(lambda: self.channel.look_up(self.post, replace(self.to, **more)))


@contextmanager
def asking(kind: str) -> Iterator[Asking]:
    account = ACCOUNTS[kind]()
    with platform(account.routes()) as stage, closing(door()) as http:
        channel = channels.build(config(kind, filled(CASES[kind]["settings"], stage.url)))
        yield Asking(channel, account, post_for(kind), sending(http))


def test_every_kind_that_looks_up_has_an_account_and_shows_it_to_the_audit() -> None:
    able = [kind for kind in channels.kinds() if hasattr(channels.channel_class(kind), "look_up")]
    assert sorted(ACCOUNTS) == able
    assert all(hasattr(channels.channel_class(kind), "recent") for kind in able)


@KINDS
def test_a_post_is_found_behind_a_thousand_later_ones(kind: str) -> None:
    with asking(kind) as it:
        ours = held(it.post)
        it.account.posts = [*later(it.account.deep), ours, *earlier(50)]
        found = it.look_up()
    assert isinstance(found, Receipt), found
    assert it.account.ident(ours) in found.remote_id


@KINDS
def test_a_post_that_never_arrived_is_not_found_among_a_thousand_later_ones(kind: str) -> None:
    with asking(kind) as it:
        it.account.posts = [*later(it.account.deep), *earlier(50)]
        assert it.look_up() is None


@ORDERED
def test_nobody_reads_the_archive_for_a_post_that_never_arrived(kind: str) -> None:
    with asking(kind) as it:
        it.account.posts = [*later(300), *earlier(5000)]
        assert it.look_up() is None
        assert it.account.pages <= 300 // it.account.most + 3


@KINDS
def test_a_post_is_not_found_on_an_account_that_has_none(kind: str) -> None:
    with asking(kind) as it:
        assert it.look_up() is None


@KINDS
def test_a_post_is_looked_for_to_the_end_of_an_account_that_is_younger_than_it(kind: str) -> None:
    with asking(kind) as it:
        it.account.posts = later(it.account.most * 2 + 1)
        assert it.look_up() is None


@KINDS
def test_a_look_up_that_cannot_reach_back_leaves_it_to_a_person(kind: str) -> None:
    with asking(kind) as it:
        it.account.posts = [*later(20_000), held(it.post)]
        said = it.look_up()
    assert isinstance(said, Uncertain), said
    assert said.for_a_person
    assert "do not reach back to 2026-03-01 11:50 UTC" in said.reason


@KINDS
def test_a_platform_that_gives_the_same_page_again_and_again_has_not_shown_everything(kind: str) -> None:
    with asking(kind) as it:
        it.account.posts, it.account.stuck = later(200), True
        said = it.look_up()
        assert isinstance(said, Uncertain), said
        assert said.for_a_person
        assert it.account.pages <= 3


@KINDS
def test_old_posts_that_are_pinned_on_top_end_no_look_up(kind: str) -> None:
    with asking(kind) as it:
        it.account.pinned = earlier(4)
        it.account.posts = [*later(300), held(it.post), *earlier(50)]
        assert isinstance(it.look_up(), Receipt)


@DATELESS
def test_posts_without_a_time_end_no_look_up_and_may_be_the_one(kind: str) -> None:
    with asking(kind) as it:
        timeless = [replace(post, at=None) for post in later(300)]
        it.account.posts = [*timeless, held(it.post, None), *earlier(50)]
        assert isinstance(it.look_up(), Receipt)


@KINDS
def test_a_clock_that_is_minutes_behind_hides_nothing(kind: str) -> None:
    with asking(kind) as it:
        it.account.posts = [*later(300, NOW - MARGIN), held(it.post, NOW - MARGIN + SECOND), *earlier(50)]
        assert isinstance(it.look_up(), Receipt)


@ORDERED
def test_a_post_that_failed_for_hours_before_is_looked_for_since_it_may_have_left(kind: str) -> None:
    with asking(kind) as it:
        left = NOW + timedelta(hours=10)
        before = [Held(OURS - n, left - n * MARGIN, "x", f"https://news.example/{n}") for n in range(2, 20_000)]
        it.account.posts = [*later(10, left), *before]
        assert it.look_up(since=left) is None


@KINDS
def test_an_earlier_post_of_the_same_article_is_not_taken_for_the_one_republished(kind: str) -> None:
    with asking(kind) as it:
        first = held(it.post, NOW - timedelta(minutes=2), OURS - 1000, key="sf_the_first")
        it.account.posts = [*later(3), first]
        assert it.look_up(taken=lambda remote_id: it.account.ident(first) in remote_id) is None
        ours = held(it.post)
        it.account.posts = [*later(3), ours, first]
        found = it.look_up(taken=lambda remote_id: it.account.ident(first) in remote_id)
    assert isinstance(found, Receipt)
    assert it.account.ident(ours) in found.remote_id


@KINDS
def test_a_post_of_the_same_article_from_long_before_is_not_taken_for_this_one(kind: str) -> None:
    with asking(kind) as it:
        it.account.posts = [held(it.post, NOW - timedelta(hours=2), key="sf_another")]
        assert it.look_up() is None


@KINDS
def test_a_link_that_goes_on_is_another_articles(kind: str) -> None:
    with asking(kind) as it:
        it.account.posts = [
            held(it.post, NOW + 2 * SECOND, link=f"{it.post.link}-two", text="Other words", key="sf_another"),
            held(it.post, NOW + SECOND, OURS - 1, link=f"{it.post.link}/comments", text="More", key="sf_another"),
        ]
        assert it.look_up() is None


@pytest.mark.parametrize("kind", sorted(ACCOUNTS))
def test_the_audit_sees_everything_since_a_day_and_nothing_from_before(kind: str) -> None:
    with asking(kind) as it:
        ours = held(it.post)
        it.account.posts = [*later(it.account.deep), ours, *earlier(200)]
        seen = it.channel.recent(it.to, NOW - timedelta(days=1))
    assert len(seen) == it.account.deep + 1 + 48
    assert len({post.remote_id for post in seen}) == len(seen)
    [mine] = [post for post in seen if it.account.ident(ours) in post.remote_id]
    assert it.post.link in mine.links
    assert mine.at is not None


@KINDS
def test_an_audit_that_cannot_reach_back_says_so_and_reports_nothing_as_gone(kind: str) -> None:
    with asking(kind) as it:
        it.account.posts, it.account.stuck = later(200), True
        with pytest.raises(Uncertain, match="ask for fewer days"):
            it.channel.recent(it.to, NOW - timedelta(days=1))


# --- which post it is ------------------------------------------------------------------------------------------------

LINK = "https://news.example/1"


def seen(text: str = "", *links: str) -> Seen:
    return Seen("1", NOW, links, None, text)


def of(text: str, link: str = LINK) -> Any:
    return lookback.of(replace(post_for("mastodon"), text=text, link=link))


def test_a_post_is_known_by_its_link_whatever_a_platform_made_of_its_words() -> None:
    assert of(f"Words {LINK}")(seen("Other words", "https://tags.example/x", "http://www.news.example/1/?utm_source=a"))


def test_a_post_whose_link_was_wrapped_is_known_by_its_words() -> None:
    assert of(f"Some words.\n\n{LINK}")(seen("Some words. https://t.co/abc", "https://t.co/abc"))


def test_the_same_words_with_another_link_of_the_site_are_another_article() -> None:
    assert not of(f"Live blog\n\n{LINK}")(seen("Live blog https://news.example/2", "https://news.example/2"))


def test_a_post_without_a_link_is_known_by_its_words() -> None:
    assert of("It’s *done*: see “here”", link="")(seen('It\'s done: see  "here"'))
    assert not of("It’s done", link="")(seen("It is done"))
    assert not of("", link="")(seen(""))


@pytest.mark.parametrize(
    ("text", "link"),
    [
        (f"see {LINK}.", LINK),
        (f"(see {LINK}).", LINK),
        ("[see](https://news.example/a_(b))", "https://news.example/a_(b)"),
        (f"{LINK}?a=1&b=2!", f"{LINK}?a=1&b=2"),
    ],
)
def test_a_link_in_a_text_is_found_whatever_stands_around_it(text: str, link: str) -> None:
    assert link in lookback.links(text)


def test_a_link_that_is_shown_in_pieces_is_one_link() -> None:
    pieces = (
        '<p>Words</p><p><span class="invisible">https://</span><span>news.exa</span><span>mple/1</span><br>#Tag</p>'
    )
    assert lookback.links(lookback.words(pieces)) == (LINK,)


def test_a_link_in_markup_is_read_as_it_is_meant() -> None:
    assert "https://news.example/?a=1&b=2" in lookback.hrefs('<a href="https://news.example/?a=1&amp;b=2">x</a>')


# --- what only some platforms have -----------------------------------------------------------------------------------


@pytest.mark.parametrize(("state", "turn"), [("queue", "offset"), ("draft", "before_id")])
def test_a_post_that_tumblr_keeps_for_later_is_found_where_it_waits(state: str, turn: str) -> None:
    made = [{"id": n, "content": [{"type": "link", "url": f"https://news.example/{n}"}]} for n in range(60, 0, -1)]
    made[50]["content"] = [{"type": "link", "url": post_for("tumblr").link}]

    def waiting(asked: Asked) -> Answer:
        told = asked.query.get(turn, [None])[0]
        start = 0 if told is None else int(told) if turn == "offset" else 61 - int(told)
        return {"json": {"response": {"posts": made[start : start + 20]}}}

    account = ACCOUNTS["tumblr"]()
    routes = {**account.routes(), f"GET /v2/blog/town.tumblr.com/posts/{state}": waiting}
    with platform(routes) as stage, closing(door()) as http:
        settings = filled(CASES["tumblr"]["settings"], stage.url) | {"state": state}
        channel = channels.build(config("tumblr", settings))
        found = channel.look_up(post_for("tumblr"), sending(http))
        assert channel.look_up(replace(post_for("tumblr"), link="https://elsewhere.example/"), sending(http)) is None
    assert found.remote_id == str(made[50]["id"])


def test_a_container_of_threads_that_is_published_is_there_even_where_it_cannot_be_found() -> None:
    account = ACCOUNTS["threads"]()
    account.posts, account.stuck = later(200), True
    routes = {**CASES["threads"]["routes"], **account.routes(), "GET /v1.0/c1": {"json": {"status": "PUBLISHED"}}}
    with platform(routes) as stage, closing(door()) as http:
        channel = channels.build(config("threads", filled(CASES["threads"]["settings"], stage.url)))
        receipt = channel.send(post_for("threads"), sending(http))
    assert receipt.remote_id == "c1"


@pytest.mark.parametrize("kind", ["mastodon", "x"])
def test_of_a_thread_in_doubt_the_missing_part_is_found_and_the_next_is_sent(kind: str) -> None:
    parts = (f"First part {LINK}", "Second part", "Third part")
    first: Any = {"id": "7", "url": "u"} if kind == "mastodon" else "7"
    with asking(kind) as it:
        it = replace(it, post=replace(it.post, text=parts[0], link=LINK, parts=parts))
        progress = {"0": first}
        it.account.posts = [*later(100), Held(OURS, NOW + SECOND, parts[1]), Held(OURS - 1, NOW, parts[0], LINK)]
        assert it.look_up(progress=progress) is None  # there is more to send
        assert str(OURS) in str(progress["1"])
        it.account.posts = [Held(OURS + 101, NOW + SECOND, parts[2]), *it.account.posts]
        found = it.look_up(progress=progress)
        assert isinstance(found, Receipt)
        assert found.remote_id == "7"  # the thread is its first post
        assert sorted(progress) == ["0", "1", "2"]
        assert it.look_up(progress=progress).remote_id == "7"
