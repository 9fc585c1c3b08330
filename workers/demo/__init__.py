"""`standfirst demo`: a sample town newspaper, Standfirst, and four channels on this machine; nothing leaves it."""

from pathlib import Path


def run(seconds: float | None, folder: Path | None) -> int:
    """Show it, for so many seconds or until Ctrl-C; 0 when every article is on every channel once, else 1."""
    from workers.demo.evening import Evening
    from workers.demo.town import Town

    town = Town(folder or Path("demo"))
    return Evening(town, seconds).run()
