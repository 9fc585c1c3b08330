"""Whatever an article says, every kind's post fits, keeps its link whole and splits no character.

Two hundred articles a kind here; STANDFIRST_EXAMPLES=10000 asks for more.
"""

import os
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import regex
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline import channels
from pipeline.compose import Limits, Measure, compose
from pipeline.model import Capabilities, Image, Post, Rejected
from pipeline.text import counting
from tests.channels.play import ARTICLE, config

EXAMPLES = int(os.environ.get("STANDFIRST_EXAMPLES", "200"))
KINDS = channels.kinds()

SAMPLES = [
    *"the council bridge “quoted” – naïve café cafe\u0301 Straße İstanbul don't A.B. e.g. 3.5 & < > <b>x</b>".split(),
    *"*bold* _it_ [a](b) `code` #tag @name @name@host.example mail@host.example rt@someone @everyone".split(),
    *"example.com https://example.org/a?b=1&c=2 https://例え.jp/テスト {title} {{x}} \\ | ~~ … ™ 𝗯𝗼𝗹𝗱 Z̷a̴l̵g̶o̸ ﷽".split(),
    *"日本語のとても長い文章です。 これは、試験。 الخبر العاجل מבזק חדשות क्षि नमस्ते ภาษาไทยไม่มีช่องว่าง 한국어".split(),
    *"<!channel> 👍🏽 👨‍👩‍👧‍👦 🏳️‍🌈 🇩🇪 1⃣ ✌︎ ©️".split(),
]
WORDS = st.one_of(
    st.sampled_from(SAMPLES),
    st.text(min_size=1, max_size=12),
    st.text(alphabet="abcdefgh", min_size=60, max_size=400),
    st.text(alphabet="👨‍👩‍👧‍👦🏽🇩🇪é\u0301", min_size=1, max_size=60),
)
SENTENCES = st.lists(WORDS, min_size=1, max_size=25).map(lambda words: " ".join(words) + ".")
TEXTS = st.lists(SENTENCES, max_size=8).map(" ".join)
LINKS = st.builds(
    "https://news.example/{}{}".format,
    st.text(alphabet="abcdefghijklmnop-/0123456789", min_size=1, max_size=80).map(lambda path: path.strip("-/") or "a"),
    st.sampled_from(["", "?p=1", "?a=1&b=2", "#x", "?q=%C3%A9", "/"]),
)
ARTICLES = st.builds(
    lambda title, teaser, link, tags, language, image: replace(
        ARTICLE, title=title, teaser=teaser, link=link, tags=tuple(tags), language=language, image=image
    ),
    st.lists(WORDS, max_size=12).map(" ".join),
    TEXTS,
    LINKS,
    st.lists(st.text(max_size=20), max_size=6),
    st.sampled_from([None, "en", "de", "ja", "ar", "th", "pt-BR"]),
    st.sampled_from([None, Image("https://news.example/a.jpg", alt="A picture")]),
)
WISHES = st.fixed_dictionaries(
    {
        "utm": st.sampled_from([{}, {"source": "channel", "campaign": "ä & b"}]),
        "hashtags": st.integers(0, 5),
        "warning": st.sampled_from(["", "Sensitive: @name"]),
        "thread": st.booleans(),
        "max_words": st.sampled_from([None, 5, 30]),
    }
)
NOW = datetime(2026, 3, 1, tzinfo=UTC) + timedelta(microseconds=7)
CLUSTER = regex.compile(r"\X")
TIGHT = {"limit": 140}
UNLIMITED = [kind for kind in KINDS if (channels.channel_class(kind).CAN.limit or 99_999) > 10_000]


def texts(post: Post) -> tuple[str, ...]:
    return post.parts or (post.text,)


def composed(kind: str, article: Any, wishes: dict[str, Any], limits: Limits | None = None) -> Post | None:
    can: Capabilities = channels.channel_class(kind).CAN
    try:
        return compose(article, config(kind, {}, **wishes), can, limits, NOW)
    except Rejected:
        return None  # the link alone is too long, or there is nothing to say


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind not in UNLIMITED])
@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True)
@given(article=ARTICLES, wishes=WISHES, tight=st.booleans())
def test_every_post_fits_and_nothing_is_cut_in_two(
    kind: str, article: Any, wishes: dict[str, Any], tight: bool
) -> None:
    fits_whole(kind, article, wishes, tight)


@pytest.mark.parametrize("kind", UNLIMITED)
@settings(max_examples=EXAMPLES // 4, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True)
@given(article=ARTICLES, wishes=WISHES, tight=st.booleans())
def test_a_kind_that_hardly_limits_cuts_nothing_either(
    kind: str, article: Any, wishes: dict[str, Any], tight: bool
) -> None:
    fits_whole(kind, article, wishes, tight)


def fits_whole(kind: str, article: Any, wishes: dict[str, Any], tight: bool) -> None:
    can: Capabilities = channels.channel_class(kind).CAN
    limits = Limits(**TIGHT) if tight and can.limit else None
    post = composed(kind, article, wishes, limits)
    if post is None:
        return
    measure = Measure.of(can, limits, post.spoiler)
    for text in texts(post):
        assert text
        assert measure.fits(text)
        assert can.byte_limit is None or len(text.encode()) <= can.byte_limit
        assert not regex.search(r"[\ud800-\udfff\x00]", text)
        assert whole_graphemes(text, article)
    if can.link_in_text and "{link}" in can.template:
        assert whole_link(post, can)


def whole_link(post: Post, can: Capabilities) -> bool:
    link = post.link.replace("&", "&amp;") if can.markup in {"html", "mrkdwn"} else post.link
    return any(regex.search(rf"(?<![^\s(]){regex.escape(link)}(?![^\s)])", text) for text in texts(post))


def whole_graphemes(text: str, article: Any) -> bool:
    """Each ellipsis of ours stands where the source has the end of a grapheme."""
    for source in (article.teaser, article.title):
        boundaries = {0}
        at = 0
        for cluster in CLUSTER.findall(source):
            at += len(cluster)
            boundaries.add(at)
        for cut in regex.finditer("…", text):
            before = text[max(0, cut.start() - 12) : cut.start()]
            for found in regex.finditer(regex.escape(before), source, overlapped=True) if before else ():
                end = found.end()
                if end not in boundaries and source[end : end + 1] != "…":
                    return any(
                        other.end() in boundaries
                        for other in regex.finditer(regex.escape(before), source, overlapped=True)
                    )
    return True


@settings(max_examples=EXAMPLES, deadline=None, derandomize=True)
@given(text=st.text(max_size=80))
def test_every_rule_counts_every_text(text: str) -> None:
    text = text.encode("utf-8", "replace").decode()
    for rule in counting.RULES:
        assert counting.count(text, rule) >= 0
    assert counting.count(text, "graphemes") <= counting.count(text, "characters")
    assert counting.count(text, "characters") <= counting.count(text, "utf16") <= counting.count(text, "bytes")


@settings(max_examples=EXAMPLES, deadline=None, derandomize=True)
@given(article=ARTICLES)
def test_the_same_article_makes_the_same_post(article: Any) -> None:
    assert composed("mastodon", article, {}) == composed("mastodon", article, {})
