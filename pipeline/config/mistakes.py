"""Mistakes in a configuration, gathered: each with its line, its key and its remedy."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pipeline.config.lines import Path as KeyPath
from pipeline.config.values import NAME, Bad, nearest
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
        super().__init__("\n".join(f"{path.name}{' ' if mistake.line else ': '}{mistake}" for mistake in self.mistakes))


@dataclass
class Findings:
    """Where mistakes are gathered while a file is read."""

    lines: Mapping[KeyPath, int]
    data: Mapping[str, Any]
    found: list[Mistake] = field(default_factory=list)

    def line(self, path: KeyPath) -> int:
        """The line of a path, or of the nearest thing around it that stands in the file."""
        while path not in self.lines and path:
            path = path[:-1]
        return self.lines.get(path, 1)

    def spelled(self, path: KeyPath) -> str:
        """The path as people say it, tables by their names: `channels.mastodon.token`."""
        return ".".join([self.title(path[:2]), *(str(part) for part in path[2:] if isinstance(part, str))])

    def title(self, path: KeyPath) -> str:
        """A table by its section and its name, or its place counted from 1; a key below a table as it stands."""
        section, *rest = path
        tables = self.data.get(str(section))
        if not rest or not isinstance(rest[0], int) or not isinstance(tables, list):
            return ".".join(map(str, path))
        table = tables[rest[0]]
        name = table.get("name") if isinstance(table, dict) else None
        known = isinstance(name, str) and NAME.fullmatch(name)
        return f"{section}.{name}" if known else f"{section}[{rest[0] + 1}]"

    def add(self, path: KeyPath, message: str, remedy: str, *, key: KeyPath | None = None) -> None:
        """Note a mistake at a path; `key` is one that should stand there and does not."""
        self.found.append(Mistake(self.line(path), self.spelled(key or path), message, remedy))

    def bad(self, path: KeyPath, error: Bad) -> None:
        """Note a value that cannot be used."""
        self.add(path, error.message, error.remedy)

    def unknown(self, path: KeyPath, known: Iterable[str]) -> None:
        """Note a key that nobody knows, with the nearest one that somebody does."""
        known = sorted(known)
        near = nearest(str(path[-1]), known)
        self.add(path, "unknown key", f'did you mean "{near}"?' if near else f"known here: {', '.join(known)}")
