"""A post is what a person who knows the platform would have written, and fits."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from pipeline.compose import Limits, check_template, compose, markup
from pipeline.compose.fit import Draft, chunks, fit, sentence_cuts, word_cuts
from pipeline.compose.hashtags import hashtag, hashtags
from pipeline.compose.links import slug, with_utm
from pipeline.config import ChannelConfig
from pipeline.model import Article, ArticleState, Capabilities, Image, Post, Rejected
from pipeline.text import counting

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
LINK = "https://example.org/a1"
FIRST, SECOND, THIRD = "The mill bridge opens in May.", "It was closed for a year by the flood.", "Shops hope."
ARTICLE = Article(
    seq=1, id="a1", feed="news", state=ArticleState.READY, title="A bridge", link=LINK, first_seen=NOW,
    teaser=f"{FIRST} {SECOND} {THIRD}", tags=("town council", "roads"), authors=("Ana", "Rui"), language="en",
    image=Image("https://news.example/a.jpg"),
)  # fmt: skip
TAGGED = "{title}\n\n{teaser}\n\n{link}\n\n{hashtags}"


def can(limit: int | None = None, **more: Any) -> Capabilities:
    return Capabilities("a kind", **{"limit": limit, "template": TAGGED, **more})


def made(
    article: Article = ARTICLE, can_: Capabilities | None = None, limits: Limits | None = None, **wishes: Any
) -> Post:
    return compose(article, ChannelConfig(name="c", kind="k", **wishes), can_ or can(), limits, NOW)


def test_a_post_that_fits_is_whole() -> None:
    post = made()
    assert post.text == f"A bridge\n\n{ARTICLE.teaser}\n\n{LINK}\n\n#TownCouncil #Roads"
    assert (post.count, post.limit, post.shortened) == (len(post.text), None, ())
    assert (post.created, post.article, post.link) == (NOW, "a1", LINK)


@pytest.mark.parametrize(
    ("limit", "teaser", "tags"),
    [
        (128, f"{FIRST} {SECOND}", "#TownCouncil #Roads"),
        (115, FIRST, "#TownCouncil #Roads"),
        (80, FIRST, "#TownCouncil"),
        (70, FIRST, ""),
        (58, "", "#TownCouncil #Roads"),
    ],
)
def test_what_gives_way_is_sentences_then_hashtags(limit: int, teaser: str, tags: str) -> None:
    post = made(can_=can(limit))
    assert post.text == "\n\n".join(filter(None, ["A bridge", teaser, LINK, tags]))
    assert post.count <= limit
    assert post.shortened


def test_words_give_way_when_the_first_sentence_is_too_long() -> None:
    article = replace(ARTICLE, teaser="one two three four five six seven, eight nine ten eleven", tags=())
    assert "\n\none two three four five six seven…\n\n" in made(article, can(68)).text


def test_at_the_very_last_the_title_is_cut_and_never_the_link() -> None:
    article = replace(ARTICLE, title="A long title about a bridge and more", teaser="")
    assert made(article, can(44)).text == f"A long title about…\n\n{LINK}"
    assert made(article, can(22)).text == LINK
    with pytest.raises(Rejected, match="limit of 21"):
        made(article, can(21))


def test_an_article_without_anything_is_no_post() -> None:
    with pytest.raises(Rejected, match="nothing to post"):
        made(replace(ARTICLE, title="", teaser="", link="", tags=()))


def test_a_missing_title_is_the_teaser_s_first_sentence() -> None:
    assert made(replace(ARTICLE, title="", tags=())).text == f"{FIRST}\n\n{SECOND} {THIRD}\n\n{LINK}"
    assert made(replace(ARTICLE, title="", teaser=FIRST, tags=())).text == f"{FIRST}\n\n{LINK}"


def test_a_teaser_that_only_repeats_the_title_is_left_out() -> None:
    assert made(replace(ARTICLE, teaser="A  bridge", tags=())).text == f"A bridge\n\n{LINK}"


def test_what_an_instance_publishes_overrides_what_its_kind_declares() -> None:
    post = made(can_=can(500, counting="mastodon"), limits=Limits(limit=5000, counting="characters"))
    assert (post.limit, post.count) == (5000, len(post.text))
    counted = made(can_=can(500, counting="mastodon"), limits=Limits(link=10))
    assert counted.count == len(counted.text) - len(LINK) + 10


def test_the_byte_limit_counts_too() -> None:
    article = replace(ARTICLE, teaser="Ä" * 20 + ". " + "Ö" * 400 + ".", tags=())
    post = made(article, can(300, counting="graphemes", byte_limit=100))
    assert len(post.text.encode()) <= 100


def test_a_warning_is_counted_where_it_has_a_field_and_leads_the_text_elsewhere() -> None:
    own = made(can_=can(500, counting="mastodon", warning=True), warning="Flood")
    assert own.spoiler == "Flood"
    assert own.count == len(own.text) - len(LINK) + 23 + 5
    led = made(warning="Flood @all")
    assert led.spoiler == ""
    assert led.text.startswith("Flood @\u2060all\n\nA bridge")


def test_wishes_shorten_the_teaser_and_drop_the_picture() -> None:
    assert made(max_words=8).teaser == FIRST
    assert made(max_characters=40).teaser == FIRST
    assert made(max_words=1).teaser == ""
    assert made(images=False).image is None
    assert made(images=True).image == ARTICLE.image
    assert made(hashtags=1).hashtags == ("TownCouncil",)


def test_a_thread_goes_on_in_further_posts() -> None:
    post = made(replace(ARTICLE, tags=()), can(90, thread=True), thread=True)
    assert post.parts[0] == post.text
    assert post.parts == (f"A bridge\n\n{FIRST}\n\n{LINK}", f"{SECOND} {THIRD}")
    assert "thread of 2" in post.shortened[0]


def test_a_thread_that_cannot_be_divided_is_one_short_post() -> None:
    article = replace(ARTICLE, teaser="https://news.example/" + "a" * 200, tags=())
    assert made(article, can(60, thread=True), thread=True).parts == ()
    long = replace(ARTICLE, teaser=" ".join(["word"] * 400), tags=())
    assert made(long, can(45, thread=True), thread=True).parts == ()


def test_control_characters_and_halves_of_characters_are_left_out() -> None:
    article = replace(ARTICLE, title="A\x00 \ud83dbridge\n now", tags=())
    assert made(article).text.startswith("A bridge now\n\n")


def test_every_field_can_be_shown() -> None:
    template = "{title|upper} {authors|before:by |words:2} {tags|lower} {date} {time} {language} {feed} {channel} {id}"
    post = made(replace(ARTICLE, published=NOW), template=template)
    assert post.text == "A BRIDGE by Ana, town council, roads 2026-03-01 12:00 en news c a1"
    assert made(template="{title|quote} {title|title}{teaser|after:!}").text.startswith("“A bridge” A Bridge")
    empty = replace(ARTICLE, authors=(), teaser="")
    assert (
        made(empty, template="{{{title}}}\n\n\n{authors|before:by }\n{teaser|after:!}\n {authors|or:us}").text
        == "{A bridge}\n\nus"
    )
    assert made(empty, template="{authors|quote}{title}").text == "A bridge"


@pytest.mark.parametrize(
    ("template", "words"),
    [
        ("{titel}", "there is no field {titel}"),
        ("{title|shout}", "there is no filter shout"),
        ("{title", "a single {"),
        ("a } b", "a single }"),
        ("{title|words}", "needs text after a colon"),
        ("{title|words:x}", "needs a number"),
        ("{title|upper:x}", "takes no text"),
        ("{title.__class__}", "there is no field"),
        ("{0}", "there is no field"),
    ],
)
def test_a_mistake_in_a_template_is_named(template: str, words: str) -> None:
    assert words in (check_template(template) or "")


def test_a_good_template_has_no_mistake() -> None:
    assert check_template("{title} – {teaser|words:20}\n{{literally}} {link}") is None


@pytest.mark.parametrize(
    ("link", "expected"),
    [
        ("https://a.example/p", "https://a.example/p?utm_source=m&utm_medium=b%20%26%20c"),
        ("https://a.example/p?x=1#top", "https://a.example/p?x=1&utm_source=m&utm_medium=b%20%26%20c#top"),
        (
            "https://a.example/p?utm_source=rss&x=%C3%A9",
            "https://a.example/p?x=%C3%A9&utm_source=m&utm_medium=b%20%26%20c",
        ),
        ("", ""),
    ],
)
def test_campaign_parameters_are_added_and_nothing_else_changes(link: str, expected: str) -> None:
    assert with_utm(link, {"source": "m", "utm_medium": "b & c"}) == expected
    assert with_utm(link, {}) == link


@pytest.mark.parametrize(
    ("tag", "expected"),
    [
        ("town council", "TownCouncil"), ("roads", "Roads"), ("#news", "News"), ("iPhone", "iPhone"),
        ("Children's books", "ChildrensBooks"),
        ("COVID-19", "COVID19"),
        ("5G", "5G"), ("2026", None), ("C++", None), ("C#", None), ("", None), ("a", None),
        ("Uncategorized", None), ("日本語", "日本語"), ("नमस्ते दुनिया", "नमस्तेदुनिया"), ("e-mail", "EMail"),
        ("x" * 51, None),
    ],
)  # fmt: skip
def test_a_tag_becomes_a_hashtag_that_platforms_take_whole(tag: str, expected: str | None) -> None:
    assert hashtag(tag) == expected


def test_hashtags_come_once_and_in_order() -> None:
    assert hashtags(["News", "news", "town hall", "2026", "Sport"], 2) == ("News", "TownHall")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("@name and @a@b.example", "@\u2060name and @\u2060a@b.example"),
        ("mail@host.example", "mail@host.example"),
        ("rt@someone RT: @x", "rt@\u2060someone RT: @\u2060x"),
        ("https://m.example/@name/1", "https://m.example/@name/1"),
        ("＠name", "＠\u2060name"),
        ("a @ b", "a @ b"),
        ("none", "none"),
    ],
)
def test_names_in_feed_text_call_nobody(text: str, expected: str) -> None:
    assert markup.defuse(text) == expected


@pytest.mark.parametrize(
    ("kind", "text", "expected"),
    [
        ("plain", "<b> & *x*", "<b> & *x*"),
        ("html", '<b> & "x"', '&lt;b&gt; &amp; "x"'),
        ("mrkdwn", "<!channel> & x", "&lt;!channel&gt; &amp; x"),
        ("discord", "# a *b* _c_\n- d\n1. e", "\\# a \\*b\\* \\_c\\_\n\\- d\n1\\. e"),
        ("discord", "https://a.example/_x_ _y_", "https://a.example/_x_ \\_y\\_"),
        ("little", "a (b) #c @d {e}", "a \\(b\\) \\#c \\@d \\{e\\}"),
        ("little", "see https://a.example/(x)_y", "see https://a.example/(x)_y"),
        ("markdown", "*a* [b](c)\n# d", "\\*a\\* \\[b\\](c)\n\\# d"),
        (
            "mfm",
            "**b** $[x y] https://a.example/*",
            "*\u2060*\u2060b*\u2060*\u2060 $\u2060[\u2060x y] https://a.example/*",
        ),
    ],
)
def test_feed_text_is_no_markup(kind: str, text: str, expected: str) -> None:
    assert markup.escape(text, kind) == expected


def test_a_link_stays_a_link_in_every_markup() -> None:
    link = "https://a.example/?x=1&y=(2)"
    assert markup.escape_link(link, "html") == "https://a.example/?x=1&amp;y=(2)"
    assert markup.escape_link(link, "mrkdwn") == "https://a.example/?x=1&amp;y=(2)"
    assert markup.escape_link(link, "markdown") == "https://a.example/?x=1&y=%282%29"
    assert markup.escape_link(link, "discord") == link


def test_telegram_counts_what_is_left_when_the_tags_are_read() -> None:
    post = made(
        replace(ARTICLE, title="A & B", teaser="", tags=()),
        can(60, counting="utf16", markup="html", template="<b>{title}</b>\n{link}"),
    )
    assert post.text == f"<b>A &amp; B</b>\n{LINK}"
    assert post.count == len(f"A & B\n{LINK}")


def test_sentences_and_words_are_where_a_reader_sees_them() -> None:
    text = f"{FIRST} {SECOND} {THIRD}"
    assert [cut.of(text) for cut in sentence_cuts(text, "en")] == [FIRST, f"{FIRST} {SECOND}"]
    assert [cut.of("one, two – three") for cut in word_cuts("one, two – three")] == ["one…", "one, two…", "one, two…"]
    long = "a" * 50
    assert len(word_cuts(long)) == 49
    assert word_cuts("https://a.example/" + long) == ()
    assert [cut.of("日本語") for cut in word_cuts("日本語")] == ["日…", "日本…"]


@pytest.mark.parametrize("text", ["ภาษาไทยไม่มีช่องว่าง", "မြန်မာဘာသာစကား", "ភាសាខ្មែរ", "ພາສາລາວບໍ່ມີ", "が゙が゙が゙"])
def test_a_script_without_spaces_is_cut_between_whole_characters(text: str) -> None:
    ends, at = {0}, 0
    for cluster in counting.graphemes(text):
        at += len(cluster)
        ends.add(at)
    assert {cut.at for cut in word_cuts(text)} <= ends


def test_nothing_fits_into_nothing() -> None:
    assert fit(Draft("a", "b", ()), lambda _: False, None) is None
    assert chunks("word", lambda _: False, None) == ("", "word")


def test_a_slug_is_readable_and_holds_the_key() -> None:
    assert slug("Brücke: Rat stimmt zu!", "k").startswith("brucke-rat-stimmt-zu-")
    assert slug("日本語", "k").startswith("article-")
    assert slug("A", "k") != slug("A", "l")


def test_no_address_is_cut_in_scripts_without_spaces() -> None:
    link = "https://例え日本.jp/テスト設定/" + "とても長い" * 12
    text = f"新しい {link} 終わり。次の文。" + "क्" * 400 + "ष"
    for cuts in (word_cuts(text), *(sentence_cuts(text, language) for language in (None, "ja", "th", "hi"))):
        shown = [cut.of(text).rstrip("…") for cut in cuts]
        assert not [one for one in shown if "https" in one and link not in one]
        assert not [one for one in shown if len(one) < len(text) and text[len(one)] in "ष्"]
