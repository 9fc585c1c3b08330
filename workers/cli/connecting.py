"""`standfirst channels connect`: to come."""

from pathlib import Path


def connect(path: Path | None, name: str) -> None:
    """To come."""
    raise NotImplementedError
