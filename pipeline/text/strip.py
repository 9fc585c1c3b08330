"""A feed's own patterns, taken out of its texts. A pattern that takes too long is left alone and said so."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import regex

from pipeline.text.html import Block

PATIENCE = 0.05  # seconds for one pattern on one paragraph
LONGEST = 20_000  # letters of a paragraph that patterns are tried on


@dataclass(slots=True)
class Strip:
    """Patterns at work on one article; `slow` and `wrong` are those that were given up."""

    patterns: Sequence[str]
    given_up: dict[str, str] = field(default_factory=dict)

    def blocks(self, text: Iterable[Block]) -> tuple[Block, ...]:
        """The blocks without what the patterns match; one that becomes empty goes."""
        if not self.patterns:
            return tuple(text)
        kept = (Block(self.text(block.text), block.kind, block.links, block.anchors) for block in text)
        return tuple(block for block in kept if block.text)

    def text(self, text: str) -> str:
        """One paragraph without what the patterns match."""
        for pattern in self.patterns:
            if pattern not in self.given_up and len(text) <= LONGEST:
                text = self.once(pattern, text)
        return text

    def once(self, pattern: str, text: str) -> str:
        """One pattern on one paragraph."""
        try:
            stripped = regex.sub(pattern, "", text, timeout=PATIENCE)
        except TimeoutError:
            self.given_up[pattern] = "took too long"
            return text
        except regex.error:
            self.given_up[pattern] = "is no regular expression"
            return text
        return " ".join(stripped.split()) if stripped != text else text

    @property
    def complaint(self) -> str:
        """What is to be said of patterns that were given up."""
        return "; ".join(f"the strip pattern {pattern!r} {why}" for pattern, why in self.given_up.items())
