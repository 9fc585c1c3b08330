"""How X, Bluesky and Mastodon read a text: cases made from their documented rules."""

import pytest

from pipeline.text.counting import atproto, mastodon, x
from pipeline.text.counting.links import links

WEIGHTS = [
    ("Visit example.com now", 33),
    ("example.co.uk/path?x=1", 23),
    ("user@example.com", 16),
    ("#example.com", 12),
    ("file.name", 23),
    ("index.html", 10),
    ("https://日本語.jp/パス", 27),
    ("http://example.com/?q=ä", 24),
    ("(http://example.com)", 25),
    ("$http://example.com", 19),
    ("éx.com ét.co/abcé/a-…", 50),  # the space before decides where the second begins
    ("привет", 6),
    ("ሰላም", 6),
    ("សួស្តី", 12),
    ("e\u0301", 1),
    ("a\u200db", 3),
    ("\u202ba\u202c", 5),
    ("❤️", 2),
    ("🇩🇪🇫🇷", 4),
    ("1️⃣2️⃣", 4),
    ("👩🏽\u200d🚀", 2),
    ("🏳️\u200d🌈", 2),
    ("💁\u200d♂️", 2),
    ("💁\u200d♂", 5),  # no sequence without its selector
    ("♟️🏽", 4),  # a pawn has no skin
]
HASHTAGS = [
    ("#1a #123 ＃full text#no", ["1a", "full"]),
    ("#foo.bar #foo-bar #tag’s", ["foo", "foo", "tag"]),
    ("#hash#tag", []),
    ("#日本語 #cafe\u0301 #русский_язык #２０２６年", ["日本語", "cafe\u0301", "русский_язык", "２０２６年"]),
    ("https://example.com/#anchor", []),
    ("＃t.co/abc", ["t"]),  # of two that overlap the first counts
    ("&#nbsp; #_ #_a", ["_a"]),
]
MENTIONS = [
    ("(@one) .@two rt@three ＠four", ["one", "two", "three", "four"]),
    ("a@user @user/list @user@host @usér @user:// #@user", []),
    ("@" + "a" * 21, ["a" * 20]),
]
CASHTAGS = [("$TSLA $BRK.A $A_B $123 US$X ($X) $TOOLONGG $tsla,", ["TSLA", "BRK.A", "A_B", "tsla"])]
LINKS = [
    ("日本語example.comです", ["example.com"]),
    ("http://münchen.de/ünï, http://ex_ample.com", ["http://münchen.de/ünï"]),
    ("(see http://example.com/a_(b))", ["http://example.com/a_(b)"]),
    ("foo@example.com -example.com http://1.2.3.4/", []),
]
FACETS = [
    ("👍 https://example.com.", ["https://example.com"]),
    ("(https://example.com) https://example.com/a).", ["https://example.com", "https://example.com/a"]),
    ("https://example.com/a(b)", ["https://example.com/a(b)"]),
    ("HTTPS://EXAMPLE.COM www.Example.ORG", []),
    ("[https://example.com] e-mail.com 1example.com", []),
    ("#tag😀 #1 #1a #a\u200bb #tag.", ["#tag😀", "#1a", "#a", "#tag"]),
    ("#２０２６", ["#２０２６"]),  # its digits are those of ASCII
    ("#" + "😀" * 32, ["#" + "😀" * 32]),
    ("#" + "😀" * 33, []),  # 64 units of UTF-16
    ("(@alice.test) @bob.com.日 @nobody x@alice.com", ["@alice.test", "@bob.com"]),
    ("été example.org/é fin", ["example.org/é"]),
    ("#one\ufeff#two", ["#one", "#two"]),
    ("$TSLA $TOOLONG $1", ["$TSLA"]),
]
LENGTHS = [
    ("https://example.com/ä?q=ü", 23),
    ("https://example.com/a_(b).", 24),
    ("https://mastodon.social/@user@remote.example/1", 23),
    ("@user.name@example.com hi", 13),
    ("日本@user@example.com", 19),  # no mention: it stands in a word
    ("https://nosuchtld.zzzz/a", 24),
    ("👨\u200d👩\u200d👧\u200d👦é", 2),
    ("नमस्ते", 4),  # as the strictest of its servers count
    ("क्\u200dष", 2),
]


@pytest.mark.parametrize(("text", "weight"), WEIGHTS, ids=ascii)
def test_x_weighs_it(text: str, weight: int) -> None:
    assert x.weight(text) == weight


@pytest.mark.parametrize(
    ("find", "cases"),
    [(x.hashtags, HASHTAGS), (x.mentions, MENTIONS), (x.cashtags, CASHTAGS), (links, LINKS)],
    ids=["hashtags", "mentions", "cashtags", "links"],
)
def test_x_finds_what_it_makes_clickable(find: object, cases: list[tuple[str, list[str]]]) -> None:
    assert callable(find)
    assert [(text, [span.text for span in find(text)]) for text, _ in cases] == cases


@pytest.mark.parametrize(("text", "found"), FACETS, ids=ascii)
def test_bluesky_makes_it_clickable(text: str, found: list[str]) -> None:
    cut = sorted(atproto.facets(text), key=lambda facet: facet.start)
    assert [text.encode()[f.start : f.end].decode() for f in cut] == found


@pytest.mark.parametrize(("text", "length"), LENGTHS, ids=ascii)
def test_mastodon_counts_it(text: str, length: int) -> None:
    assert mastodon.length(text) == length


@pytest.mark.parametrize(("tag", "valid"), [("root", True), ("language", True), ("abcdefghi", False), ("fr-1a", False)])
def test_a_language_may_have_four_to_eight_letters(tag: str, valid: bool) -> None:
    assert atproto.is_valid("language", tag) is valid
