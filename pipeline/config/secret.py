"""A secret that cannot be printed by accident."""

from collections.abc import Callable
from typing import NoReturn

MASK = "•••"
HEARD: list[Callable[[str], None]] = []  # who is told of a secret that came later, to keep it out of what is said


class Secret:
    """A value that shows as dots wherever it is printed, logged or formatted; `reveal` is the only way in."""

    __slots__ = ("_again", "_value")

    def __init__(self, value: str, again: Callable[[], str | None] = lambda: None) -> None:
        self._value = value
        self._again = again

    def renew(self) -> bool:
        """Read it anew where it came from, if that changed; says whether it is another one now."""
        found = self._again()
        if found is None or found == self._value:
            return False
        for hear in HEARD:
            hear(found)
        self._value = found
        return True

    def reveal(self) -> str:
        """The value itself, for the one place that sends it."""
        return self._value

    def __str__(self) -> str:
        return MASK

    def __repr__(self) -> str:
        return MASK

    def __format__(self, spec: str) -> str:
        return MASK

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other._value == self._value

    def __hash__(self) -> int:
        return hash((Secret, self._value))

    def __bool__(self) -> bool:
        return bool(self._value)

    def __reduce__(self) -> NoReturn:
        raise TypeError("a secret is not written anywhere")
