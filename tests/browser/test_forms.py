"""Each form of each page is pressed once in a real browser, and its effect read in the store and on the page."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page

from pipeline.model import ArticleState
from tests.browser.chromium import Visitor
from tests.browser.newsroom import TOKEN, Newsroom
from tests.browser.pressing import ELSEWHERE, LOGIN, LOGOUT, ONCE_MORE, PRESSES, Press, form_name
from workers.console import doors, orders

Pressed = Callable[[str], None]

# Each form that the page has, with its address and the words on its button.
FORMS = """() => [...document.forms].map(form => [
  new URL(form.getAttribute("action") || location.pathname, location.href).pathname,
  form.querySelector("button").textContent.trim(),
])"""


def button(page: Page, press: Press) -> Locator:
    """The form's button, with what hides it opened."""
    words = re.compile("^" + re.escape(press.button).replace(r"\#", r"\d+") + "$")
    forms = page.locator(press.within).locator(f'form[action="{press.action}"], form:not([action])')
    found = forms.get_by_role("button", name=words, include_hidden=True).first
    while not found.is_visible():
        found.locator("xpath=ancestor::details[not(@open)]").first.locator("summary").first.click()
    return found


@pytest.mark.parametrize("press", PRESSES, ids=lambda press: f"{press.name} {press.within}")
def test_each_form_does_what_it_says(newsroom: Newsroom, editor: Visitor, press: Press, pressed: Pressed) -> None:
    scene = press.scene(newsroom)
    page = editor.open(press.page.format(**scene))
    found = button(page, press)
    if press.ticked:
        page.get_by_label(press.ticked).check()
    if press.chosen:
        page.get_by_label("State").select_option(press.chosen)
    found.click()
    assert press.said in (page.locator("main").inner_text() if press.chosen else editor.said())
    assert press.effect(newsroom, scene)
    assert page.url.partition("?")[0] == editor.address + press.page.format(**scene)
    pressed(press.name)


# --- none is left out ------------------------------------------------------------------------------------------------


def everything(newsroom: Newsroom) -> list[str]:
    """A store with every state; the pages that show it."""
    idents = [newsroom.article(state) for state in ArticleState if state != ArticleState.JOINED]
    for state in ("uncertain", "dead", "held", "cancelled", "filtered", "delivered", "pending"):
        idents.append(newsroom.settled(state)[0])
    idents += newsroom.doubtful()
    idents += newsroom.silenced()
    newsroom.flood()
    newsroom.paused()
    newsroom.locked_out()
    lists = ["/", "/feeds", "/channels", "/articles", "/deliveries", "/feed/herald", "/feed/courier", "/feed/none"]
    channels = [f"/channel/{name}" for name in newsroom.config.channels]
    return [*lists, *channels, *(f"/article/{ident}" for ident in idents)]


def forms(page: Page, path: str) -> set[str]:
    """The forms of a page, as the table names them."""
    return {form_name(path, action, re.sub(r"\d+", "#", words)) for action, words in page.evaluate(FORMS)}


def test_no_page_has_a_form_that_is_not_pressed(newsroom: Newsroom, stranger: Visitor) -> None:
    found = forms(stranger.open("/login"), "/login")
    stranger.log_in(TOKEN)
    for path in everything(newsroom):
        found |= forms(stranger.open(path), path)
    stranger.forgive(404)
    pressed = {press.name for press in PRESSES} | ELSEWHERE
    assert sorted(found - pressed) == []
    assert sorted(pressed - found - {ONCE_MORE}) == []


def test_every_order_that_the_console_takes_has_a_form_that_is_pressed() -> None:
    routes = [*orders.router.routes, *doors.router.routes]
    taken = {route.path for route in routes if "POST" in getattr(route, "methods", ())}  # type: ignore[attr-defined]
    assert taken == {press.action for press in PRESSES if press.action.startswith("/orders")} | {"/login", "/logout"}


def test_every_button_of_the_templates_is_pressed() -> None:
    folder = Path(orders.__file__).parent / "templates"
    said = "".join(path.read_text(encoding="utf-8") for path in folder.glob("*.html"))
    buttons = set(re.findall(r'\bbutton\("(\w+)", "([^"]+)"', said))
    assert buttons - {(press.action.rpartition("/")[2], press.button) for press in PRESSES} == set()


# --- those that are more than a press --------------------------------------------------------------------------------


def test_the_token_is_typed(stranger: Visitor, pressed: Pressed) -> None:
    page = stranger.open("/login")
    page.get_by_label("Token").fill("a guess")
    page.get_by_role("button", name="Come in").click()
    assert page.get_by_role("alert").inner_text() == "That is not the token."
    stranger.forgive(403)
    stranger.log_in(TOKEN)
    assert page.locator("nav").is_visible()
    pressed(LOGIN)


def test_the_printed_link_logs_in(newsroom: Newsroom, stranger: Visitor) -> None:
    page = stranger.open(f"/login?token={TOKEN}")
    assert page.url == f"{newsroom.address}/"
    assert page.locator("nav").is_visible()


def test_logging_out_ends_the_session_in_every_tab(editor: Visitor, pressed: Pressed) -> None:
    other = editor.context.new_page()
    other.goto(f"{editor.address}/feeds")
    editor.page.get_by_role("button", name="Log out").click()
    assert editor.page.url == f"{editor.address}/login"
    other.reload()
    assert other.url == f"{editor.address}/login"
    pressed(LOGOUT)


def test_a_second_republish_within_a_minute_is_asked_about(
    newsroom: Newsroom, editor: Visitor, pressed: Pressed
) -> None:
    ident = newsroom.delivered()
    republish(editor, ident)
    newsroom.arrive()
    newsroom.later(20)
    republish(editor, ident)
    page = editor.page
    assert "It was republished 20 s ago on desk" in page.locator("main").inner_text()
    assert newsroom.posts(ident) == 2
    page.get_by_role("button", name="Yes, post it once more").click()
    assert editor.said() == "It goes out again on 1 of 1."
    assert page.url == f"{editor.address}/article/{ident}"
    assert newsroom.posts(ident) == 3
    pressed(ONCE_MORE)


def test_a_question_can_be_answered_with_no(newsroom: Newsroom, editor: Visitor) -> None:
    ident = newsroom.delivered()
    republish(editor, ident)
    newsroom.arrive()
    republish(editor, ident)
    editor.page.get_by_role("link", name="No, back to the page").click()
    assert editor.page.url == f"{editor.address}/article/{ident}"
    assert newsroom.posts(ident) == 2


def republish(editor: Visitor, ident: str, **how: Any) -> None:
    """Order it on desk, as a person does."""
    page = editor.open(f"/article/{ident}")
    page.get_by_text("Republish…").click()
    page.get_by_label("desk").check()
    page.get_by_role("button", name="Republish").click(**how)
