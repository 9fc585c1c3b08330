"""A site's address is enough: its feeds are found with one GET each; nothing is guessed where they are announced."""

import pytest

from pipeline.feeds.discover import WELL_KNOWN, discover, job
from tests.http.speaker import answer

RSS = b"<rss version='2.0'><channel><title>Harbour</title><item><title>x</title></item></channel></rss>"


def site(**pages):
    """A site of pages by path ("home" is /); everything else is missing."""

    def script(speaker, sock, asked):
        path = asked.line.split()[1].strip("/").replace(".", "_") or "home"
        body = pages.get(path)
        sock.sendall(
            answer("404 Not Found", b"no") if body is None else answer("200 OK", body, "Content-Type: text/html")
        )
        return True

    return script


def paths(server):
    return [asked.line.split()[1] for asked in server.asked]


def found(discovery, server):
    return [(one.url.removeprefix(server.url), one.how) for one in discovery.candidates]


def test_p28_announced_feeds_are_found_with_one_get(http, bounded, speak):
    page = b"""<html><head><base href="/news/">
      <link rel="alternate" type="application/rss+xml" title="Comments" href="comments/feed/">
      <link rel="alternate" type="application/rss+xml" title="News &amp; more" href="rss">
      <link rel="alternate" type="application/feed+json" href="/feed.json">
      <link rel="alternate" hreflang="de" href="/de">
      <link rel="stylesheet" href="/x.css">
      <link rel="alternate" type="application/rss+xml" href="javascript:x"></head></html>"""
    server = speak(site(home=page))
    discovery = discover(http, bounded, server.url)
    assert found(discovery, server) == [
        ("/news/rss", "announced"),
        ("/feed.json", "announced"),
        ("/news/comments/feed/", "announced"),
    ]
    assert discovery.candidates[0].title == "News & more"
    assert paths(server) == ["/"]


def test_p01_a_feeds_own_address_is_fetched_once_and_its_document_kept(http, bounded, speak):
    server = speak(site(feed=RSS))
    discovery = discover(http, bounded, f"{server.url}/feed")
    assert found(discovery, server) == [("/feed", "itself")]
    assert discovery.candidates[0].document.title == "Harbour"
    assert discovery.candidates[0].fetched.body == RSS
    assert len(server.asked) == 1


def test_feeds_that_a_page_links_to_are_found_where_none_is_announced(http, bounded, speak):
    server = speak(
        site(home=b'<a href="/sport/rss.xml#x">Sport</a><a href="/about">About</a><a href="/sport/rss.xml">again</a>')
    )
    discovery = discover(http, bounded, server.url)
    assert found(discovery, server) == [("/sport/rss.xml", "linked")]
    assert paths(server) == ["/"]


def test_a_page_that_lists_the_feeds_is_asked(http, bounded, speak):
    listing = b'<ul><li><a href="/a/feed.xml">A</a><li><a href="/b/feed.xml">B</a></ul>'
    server = speak(site(home=b'<a href="/feeds">Our feeds</a><a href="//x.example/feeds">x</a>', feeds=listing))
    discovery = discover(http, bounded, server.url)
    assert found(discovery, server) == [("/a/feed.xml", "linked"), ("/b/feed.xml", "linked")]
    assert paths(server) == ["/", "/feeds"]


def test_the_usual_places_are_tried_last_and_once_each(http, bounded, speak):
    server = speak(site(home=b"<p>Nothing here</p>", atom_xml=RSS))
    discovery = discover(http, bounded, server.url)
    assert found(discovery, server) == [("/atom.xml", "usual place")]
    assert discovery.candidates[0].document.title == "Harbour"
    assert paths(server) == ["/", "/feed", "/rss.xml", "/atom.xml"]
    assert discovery.asked[-1] == f"{server.url}/atom.xml"


def test_a_site_without_feeds_is_said_to_have_none(http, bounded, speak):
    server = speak(site(home=b"<p>Nothing here</p>"))
    discovery = discover(http, bounded, server.url)
    assert (discovery.candidates, discovery.error) == ((), "no feed was found there")
    assert len(server.asked) == 1 + len(WELL_KNOWN)


def test_a_site_that_does_not_answer_is_an_error_and_nothing_else_is_tried(http, bounded, speak):
    server = speak(site())
    assert "404" in discover(http, bounded, server.url).error
    assert paths(server) == ["/"]


@pytest.mark.parametrize(
    "page", [b"", b"\x00\xff", b"<", b"<html>" + b"<div>" * 5000, "<a href='/rss.xml'>Ü</a>".encode("utf-16")]
)
def test_any_page_is_survived(http, bounded, speak, page):
    discovery = discover(http, bounded, speak(site(home=page)).url)
    assert discovery.error or discovery.candidates


@pytest.mark.parametrize("charset", ["utf-8", "utf-16", "no-such", ""])
@pytest.mark.parametrize("page", [b"", b"\xff\xfe<a href='/feed'>", b'<?xml version="1.0" encoding="x"?><html>'])
def test_any_page_with_any_charset_has_links_or_none(page, charset):
    payload = {"body": page, "url": "https://e.org/", "content_type": charset and f"text/html; charset={charset}"}
    assert set(job(payload)) == {"announced", "linked", "directories"}
