"""P39–P44: hubs and clouds. Pushes are believed when signed, and polling never stops."""

import hashlib
import hmac
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs

import pytest

from pipeline.feeds import websub
from pipeline.stages import push
from pipeline.store import subscriptions
from tests.polling.bench import Bench, Said, feed, longer, same

TOPIC = "https://town.example/feed"
HUB = "https://hub.example/"


@pytest.fixture
def reachable(bench: Bench) -> Bench:
    """A bench whose console hubs can reach."""
    bench.configure('every = "1h"', top='public_url = "https://push.operator.example"')
    return bench


def named(bench: Bench, *names: str, **more: Any) -> Said:
    """A feed that names the bench's own server as its hub."""
    return longer(feed(*names, **more), Link=f'<{bench.server.url}/hub>; rel="hub", <{TOPIC}>; rel="self"')


def subscription(bench: Bench) -> Any:
    with bench.store.read() as tx:
        return subscriptions.of_feed(tx, "news")


def asked(bench: Bench) -> dict[str, str]:
    """The form of the last request to the hub."""
    body = next(one.body for one in reversed(bench.server.asked) if one.path == "/hub")
    return {name: values[0] for name, values in parse_qs(body.decode()).items()}


def question(bench: Bench, mode: str = "subscribe", **more: str) -> dict[str, str]:
    return {"hub.mode": mode, "hub.topic": TOPIC, "hub.challenge": "c123", "hub.lease_seconds": "864000"} | more


def signed(secret: str, body: bytes, method: str = "sha256") -> dict[str, str]:
    return {"x-hub-signature": f"{method}={hmac.new(secret.encode(), body, method).hexdigest()}"}


def live(bench: Bench, *names: str) -> str:
    """Subscribe to an https hub, confirmed; gives the callback's token."""
    bench.script(named(bench, *names), same())
    bench.script(Said(202), path="/hub")
    bench.poll()
    token = str(subscription(bench).token)
    assert push.confirm(bench.world, token, question(bench)) == "c123"
    with bench.store.begin() as tx:  # as if it were https: the secret counts
        subscriptions.change(tx, token, hub=HUB)
    return token


def test_p39_hub_and_topic_come_from_the_link_header_before_the_document(reachable: Bench) -> None:
    reachable.script(named(reachable, "b0"))
    reachable.script(Said(202), path="/hub")
    reachable.poll()
    form = asked(reachable)
    assert form["hub.topic"] == TOPIC
    assert form["hub.mode"] == "subscribe"
    assert form["hub.callback"].startswith("https://push.operator.example/websub/")
    assert len(form["hub.callback"].rsplit("/", 1)[1]) > 30


def test_p39_else_from_the_document_and_an_https_hub_first() -> None:
    found = websub.offered("https://a/feed", hubs=("http://hub.example/", HUB), self_link=TOPIC, cloud="http://c/")
    assert found == websub.Offer(HUB, TOPIC)
    assert websub.offered("https://a/feed", hubs=(HUB,)) == websub.Offer(HUB, "https://a/feed")
    assert websub.offered("https://a/feed", hubs=("ftp://hub/",)) is None


def test_p39_without_an_address_from_outside_no_hub_is_asked(bench: Bench) -> None:
    bench.script(named(bench, "b0"))
    bench.poll()
    assert [one.path for one in bench.server.asked] == ["/news"]


@pytest.mark.parametrize(
    ("given", "kept"), [("864000", 10 * 86400), ("86400", 86400), ("99999999", 14 * 86400), ("1", 300), ("x", 864000)]
)
def test_p40_the_hubs_lease_counts_within_reason(reachable: Bench, given: str, kept: int) -> None:
    reachable.script(named(reachable, "b0"))
    reachable.script(Said(202), path="/hub")
    reachable.poll()
    row = subscription(reachable)
    push.confirm(reachable.world, row.token, question(reachable, **{"hub.lease_seconds": given}))
    assert subscription(reachable).lease_until - reachable.clock() == timedelta(seconds=kept)


