"""The console from outside: who gets in, what is shown, what the buttons do."""

import re
from dataclasses import replace

import pytest
import requests

from pipeline.config import Config
from pipeline.model import ArticleState, Entry
from pipeline.store import articles, deliveries, feeds
from pipeline.world import World
from tests.workers.http_client import NOW, TOKEN, HttpClient, article, csrf, fanned
from workers.console.guard import is_own_page

NASTY = '<script>alert(1)</script> "Herald" & \u202eco'

PAGES = ["/", "/feeds", "/feed/herald", "/channels", "/channel/desk", "/articles", "/deliveries"]


@pytest.mark.parametrize("path", PAGES)
def test_every_page_is_drawn_for_who_has_the_token_and_for_nobody_else(
    world: World, stranger: HttpClient, path: str
) -> None:
    fanned(world)
    assert stranger.get(path).headers["location"] == "/login"
    stranger.get("/login", params={"token": TOKEN})
    answer = stranger.get(path)
    assert answer.status_code == 200
    assert "Standfirst" in answer.text


def test_an_article_s_page_tells_its_whole_history(world: World, editor: HttpClient) -> None:
    ident, _ = fanned(world)
    page = editor.get(f"/article/{ident}").text
    assert "The bridge, part 1" in page
    assert "will be posted" in page
    assert "the route from herald" in page


@pytest.mark.parametrize("path", ["/feed/none", "/channel/none", "/article/none", "/nothing"])
def test_what_is_not_there_is_said_on_a_page(editor: HttpClient, path: str) -> None:
    answer = editor.get(path)
    assert answer.status_code == 404
    assert "<h1>Not here</h1>" in answer.text


def test_what_a_feed_says_is_text_and_never_markup(world: World, editor: HttpClient) -> None:
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


def test_every_answer_keeps_browsers_from_being_used_against_us(editor: HttpClient) -> None:
    for path in ("/", "/login", "/nothing", "/static/style.css", "/healthz"):
        headers = editor.get(path).headers
        assert "default-src 'none'" in headers["content-security-policy"]
        assert "unsafe" not in headers["content-security-policy"]
        assert headers["x-frame-options"] == "DENY"
        assert headers["x-content-type-options"] == "nosniff"


def test_no_page_holds_script_or_style_of_its_own(world: World, editor: HttpClient) -> None:
    ident, _ = fanned(world)
    for path in (*PAGES, f"/article/{ident}", "/login"):
        page = editor.get(path).text
        assert not re.search(r"<script(?![^>]* src=)|<style|\sstyle=|\son\w+=", page), path


def test_a_token_in_a_feed_s_address_is_not_shown(config: Config, world: World) -> None:
    address = "https://reader:hunter2222@herald.example/feed.xml?access_token=abcdef123"
    feeds_ = {"herald": replace(config.feeds["herald"], url=address)}
    client = HttpClient(replace(config, feeds=feeds_), world)
    with world.store.begin() as tx:
        feeds.change(tx, "herald", url=address)
    client.get("/login", params={"token": TOKEN})
    for path in ("/feed/herald", "/feeds", "/api/feeds"):
        page = client.get(path).text
        assert "herald.example" in page or path == "/feeds"
        assert "hunter2222" not in page
        assert "abcdef123" not in page
    client.close()


# --- who gets in -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "127.0.0.1.nip.io", "evil", ""])
def test_a_foreign_name_for_this_address_is_refused(editor: HttpClient, host: str) -> None:
    assert editor.get("/", headers={"host": host}).status_code == 421
    assert editor.post("/orders/pause", headers={"host": host}).status_code == 421


@pytest.mark.parametrize("host", ["localhost:8080", "127.0.0.1:8080", "[::1]:8080", "192.0.2.7"])
def test_its_own_names_are_answered(stranger: HttpClient, host: str) -> None:
    assert stranger.get("/login", headers={"host": host}).status_code == 200


def test_wrong_tokens_are_refused_and_soon_no_longer_listened_to(stranger: HttpClient) -> None:
    statuses = [stranger.post("/login", data={"token": f"guess {number}"}).status_code for number in range(12)]
    assert statuses[:10] == [403] * 10
    assert statuses[10:] == [429] * 2
    assert stranger.post("/login", data={"token": TOKEN}).status_code == 429


def test_a_cookie_is_worth_nothing_after_logging_out(editor: HttpClient) -> None:
    stolen = editor.cookies["standfirst_session"]
    assert editor.post("/logout", data={"csrf": csrf(editor)}).status_code == 303
    editor.cookies.set("standfirst_session", stolen)
    assert editor.get("/").headers["location"] == "/login"


