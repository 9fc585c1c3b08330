"""The command line: `standfirst …`."""

from workers.cli.main import main

__all__ = ["main"]
