"""An editor's rules for a feed, seen in the preview."""

from pathlib import Path
from typing import Any

from tests.cli.conftest import Command, Site

PAGE = """<html><head><title>Bridge</title><meta name="description" content="{meta}"></head><body>
<article><p class="lede">{lede}</p><p>{rest}</p></article></body></html>"""
META = (
    "A page about the bridge by the mill, which the council of the town discussed again on Monday evening in the great "
    "hall, with all members present and the doors open."
)
LEDE = (
    "The bridge by the mill will be closed from Monday, and whoever wants to cross the river must go round by the "
    "market square until the masons have finished their work in spring."
)


def test_the_standfirst_that_a_selector_points_at_is_preferred(
    standfirst: Command, work: Any, site: Site, path: Path
) -> None:
    text = path.read_text().replace("fetch_pages = false", "fetch_pages = true")
    path.write_text(text.replace('every = "1s"', 'every = "1s"\nprefer = "p.lede"'))
    site.pages["/1"] = ("text/html", PAGE.format(meta=META, lede=LEDE, rest="More of it. " * 40))
    site.show(1)
    work()
    (shown,) = standfirst.ok("preview", standfirst.ids()[0], "--json").json
    assert shown["teaser"] == LEDE


def test_what_an_editor_strips_is_in_no_teaser(standfirst: Command, work: Any, site: Site, path: Path) -> None:
    path.write_text(
        path.read_text().replace('every = "1s"', 'every = "1s"\nstrip = ["after engineers found cracks[^.]*"]')
    )
    work()
    (shown,) = standfirst.ok("preview", standfirst.ids()[0], "--json").json
    assert "The council has voted" in shown["teaser"]
    assert "cracks" not in shown["teaser"]