@pytest.mark.parametrize("cookie", ["", "a.b.c", "a.1.c", "x" * 5000, "é.1.é", "a.²²²²²²²²²².c"])
def test_a_made_up_cookie_opens_nothing(stranger: HttpClient, cookie: str) -> None:
    answer = stranger.get("/", headers={"cookie": f"standfirst_session={cookie}".encode()})
    assert answer.headers["location"] == "/login"


def test_the_session_s_cookie_is_out_of_reach_of_scripts_and_other_sites(stranger: HttpClient) -> None:
    cookie = stranger.post("/login", data={"token": TOKEN}).headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie


def test_behind_https_the_cookie_travels_by_no_other_way(config: Config, world: World) -> None:
    settings = replace(config.settings, public_url="https://desk.example")
    client = HttpClient(replace(config, settings=settings), world)
    cookie = client.post("/login", data={"token": TOKEN}).headers["set-cookie"]
    client.close()
    assert cookie.startswith("__Host-")
    assert "Secure" in cookie


# --- orders ----------------------------------------------------------------------------------------------------------


def state_of(world: World, delivery: int) -> str:
    with world.store.read() as tx:
        found = deliveries.get(tx, delivery)
    assert found
    return str(found.state)


def test_pausing_and_resuming_a_channel(world: World, editor: HttpClient) -> None:
    word = csrf(editor)
    assert (
        editor.post("/orders/pause", data={"csrf": word, "channel": "desk", "back": "/channels"}).headers["location"]
        == "/channels"
    )
    assert "desk is paused" in editor.get("/channels").text
    editor.post("/orders/resume", data={"csrf": word, "channel": "desk"})
    assert "desk goes on" in editor.get("/").text


def test_republishing_asks_for_channels_and_a_double_click_is_one_order(world: World, editor: HttpClient) -> None:
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


def delivered(world: World, ident: str) -> int:
    """All that was on its way has arrived; how many posts there are."""
    with world.store.begin() as tx:
        found = articles.get(tx, ident)
        assert found
        mine = deliveries.of_article(tx, found.seq)
        for one in mine:
            deliveries.change(tx, one.id, ["pending"], "delivered", "", None, delivered_at=NOW)
    return len(mine)


def test_a_form_that_is_sent_three_times_is_one_order(world: World, editor: HttpClient) -> None:
    ident, _ = fanned(world)
    delivered(world, ident)
    page = editor.get(f"/article/{ident}").text
    form = {
        "csrf": csrf(editor),
        "key": keys(page)[0],
        "article": ident,
        "channel": "desk",
        "back": f"/article/{ident}",
    }
    for _ in range(3):
        editor.post("/orders/republish", data=form)
        assert "It goes out again on 1 of 1." in editor.get(f"/article/{ident}").text
        assert delivered(world, ident) == 2


def keys(page: str) -> list[str]:
    return re.findall(r'name="key" value="([^"]+)"', page)


def test_every_form_has_a_key_of_its_own(world: World, editor: HttpClient) -> None:
    ident, _ = fanned(world)
    found = [key for path in ("/", "/channels", "/feeds", f"/article/{ident}") for key in keys(editor.get(path).text)]
    assert len(found) > 3
    assert len(set(found)) == len(found)


def test_another_republish_within_a_minute_is_asked_about(world: World, editor: HttpClient) -> None:
    ident, _ = fanned(world)
    delivered(world, ident)
    form = {"csrf": csrf(editor), "article": ident, "channel": ["desk", "own"], "back": f"/article/{ident}"}
    editor.post("/orders/republish", data=form | {"key": "one"})
    delivered(world, ident)
    question = editor.post("/orders/republish", data=form | {"key": "two"})
    assert "Post it once more?" in question.text
    assert question.text.count('name="channel"') == 2
    assert delivered(world, ident) == 3
    assert editor.post("/orders/republish", data=form | {"key": "two", "again": "true"}).status_code == 303
    assert delivered(world, ident) == 5


def test_a_question_leads_back_to_this_console_only(world: World, editor: HttpClient) -> None:
    ident, _ = fanned(world)
    delivered(world, ident)
    form = {"csrf": csrf(editor), "article": ident, "channel": "desk", "back": "//evil.example"}
    editor.post("/orders/republish", data=form)
    delivered(world, ident)
    assert "evil.example" not in editor.post("/orders/republish", data=form).text


