"""Lists of feeds: what was exported imports again, and a foreign list can do no harm."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.feeds import opml, values
from pipeline.feeds.opml import Outline
from pipeline.model import UsageError

NAMES = st.text(
    st.characters(blacklist_categories=["Cs", "Cc"], blacklist_characters="\ufffe\uffff"), min_size=1, max_size=20
)
NAMES = NAMES.map(values.line).filter(bool)  # as lists are read: what nobody can see is no name
URLS = st.from_regex(r"https?://[a-z]{1,8}\.example/[a-zA-Z0-9/?&=%.~'\-]{0,20}", fullmatch=True)
OUTLINES = st.builds(Outline, URLS, NAMES, st.none() | URLS, st.lists(NAMES, max_size=3).map(tuple))


@settings(max_examples=80, deadline=None)
@given(st.lists(OUTLINES, max_size=8, unique_by=lambda outline: outline.url), NAMES)
def test_what_was_exported_imports_again(outlines, title):
    assert sorted(opml.parse(opml.write(outlines, title=title)), key=lambda one: one.url) == sorted(
        outlines, key=lambda one: one.url
    )


def test_a_list_keeps_its_order_and_names_each_feed_once():
    body = b"""<opml version="1.0"><head/><body>
      <outline text="News"><outline text="B" xmlUrl="https://b.example/f"/>
      <outline title="A" xmlurl="https://a.example/f" htmlUrl="https://a.example/"/></outline>
      <outline xmlUrl="https://b.example/f"/><outline xmlUrl="javascript:x"/><outline text="empty"/></body></opml>"""
    assert opml.parse(body) == (
        Outline("https://b.example/f", "B", None, ("News",)),
        Outline("https://a.example/f", "A", "https://a.example/", ("News",)),
    )


def test_a_list_is_read_in_the_child(bounded):
    outline = Outline("https://a.example/f", "A", None, ("X",))
    assert opml.read(bounded, opml.write([outline])) == (outline,)
    with pytest.raises(UsageError, match="no OPML"):
        opml.read(bounded, b"<html></html>")


@pytest.mark.parametrize("body", [b"", b"\x00", b"text", b"<rss/>", b"{}"])
def test_what_is_no_list_is_refused(body):
    with pytest.raises(UsageError):
        opml.parse(body)


def test_more_feeds_than_anyone_reads_are_refused():
    lines = b"".join(b'<outline xmlUrl="https://e.org/%d"/>' % n for n in range(opml.MOST + 1))
    with pytest.raises(UsageError, match="5001"):
        opml.parse(b"<opml><body>" + lines + b"</body></opml>")


def test_a_list_with_entities_reads_nothing_else(tmp_path):
    (tmp_path / "secret").write_text("inner words")
    head = f'<!DOCTYPE o [<!ENTITY x SYSTEM "file://{tmp_path}/secret">]>'
    body = head + '<opml><body><outline text="&x;" xmlUrl="https://e.org/"/></body></opml>'
    assert "inner words" not in repr(opml.parse(body.encode()))


def test_folders_without_end_end():
    body = b"<opml><body>" + b'<outline text="x">' * 200 + b'<outline xmlUrl="https://e.org/"/>'
    assert len(opml.parse(body)) <= 1


@settings(max_examples=50, deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_are_a_list_or_refused(body):
    try:
        opml.parse(b"<opml><body>" + body)
    except UsageError as error:
        assert str(error)  # noqa: PT017
