"""What is done with an open page: tabs, the back button, double clicks, sessions that are over, foreign pages."""

import re
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.browser.chromium import Chromium, Visitor
from tests.browser.newsroom import TOKEN, Newsroom
from tests.browser.test_forms import republish
from tests.workers.town import Town, configured, process, until

PAUSE = {"name": "Pause", "exact": True}


def test_a_double_click_is_one_order(newsroom: Newsroom, editor: Visitor) -> None:
    ident = newsroom.delivered()
    republish(editor, ident, click_count=2)
    assert editor.said() == "It goes out again on 1 of 1."
    newsroom.arrive()
    editor.page.reload()
    assert newsroom.posts(ident) == 2


def test_pressing_again_after_the_back_button_is_the_same_order(newsroom: Newsroom, editor: Visitor) -> None:
    ident = newsroom.delivered()
    republish(editor, ident)
    newsroom.arrive()
    page = editor.page
    page.go_back()
    if not page.get_by_label("desk").is_visible():
        page.get_by_text("Republish…").click()
    page.get_by_label("desk").check()
    page.get_by_role("button", name="Republish").click()
    assert "It goes out again on 1 of 1." in page.content() or "Post it once more?" in page.content()
    assert newsroom.posts(ident) == 2


def test_an_order_that_was_reloaded_is_one_order(newsroom: Newsroom, editor: Visitor) -> None:
    ident = newsroom.delivered()
    republish(editor, ident)
    newsroom.arrive()
    for _ in range(2):
        editor.page.reload()
    assert newsroom.posts(ident) == 2


def test_two_tabs_of_one_session_both_work(newsroom: Newsroom, editor: Visitor) -> None:
    other = editor.context.new_page()
    other.goto(f"{editor.address}/channel/wire")
    page = editor.open("/channel/desk")
    page.get_by_role("button", **PAUSE).click()
    other.get_by_role("button", **PAUSE).click()
    assert other.get_by_role("status").inner_text() == "wire is paused; its queue is kept."
    assert newsroom.is_paused("desk")
    assert newsroom.is_paused("wire")


def test_an_order_from_a_page_whose_session_is_over_asks_to_log_in(newsroom: Newsroom, editor: Visitor) -> None:
    page = editor.open("/channel/desk")
    editor.context.clear_cookies()
    page.get_by_role("button", **PAUSE).click()
    assert "was not carried out" in page.get_by_role("alert").inner_text()
    assert not newsroom.is_paused()
    page.get_by_label("Token").fill(TOKEN)
    page.get_by_role("button", name="Come in").click()
    assert page.url == f"{editor.address}/channel/desk"
    page.get_by_role("button", **PAUSE).click()
    assert newsroom.is_paused()
    editor.forgive(401)


def test_a_page_of_an_earlier_session_says_to_load_it_anew(newsroom: Newsroom, editor: Visitor) -> None:
    page = editor.open("/channel/desk")
    other = editor.context.new_page()
    other.goto(f"{editor.address}/")
    other.get_by_role("button", name="Log out").click()
    other.get_by_label("Token").fill(TOKEN)
    other.get_by_role("button", name="Come in").click()
    other.wait_for_url(f"{editor.address}/")
    page.get_by_role("button", **PAUSE).click()
    assert "Load it anew" in page.locator("main").inner_text()
    assert not newsroom.is_paused()
    page.get_by_role("link", name="Back to the page").click()
    page.get_by_role("button", **PAUSE).click()
    assert newsroom.is_paused()
    editor.forgive(403)


def test_orders_work_without_javascript(chromium: Chromium, newsroom: Newsroom) -> None:
    ident = newsroom.delivered()
    held = newsroom.flood()
    visitor = chromium.visitor(newsroom.address, java_script_enabled=False)
    visitor.log_in(TOKEN)
    visitor.page.get_by_text("Discard all…").click()
    visitor.page.get_by_role("button", name="Discard all 3").click()
    assert {newsroom.state(one) for one in held} == {"withdrawn"}
    republish(visitor, ident)
    assert newsroom.posts(ident) == 2
    visitor.leave()


def test_what_came_after_the_page_was_drawn_is_not_in_its_order(newsroom: Newsroom, editor: Visitor) -> None:
    reason = "3 new articles in one poll are more than flood = 2"
    shown = newsroom.flood()
    page = editor.open("/")
    page.get_by_text("Release all…").click()
    later = newsroom.article(newsroom.read(shown[0]).state, reason=reason)
    page.get_by_role("button", name="Release all 3").click()
    assert editor.said() == "Released: 3."
    assert newsroom.state(later) == "held"