def test_an_order_for_no_article_is_for_none_and_not_for_all(world: World, editor: HttpClient) -> None:
    ident = article(world, 1, ArticleState.HELD)
    for order in ("release", "discard"):
        editor.post(f"/orders/{order}", data={"csrf": csrf(editor)})
    with world.store.read() as tx:
        assert articles.get(tx, ident).state == "held"  # type: ignore[union-attr]


def test_a_dead_letter_is_tried_again(world: World, editor: HttpClient) -> None:
    _, delivery = fanned(world)
    with world.store.begin() as tx:
        deliveries.change(tx, delivery, ["pending"], "dead", "422", None)
    assert "422" in editor.get("/").text
    editor.post("/orders/retry", data={"csrf": csrf(editor), "delivery": str(delivery)})
    assert state_of(world, delivery) == "pending"


@pytest.mark.parametrize(("there", "state"), [("true", "delivered"), ("false", "pending")])
def test_a_person_says_what_became_of_an_uncertain_delivery(
    world: World, editor: HttpClient, there: str, state: str
) -> None:
    _, delivery = fanned(world)
    with world.store.begin() as tx:
        deliveries.change(tx, delivery, ["pending"], "uncertain", "no answer", None)
    editor.post("/orders/resolve", data={"csrf": csrf(editor), "delivery": str(delivery), "there": there})
    assert state_of(world, delivery) == state


def test_held_articles_are_released_one_by_one_or_a_feed_at_once(world: World, editor: HttpClient) -> None:
    idents = [article(world, number, ArticleState.HELD) for number in range(3)]
    editor.post("/orders/release", data={"csrf": csrf(editor), "article": idents[0]})
    editor.post("/orders/release", data={"csrf": csrf(editor), "feed": "herald"})
    with world.store.read() as tx:
        assert {articles.get(tx, ident).state for ident in idents} == {"new"}  # type: ignore[union-attr]


ORDERS = ["apart", "together", "republish", "retry", "resolve", "release", "hold", "discard", "pause", "resume", "poll"]
FORM = {"article": "a1", "other": "a2", "delivery": "1", "there": "true", "channel": "desk", "feed": "herald"}


@pytest.mark.parametrize("order", ORDERS)
def test_no_order_is_taken_without_its_page_s_word(world: World, editor: HttpClient, order: str) -> None:
    word = csrf(editor)
    assert editor.post(f"/orders/{order}", data={**FORM, "csrf": "made up"}).status_code == 403
    assert editor.post(f"/orders/{order}", data=FORM).status_code in (403, 422)
    foreign = {"origin": "https://evil.example"}
    assert editor.post(f"/orders/{order}", data={**FORM, "csrf": word}, headers=foreign).status_code == 403
    assert editor.get(f"/orders/{order}", params={**FORM, "csrf": word}).status_code == 405
    editor.cookies.clear()
    assert editor.post(f"/orders/{order}", data={**FORM, "csrf": word}).status_code == 401


OWN, EVIL = "the console", "https://evil.example"
# What a browser says of where a form comes from: Sec-Fetch-Site, Origin; and whether the order is taken.
SENDERS = {
    "a page of ours in a current browser": ("same-origin", OWN, True),
    "a page of ours whose browser hides the origin": ("same-origin", "null", True),
    "a page of ours in a browser that says the place alone": ("same-origin", None, True),
    "a page of ours without TLS, or in an older browser": (None, OWN, True),
    "a form that was sent again from the address bar": ("none", OWN, True),
    "a foreign page": ("cross-site", EVIL, False),
    "a foreign page in an older browser": (None, EVIL, False),
    "a foreign page that claims our origin": ("cross-site", OWN, False),
    "another port of this machine": ("same-site", "http://127.0.0.1:9", False),
    "another port of this machine, in an older browser": (None, "http://127.0.0.1:9", False),
    "a sandboxed frame": ("cross-site", "null", False),
    "a sandboxed frame in an older browser": (None, "null", False),
    "a file": (None, "file://", False),
    "an extension": ("none", "chrome-extension://abcdef", False),
    "nobody knows": (None, None, False),
    "nobody knows, from the address bar": ("none", None, False),
    "a word that no browser says": ("same-origin, cross-site", OWN, False),
    "no address": (None, "http://[", False),
}


def said_by(client: HttpClient, site: str | None, origin: str | None) -> dict[str, str | None]:
    return {"sec-fetch-site": site, "origin": client.console.address if origin == OWN else origin}


