"""Republishing on a terminal: a second time within a minute is asked about, or said with --again."""

import sys
from collections.abc import Sequence

import typer

from pipeline.model import UsageError
from pipeline.stages import orders
from pipeline.world import World
from workers.cli import output
from workers.cli.opening import ordered


def republish(world: World, words: str, channels: Sequence[str], *, again: bool, key: str) -> list[int]:
    """The new deliveries; none where it is on its way already."""
    article = orders.the_article(world, words)
    chosen = sorted(set(channels))

    def give(*, meant: bool) -> list[int]:
        return ordered(
            world,
            key,
            "republish",
            {"article": article.id, "channels": chosen},
            lambda within: orders.republish(within, article, chosen, again=meant),
        )

    try:
        return give(meant=again)
    except orders.AsksFirst as question:
        if not (sys.stdin.isatty() and output.on_terminal()):
            raise UsageError(f"{question}; say --again when it is meant") from None
        typer.confirm(output.clean(f"{question}. Post it once more?"), abort=True)
        return give(meant=True)
