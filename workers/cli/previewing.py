"""`standfirst preview`: the exact text on each channel, its count against the limit, its card and picture."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from pipeline import channels, compose
from pipeline.model import Article, ArticleState, DeliveryError, UsageError
from pipeline.stages import orders
from pipeline.stages.deliver import mailbox
from pipeline.stages.teaser import Written, write
from pipeline.store import articles
from pipeline.world import World
from workers.cli import output

Shown = dict[str, Any]


def posts(world: World, words: str, names: Sequence[str]) -> list[Shown]:
    """The post of an article on each channel."""
    unknown = [name for name in names if name not in world.config.channels]
    if unknown:
        raise UsageError(
            f"no channel “{unknown[0]}” is configured; there are {', '.join(world.config.channels) or 'none'}"
        )
    article = article_of(world, words)
    return [on_channel(world, article, name) for name in (names or world.config.channels)]


def article_of(world: World, words: str) -> Article:
    """A known article with its teaser, else what stands at the address; nothing is kept."""
    with world.store.read() as tx:
        known = articles.find(tx, words)
    if known:
        article = orders.the_article(world, words)
        return article if article.teaser or article.state != ArticleState.NEW else read(world, article, fetch=False)
    if "://" not in words:
        raise UsageError(f"no article is known by “{words}”; `standfirst articles` lists them")
    blank = Article(0, "preview", orders.BY_HAND, ArticleState.NEW, "", words, world.now())
    return read(world, blank, fetch=True)


def read(world: World, article: Article, *, fetch: bool) -> Article:
    """The article with the teaser that would be written for it."""
    written = write(world, article, fetch=fetch)
    if fetch and not written.answers:
        raise UsageError(f"{article.link}: {written.note}")
    return filled(article, written)


def filled(article: Article, written: Written) -> Article:
    """What was found on the page, where the feed said nothing."""
    found, page = written.teaser, written.page
    return replace(
        article,
        title=article.title or (page.title if page else ""),
        teaser=found.text,
        teaser_source=found.source,
        teaser_reason=found.reason,
        language=article.language or found.language,
        image=article.image or found.image,
        authors=article.authors or found.authors,
        tags=article.tags or found.tags,
    )


def on_channel(world: World, article: Article, name: str) -> Shown:
    """The post as this channel would show it, or why it cannot."""
    box = mailbox(world, name)
    assert box is not None
    shown: Shown = {"channel": name, "kind": box.config.kind, "article": article.id, "link": article.link}
    try:
        post = compose.compose(article, box.config, box.can, box.limits, world.now())
    except DeliveryError as error:
        return shown | {"text": None, "error": error.reason}
    return shown | {
        "text": post.text,
        "parts": list(post.parts),
        "count": post.count,
        "limit": post.limit,
        "counting": box.can.counting,
        "title": post.title,
        "teaser": post.teaser,
        "source": article.teaser_source,
        "why": article.teaser_reason,
        "link": post.link,
        "language": post.language,
        "warning": post.spoiler,
        "image": {"url": post.image.url, "alt": post.image.alt} if post.image and box.can.media else None,
        "card": box.can.card,
        "shortened": list(post.shortened),
        "error": None,
    }


def show(posts: Sequence[Shown]) -> None:
    """The same for people."""
    if not posts:
        output.note("no channels are configured")
    if posts and "why" in posts[0]:
        output.say(f"teaser from the {posts[0]['source']}: {posts[0]['why']}")
    for post in posts:
        _show(post)


def _show(post: Shown) -> None:
    output.heading(f"{post['channel']} ({post['kind']})")
    if post["error"]:
        print(output.painted(f"cannot be posted: {post['error']}", "red"))
        return
    for number, text in enumerate(post["parts"] or [post["text"]], 1):
        if len(post["parts"]) > 1:
            output.say(f"[{number}]")
        for line in text.split("\n"):
            output.say(f"  {line}")
    limit = f" of {post['limit']}" if post["limit"] else ""
    output.say(f"{post['count']}{limit} {channels.COUNTED.get(post['counting'], post['counting'])}")
    for line in _beside(post):
        output.say(line)


def _beside(post: Shown) -> list[str]:
    lines = [f"warning: {post['warning']}"] if post["warning"] else []
    if post["image"]:
        lines.append(
            f"picture: {post['image']['url']}" + (f" (“{post['image']['alt']}”)" if post["image"]["alt"] else "")
        )
    if post["card"] != "none":
        by = "the platform makes it from the link" if post["card"] == "crawled" else "made by us"
        lines.append(f"card: {by}")
    return lines + [f"shortened: {what}" for what in post["shortened"]]
