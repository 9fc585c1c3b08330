"""`standfirst check --live`: each feed asked once, each channel's credentials tried. Nothing is posted or kept."""

import tempfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.model import Error
from pipeline.wording import counted
from workers.cli.opening import opened
from workers.cli.output import progress

if TYPE_CHECKING:
    from pipeline.config import Config
    from pipeline.world import World

Result = dict[str, Any]
AT_ONCE = 6


def tries(config: "Config") -> list[Result]:
    """What came of trying each feed and each channel."""
    with tempfile.TemporaryDirectory(prefix="standfirst-check-") as folder:
        # What a channel learns (a session) is kept in a store that lasts as long as the check.
        elsewhere = replace(config.settings, store=f"sqlite:///{Path(folder) / 'check.db'}")
        with opened(replace(config, settings=elsewhere)) as world:
            return all_of(world, config)


def all_of(world: "World", config: "Config") -> list[Result]:
    """Each feed and channel, a few at a time."""
    work: list[tuple[str, str, Callable[[World, str], str]]] = []
    work += [("feed", name, try_feed) for name in world.config.feeds]
    work += [("channel", name, partial(try_channel, config=config)) for name in world.config.channels]
    with progress("trying", len(work)) as shown, ThreadPoolExecutor(AT_ONCE) as pool:
        found = []
        for result in pool.map(lambda one: tried(world, *one), work):
            found.append(result)
            shown(len(found))
    return found


def tried(world: "World", what: str, name: str, trial: "Callable[[World, str], str]") -> Result:
    """One trial and what came of it."""
    try:
        return {"what": what, "name": name, "ok": True, "said": trial(world, name)}
    except Error as error:
        return {"what": what, "name": name, "ok": False, "said": str(error)}
    except Exception as error:
        from workers.cli.trace import keep

        said = f"something unexpected happened ({type(error).__name__}); what led to it is in {keep(error)}"
        return {"what": what, "name": name, "ok": False, "said": said}


def try_feed(world: "World", name: str) -> str:
    """Get and parse the feed."""
    from pipeline.feeds.fetch import FeedRequest, fetch
    from pipeline.feeds.parse import read

    fetched = fetch(world.http, FeedRequest(world.config.feeds[name].url))
    if fetched.error or fetched.answer is None:
        raise Error(fetched.error or "it gave no answer")
    document = read(world.bounded, fetched.answer)
    moved = f"; it moved for good to {fetched.permanent_url}" if fetched.permanent_url else ""
    return (
        f"{document.kind}, {counted(len(document.entries), 'entry', 'entries')}, {document.title or 'no title'}{moved}"
    )


def try_channel(world: "World", name: str, config: "Config") -> str:
    """Ask the platform who we are, with the tokens that the store keeps."""
    from pipeline.stages.deliver import mailbox
    from workers.cli.connecting import refreshes
    from workers.cli.lent import Lent, NotTried

    box = mailbox(world, name)
    assert box is not None
    to = box.sending(world.now(), key="check")
    if refreshes(box.config.kind):
        to = replace(to, vault=Lent(config, name, to.now))
    try:
        said: str = box.carried(lambda: box.channel.check(to))
    except NotTried as left:
        return str(left)
    return said
