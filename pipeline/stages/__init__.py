"""The stages: load, decide (purely), act, save, say so once. Each is safe to run twice, late, or never.

A stage takes an id and the World; what it changed it tells the next stage's queue by `world.hint` after the commit.
A hint may be lost: `due` finds the same rows, and the sweep asks it every second.
"""

from pipeline.stages.dedupe import dedupe
from pipeline.stages.deliver import deliver
from pipeline.stages.fanout import fanout
from pipeline.stages.poll import poll
from pipeline.stages.prune import prune
from pipeline.stages.sweep import due, hands, recover, take_over
from pipeline.stages.teaser import teaser

__all__ = ["dedupe", "deliver", "due", "fanout", "hands", "poll", "prune", "recover", "take_over", "teaser"]
