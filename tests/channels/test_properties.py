"""Whatever an article says, every kind's post fits, keeps its links whole and splits no character.

Three hundred articles here, each on every kind. STANDFIRST_EXAMPLES=10000 asks for more (four minutes of a processor),
STANDFIRST_SEED=1 for others, `-n 2` for two shares at once; `-s` shows how many posts were looked at.
"""

import html
import os
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from itertools import accumulate
from typing import Any

import pytest
import regex
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from pipeline import channels
from pipeline.compose import Limits, Measure, compose
from pipeline.compose.markup import JOINER
from pipeline.model import Article, Capabilities, Image, Post, Rejected
from pipeline.text import counting
from pipeline.text.counting import x
from tests.channels.play import ARTICLE, config

EXAMPLES = int(os.environ.get("STANDFIRST_EXAMPLES", "300"))
SEED = int(os.environ.get("STANDFIRST_SEED", "0"))
PHASES = (Phase.generate, Phase.shrink)
SHARES = 4  # so that two processes can share the work
KINDS = {kind: channels.channel_class(kind).CAN for kind in channels.kinds()}

SAMPLES = [
    *"the council bridge “quoted” – naïve café cafe\u0301 Straße İstanbul don't A.B. e.g. 3.5 & < > <b>x</b>".split(),
    *"*bold* _it_ [a](b) `code` #tag @name @name@host.example mail@host.example rt@someone @everyone".split(),
    *"example.com https://example.org/a?b=1&c=2 https://例え.jp/テスト {title} {{x}} \\ | ~~ … ™ 𝗯𝗼𝗹𝗱 Z̷a̴l̵g̶o̸ ﷽".split(),
    *"日本語のとても長い文章です。 これは、試験。 الخبر العاجل מבזק חדשות क्षि नमस्ते ภาษาไทยไม่มีช่องว่าง 한국어".split(),
    *"<!channel> 👍🏽 👨‍👩‍👧‍👦 🏳️‍🌈 🇩🇪 1⃣ ✌︎ ©️ &amp;lt; ]]> ``` ||x|| $[x] <@1> \u202e\u200f\u2066 https://example.com/(a)_*b*~c".split(),
    "長い住所は https://日本語例え.jp/新しい設定/あいうえお を見て",
    "https://example.com/" + "とても長い" * 12,
]
BLOCKS = {
    "Latin": "\u00c0\u024f",
    "Greek": "\u0370\u03ff",
    "Cyrillic": "\u0400\u052f",
    "Armenian": "\u0531\u058f",
    "Hebrew": "\u0591\u05f4",
    "Arabic": "\u0600\u06ff",
    "Syriac, Thaana, N'Ko": "\u0700\u07fa",
    "Devanagari, Bengali": "\u0900\u09fe",
    "Gurmukhi, Gujarati, Oriya": "\u0a01\u0b77",
    "Tamil, Telugu, Kannada": "\u0b82\u0cf2",
    "Malayalam, Sinhala": "\u0d00\u0df4",
    "Thai, Lao": "\u0e01\u0edf",
    "Tibetan, Burmese": "\u0f00\u109f",
    "Georgian": "\u10a0\u10ff",
    "Hangul, in parts": "\u1100\u11ff",
    "Ethiopic, Cherokee, Cree": "\u1200\u167f",
    "Khmer, Mongolian": "\u1780\u18aa",
    "Vietnamese and others": "\u1e00\u1fff",
    "Japanese": "\u3041\u30ff",
    "Chinese": "\u4e00\u9fff",
    "Yi, Javanese": "\ua000\ua9df",
    "Korean": "\uac00\ud7a3",
    "Gothic to Brahmi": "\U00010330\U0001107f",
    "Adlam": "\U0001e900\U0001e95f",
}
SCRIPTS = [
    st.text(st.characters(min_codepoint=ord(a), max_codepoint=ord(z)), min_size=1, max_size=20)
    for a, z in BLOCKS.values()
]
PEOPLE = st.builds("{}{}".format, st.sampled_from("👍👩🧑👮🤷🏃"), st.sampled_from(["", "🏻", "🏿"]))
EMOJI = st.one_of(
    PEOPLE,
    st.lists(PEOPLE, min_size=2, max_size=4).map("\u200d".join),
    st.builds("{}\u200d{}\ufe0f".format, PEOPLE, st.sampled_from("♀♂⚕⚖✈")),
    st.text(alphabet=[chr(0x1F1E6 + n) for n in range(26)], min_size=1, max_size=5),  # flags, and half a one
    st.builds("{}\ufe0f\u20e3".format, st.sampled_from("0123456789#*")),
    st.sampled_from(
        [
            "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
            "❤\ufe0f\u200d🔥",
            "☎\ufe0e",
            "🫱🏻\u200d🫲🏿",
        ]
    ),
)
MARKUP = st.builds(
    "{0}{2}{1}".format,
    st.sampled_from(
        ["<b>", "<a href='https://a.example'>", "**", "[", "~~", "`", "<@", "$[x2 ", "||", "&lt;", "\\", "<!--"]
    ),
    st.sampled_from(["</b>", "</a>", "**", "](https://b.example/c_(d))", "~~", "`", ">", "]", "||", "&gt;", "\\", ""]),
    st.sampled_from(["word", "two words", "", "日本", "מבזק", "<i>x</i>", "_a_b_"]),
)
WORDS = st.one_of(
    st.sampled_from(SAMPLES),
    st.text(min_size=1, max_size=12),
    st.text(alphabet="abcdefgh", min_size=60, max_size=400),
    st.text(alphabet="👨‍👩‍👧‍👦🏽🇩🇪é\u0301", min_size=1, max_size=60),
    st.text(alphabet="कषतरन्\u200dि ", min_size=1, max_size=60),
    st.text(alphabet="日本語、。テスト", min_size=1, max_size=80),
    st.one_of(SCRIPTS),
    st.lists(EMOJI, min_size=1, max_size=8).map("".join),
    MARKUP,
)
SENTENCES = st.lists(WORDS, min_size=1, max_size=25).map(lambda words: " ".join(words) + ".")
TEXTS = st.lists(SENTENCES, max_size=8).map(" ".join)
LINKS = st.builds(
    "https://news.example/{}{}".format,
    st.text(alphabet="abcdefghijklmnop-/0123456789", min_size=1, max_size=80).map(lambda path: path.strip("-/") or "a"),
    st.sampled_from(["", "?p=1", "?a=1&b=2", "#x", "?q=%C3%A9", "/", "_(a)", "/~b*c_d"]),
)
ARTICLES = st.builds(
    lambda title, teaser, link, tags, language, image: replace(
        ARTICLE, title=title, teaser=teaser, link=link, tags=tuple(tags), language=language, image=image
    ),
    st.lists(WORDS, max_size=12).map(" ".join),
    TEXTS,
    LINKS,
    st.lists(st.one_of(st.text(max_size=20), st.sampled_from(SAMPLES)), max_size=6),
    st.sampled_from([None, "en", "de", "ja", "ar", "th", "hi", "pt-BR"]),
    st.sampled_from([None, Image("https://news.example/a.jpg", alt="A picture")]),
)
WISHES = st.fixed_dictionaries(
    {
        "utm": st.sampled_from([{}, {"source": "channel", "campaign": "ä & b"}]),
        "hashtags": st.integers(0, 5),
        "warning": st.sampled_from(["", "Sensitive: @name", "क्षि 👨‍👩‍👧‍👦 " * 12]),
        "thread": st.booleans(),
        "max_words": st.sampled_from([None, 5, 30]),
        "max_characters": st.sampled_from([None, 60]),
        "template": st.sampled_from(
            [
                *(None, None, None),
                "{title|upper}\n\n{teaser}\n\n{link}",
                "{link}\n{teaser} {hashtags}",
                "{authors|before:by |after:: }{title|quote} ({link})\n\n{hashtags}\n\n{teaser}",
                "{{{feed}}} {date} {tags|words:2} {title|title}\n{teaser|lower}\n\n\n\n{link}\n{channel}",
                "{title}\n\n{teaser|or:nothing}",
            ]
        ),
    }
)
NOW = datetime(2026, 3, 1, tzinfo=UTC) + timedelta(microseconds=7)
CLUSTER = regex.compile(r"\X")
LINK = regex.compile(r"https?://[^\s、。，！？「」『』（）【】]+")
OURS = regex.compile(rf"[{JOINER}\\]")  # what makes a text harmless
BASELESS = regex.compile(
    r"[\p{M}\p{Emoji_Modifier}\p{Zs}\u200b-\u200f\ue000-\uf8ff\x00-\x7f]+"
)  # signs without a letter
UNSAYABLE = regex.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff\ufeff]")