@pytest.mark.parametrize("sender", SENDERS)
def test_an_order_is_taken_from_a_page_of_ours_and_from_no_other(editor: HttpClient, sender: str) -> None:
    site, origin, taken = SENDERS[sender]
    said = said_by(editor, site, origin)
    word = csrf(editor)
    answer = editor.post("/orders/pause", data={"csrf": word, "channel": "desk"}, headers=said)
    assert answer.status_code == (303 if taken else 403)
    by_script = editor.post("/api/channels/desk/pause", headers=said | {"x-csrf-token": word})
    assert by_script.status_code == (200 if taken else 403)
    assert editor.post("/logout", data={"csrf": word}, headers=said).status_code == (303 if taken else 403)


@pytest.mark.parametrize("sender", SENDERS)
def test_the_token_is_taken_from_a_page_of_ours_and_from_programs(stranger: HttpClient, sender: str) -> None:
    site, origin, taken = SENDERS[sender]
    answer = stranger.post("/login", data={"token": TOKEN}, headers=said_by(stranger, site, origin))
    assert answer.status_code == (303 if taken or origin is None else 403)


def test_no_page_tells_others_its_address_and_none_hides_its_origin_from_us(editor: HttpClient) -> None:
    for path in ("/", "/login", "/nothing"):
        assert editor.get(path).headers["referrer-policy"] == "same-origin"


# Where the console is reached by its public address: Host as the proxy passes it on, Origin, and whether it is taken.
PROXIED = [
    ("desk.example", "https://desk.example", True),
    ("desk.example:443", "https://desk.example", True),
    ("DESK.example", "https://desk.example", True),
    ("127.0.0.1:8081", "https://desk.example", True),
    ("127.0.0.1:8081", "http://127.0.0.1:8081", True),
    ("desk.example", "http://desk.example", False),
    ("desk.example", "https://desk.example:8443", False),
    ("desk.example", "https://desk.example.evil.example", False),
    ("127.0.0.1:8081", "https://127.0.0.1.evil.example:8081", False),
]


@pytest.mark.parametrize(("host", "origin", "taken"), PROXIED)
def test_behind_a_proxy_the_public_address_is_ours(host: str, origin: str, taken: bool) -> None:
    assert is_own_page({"host": host, "origin": origin}, "https://desk.example") is taken


@pytest.mark.parametrize(
    "back", ["//evil.example", "/\\evil.example", "https://evil.example", "/ok\r\nx: y", "javascript:1"]
)
def test_an_order_never_leads_away_from_the_console(editor: HttpClient, back: str) -> None:
    answer = editor.post("/orders/pause", data={"csrf": csrf(editor), "channel": "desk", "back": back})
    assert answer.headers["location"] == "/"


def test_an_order_that_makes_no_sense_is_answered_in_words(editor: HttpClient) -> None:
    editor.post("/orders/retry", data={"csrf": csrf(editor), "delivery": "999"})
    assert "there is no delivery 999" in editor.get("/").text


# --- for programs ----------------------------------------------------------------------------------------------------

BEARER = {"authorization": f"Bearer {TOKEN}", "accept": "application/json"}


@pytest.mark.parametrize("path", ["overview", "queues", "feeds", "channels", "articles", "deliveries"])
def test_every_listing_is_json_for_who_has_the_token(world: World, stranger: HttpClient, path: str) -> None:
    fanned(world)
    assert stranger.get(f"/api/{path}").status_code == 401
    assert stranger.get(f"/api/{path}", headers={"authorization": "Bearer no"}).status_code == 401
    assert stranger.get(f"/api/{path}", headers=BEARER).json()


def test_an_article_s_history_and_orders_by_program(world: World, stranger: HttpClient) -> None:
    ident, delivery = fanned(world)
    told = stranger.get(f"/api/articles/{ident}", headers=BEARER).json()
    assert told["deliveries"][0]["id"] == delivery
    assert stranger.post("/api/channels/desk/pause", headers=BEARER).json() == {"done": True}
    assert stranger.post("/api/channels/nope/pause", headers=BEARER).status_code == 409
    assert stranger.post(f"/api/deliveries/{delivery}/retry", headers=BEARER).json() == {"done": delivery}
    assert stranger.post("/api/channels/desk/resume").status_code == 401


