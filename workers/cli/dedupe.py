"""dedupe · backtest: whether two articles are one story, and what another policy would have said."""

from pathlib import Path
from typing import Annotated

import typer

from workers.cli import output
from workers.cli.opening import AsJson, ConfigPath, Key, ordered, world

POLICIES = "strict, normal or off"


def register(app: typer.Typer) -> None:
    """Add these commands."""
    app.command()(dedupe)
    app.command()(backtest)


def dedupe(
    one: Annotated[
        str,
        typer.Argument(
            metavar="A",
            help="An article; or `review`: what was joined and held, judged again; or `silent`: joins that left a "
            "channel without either post.",
        ),
    ],
    other: Annotated[str, typer.Argument(metavar="[B]", help="Another article.")] = "",
    config: ConfigPath = None,
    explain: Annotated[
        bool, typer.Option("--explain", help="Lay both side by side and say why (as by itself).")
    ] = True,
    different: Annotated[bool, typer.Option("--different", help="These are two stories; this word stands.")] = False,
    same: Annotated[bool, typer.Option("--same", help="These are one story: the later joins the earlier.")] = False,
    days: Annotated[int, typer.Option("--days", min=1, max=3650, help="How far back `review` and `silent` look.")] = 30,
    json: AsJson = False,
    key: Key = "",
) -> None:
    """Say whether two articles are one story, and why.

    Or list the joins that need a look: `review` and `silent`.
    """
    from pipeline.model import UsageError
    from workers import comparing
    from workers.cli.comparing import show

    if one in LISTINGS and not other:
        LISTINGS[one](config, days, json)
        return
    if not other:
        raise UsageError("name two articles, or: standfirst dedupe review, standfirst dedupe silent")
    if different and same:
        raise UsageError("say either --different or --same")
    with world(config) as found:
        pair = comparing.pair(found, one, other)
        if different or same:
            said = comparing.apart if different else comparing.together
            told = {"article": pair[0].id, "other": pair[1].id}
            output.say(ordered(found, key, said.__name__, told, lambda world: said(world, pair)))
            return
        compared = comparing.explained(found, pair)
    if json:
        output.as_json(compared)
    elif explain:
        show(compared)


def review(config: Path | None, days: int, json: bool) -> None:
    """What was joined and held and should not have been, under today's rules."""
    from workers.cli import reviewing

    with world(config) as found:
        told = reviewing.review(found, days)
    if json:
        output.as_json(told)
        return
    output.listing(told["rows"], reviewing.COLUMNS, empty="nothing would be judged otherwise now")
    output.say(reviewing.summary(told))


def silent(config: Path | None, days: int, json: bool) -> None:
    """Joins that left a channel without either post."""
    from workers.cli import reviewing

    with world(config) as found:
        rows = reviewing.silent(found, days)
    output.listing(rows, reviewing.SILENT, json=json, empty="every join has a post wherever it leads")


LISTINGS = {"review": review, "silent": silent}


def backtest(
    config: ConfigPath = None,
    days: Annotated[int, typer.Option("--days", min=1, max=3650, help="How far back.")] = 30,
    policy: Annotated[str, typer.Option("--policy", help=f"The policy to try: {POLICIES}.")] = "normal",
    feed: Annotated[
        str | None, typer.Option("--feed", help="Try it on this feed; the others stay as they are.")
    ] = None,
    json: AsJson = False,
) -> None:
    """Replay stored articles under another policy; change nothing."""
    from pipeline.dedupe import Policy
    from workers.cli import backtesting

    output.words([policy], Policy)
    with world(config) as found:
        told = backtesting.replay(found, days, Policy(policy), feed)
    if json:
        output.as_json(told)
        return
    output.listing(told["differences"], backtesting.COLUMNS, empty="nothing would have differed")
    output.say(backtesting.summary(told))
