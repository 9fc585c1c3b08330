"""The files of commands; each has `register(app)`."""

from workers.cli import articles, audit, channels, db, dedupe, deliveries, feeds, opml, running, setup, status

GROUPS = tuple(
    part.register for part in (setup, running, feeds, channels, articles, deliveries, status, opml, db, dedupe, audit)
)
