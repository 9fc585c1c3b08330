"""standfirst.toml and the environment → a frozen Config; secrets by reference only."""

from pipeline.config.kinds import Knowledge, is_required, is_secret
from pipeline.config.load import load
from pipeline.config.mistakes import ConfigErrors, Mistake
from pipeline.config.secret import MASK, Secret
from pipeline.config.tables import (
    EVERYTHING,
    ChannelConfig,
    Config,
    FeedConfig,
    RouteConfig,
    Settings,
    loose_ends,
)
from pipeline.config.values import Bad, Network, Quiet, duration, spoken

__all__ = [
    "EVERYTHING",
    "MASK",
    "Bad",
    "ChannelConfig",
    "Config",
    "ConfigErrors",
    "FeedConfig",
    "Knowledge",
    "Mistake",
    "Network",
    "Quiet",
    "RouteConfig",
    "Secret",
    "Settings",
    "duration",
    "is_required",
    "is_secret",
    "load",
    "loose_ends",
    "spoken",
]
