"""dedupe · backtest: whether two articles are one story, and what another policy would have said."""

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
    one: Annotated[str, typer.Argument(metavar="A", help="An article.")],
    other: Annotated[str, typer.Argument(metavar="B", help="Another one.")],
    config: ConfigPath = None,
    explain: Annotated[
        bool, typer.Option("--explain", help="Lay both side by side and say why (as by itself).")
    ] = True,
    different: Annotated[bool, typer.Option("--different", help="These are two stories; this word stands.")] = False,
    same: Annotated[bool, typer.Option("--same", help="These are one story: the later joins the earlier.")] = False,
    json: AsJson = False,
    key: Key = "",
) -> None:
    """Say whether two articles are one story, and why."""
    from pipeline.model import UsageError
    from workers import comparing
    from workers.cli.comparing import show

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
