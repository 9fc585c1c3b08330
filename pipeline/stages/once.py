"""An order with a key is carried out once, however often it is given: a double click, a repeated request, a retry."""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, TypeVar

from pipeline.model import Stage, UsageError
from pipeline.store import orders as rows
from pipeline.world import World

Answer = TypeVar("Answer")  # something that JSON holds
LONGEST = 200  # characters of a key


class KeyReused(UsageError):
    """The key belongs to another order."""


def once(world: World, key: str, order: str, arguments: Mapping[str, Any], act: Callable[[World], Answer]) -> Answer:
    """Carry it out and keep the answer, both or neither; the same key gets that answer again and nothing is done.

    An order that is refused is not kept: nothing was done, and it may be given again. Without a key it is a new one.
    """
    if not key:
        return act(world)
    hints: list[tuple[Stage, str]] = []
    with world.store.begin() as tx:
        if not rows.take(tx, key, asked(order, arguments), world.now()):
            kept: Answer = _kept(rows.get(tx, key), order, arguments)
            return kept
        # What it changes and its key are one transaction; workers hear of it when that is over.
        within = replace(world, store=world.store.within(tx), hint=lambda stage, ident: hints.append((stage, ident)))
        answer = act(within)
        rows.answer(tx, key, answer)
    for stage, ident in hints:
        world.hint(stage, ident)
    return answer


def once_outside(
    world: World, key: str, order: str, arguments: Mapping[str, Any], act: Callable[[World], Answer]
) -> Answer:
    """The same for an order that asks the network, and that is harmless to give twice: no transaction stays open."""
    with world.store.read() as tx:
        row = rows.get(tx, key) if key else None
    if row is not None:
        kept: Answer = _kept(row, order, arguments)
        return kept
    answer = act(world)
    return once(world, key, order, arguments, lambda _: answer)


def asked(order: str, arguments: Mapping[str, Any]) -> str:
    """What tells this order from others under the same key."""
    said = json.dumps([order, arguments], sort_keys=True, ensure_ascii=False)
    return hashlib.blake2b(said.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def _kept(row: Any, order: str, arguments: Mapping[str, Any]) -> Any:
    if row.asked != asked(order, arguments):
        raise KeyReused("this key was used for another order; give each order a key of its own")
    return row.answer


def key_for(door: str, given: str) -> str:
    """The key as it is stored: who has another door's secret cannot take this one's keys."""
    if len(given) > LONGEST:
        raise UsageError(f"a key has at most {LONGEST} characters")
    return f"{door}:{given}" if given else ""