def test_p40_a_lease_is_renewed_before_it_ends(reachable: Bench) -> None:
    token = live(reachable, "b0")
    with reachable.store.begin() as tx:
        subscriptions.change(tx, token, hub=f"{reachable.server.url}/hub")
    ends = subscription(reachable).lease_until
    while sum(one.path == "/hub" for one in reachable.server.asked) == 1:
        reachable.poll()
        assert reachable.clock() < ends
    assert ends - reachable.clock() >= timedelta(days=10) * 0.1
    assert push.confirm(reachable.world, token, question(reachable)) == "c123"
    assert subscription(reachable).lease_until > ends


def test_p40_with_push_the_poll_that_renews_comes_in_time(reachable: Bench) -> None:
    token = live(reachable, "b0")
    body = feed("x0", "b0").body
    push.pushed(reachable.world, token, signed(subscription(reachable).secret, body), body)
    with reachable.store.begin() as tx:
        subscriptions.change(tx, token, hub=f"{reachable.server.url}/hub")
    renewal = subscription(reachable).renew_at
    while reachable.row().due_at < renewal:
        reachable.poll()
    # In time, and yet never sooner after the poll before than the feed's `every`.
    assert renewal <= reachable.row().due_at < renewal + timedelta(hours=1)
    reachable.poll()
    assert reachable.server.asked[-1].path == "/hub"


def test_p41_only_what_was_asked_for_is_confirmed(reachable: Bench) -> None:
    token = live(reachable, "b0")
    world = reachable.world
    assert push.confirm(world, token, question(reachable)) is None, "the question is answered already"
    assert push.confirm(world, "unknown", question(reachable)) is None
    assert push.confirm(world, token, question(reachable, **{"hub.topic": "https://other.example/"})) is None
    assert push.confirm(world, token, question(reachable, "unsubscribe")) is None
    assert push.confirm(world, token, {}) is None


def test_p41_a_denial_is_taken_at_any_time(reachable: Bench) -> None:
    token = live(reachable, "b0")
    assert push.confirm(reachable.world, token, question(reachable, "denied", **{"hub.reason": "spam"})) is not None
    assert subscription(reachable).state == "denied"
    assert not push.pushed(reachable.world, token, {}, b"")


@pytest.mark.parametrize("method", ["sha1", "sha256", "sha384", "sha512"])
def test_p41_signatures_of_every_kind(method: str) -> None:
    body = b"<rss/>"
    header = signed("secret", body, method)["x-hub-signature"]
    assert websub.genuine("secret", header, body)
    assert websub.genuine("secret", header.upper().replace(method.upper(), method), body)
    assert not websub.genuine("other", header, body)
    assert not websub.genuine("secret", header, body + b" ")


@pytest.mark.parametrize("header", ["", "sha256=", "md5=" + hashlib.md5(b"").hexdigest(), "sha256=ünicode", "x"])
def test_p41_anything_else_is_no_signature(header: str) -> None:
    assert not websub.genuine("secret", header, b"")


def test_p41_the_secret_is_told_to_https_hubs_only() -> None:
    assert "hub.secret" in websub.request(websub.Offer(HUB, TOPIC), "https://us/", "s")
    assert "hub.secret" not in websub.request(websub.Offer("http://hub.example/", TOPIC), "https://us/", "s")


def test_p41_a_forgery_is_answered_politely_and_ignored(reachable: Bench) -> None:
    token = live(reachable, "b0")
    body = feed("x0", "b0").body
    requests = len(reachable.server.asked)
    for headers in ({}, signed("wrong", body), {"x-hub-signature": "sha256=00"}):
        assert push.pushed(reachable.world, token, headers, body)
    assert reachable.articles("new") == []
    assert len(reachable.server.asked) == requests