def test_a_channel_with_a_dead_token_says_how_to_renew_it(newsroom: Newsroom, editor: Visitor) -> None:
    newsroom.locked_out()
    for path in ("/", "/channel/toots", "/channels"):
        said = editor.open(path).locator("main").inner_text()
        assert "Preferences, Development, New application" in said
        assert "the environment variable TOOTS" in said
        assert "t00t-token" not in said


# --- others ----------------------------------------------------------------------------------------------------------


class Elsewhere:
    """Another site: it leads to the console, and tries to give it orders."""

    def __init__(self, console: str) -> None:
        site = self
        self.pages: dict[str, str] = {}

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                if self.path == "/link":
                    self.send_response(303)
                    self.send_header("location", f"{console}/login?token={TOKEN}")
                    self.send_header("content-length", "0")
                    self.end_headers()
                    return
                body = site.pages.get(self.path, "").encode()
                self.send_response(200 if body else 404)
                self.send_header("content-type", "text/html; charset=utf-8")
                self.send_header("content-length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        self.address = f"http://localhost:{self._server.server_port}"  # another name: another site

    def close(self) -> None:
        """Stop it."""
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def elsewhere(newsroom: Newsroom) -> Iterator[Elsewhere]:
    made = Elsewhere(newsroom.address)
    yield made
    made.close()


def test_a_page_that_was_reached_by_redirects_from_elsewhere_takes_orders(
    newsroom: Newsroom, stranger: Visitor, elsewhere: Elsewhere
) -> None:
    elsewhere.pages["/"] = '<link rel="icon" href="data:,"><a href="/link">to the console</a>'
    page = stranger.page
    page.goto(elsewhere.address)
    page.get_by_role("link").click()
    page.wait_for_url(f"{newsroom.address}/")
    page.goto(f"{newsroom.address}/channels")
    page.get_by_role("button", **PAUSE).first.click()
    assert stranger.said() == "desk is paused; its queue is kept."
    page.get_by_role("button", name="Resume", exact=True).click()
    assert stranger.said() == "desk goes on."
    assert not newsroom.is_paused()
    stranger.strangers.clear()


FORGED = """<link rel="icon" href="data:,"><form method="post" action="{console}{path}">
<input name="token" value="{token}"><input name="channel" value="desk"><button>A prize</button></form>"""
SANDBOX = '<link rel="icon" href="data:,"><iframe sandbox="allow-forms allow-scripts" src="/form"></iframe>'


@pytest.mark.parametrize("path", ["/orders/pause", "/login", "/logout"])
@pytest.mark.parametrize("sandboxed", [False, True], ids=["a foreign page", "a sandboxed frame"])
def test_a_form_elsewhere_gives_no_orders(
    newsroom: Newsroom, editor: Visitor, elsewhere: Elsewhere, path: str, sandboxed: bool
) -> None:
    elsewhere.pages["/form"] = FORGED.format(console=newsroom.address, path=path, token=TOKEN)
    elsewhere.pages["/frame"] = SANDBOX
    page = editor.context.new_page()
    page.goto(f"{elsewhere.address}/{'frame' if sandboxed else 'form'}")
    place = page.frame_locator("iframe") if sandboxed else page
    with page.expect_response(lambda answer: answer.url == newsroom.address + path) as answer:
        place.get_by_role("button").click()
    assert answer.value.status in (401, 403, 422)
    assert "set-cookie" not in answer.value.headers
    assert not newsroom.is_paused()
    editor.page.reload()
    assert editor.page.locator("nav").is_visible()
    editor.complaints.clear()
    editor.strangers.clear()


# --- with everything running -----------------------------------------------------------------------------------------


PRINTED = r"(http://127\.0\.0\.1:\d+)(/login\?token=[\w-]+)"


@pytest.fixture
def town() -> Iterator[Town]:
    made = Town()
    yield made
    made.close()


def test_republish_in_standfirst_run_reaches_the_platform_once_more(
    tmp_path: Path, chromium: Chromium, town: Town
) -> None:
    with process(configured(tmp_path, town), "run") as running:
        printed = until(lambda: re.search(PRINTED, running.log), "a link is printed")
        until(lambda: len(town.posted) == town.articles, "the articles are posted")
        visitor = chromium.visitor(printed[1])
        visitor.open(printed[2])
        page = visitor.open("/articles")
        page.locator("td.lead a").first.click()
        page.get_by_text("Republish…").click()
        page.get_by_label("book").check()
        page.get_by_role("button", name="Republish").dblclick()
        assert visitor.said() == "It goes out again on 1 of 1."
        until(lambda: len(town.posted) == town.articles + 1, "it is posted once more")
        town.articles += 1
        page = visitor.open("/feed/town")
        page.get_by_role("button", name="Poll now").click()
        assert "town: it is polled" in visitor.said()
        until(lambda: len(town.posted) == town.articles + 1, "the new article is posted")
        visitor.leave()
