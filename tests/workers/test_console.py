"""The console from outside: who gets in, what is shown, what the buttons do."""

import re
from dataclasses import replace

import pytest

from pipeline.config import Config
from pipeline.model import ArticleState, Entry
from pipeline.store import articles, deliveries, feeds
from pipeline.world import World
from tests.workers.browser import NOW, TOKEN, Browser, article, csrf, fanned

NASTY = '<script>alert(1)</script> "Herald" & \u202eco'

PAGES = ["/", "/feeds", "/feed/herald", "/channels", "/channel/desk", "/articles", "/deliveries"]


@pytest.mark.parametrize("path", PAGES)
def test_every_page_is_drawn_for_who_has_the_token_and_for_nobody_else(
    world: World, stranger: Browser, path: str
) -> None:
    fanned(world)
    assert stranger.get(path).headers["location"] == "/login"
    stranger.get("/login", params={"token": TOKEN})
    answer = stranger.get(path)
    assert answer.status_code == 200
    assert "Standfirst" in answer.text


def test_an_article_s_page_tells_its_whole_history(world: World, editor: Browser) -> None:
    ident, _ = fanned(world)
    page = editor.get(f"/article/{ident}").text
    assert "The bridge, part 1" in page
    assert "will be posted" in page
    assert "the route from herald" in page


@pytest.mark.parametrize("path", ["/feed/none", "/channel/none", "/article/none", "/nothing"])
def test_what_is_not_there_is_said_on_a_page(editor: Browser, path: str) -> None:
    answer = editor.get(path)
    assert answer.status_code == 404
    assert "<h1>Not here</h1>" in answer.text


def test_what_a_feed_says_is_text_and_never_markup(world: World, editor: Browser) -> None:
    entry = Entry(entry_id="x", link="javascript:alert(1)", title=NASTY)
    with world.store.begin() as tx:
        _, ident = articles.add(
            tx, "herald", entry, seed="x", state=ArticleState.HELD, now=NOW, trace="t", reason=NASTY
        )
    for path in ("/", "/articles", f"/article/{ident}"):
        page = editor.get(path).text
        assert "<script>alert" not in page
        assert "&lt;script&gt;" in page
        assert 'href="javascript:' not in page


def test_every_answer_keeps_browsers_from_being_used_against_us(editor: Browser) -> None:
    for path in ("/", "/login", "/nothing", "/static/style.css", "/healthz"):
        headers = editor.get(path).headers
        assert "default-src 'none'" in headers["content-security-policy"]
        assert "unsafe" not in headers["content-security-policy"]
        assert headers["x-frame-options"] == "DENY"
        assert headers["x-content-type-options"] == "nosniff"


def test_no_page_holds_script_or_style_of_its_own(world: World, editor: Browser) -> None:
    ident, _ = fanned(world)
    for path in (*PAGES, f"/article/{ident}", "/login"):
        page = editor.get(path).text
        assert not re.search(r"<script(?![^>]* src=)|<style|\sstyle=|\son\w+=", page), path


def test_a_token_in_a_feed_s_address_is_not_shown(config: Config, world: World) -> None:
    address = "https://reader:hunter2222@herald.example/feed.xml?access_token=abcdef123"
    feeds_ = {"herald": replace(config.feeds["herald"], url=address)}
    browser = Browser(replace(config, feeds=feeds_), world)
    with world.store.begin() as tx:
        feeds.change(tx, "herald", url=address)
    browser.get("/login", params={"token": TOKEN})
    for path in ("/feed/herald", "/feeds", "/api/feeds"):
        page = browser.get(path).text
        assert "herald.example" in page or path == "/feeds"
        assert "hunter2222" not in page
        assert "abcdef123" not in page
    browser.close()


# --- who gets in -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "127.0.0.1.nip.io", "evil", ""])
def test_a_foreign_name_for_this_address_is_refused(editor: Browser, host: str) -> None:
    assert editor.get("/", headers={"host": host}).status_code == 421
    assert editor.post("/orders/pause", headers={"host": host}).status_code == 421


@pytest.mark.parametrize("host", ["localhost:8080", "127.0.0.1:8080", "[::1]:8080", "192.0.2.7"])
def test_its_own_names_are_answered(stranger: Browser, host: str) -> None:
    assert stranger.get("/login", headers={"host": host}).status_code == 200


def test_wrong_tokens_are_refused_and_soon_no_longer_listened_to(stranger: Browser) -> None:
    statuses = [stranger.post("/login", data={"token": f"guess {number}"}).status_code for number in range(12)]
    assert statuses[:10] == [403] * 10
    assert statuses[10:] == [429] * 2
    assert stranger.post("/login", data={"token": TOKEN}).status_code == 429