def test_p42_what_is_pushed_and_what_is_polled_is_one_article(reachable: Bench) -> None:
    token = live(reachable, "b0")
    body = feed("x0", "b0").body
    assert push.pushed(reachable.world, token, signed(subscription(reachable).secret, body), body)
    assert reachable.articles("new") == ["Mkx0"]
    push.pushed(reachable.world, token, signed(subscription(reachable).secret, body), body)
    reachable.script(feed("x0", "b0", etag='"2"'))
    reachable.poll()
    assert reachable.articles() == ["Mkb0", "Mkx0"]


def test_p42_a_push_of_the_new_entry_alone_takes_nothing_back(reachable: Bench) -> None:
    token = live(reachable, "b0", "b1")
    body = feed("x0").body
    push.pushed(reachable.world, token, signed(subscription(reachable).secret, body), body)
    body = feed("x1").body
    push.pushed(reachable.world, token, signed(subscription(reachable).secret, body), body)
    assert reachable.articles("new") == ["Mkx0", "Mkx1"]
    assert reachable.row().etag == '"1"', "a hub's copy says nothing of the feed's validators"


def test_p43_a_push_that_cannot_be_signed_only_says_poll_now(reachable: Bench) -> None:
    reachable.script(named(reachable, "b0"), named(reachable, "x0", "b0", etag='"2"'))
    reachable.script(Said(202), path="/hub")
    reachable.poll()
    token = subscription(reachable).token
    push.confirm(reachable.world, token, question(reachable))
    reachable.clock.move(60)
    push.pushed(reachable.world, token, {}, b"<rss>forged</rss>")
    assert ("poll", "news") in reachable.hints
    reachable.poll(wait=False)
    assert reachable.articles("new") == ["Mkx0"]


def test_p43_with_push_the_feed_is_still_polled_at_least_daily(reachable: Bench) -> None:
    token = live(reachable, "b0")
    body = feed("x0", "b0").body
    push.pushed(reachable.world, token, signed(subscription(reachable).secret, body), body)
    reachable.poll()
    assert timedelta(hours=6) <= reachable.wait() <= timedelta(days=1)


def test_p43_an_article_found_by_a_poll_first_ends_the_trust(reachable: Bench) -> None:
    token = live(reachable, "b0")
    body = feed("x0", "b0").body
    push.pushed(reachable.world, token, signed(subscription(reachable).secret, body), body)
    reachable.poll()
    reachable.script(named(reachable, "x1", "x0", "b0", etag='"3"'))
    with reachable.store.begin() as tx:
        subscriptions.change(tx, token, hub=f"{reachable.server.url}/hub")
    reachable.poll()
    assert subscription(reachable).state == "unhealthy"
    assert reachable.wait() <= timedelta(hours=1.1)


def test_f93_a_hub_that_fell_silent_costs_a_day_at_most_and_is_not_relied_on_any_more(reachable: Bench) -> None:
    token = live(reachable, "b0")
    body = feed("x0", "b0").body
    push.pushed(reachable.world, token, signed(subscription(reachable).secret, body), body)
    reachable.poll()
    assert reachable.wait() <= timedelta(days=1), "a back-up poll, although pushes come"
    reachable.script(named(reachable, "x1", "x0", "b0", etag='"3"'))
    reachable.poll()  # … and nothing more was pushed
    told = subscription(reachable)
    assert reachable.articles("new") == ["Mkx0", "Mkx1"]
    assert (told.state, told.reason) == ("unhealthy", "a poll found an article that the hub had not told of")
    for number in range(2, 5):
        reachable.script(named(reachable, f"x{number}", "x1", "x0", "b0", etag=f'"{number}"'))
        reachable.poll()
        assert reachable.wait() <= timedelta(hours=1.1)


