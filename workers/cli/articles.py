"""articles · explain · preview · publish · republish · edit · hold · release · discard."""

from typing import Annotated

import typer

from pipeline.wording import counted
from workers.cli import output
from workers.cli.opening import ArticleWords, AsJson, Channels, ConfigPath, Key, Limit, ordered, stored, world

COLUMNS = {
    "id": "article",
    "state": "state",
    "feed": "feed",
    "when": "first seen",
    "title": "title",
    "reason": "reason",
}


def register(app: typer.Typer) -> None:
    """Add these commands."""
    for command in (articles, explain, preview, publish, republish, edit, hold, release, discard):
        app.command()(command)


def articles(
    config: ConfigPath = None,
    feed: Annotated[str | None, typer.Option("--feed", help="Only of this feed.")] = None,
    state: Annotated[list[str] | None, typer.Option("--state", help="Only in this state; may be repeated.")] = None,
    limit: Limit = 50,
    json: AsJson = False,
) -> None:
    """List articles, newest first."""
    from pipeline.model import ArticleState
    from pipeline.store import overview

    states = output.words(state, ArticleState)
    with stored(config) as found, found.store.read() as tx:
        rows = overview.articles_list(tx, feed=feed, states=states, limit=limit)
        now = found.now()
    if not json:
        for row in rows:
            row |= {"when": output.ago(row["first_seen_at"], now), "title": output.clipped(row["title"])}
    output.listing(rows, COLUMNS, json=json, empty="no articles")


def explain(article: ArticleWords, config: ConfigPath = None, json: AsJson = False) -> None:
    """Tell what became of an article, why, and what is next."""
    from workers.cli import story

    with world(config) as found:
        told = story.of(found, article)
    if json:
        output.as_json(told)
    else:
        story.tell(told)


def preview(
    article: Annotated[str, typer.Argument(metavar="URL-OR-ARTICLE", help="An address, or an article's id.")],
    config: ConfigPath = None,
    channel: Channels = None,
    json: AsJson = False,
) -> None:
    """Show exactly what each channel would post; nothing is sent."""
    from workers.cli import previewing

    with world(config) as found:
        posts = previewing.posts(found, article, channel or [])
    if json:
        output.as_json(posts)
    else:
        previewing.show(posts)


def publish(
    url: Annotated[str, typer.Argument(metavar="URL", help="The address of an article.")],
    config: ConfigPath = None,
    channel: Channels = None,
    key: Key = "",
) -> None:
    """Post the article at an address to all channels, or to some."""
    from pipeline.config import Bad, values
    from pipeline.model import UsageError
    from pipeline.stages import orders
    from pipeline.stages.once import key_for, once_outside

    try:
        values.url(url)
    except Bad as error:
        raise UsageError(f"{error.message}; {error.remedy}") from None
    with world(config) as found:
        told = {"url": url, "channels": sorted(set(channel or ()))}
        ident = once_outside(
            found, key_for("order", key), "publish", told, lambda world: orders.publish(world, url, channel or ()).id
        )
    output.say(f"{ident} will be posted; follow it with: standfirst explain {ident}")


def republish(
    article: ArticleWords,
    config: ConfigPath = None,
    channel: Channels = None,
    again: Annotated[bool, typer.Option("--again", help="It is meant: post it a second time within a minute.")] = False,
    key: Key = "",
) -> None:
    """Post an article once more, to all its channels or to some."""
    from workers.cli import republishing

    with world(config) as found:
        written = republishing.republish(found, article, channel or [], again=again, key=key)
    if written:
        output.say(f"{counted(len(written), 'new delivery', 'new deliveries')}: {', '.join(map(str, written))}")
    else:
        output.say("nothing new: it is on its way already")


def edit(
    article: ArticleWords,
    teaser: Annotated[str | None, typer.Option("--teaser", help="The teaser to use instead.")] = None,
    restore: Annotated[bool, typer.Option("--restore", help="Give up the teaser written by hand.")] = False,
    config: ConfigPath = None,
    key: Key = "",
) -> None:
    """Write the teaser of an article by hand."""
    from pipeline.model import UsageError
    from pipeline.stages import orders

    wanted = " ".join((teaser or "").split())
    if bool(wanted) == restore:
        raise UsageError('say either --teaser "…" or --restore')
    with world(config) as found:
        known = orders.the_article(found, article)
        told = {"article": known.id, "teaser": wanted}
        ordered(found, key, "edit", told, lambda world: orders.edit(world, known, teaser=wanted or None))
    output.say(
        f"{known.id} has {'its own teaser again' if restore else 'this teaser'}; see: standfirst preview {known.id}"
    )


def hold(article: ArticleWords, config: ConfigPath = None, key: Key = "") -> None:
    """Stop what is not sent of an article until it is released."""
    from pipeline.stages import orders

    with world(config) as found:
        known = orders.the_article(found, article)
        count = ordered(found, key, "hold", {"article": known.id}, lambda world: orders.hold(world, known))
    waiting = counted(count, "delivery waits", "deliveries wait")
    output.say(f"{known.id} is held; {waiting} with it; let it go with: standfirst release {known.id}")


def release(
    article: Annotated[list[str] | None, typer.Argument(metavar="[ARTICLE]...", help="Ids or links.")] = None,
    feed: Annotated[str | None, typer.Option("--feed", help="Everything held of this feed.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="Everything held.")] = False,
    config: ConfigPath = None,
    key: Key = "",
) -> None:
    """Let held articles go on."""
    from pipeline.model import UsageError
    from workers.cli.releasing import meant
    from workers.cli.releasing import release as let_go

    if sum((bool(article), feed is not None, everything)) != 1:
        raise UsageError("name articles, or --feed FEED, or --all; `standfirst articles --state held` lists them")
    with world(config) as found:
        count = ordered(
            found, key, "release", meant(found, article, feed), lambda one: let_go(one, article or [], feed)
        )
    output.say(f"{counted(count, 'article goes', 'articles go')} on")


def discard(article: ArticleWords, config: ConfigPath = None, key: Key = "") -> None:
    """Never send what has not been sent of an article."""
    from pipeline.stages import orders

    with world(config) as found:
        known = orders.the_article(found, article)
        count = ordered(found, key, "discard", {"article": known.id}, lambda world: orders.discard(world, known))
    output.say(f"discarded; {counted(count, 'delivery', 'deliveries')} cancelled")
