"""JSON Feed 1.0 and 1.1, and JSON that only looks like it."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.feeds.parse import NotAFeed, parse

URL = "https://harbour.example/feed.json"
VERSION = "https://jsonfeed.org/version/1.1"


def feed(*items, **more):
    return json.dumps({"version": VERSION, "title": "Harbour", "items": list(items), **more}).encode()


def parsed(body):
    return parse(body, url=URL, content_type="application/feed+json")


def test_a_whole_feed_is_read():
    item = {
        "id": "1",
        "url": "/1",
        "title": "One",
        "content_html": "<p>Body <a href='/x'>x</a><script>no</script></p>",
        "summary": "a < b",
        "image": "/i.jpg",
        "date_published": "2026-03-01T10:00:00+01:00",
        "date_modified": "2026-03-01T10:30:00Z",
        "authors": [{"name": "Ann"}, {"url": "https://b.example/"}],
        "tags": ["Sea", "sea", "", 5],
        "language": "de",
        "attachments": [{"url": "/a.mp3", "mime_type": "audio/mpeg", "size_in_bytes": 7}, {"mime_type": "x"}],
        "_ours": {"a": 1},
    }
    hubs = [{"type": "WebSub", "url": "https://hub.example/"}, {"type": "rssCloud", "url": "https://rpc.example/n"}]
    found = parsed(
        feed(item, home_page_url="https://harbour.example", feed_url=URL, language="en", hubs=hubs, expired=True)
    )
    entry = found.entries[0]
    assert (found.kind, found.title, found.link, found.self_link) == (
        "jsonfeed11",
        "Harbour",
        "https://harbour.example",
        URL,
    )
    assert (found.hubs, found.cloud, found.expired) == (("https://hub.example/",), "https://rpc.example/n", True)
    assert (entry.entry_id, entry.link, entry.title) == ("1", "https://harbour.example/1", "One")
    assert entry.content == '<p>Body <a href="https://harbour.example/x">x</a></p>'
    assert entry.summary == "a &lt; b"
    assert (entry.image.url, entry.authors, entry.tags, entry.language) == (
        "https://harbour.example/i.jpg",
        ("Ann",),
        ("Sea",),
        "de",
    )
    assert (entry.published.isoformat(), entry.updated.isoformat()) == (
        "2026-03-01T09:00:00+00:00",
        "2026-03-01T10:30:00+00:00",
    )
    assert [(one.url, one.mime, one.length) for one in entry.enclosures] == [
        ("https://harbour.example/a.mp3", "audio/mpeg", 7)
    ]


def test_an_item_without_an_id_is_left_out_and_a_number_is_an_id():
    found = parsed(feed({"content_text": "x"}, {"id": 17}, {"id": ""}, {"id": None}, "text", {"id": True}))
    assert [entry.entry_id for entry in found.entries] == ["17"]
    assert found.warnings == ("5 items without an id were left out",)


def test_text_is_not_html():
    assert parsed(feed({"id": "1", "content_text": "1 < 2 <b>"})).entries[0].content == "1 &lt; 2 &lt;b&gt;"


def test_the_feeds_author_and_language_hold_for_items_that_name_none():
    found = parsed(feed({"id": "1"}, author={"name": "Ann"}, language="en"))
    assert (found.entries[0].authors, found.entries[0].language) == (("Ann",), "en")


def test_the_page_a_link_blog_talks_about_is_its_link():
    assert parsed(feed({"id": "1", "external_url": "https://e.org/x"})).entries[0].link == "https://e.org/x"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le"])
def test_a_byte_order_mark_or_another_unicode_encoding_is_read(encoding):
    text = feed({"id": "1"}, title="Größe").decode()
    assert parsed(json.loads(json.dumps(text)).encode(encoding)).entries[0].entry_id == "1"


@pytest.mark.parametrize(
    "body",
    [
        b'{"version": "https://jsonfeed.org/version/1", "items": {}}',
        b'{"version": "https://jsonfeed.org/version/1"}',
        b'{"version": "https://jsonfeed.org/version/2", "items": []}',
        b'{"items": []}',
        b'{"version": "1", "items": [{"id": ' + b"9" * 5000 + b"}]}",
        b'{"version": "1", "items": ' + b"[" * 100_000,
        b"{",
        b"{\xff\xfe}",
    ],
)
def test_broken_or_foreign_json_is_no_feed(body):
    with pytest.raises(NotAFeed):
        parsed(body)


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
NAMES = ["id", "url", "external_url", "title", "content_html", "content_text", "summary", "image", "date_published"]
NAMES += ["authors", "author", "tags", "language", "attachments"]


@settings(max_examples=80, deadline=None)
@given(
    st.lists(st.dictionaries(st.sampled_from(NAMES), VALUES, max_size=8), max_size=3),
    st.dictionaries(st.sampled_from(["hubs", "authors", "language", "expired", "home_page_url"]), VALUES),
)
def test_any_values_in_the_right_places_are_read(items, more):
    for entry in parsed(feed(*items, **more)).entries:
        assert entry.entry_id
        assert entry.link is None or entry.link.startswith("http")


@pytest.mark.parametrize(
    ("items", "ids", "warning"),
    [
        ('[{"id": "1"}, {"id": "2"},]', ["1", "2"], "a comma before a closing bracket"),
        ('[{"id": "1", "tags": ["a",],}]', ["1"], "a comma before a closing bracket"),
        ('[{"id": "1", "title": "one\ntwo\there"}]', ["1"], "raw newlines"),
        ('[{"id": "0", "id": "1"}]', ["1"], "occurs twice"),
        ('[{"id": "1", "x": NaN}]', ["1"], "NaN is no JSON"),
        ('[{"id": "1"}, {"id": "2" "title": "x"}, {"id": "3"}]', ["1", "3"], "1 item of the JSON is broken"),
        ('[{"id": "1", "title": "] } \\" {"}, {"id": 2, x}, {"id": "3"}]', ["1", "3"], "1 item of the JSON is broken"),
    ],
)
def test_flawed_json_is_read_as_far_as_it_can_be_and_the_flaw_is_told(items, ids, warning):
    found = parsed(f'{{"version": "{VERSION}", "title": "P", "items": {items}}}'.encode())
    assert [entry.entry_id for entry in found.entries] == ids
    assert any(warning in one for one in found.warnings)
    assert not found.truncated


def test_json_that_ends_in_the_middle_gives_its_whole_items():
    found = parsed(f'{{"version": "{VERSION}", "items": [{{"id": "1"}}, {{"id": "2"}}, {{"id": "3", "ti'.encode())
    assert [entry.entry_id for entry in found.entries] == ["1", "2"]
    assert found.truncated


def test_an_item_that_could_not_be_read_makes_absence_mean_nothing():
    assert parsed(f'{{"version": "{VERSION}", "items": [{{"id": "1"}}, {{"id": "2" x}}]}}'.encode()).unread == 1


def test_titles_and_dates_are_read_as_real_systems_write_them():
    (entry,) = parsed(
        feed(
            {
                "id": "1",
                "title": "Mayor&#8217;s “R&amp;D” &lt;plan&gt;",
                "date_published": "Mon, 05 Oct 2026 14:00:00 +0200",
            }
        )
    ).entries
    assert entry.title == "Mayor’s “R&D” <plan>"
    assert entry.published == datetime(2026, 10, 5, 12, tzinfo=UTC)


def test_an_episode_without_a_page_leads_to_its_file():
    attachments = [
        {"url": "https://e.org/p.jpg", "mime_type": "image/jpeg"},
        {"url": "https://e.org/a.mp3", "mime_type": "audio/mpeg"},
    ]
    assert parsed(feed({"id": "1", "attachments": attachments})).entries[0].link == "https://e.org/a.mp3"