def test_f93_a_hub_that_confirmed_and_never_told_anything_is_not_relied_on(reachable: Bench) -> None:
    live(reachable, "b0")
    assert subscription(reachable).state == "active"
    for number in range(3):
        reachable.script(named(reachable, *[f"x{n}" for n in range(number, -1, -1)], "b0", etag=f'"{number + 2}"'))
        reachable.poll()
        assert reachable.wait() <= timedelta(hours=1.1)
    assert len(reachable.articles("new")) == 3


def test_p43_a_hub_that_refuses_is_asked_again_ever_more_rarely() -> None:
    waits = [websub.retry(n) for n in range(12)]
    assert waits == sorted(waits)
    assert waits[-1] == timedelta(hours=23)


def test_p43_a_hub_out_of_order_does_not_stop_the_feed(reachable: Bench) -> None:
    reachable.script(named(reachable, "b0"), named(reachable, "x0", "b0", etag='"2"'))
    reachable.script(Said(500), path="/hub")
    reachable.poll()
    reachable.poll()
    assert reachable.articles("new") == ["Mkx0"]
    assert subscription(reachable).failures >= 1


def test_p44_a_cloud_is_asked_again_every_day(reachable: Bench) -> None:
    port = reachable.server.url.rsplit(":", 1)[1]
    cloud = f'<cloud domain="127.0.0.1" port="{port}" path="/cloud" registerProcedure="" protocol="http-post" />'
    reachable.script(feed("b0", channel=cloud), same())
    reachable.script(Said(200), path="/cloud")
    reachable.poll()
    forms = [parse_qs(one.body.decode()) for one in reachable.server.asked if one.path == "/cloud"]
    assert forms[0]["path"][0].startswith("/websub/")
    assert forms[0]["url1"] == [reachable.row().url]
    assert subscription(reachable).renew_at - reachable.clock() == timedelta(hours=24)
    token, url = subscription(reachable).token, reachable.row().url
    reachable.clock.move(3600)
    push.pushed(reachable.world, token, {}, f"url={url}".encode())
    assert ("poll", "news") in reachable.hints


def test_a_hook_polls_at_once_and_a_storm_of_hooks_does_not(bench: Bench) -> None:
    bench.script(feed("b0"), same())
    bench.poll()
    bench.clock.move(600)
    for _ in range(10):
        push.ping(bench.world, "news")
        bench.poll(wait=False)
    assert len(bench.server.asked) == 2
    assert bench.wait() <= timedelta(seconds=5)
    assert push.ping(bench.world, "unknown") == "this feed is not polled"


def test_a_hook_called_while_the_feed_is_polled_is_not_lost(bench: Bench) -> None:
    bench.script(feed("b0"), same())
    bench.server.before = lambda: push.ping(bench.world, "news")  # type: ignore[assignment,return-value]
    bench.poll()
    assert bench.wait() <= timedelta(seconds=6)


def test_a_feed_that_is_not_to_be_pushed_any_more_is_unsubscribed_once(reachable: Bench) -> None:
    token = live(reachable, "b0")
    with reachable.store.begin() as tx:
        subscriptions.change(tx, token, hub=f"{reachable.server.url}/hub")
    reachable.configure('every = "1h"\npush = false', top='public_url = "https://push.operator.example"')
    reachable.script(same())
    assert not push.pushed(reachable.world, token, {}, b""), "410: the hub may know at once"
    for _ in range(3):
        reachable.poll()
    assert [one.path for one in reachable.server.asked].count("/hub") == 2
    assert asked(reachable)["hub.mode"] == "unsubscribe"
    assert asked(reachable)["hub.topic"] == TOPIC
    assert push.confirm(reachable.world, token, question(reachable, "unsubscribe")) == "c123"
    assert push.confirm(reachable.world, token, question(reachable)) is None


def test_a_hub_is_told_that_nobody_knows_a_feed_that_was_removed(reachable: Bench) -> None:
    token = live(reachable, "b0")
    reachable.configure('every = "1h"', names=("other",), top='public_url = "https://push.operator.example"')
    assert not push.pushed(reachable.world, token, {}, feed("a1").body)
