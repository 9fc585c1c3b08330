"""The deliver stage: work one channel's mailbox: lease → compose → intent → send → settle, and lease the next.

One transaction settles a delivery *and* leases the next, so a post costs one commit. What is about to leave is written
down before its first byte leaves: for a kind that can resolve a doubt by itself (same key again, or look-up) together
with the lease; for one that cannot, in a commit of its own right before sending, so that as little as possible is ever
left for a person to decide.
"""

from time import monotonic

from pipeline.model import Stage
from pipeline.stages.deliver.mailbox import Mailbox, first, mailbox, resting
from pipeline.stages.deliver.sending import carry_all
from pipeline.stages.deliver.settling import record
from pipeline.world import World

__all__ = ["Mailbox", "deliver", "mailbox"]


def deliver(world: World, name: str, seconds: float = 20.0) -> None:
    """Carry what is due in one channel's mailbox, until nothing is, or for about `seconds`. Safe to run twice."""
    box = mailbox(world, name)
    if box is None or resting(box):
        return
    ends = monotonic() + seconds
    ready = first(box)
    if ready and box.lanes > 1:
        world.hint(Stage.DELIVER, name)  # whoever comes calls the next, until no lane is free or nothing is left
    while ready:
        ready = record(box, carry_all(box, ready), more=monotonic() < ends and not world.stopping())