@pytest.mark.timeout(0)
@pytest.mark.parametrize("share", range(SHARES))
def test_every_post_fits_and_nothing_is_cut_in_two(share: int) -> None:
    seen = Counter[str]()

    @seed(SEED * SHARES + share)
    @settings(
        max_examples=max(1, EXAMPLES // SHARES),
        deadline=None,
        database=None,
        phases=PHASES,
        suppress_health_check=list(HealthCheck),
    )
    @given(article=ARTICLES, wishes=WISHES, tight=st.booleans())
    def on_every_kind(article: Article, wishes: dict[str, Any], tight: bool) -> None:
        seen["articles"] += 1
        for kind, can in KINDS.items():
            limits = Limits(limit=140) if tight and can.limit else None
            try:
                post = compose(article, config(kind, {}, **wishes), can, limits, NOW)
            except Rejected:
                seen["refused"] += 1
                continue  # the link alone is too long, or there is nothing to say
            seen["posts"] += 1
            assert not faults(post, can, limits, article, wishes), (kind, post.text)

    on_every_kind()
    assert seen["posts"] > seen["refused"]
    print(f"share {share}: {seen['articles']} articles, {seen['posts']} posts, {seen['refused']} refused")


def faults(post: Post, can: Capabilities, limits: Limits | None, article: Article, wishes: dict[str, Any]) -> list[str]:
    """What is wrong with a post, in words."""
    measure = Measure.of(can, limits, post.spoiler)
    texts = post.parts or (post.text,)
    found = [fault for text in texts for fault in misfits(text, measure, can)]
    if not post.text.strip() and not (post.title and "{title" not in can.template):
        found.append("it is empty")
    template = wishes["template"] or can.template
    if "{link}" in template and not any(whole_link(text, post.link, can) for text in texts):
        found.append("its link is not whole")
    if any(word in template for word in ("|upper", "|lower", "|title")):
        return found  # other letters than the article's
    said = sources(article, wishes["warning"])
    found += [f"a link is cut: {cut}" for text in texts for cut in cut_links(bared(text, can), said)]
    return found + [f"a character is cut: {cut!a}" for text in texts for cut in halves(bared(text, can), said)]


def misfits(text: str, measure: Measure, can: Capabilities) -> Iterable[str]:
    if not measure.fits(text):
        yield f"it counts {measure.count(text)} of {measure.limit}"
    if can.counting == "x" and x.weight(text) > x.LIMIT:
        yield "it is too heavy"
    if can.byte_limit is not None and len(text.encode()) > can.byte_limit:
        yield "it has too many bytes"
    if UNSAYABLE.search(text):
        yield "it holds what cannot be shown"


def whole_link(text: str, link: str, can: Capabilities) -> bool:
    if can.markup in {"html", "mrkdwn"}:
        link = link.replace("&", "&amp;")
    if can.markup == "markdown":
        link = link.replace("(", "%28").replace(")", "%29")
    return regex.search(rf"(?<![^\s(]){regex.escape(link)}(?![^\s)])", text) is not None


def bared(text: str, can: Capabilities) -> str:
    """What a reader sees, without what we put between."""
    return OURS.sub("", html.unescape(text) if can.markup in {"html", "mrkdwn"} else text)


@lru_cache(maxsize=4)
def sources(article: Article, warning: str) -> tuple[str, ...]:
    """All that an article says, as a post may say it."""
    cleaned = [
        OURS.sub("", UNSAYABLE.sub("", text)) for text in (article.title, article.teaser, *article.tags, warning)
    ]
    return tuple(form for text in cleaned for form in (text, " ".join(text.split())))


def cut_links(text: str, said: tuple[str, ...]) -> list[str]:
    """Links that are only the beginning of one in the article."""
    whole = [link for source in said for link in LINK.findall(source)]
    shown = [link.rstrip("…") for link in LINK.findall(text)]
    return [
        link
        for link in shown
        if link not in whole
        and any(other.startswith(link) and len(link) > 8 and not ends(other, link) for other in whole)
    ]


def ends(whole: str, link: str) -> bool:
    """Whether only signs that end a sentence are missing."""
    return not regex.search(r"[\w/]", whole[len(link) :])


@lru_cache(maxsize=16)
def clusters(said: tuple[str, ...]) -> tuple[frozenset[str], frozenset[str]]:
    """The characters of an article, and the parts of those which have parts."""
    whole = frozenset(cluster for text in said for cluster in CLUSTER.findall(text))
    composed = [c for c in whole if 1 < len(c) < 40 and not c[0].isspace()]  # a sign on a space stands for itself
    parts = {c[a:b] for c in composed for a in range(len(c)) for b in range(a + 1, len(c) + 1)}
    return whole, frozenset(parts) - whole


def halves(text: str, said: tuple[str, ...]) -> list[str]:
    """Characters that are parts of one in the article and none of their own; or that end before their accent."""
    _, parts = clusters(said)
    found = [cluster for cluster in CLUSTER.findall(text) if cluster in parts and not BASELESS.fullmatch(cluster)]
    return found + [
        text[max(0, cut.start() - 12) : cut.start()] for cut in regex.finditer("…", text) if splits(cut, text, said)
    ]


def splits(cut: Any, text: str, said: tuple[str, ...]) -> bool:
    """Whether an ellipsis stands only where the article goes on with the same character."""
    before = text[max(0, cut.start() - 12) : cut.start()]
    ends = [(source, at) for source in said for at in ends_of(before, source)] if before else []
    return bool(ends) and not any(at in boundaries(source) or source[at] == "…" for source, at in ends)


def ends_of(part: str, source: str) -> Iterable[int]:
    at = source.find(part)
    while at >= 0:
        yield at + len(part)
        at = source.find(part, at + 1)


@lru_cache(maxsize=64)
def boundaries(source: str) -> frozenset[int]:
    return frozenset({0, *accumulate(map(len, CLUSTER.findall(source)))})


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
def test_the_same_article_makes_the_same_post(article: Article) -> None:
    posts = [compose(article, config("discord", {}), KINDS["discord"], None, NOW) for _ in range(2)]
    assert posts[0] == posts[1]
