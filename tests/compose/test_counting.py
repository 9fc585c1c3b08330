"""Each platform's own counting."""

import pytest
import regex

from pipeline.text import counting
from pipeline.text.counting import atproto, links, mastodon, x
from pipeline.text.counting.graphemes import is_plain

# text, code points, UTF-16 units, UTF-8 bytes, graphemes, X's weight
VECTORS = [
    ("Hello https://example.com/a/very/long/path?utm_source=x", 55, 55, 55, 55, 29),
    ("caf\u00e9", 4, 4, 5, 4, 4),
    ("cafe\u0301", 5, 5, 6, 4, 4),
    ("日本語", 3, 3, 9, 3, 6),
    ("👍🏽", 2, 4, 8, 1, 2),
    ("👨\u200d👩\u200d👧\u200d👦", 7, 11, 25, 1, 2),
    ("🏳\ufe0f\u200d🌈", 4, 6, 14, 1, 2),
    ("🇩🇪", 2, 4, 8, 1, 2),
    ("क्षि", 4, 4, 12, 1, 4),
    ("…", 1, 1, 3, 1, 2),
    ("“quoted” – dash", 15, 15, 21, 15, 15),
    ("example.com", 11, 11, 11, 11, 23),
    ("https://例え.jp/テスト", 17, 17, 27, 17, 29),
    ("http://a.b", 10, 10, 10, 10, 10),
    ("𝗯𝗼𝗹𝗱", 4, 8, 16, 4, 8),
    ("\r\n", 2, 2, 2, 1, 2),
    ("", 0, 0, 0, 0, 0),
]


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: ascii(vector[0]))
def test_a_text_is_as_long_as_each_platform_says(vector: tuple[str, int, int, int, int, int]) -> None:
    text, *expected = vector
    rules = ("characters", "utf16", "bytes", "graphemes", "x")
    assert [counting.count(text, rule) for rule in rules] == expected


def test_what_is_counted_fast_is_counted_right() -> None:
    joins = regex.compile(
        r"[\r\p{GCB=Extend}\p{GCB=ZWJ}\p{GCB=SpacingMark}\p{GCB=Prepend}\p{GCB=L}\p{GCB=V}\p{GCB=T}\p{RI}]"
    )
    fast = [chr(point) for point in range(0x10000) if is_plain(chr(point))]
    assert not [char for char in fast if joins.match(char)]
    assert counting.graphemes("e\u0301a") == ["e\u0301", "a"]
    assert counting.graphemes("ab") == ["a", "b"]


@pytest.mark.parametrize(
    ("text", "weight"),
    [
        ("©", 1),
        ("©\ufe0f", 2),
        ("™", 2),
        ("1\u20e3", 2),
        ("✌\ufe0e", 4),
        ("🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f", 2),
        ("a\u2028b", 4),
        ("x.com y.org", 47),
        ("(https://t.co/abc)", 25),
    ],
)
def test_x_weighs_signs_emoji_and_links(text: str, weight: int) -> None:
    assert x.weight(text) == weight


@pytest.mark.parametrize(("text", "valid"), [("", False), ("a" * 280, True), ("a" * 281, False), ("a\ufffe", False)])
def test_x_takes_between_one_and_280(text: str, valid: bool) -> None:
    assert x.is_valid(text) == valid


def test_a_link_that_is_longer_than_4096_is_plain_text() -> None:
    long = "https://example.com/" + "a" * 4100
    assert links.links(long) == []
    assert x.weight(long) == len(long)
    assert links.links(f"https://{'a' * 64}.com") == []


def test_a_link_in_a_sentence_ends_where_the_sentence_does() -> None:
    text = "See https://example.com/a_(b), example.org/path. Or (www.example.net)!"
    assert [span.text for span in links.links(text)] == [
        "https://example.com/a_(b)",
        "example.org/path",
        "www.example.net",
    ]
    assert [text[span.start : span.end] for span in links.links(text)] == [span.text for span in links.links(text)]
    assert [span.text for span in links.links(text, bare=False)] == ["https://example.com/a_(b)"]


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("https://example.com/a/very/long/path/that/goes/on", 23),
        ("example.com", 11),
        ("@alice@instance.example hi", 9),
        ("mail@instance.example", 21),
        ("@alice@" + "a" * 260 + ".example", 275),
        ("http://a.b", 10),
        ("👨\u200d👩\u200d👧\u200d👦", 1),
        ("xhttps://example.com/path", 25),
    ],
)
def test_mastodon_counts_links_at_23_and_mentions_without_their_domain(text: str, length: int) -> None:
    assert mastodon.length(text) == length


def test_an_instance_may_count_links_differently() -> None:
    assert mastodon.length("https://example.com/path/of/some/length", link=10) == 10


def test_threads_counts_an_emoji_by_its_bytes() -> None:
    assert counting.count("ab👍🏽", "threads") == 10
    assert counting.count("ab", "threads") == 2


def test_facets_are_offsets_in_bytes() -> None:
    text = "👍🏽 über https://example.com/ü, #Straße and (@news.bsky.social) $GOOG"
    cut = [(text.encode()[f.start : f.end].decode(), f.kind, f.target) for f in atproto.facets(text)]
    assert sorted(cut) == [
        ("#Straße", "tag", "Straße"),
        ("$GOOG", "tag", "$GOOG"),
        ("@news.bsky.social", "mention", "news.bsky.social"),
        ("https://example.com/ü", "link", "https://example.com/ü"),
    ]


def test_a_record_key_holds_moment_and_key_for_ever() -> None:
    from datetime import UTC, datetime, timedelta

    moment = datetime(2026, 3, 1, 12, 0, 0, 7, tzinfo=UTC)
    made = atproto.tid(moment, "sf_key")
    assert atproto.is_valid("tid", made)
    assert made == atproto.tid(moment, "sf_key")
    assert made != atproto.tid(moment, "sf_other")
    assert made < atproto.tid(moment + timedelta(seconds=1), "sf_key")


@pytest.mark.parametrize(
    ("kind", "value", "valid"),
    [
        ("datetime", "2026-02-30T12:00:00Z", True),  # the protocol's own validator lets it pass
        ("datetime", "0000-01-01T00:30:00+01:00", False),
        ("datetime", "9999-12-31T23:30:00-01:00", False),
        ("datetime", "1985-04-12T24:00:00Z", False),
        ("datetime", "1985-04-12T23:20:50Z" + " " * 60, False),
        ("language", "de-DE-1901-1901", False),
        ("language", "en-a-bbb-a-ccc", False),
        ("language", "x-whatever", True),
        ("aturi", "at://did:plc:abc/com.example.post/key#/path", True),
        ("aturi", "at://did:plc:abc/com.example.post/..", False),
        ("recordkey", "a" * 513, False),
        ("handle", "a." * 127 + "com", False),
    ],
)
def test_the_protocol_s_syntax(kind: str, value: str, valid: bool) -> None:
    assert atproto.is_valid(kind, value) == valid