def test_a_program_s_order_with_a_key_is_carried_out_once(world: World, stranger: HttpClient) -> None:
    ident, _ = fanned(world)
    delivered(world, ident)

    def order(key: str | None, path: str = f"articles/{ident}/republish", **body: object) -> requests.Response:
        return stranger.post(
            f"/api/{path}", headers=BEARER | {"idempotency-key": key}, json={"channels": ["desk"], **body}
        )

    first = order("k")
    assert len(first.json()["done"]) == 1
    delivered(world, ident)
    assert order("k").json() == first.json()
    assert delivered(world, ident) == 2
    other = order("k", f"articles/{ident}/hold")
    assert (other.status_code, "another order" in other.json()["error"]) == (422, True)
    asked = order("l")
    assert (asked.status_code, '"again": true' in asked.json()["error"]) == (409, True)
    assert delivered(world, ident) == 2
    assert len(order("l", again=True).json()["done"]) == 1
    assert order("x" * 201).status_code == 422
    assert delivered(world, ident) == 3


def test_every_order_of_a_program_may_be_repeated_with_its_key(world: World, stranger: HttpClient) -> None:
    ident, delivery = fanned(world)
    orders = {
        f"deliveries/{delivery}/retry": {},
        f"articles/{ident}/hold": {},
        f"articles/{ident}/release": {},
        f"articles/{ident}/republish": {},
        f"articles/{ident}/discard": {},
        "channels/desk/pause": {},
        "channels/desk/resume": {"skip": True},
        "feeds/herald/poll": {},
    }
    for path, body in orders.items():
        headers = BEARER | {"idempotency-key": path}
        answers = [stranger.post(f"/api/{path}", headers=headers, json=body) for _ in range(2)]
        assert [answer.status_code for answer in answers] == [200, 200], path
        assert answers[0].json() == answers[1].json(), path


def test_probes_need_no_token_and_tell_no_titles(world: World, stranger: HttpClient) -> None:
    fanned(world)
    assert stranger.get("/healthz").text == "ok\n"
    assert stranger.get("/readyz").json() == {"ready": True, "problems": [], "needs_a_person": {}}
    figures = stranger.get("/metrics", headers={"host": "console:8080"}).text
    assert 'standfirst_deliveries{channel="desk",state="pending"} 1.0' in figures
    assert "bridge" not in figures


def test_a_body_that_is_too_large_is_not_read(editor: HttpClient) -> None:
    assert editor.post("/orders/pause", data=b"x" * 2_000_000).status_code == 413
    assert editor.post("/websub/none", data=b"x" * 9_000_000).status_code == 413


def test_a_hook_polls_its_feed_for_who_knows_the_secret(world: World, stranger: HttpClient) -> None:
    assert stranger.post("/hooks/feeds/herald").status_code == 401
    assert stranger.post("/hooks/feeds/herald", headers={"authorization": "Bearer wrong"}).status_code == 401
    assert stranger.post("/hooks/feeds/none", headers={"authorization": "Bearer hook-s3cret"}).status_code == 401
    assert stranger.post("/hooks/feeds/herald", headers={"authorization": "Bearer hook-s3cret"}).status_code == 202
    with world.store.read() as tx:
        assert feeds.get(tx, "herald").due_reason == "its hook was called"  # type: ignore[union-attr]


def test_a_hook_that_is_called_again_with_its_key_gets_the_same_answer(world: World, stranger: HttpClient) -> None:
    headers = {"authorization": "Bearer hook-s3cret", "idempotency-key": "release 7"}
    first, second = (stranger.post("/hooks/feeds/herald", headers=headers) for _ in range(2))
    assert (first.status_code, first.text) == (second.status_code, second.text) == (202, "herald: it is polled now.\n")
    assert stranger.post("/hooks/feeds/herald", headers=headers | {"idempotency-key": "x" * 201}).status_code == 422


# --- our own feeds ---------------------------------------------------------------------------------------------------


def test_our_own_feeds_are_served_with_validators(config: Config, stranger: HttpClient) -> None:
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


BESIDE = ["%2e%2e/standfirst.json", "..%2fitems.json", ".hidden.xml", "nothing.xml", "feed.xml/x", "%00.xml", "x" * 300]
LEFT = ["items.json", ".items.json", ".lock", ".feed.xml.new", "draft.html", "notes.json", "backup.xml"]


@pytest.mark.parametrize("name", BESIDE + LEFT)
def test_nothing_beside_our_own_feeds_is_served(config: Config, stranger: HttpClient, name: str) -> None:
    (config.settings.folder / "public").mkdir()
    for left in LEFT:
        (config.settings.folder / "public" / left).write_text("[]")
    assert stranger.get(f"/feeds/own/{name}").status_code == 404
    assert stranger.get(f"/feeds/desk/{name}").status_code == 404