def test_a_cookie_is_worth_nothing_after_logging_out(editor: Browser) -> None:
    stolen = editor.cookies["standfirst_session"]
    assert editor.post("/logout", data={"csrf": csrf(editor)}).status_code == 303
    editor.cookies.set("standfirst_session", stolen)
    assert editor.get("/").headers["location"] == "/login"


@pytest.mark.parametrize("cookie", ["", "a.b.c", "a.1.c", "x" * 5000, "é.1.é", "a.²²²²²²²²²².c"])
def test_a_made_up_cookie_opens_nothing(stranger: Browser, cookie: str) -> None:
    answer = stranger.get("/", headers={"cookie": f"standfirst_session={cookie}".encode()})
    assert answer.headers["location"] == "/login"


def test_the_session_s_cookie_is_out_of_reach_of_scripts_and_other_sites(stranger: Browser) -> None:
    cookie = stranger.post("/login", data={"token": TOKEN}).headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie


def test_behind_https_the_cookie_travels_by_no_other_way(config: Config, world: World) -> None:
    settings = replace(config.settings, public_url="https://desk.example")
    browser = Browser(replace(config, settings=settings), world)
    cookie = browser.post("/login", data={"token": TOKEN}).headers["set-cookie"]
    browser.close()
    assert cookie.startswith("__Host-")
    assert "Secure" in cookie


# --- orders ----------------------------------------------------------------------------------------------------------


def state_of(world: World, delivery: int) -> str:
    with world.store.read() as tx:
        found = deliveries.get(tx, delivery)
    assert found
    return str(found.state)


def test_pausing_and_resuming_a_channel(world: World, editor: Browser) -> None:
    word = csrf(editor)
    assert (
        editor.post("/orders/pause", data={"csrf": word, "channel": "desk", "back": "/channels"}).headers["location"]
        == "/channels"
    )
    assert "desk is paused" in editor.get("/channels").text
    editor.post("/orders/resume", data={"csrf": word, "channel": "desk"})
    assert "desk goes on" in editor.get("/").text


def test_republishing_asks_for_channels_and_a_double_click_is_one_order(world: World, editor: Browser) -> None:
    ident, first = fanned(world)
    with world.store.begin() as tx:
        deliveries.change(tx, first, ["pending"], "delivered", "", None, delivered_at=NOW)
    word = csrf(editor)
    editor.post("/orders/republish", data={"csrf": word, "article": ident})
    for _ in range(2):
        editor.post("/orders/republish", data={"csrf": word, "article": ident, "channel": "desk"})
    with world.store.read() as tx:
        found = articles.get(tx, ident)
        assert found
        assert len(deliveries.of_article(tx, found.seq)) == 2


def test_a_dead_letter_is_tried_again(world: World, editor: Browser) -> None:
    _, delivery = fanned(world)
    with world.store.begin() as tx:
        deliveries.change(tx, delivery, ["pending"], "dead", "422", None)
    assert "422" in editor.get("/").text
    editor.post("/orders/retry", data={"csrf": csrf(editor), "delivery": str(delivery)})
    assert state_of(world, delivery) == "pending"


@pytest.mark.parametrize(("there", "state"), [("true", "delivered"), ("false", "pending")])
def test_a_person_says_what_became_of_an_uncertain_delivery(
    world: World, editor: Browser, there: str, state: str
) -> None:
    _, delivery = fanned(world)
    with world.store.begin() as tx:
        deliveries.change(tx, delivery, ["pending"], "uncertain", "no answer", None)
    editor.post("/orders/resolve", data={"csrf": csrf(editor), "delivery": str(delivery), "there": there})
    assert state_of(world, delivery) == state


def test_held_articles_are_released_one_by_one_or_a_feed_at_once(world: World, editor: Browser) -> None:
    idents = [article(world, number, ArticleState.HELD) for number in range(3)]
    editor.post("/orders/release", data={"csrf": csrf(editor), "article": idents[0]})
    editor.post("/orders/release", data={"csrf": csrf(editor), "feed": "herald"})
    with world.store.read() as tx:
        assert {articles.get(tx, ident).state for ident in idents} == {"new"}  # type: ignore[union-attr]


ORDERS = ["apart", "together", "republish", "retry", "resolve", "release", "hold", "discard", "pause", "resume", "poll"]
FORM = {"article": "a1", "other": "a2", "delivery": "1", "there": "true", "channel": "desk", "feed": "herald"}


@pytest.mark.parametrize("order", ORDERS)
def test_no_order_is_taken_without_its_page_s_word(world: World, editor: Browser, order: str) -> None:
    word = csrf(editor)
    assert editor.post(f"/orders/{order}", data={**FORM, "csrf": "made up"}).status_code == 403
    foreign = {"origin": "https://evil.example"}
    assert editor.post(f"/orders/{order}", data={**FORM, "csrf": word}, headers=foreign).status_code == 403
    crossed = {"sec-fetch-site": "cross-site"}
    assert editor.post(f"/orders/{order}", data={**FORM, "csrf": word}, headers=crossed).status_code == 403
    assert editor.get(f"/orders/{order}", params={**FORM, "csrf": word}).status_code == 405
    editor.cookies.clear()
    assert editor.post(f"/orders/{order}", data={**FORM, "csrf": word}).status_code == 401


