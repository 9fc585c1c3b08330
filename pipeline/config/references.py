"""Secrets by reference: `{ env = "NAME" }` or `{ file = "PATH" }` → Secret. Errors name the place, never the value."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeGuard

from pipeline.config.secret import Secret
from pipeline.config.values import Bad, shown

LARGEST = 64 * 1024


@dataclass
class References:
    """Reads references, and remembers all it read for the redactor."""

    env: Mapping[str, str]
    folder: Path
    read: list[Secret] = field(default_factory=list)

    def resolve(self, value: dict[str, object]) -> Secret:
        """The secret that a reference stands for."""
        (how, where), *more = value.items()
        if more or how not in ("env", "file") or not isinstance(where, str) or not where:
            raise Bad("this is not a reference", 'write { env = "NAME" } or { file = "/run/secrets/name" }')
        secret = Secret(self.variable(where)) if how == "env" else Secret(self.file(where), self.renewal(where))
        self.read.append(secret)
        return secret

    def renewal(self, name: str) -> Callable[[], str | None]:
        """How the file is read once more: its content if it was changed since, None if not, or if it is half there."""
        seen = [self.state(name)]

        def again() -> str | None:
            now = self.state(name)
            if now == seen[0]:
                return None
            try:
                value = self.file(name)
            except Bad:
                return None
            seen[0] = now
            return value

        return again

    def state(self, name: str) -> tuple[int, int, int] | None:
        """What changes with a file."""
        try:
            found = (self.folder / Path(name).expanduser()).stat()
        except (OSError, ValueError, RuntimeError):
            return None
        return found.st_mtime_ns, found.st_size, found.st_ino

    def variable(self, name: str) -> str:
        """The value of an environment variable that must be set."""
        value = self.env.get(name, "").strip()
        if not value:
            state = "is empty" if name in self.env else "is not set"
            raise Bad(f"the environment variable {name} {state}", f"set it: export {name}=…")
        return value

    def file(self, name: str) -> str:
        """The content of a file that must hold something."""
        try:
            path = self.folder / Path(name).expanduser()
            if path.stat().st_size > LARGEST:
                raise Bad(f"the file {name} is too large for a secret", "name the file that holds the secret alone")
            value = path.read_text(encoding="utf-8-sig").strip()
        except UnicodeDecodeError:
            raise Bad(f"the file {name} is not a text", "name the file that holds the secret alone") from None
        except (OSError, ValueError, RuntimeError) as error:
            why = getattr(error, "strerror", None) or str(error)
            raise Bad(f"the file {name} cannot be read ({why})", "create it, or mend its path or permissions") from None
        if not value:
            raise Bad(f"the file {name} is empty", "write the secret into it")
        return value


def is_reference(value: object) -> TypeGuard[dict[str, object]]:
    """Whether a value was meant as a reference to a secret."""
    return isinstance(value, dict) and bool(value) and set(value) <= {"env", "file"}


def refuse_inline(key: str, variable: str) -> Bad:
    """What to say when a secret stands in the file."""
    return Bad(
        f"{key} is a secret and must not stand in the file",
        f'write {key} = {{ env = "{variable}" }} and set that variable',
    )


def not_a_text(value: object) -> Bad:
    """What to say when a secret is no text at all."""
    return Bad(f"{shown(value)} is not a secret", 'write { env = "NAME" } or { file = "/run/secrets/name" }')
