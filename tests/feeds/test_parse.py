"""What any document at all may do to the parser, and what it must not."""

import io
import json
import time
import warnings
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.feeds import dates, images, parse, values
from pipeline.feeds.parse import NotAFeed
from pipeline.model import Document, Enclosure, Entry, Image

URL = "https://harbour.example/feed"
RSS = (
    '<?xml version="1.0" encoding="{}"?><rss version="2.0"><channel><title>Häfen</title>'
    "<item><title>Größe</title></item></channel></rss>"
)


def parsed(body, content_type=None):
    return parse.parse(body if isinstance(body, bytes) else body.encode(), url=URL, content_type=content_type)


@pytest.mark.parametrize(
    ("declared", "actual", "content_type"),
    [
        ("utf-8", "utf-8", None),
        ("utf-8", "utf-8-sig", None),
        ("iso-8859-1", "iso-8859-1", None),
        ("iso-8859-1", "utf-8", "text/xml"),
        ("windows-1252", "windows-1252", "text/xml; charset=us-ascii"),
        ("utf-16", "utf-16", None),
        ("utf-16", "utf-16-le", "application/xml; charset=utf-16le"),
        ("utf-8", "utf-8", "text/html; charset=utf-8"),
        ("utf-8", "utf-8", "application/rss+xml; charset=iso-8859-1"),
        ("no-such-encoding", "utf-8", None),
    ],
)
def test_a_wrong_or_odd_encoding_still_gives_the_right_text(declared, actual, content_type):
    found = parsed(RSS.format(declared).encode(actual), content_type)
    assert (found.title, found.entries[0].title) == ("Häfen", "Größe")
    assert not found.warnings


def test_characters_that_no_text_has_are_left_out():
    written = "a\x00b\x1b[2Jc\u200b \u202egnp.exe\u202c \u2028d \U0001f468\u200d\U0001f469 e\ufe0f"
    found = parsed(f"<rss version='2.0'><channel><item><title>{written}</title></item></channel></rss>")
    assert found.entries[0].title == "ab[2Jc gnp.exe d \U0001f468\u200d\U0001f469 e\ufe0f"


@pytest.mark.parametrize(
    ("body", "reason", "snippet"),
    [
        (b"", "the body is empty", ""),
        (b" \n\t", "the body is empty", ""),
        (
            b"<!DOCTYPE html><html><head><title>Log in</title><script>x()</script></head><body>Please wait",
            "the answer is a web page, no feed",
            "Log in Please wait",
        ),
        (b"<html><body><p>One moment</p></body></html>", "the answer is a web page, no feed", "One moment"),
        (b'<?xml version="1.0"?><urlset><url><loc>x</loc></url></urlset>', "the answer is XML, but no feed", "x"),
        (b"Too many requests", "the answer is no feed", "Too many requests"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "the answer is no feed", None),
        (b'{"error": "no"}', "the JSON is no JSON Feed", '{"error": "no"}'),
        (b"[1, 2]", "the JSON is no JSON Feed", "[1, 2]"),
        (b'<?xml version="1.0" encoding="utf-7"?><rss/>', "the document is in UTF-7, which nobody should send", None),
    ],
)
def test_what_is_no_feed_is_an_error_with_a_snippet(body, reason, snippet):
    with pytest.raises(NotAFeed) as caught:
        parsed(body)
    assert caught.value.reason == reason
    if snippet is not None:
        assert caught.value.snippet == snippet


def test_a_feed_with_a_pages_type_is_a_feed_and_the_other_way_round():
    assert parsed(RSS.format("utf-8"), "text/html").entries
    with pytest.raises(NotAFeed):
        parsed(b"<html><body>no</body></html>", "application/rss+xml")


def test_nothing_outside_of_the_document_is_read(tmp_path):
    (tmp_path / "secret").write_text("inner words")
    found = parsed(
        f'<?xml version="1.0"?><!DOCTYPE r [\n<!ENTITY x SYSTEM "file://{tmp_path}/secret">\n]>'
        "<rss version='2.0'><channel><title>&x;</title><item><title>&x;</title></item></channel></rss>"
    )
    assert "inner words" not in repr(found)


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_are_a_document_or_no_feed(body):
    try:
        found = parsed(body)
    except NotAFeed:
        return
    assert parse.document(json.loads(json.dumps(parse.plain(found)))) == found


PIECES = st.sampled_from(
    "<rss version='2.0'>|<channel>|<item>|</item>|<title>|</title>|<feed>|<entry>|<!--|-->|<![CDATA[|]]>|&amp;|&|<?xml"
    "|?>|<guid>1</guid>|<link/>|<link href='x'/>|text|<media:content url='a.jpg'>|\x00".split("|")
)


