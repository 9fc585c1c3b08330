"""Every page in light and dark, on a phone and on a wide screen: for everybody, without an error, from here alone."""

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.chromium import Chromium
from tests.browser.newsroom import TOKEN, Newsroom
from tests.browser.test_forms import everything, republish

SIZES = {"phone": {"width": 390, "height": 844}, "wide": {"width": 1440, "height": 900}}
OPEN = "() => document.querySelectorAll('details').forEach(one => { one.open = true })"
TOO_WIDE = "() => document.documentElement.scrollWidth > document.documentElement.clientWidth"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
def test_every_page_can_be_read_and_used_by_everybody(
    chromium: Chromium, newsroom: Newsroom, size: str, scheme: Any
) -> None:
    visitor = chromium.visitor(newsroom.address, viewport=SIZES[size], color_scheme=scheme)
    found = {"/login": barriers(visitor.open("/login"))}
    visitor.log_in(TOKEN)
    for path in unlike(everything(newsroom), newsroom):
        found[path] = barriers(visitor.open(path))
    ident = newsroom.delivered()
    for _ in range(2):
        republish(visitor, ident)
        newsroom.arrive()
    found["the question"] = barriers(visitor.page)
    visitor.forgive(404)
    visitor.leave()
    assert {path: told for path, told in found.items() if told} == {}


def unlike(paths: list[str], newsroom: Newsroom) -> list[str]:
    """Each list, and of the articles one for each set of what stands on their pages."""
    found: dict[object, str] = {}
    for path in paths:
        kind, _, ident = path.strip("/").partition("/")
        if kind != "article":
            found[path] = path
            continue
        states = {str(one.state) for one in newsroom.deliveries(ident)}
        waits = newsroom.state(ident) in ("held", "set_aside", "new")
        found.setdefault((waits, bool(newsroom.read(ident).summary), *sorted(states)), path)
    return list(found.values())


def barriers(page: Any) -> list[str]:
    """What keeps somebody from using the page, everything that opens being open; and what runs over its side."""
    page.evaluate(OPEN)
    told = Axe().run(page).response["violations"]
    found = [f"{one['id']}: {node['html'][:200]}" for one in told for node in one["nodes"]]
    return [*found, *(["it is wider than the screen"] if page.evaluate(TOO_WIDE) else [])]
