"""Mistakes in a configuration, gathered: each with its line, its key and its remedy."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.config.lines import Path as KeyPath
from pipeline.config.values import Bad, nearest
from pipeline.model import UsageError


@dataclass(frozen=True, slots=True, order=True)
class Mistake:
    """One thing to mend. Line 0: it is not in the file but in the environment."""

    line: int
    key: str
    message: str
    remedy: str

    def __str__(self) -> str:
        where = f"line {self.line}: " if self.line else ""
        key = f"{self.key}: " if self.key else ""
        return f"{where}{key}{self.message}; {self.remedy}"


class ConfigErrors(UsageError):
    """All mistakes of a configuration at once."""

    def __init__(self, path: Path, mistakes: Iterable[Mistake]) -> None:
        self.path = path
        self.mistakes = sorted(mistakes)
        super().__init__("\n".join(f"{path.name} {mistake}" for mistake in self.mistakes))


@dataclass
class Findings:
    """Where mistakes are gathered while a file is read."""

    lines: dict[KeyPath, int]
    found: list[Mistake] = field(default_factory=list)

    def line(self, path: KeyPath) -> int:
        """The line of a path, or of the nearest thing around it that stands in the file."""
        while path not in self.lines and path:
            path = path[:-1]
        return self.lines.get(path, 1)

    def add(self, path: KeyPath, message: str, remedy: str, *, key: str | None = None) -> None:
        """Note a mistake at a path."""
        self.found.append(Mistake(self.line(path), key or spelled(path), message, remedy))

    def bad(self, path: KeyPath, error: Bad, *, key: str | None = None) -> None:
        """Note a value that cannot be used."""
        self.add(path, error.message, error.remedy, key=key)

    def unknown(self, path: KeyPath, known: Iterable[str], *, key: str | None = None) -> None:
        """Note a key that nobody knows, with the nearest one that somebody does."""
        known = sorted(known)
        near = nearest(str(path[-1]), known)
        remedy = f'did you mean "{near}"?' if near else f"known here: {', '.join(known)}"
        self.add(path, "unknown key", remedy, key=key)


def spelled(path: KeyPath) -> str:
    """The path as a person writes it: `channels[2].token`, counted from 1."""
    parts = "".join(f"[{part + 1}]" if isinstance(part, int) else f".{part}" for part in path)
    return parts.removeprefix(".")