@settings(max_examples=80, deadline=None)
@given(st.lists(PIECES, max_size=25))
def test_any_heap_of_markup_is_a_document_or_no_feed(pieces):
    try:
        found = parsed("".join(pieces))
    except NotAFeed:
        return
    assert parse.document(json.loads(json.dumps(parse.plain(found)))) == found
    assert all(entry.link is None or entry.link.startswith("http") for entry in found.entries)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 400))
def test_a_document_cut_anywhere_gives_whole_entries_only(place):
    item = "<item><title>T{0}</title><guid>g{0}</guid><description>words and words {0} end</description></item>"
    body = (
        "<?xml version='1.0'?><rss version='2.0'><channel>"
        + "".join(item.format(n) for n in range(5))
        + "</channel></rss>"
    )
    try:
        found = parsed(body[: min(place + 1, len(body))])
    except NotAFeed:
        return
    for number, entry in enumerate(found.entries):
        assert (entry.entry_id, entry.title, entry.summary) == (
            f"g{number}",
            f"T{number}",
            f"words and words {number} end",
        )
    assert found.truncated == (place + 1 < len(body))


def test_a_document_survives_the_way_through_the_child():
    moment = datetime(2026, 3, 1, 12, 30, 1, 5, tzinfo=UTC)
    entry = Entry(
        "id",
        "https://e.org/",
        "T",
        "s",
        "c",
        moment,
        None,
        "en",
        ("A",),
        ("t",),
        Image("https://e.org/i", "alt", 1, 2),
        (Enclosure("https://e.org/e", "x/y", 3),),
        "https://o.org/",
    )
    whole = Document(
        "rss20",
        "T",
        None,
        "en",
        (entry,),
        ("w",),
        True,
        timedelta(minutes=5),
        (1,),
        (6,),
        ("https://h.org/",),
        "https://s.org/",
        None,
        True,
    )
    assert parse.document(json.loads(json.dumps(parse.plain(whole)))) == whole


def test_a_changed_feed_costs_little_more_than_feedparser_alone():
    import feedparser

    item = "<item><title>Title {0}</title><guid>{0}</guid><link>https://e.org/{0}</link><description><![CDATA[{1}]]></description></item>"
    text = "<p>Words <b>and</b> <a href='/x'>more</a> words.</p>" * 12
    body = (
        "<rss version='2.0'><channel>" + "".join(item.format(n, text) for n in range(60)) + "</channel></rss>"
    ).encode()

    def cost(work):
        spent = []
        for _ in range(4):
            begun = time.process_time()
            work()
            spent.append(time.process_time() - begun)
        return min(spent)

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        alone = cost(lambda: feedparser.parse(io.BytesIO(body)))
    assert cost(lambda: parsed(body)) <= 1.3 * alone


# --- small values


@pytest.mark.parametrize(
    ("text", "base", "address"),
    [
        ("/a", URL, "https://harbour.example/a"),
        (" https://e.org/x \n", None, "https://e.org/x"),
        ("HTTPS://E.org/", None, "HTTPS://E.org/"),
        ("mailto:a@b", URL, None),
        ("javascript:alert(1)", URL, None),
        ("data:text/html,x", URL, None),
        ("http://user:pw@site.example/", None, None),
        ("\\\\host\\share", URL, None),
        ("http://[bad", URL, None),
        ("http:///x", None, None),
        ("", URL, None),
        ("https://e.org/" + "a" * 9000, None, None),
    ],
)
def test_only_web_addresses_are_addresses(text, base, address):
    assert values.address(text, base) == address


@given(st.text(max_size=300), st.sampled_from([True, False, None]))
def test_a_title_is_one_line_without_controls(text, markup):
    found = values.title(text, markup=markup)
    assert found == " ".join(found.split())
    assert not any(c < " " or "\x7f" <= c < "\x85" for c in found)


@given(st.text(max_size=40))
def test_any_text_is_a_date_or_none(text):
    found = dates.moment(text)
    assert found is None or found.tzinfo is not None


@settings(deadline=None)
@given(st.text(alphabet="<img src=\"'a.jpg>= /wh1", max_size=200))
def test_any_text_has_pictures_or_none(text):
    found = images.choose(None, (), (text,), URL)
    assert found is None or found.url.startswith("https://")


@pytest.mark.parametrize("opening", ["<img ", '<img "', "<img '", '<img src="a'])
def test_openings_without_end_cost_no_more_than_their_length(opening):
    begun = time.process_time()
    assert images.choose(None, (), (opening * 100_000,), URL) is None
    assert time.process_time() - begun < 1
