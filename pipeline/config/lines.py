"""On which line each key of a TOML text stands: what tomllib does not tell.

The text has been read by tomllib before, so it is valid; this only has to walk over it.
"""

import re
import tomllib
from dataclasses import dataclass, field

Path = tuple[str | int, ...]

SPACE = re.compile(r"[ \t\r\n]+|#[^\n]*")
BARE = re.compile(r"[A-Za-z0-9_-]+")
BASIC = re.compile(r'"(?:[^"\\\n]|\\.)*"')
LITERAL = re.compile(r"'[^'\n]*'")
LONG_BASIC = re.compile(r'"""(?:[^\\]|\\.)*?"{3,5}(?!")', re.DOTALL)
LONG_LITERAL = re.compile(r"'''.*?'{3,5}(?!')", re.DOTALL)
SCALAR = re.compile(r"[^,\]}#\n]+")


def key_lines(text: str) -> dict[Path, int]:
    """The line, counted from 1, of every table, key and element in a valid TOML text."""
    walk = Walk(text.replace("\r\n", "\n"))
    walk.document()
    return walk.lines


@dataclass
class Walk:
    """One pass over the text."""

    text: str
    at: int = 0
    lines: dict[Path, int] = field(default_factory=lambda: {(): 1})
    counts: dict[Path, int] = field(default_factory=dict)  # of arrays of tables
    counted: tuple[int, int] = (0, 1)  # position and its line, so that counting stays linear

    def document(self) -> None:
        """Every header and every pair of the text."""
        table: Path = ()
        while self.skip():
            if self.text[self.at] == "[":
                table = self.header()
            else:
                self.pair(table)

    def skip(self) -> bool:
        """Go past blanks and comments; whether anything follows."""
        while found := SPACE.match(self.text, self.at):
            self.at = found.end()
        return self.at < len(self.text)

    def take(self, token: str) -> bool:
        """Go past the token when it comes next."""
        if self.text.startswith(token, self.at):
            self.at += len(token)
            return True
        return False

    def mark(self, path: Path, start: int) -> None:
        """Remember the line of a path, and of what it implies, when it is first met."""
        position, line = self.counted
        if start < position:
            position, line = 0, 1
        self.counted = (start, line + self.text.count("\n", position, start))
        for end in range(1, len(path) + 1):
            self.lines.setdefault(path[:end], self.counted[1])

    def header(self) -> Path:
        """`[table]` or `[[array of tables]]`: the path that the following pairs belong to."""
        start = self.at
        double = self.take("[[") or not self.take("[")
        keys = self.key()
        self.skip()
        self.take("]]" if double else "]")
        path = self.resolve(keys[:-1]) + keys[-1:]
        if double:
            self.counts[path] = self.counts.get(path, 0) + 1
        path = self.resolve(keys)
        self.mark(path, start)
        return path

    def resolve(self, keys: Path) -> Path:
        """The keys of a header with the newest element of each array of tables on the way."""
        path: Path = ()
        for key in keys:
            path += (key,)
            if path in self.counts:
                path += (self.counts[path] - 1,)
        return path

    def key(self) -> Path:
        """A key, which may be dotted."""
        keys: list[str] = []
        while True:
            self.skip()
            found = (
                BARE.match(self.text, self.at) or BASIC.match(self.text, self.at) or LITERAL.match(self.text, self.at)
            )
            assert found, "tomllib has read this text"
            self.at = found.end()
            keys.append(unquoted(found[0]))
            self.skip()
            if not self.take("."):
                return tuple(keys)

    def pair(self, table: Path) -> None:
        """`key = value`."""
        start = self.at
        path = table + self.key()
        self.mark(path, start)
        self.take("=")
        self.value(path)

    def value(self, path: Path) -> None:
        """Any value; what lies inside an array or inline table is remembered too."""
        self.skip()
        if self.take("["):
            self.array(path)
        elif self.take("{"):
            self.inline(path)
        else:
            self.scalar()

    def array(self, path: Path) -> None:
        """The elements of an array, up to its end."""
        index = 0
        while self.skip() and not self.take("]"):
            self.mark((*path, index), self.at)
            self.value((*path, index))
            index += 1
            self.skip()
            self.take(",")

    def inline(self, path: Path) -> None:
        """The pairs of an inline table, up to its end."""
        while self.skip() and not self.take("}"):
            self.pair(path)
            self.skip()
            self.take(",")

    def scalar(self) -> None:
        """A text, number, date or truth value."""
        for pattern in (LONG_BASIC, LONG_LITERAL, BASIC, LITERAL, SCALAR):
            if found := pattern.match(self.text, self.at):
                self.at = found.end()
                return
        raise AssertionError("tomllib has read this text")


def unquoted(key: str) -> str:
    """The key without its quotes and escapes."""
    if key[0] == "'":
        return key[1:-1]
    return next(iter(tomllib.loads(f"{key} = 0"))) if key[0] == '"' else key