@pytest.mark.parametrize(
    "back", ["//evil.example", "/\\evil.example", "https://evil.example", "/ok\r\nx: y", "javascript:1"]
)
def test_an_order_never_leads_away_from_the_console(editor: Browser, back: str) -> None:
    answer = editor.post("/orders/pause", data={"csrf": csrf(editor), "channel": "desk", "back": back})
    assert answer.headers["location"] == "/"


def test_an_order_that_makes_no_sense_is_answered_in_words(editor: Browser) -> None:
    editor.post("/orders/retry", data={"csrf": csrf(editor), "delivery": "999"})
    assert "there is no delivery 999" in editor.get("/").text


# --- for programs ----------------------------------------------------------------------------------------------------

BEARER = {"authorization": f"Bearer {TOKEN}", "accept": "application/json"}


@pytest.mark.parametrize("path", ["overview", "queues", "feeds", "channels", "articles", "deliveries"])
def test_every_listing_is_json_for_who_has_the_token(world: World, stranger: Browser, path: str) -> None:
    fanned(world)
    assert stranger.get(f"/api/{path}").status_code == 401
    assert stranger.get(f"/api/{path}", headers={"authorization": "Bearer no"}).status_code == 401
    assert stranger.get(f"/api/{path}", headers=BEARER).json()


def test_an_article_s_history_and_orders_by_program(world: World, stranger: Browser) -> None:
    ident, delivery = fanned(world)
    told = stranger.get(f"/api/articles/{ident}", headers=BEARER).json()
    assert told["deliveries"][0]["id"] == delivery
    assert stranger.post("/api/channels/desk/pause", headers=BEARER).json() == {"done": True}
    assert stranger.post("/api/channels/nope/pause", headers=BEARER).status_code == 409
    assert stranger.post(f"/api/deliveries/{delivery}/retry", headers=BEARER).json() == {"done": delivery}
    assert stranger.post("/api/channels/desk/resume").status_code == 401


def test_probes_need_no_token_and_tell_no_titles(world: World, stranger: Browser) -> None:
    fanned(world)
    assert stranger.get("/healthz").text == "ok\n"
    assert stranger.get("/readyz").json() == {"ready": True, "problems": []}
    figures = stranger.get("/metrics", headers={"host": "console:8080"}).text
    assert 'standfirst_deliveries{channel="desk",state="pending"} 1.0' in figures
    assert "bridge" not in figures


def test_a_body_that_is_too_large_is_not_read(editor: Browser) -> None:
    assert editor.post("/orders/pause", data=b"x" * 2_000_000).status_code == 413
    assert editor.post("/websub/none", data=b"x" * 9_000_000).status_code == 413


def test_a_hook_polls_its_feed_for_who_knows_the_secret(world: World, stranger: Browser) -> None:
    assert stranger.post("/hooks/feeds/herald").status_code == 401
    assert stranger.post("/hooks/feeds/herald", headers={"authorization": "Bearer wrong"}).status_code == 401
    assert stranger.post("/hooks/feeds/none", headers={"authorization": "Bearer hook-s3cret"}).status_code == 401
    assert stranger.post("/hooks/feeds/herald", headers={"authorization": "Bearer hook-s3cret"}).status_code == 202
    with world.store.read() as tx:
        assert feeds.get(tx, "herald").due_reason == "its hook was called"  # type: ignore[union-attr]


# --- our own feeds ---------------------------------------------------------------------------------------------------


def test_our_own_feeds_are_served_with_validators(config: Config, stranger: Browser) -> None:
    folder = config.settings.folder / "public"
    folder.mkdir()
    (folder / "feed.xml").write_text("<rss/>")
    (folder / "items.json").write_text("[]")
    answer = stranger.get("/feeds/own/feed.xml")
    assert answer.text == "<rss/>"
    assert answer.headers["content-type"].startswith("application/")
    again = stranger.get("/feeds/own/feed.xml", headers={"if-none-match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    since = {"if-modified-since": answer.headers["last-modified"]}
    assert stranger.get("/feeds/own/feed.xml", headers=since).status_code == 304


@pytest.mark.parametrize(
    "name", ["%2e%2e/standfirst.json", "..%2fitems.json", ".hidden.xml", "nothing.xml", "feed.xml/x", "%00.xml"]
)
def test_nothing_beside_our_own_feeds_is_served(config: Config, stranger: Browser, name: str) -> None:
    (config.settings.folder / "public").mkdir()
    assert stranger.get(f"/feeds/own/{name}").status_code == 404
    assert stranger.get(f"/feeds/desk/{name}").status_code == 404
