"""How long a text is, by each platform's own rule. Pure."""

from collections.abc import Callable

from pipeline.text.counting import mastodon, x
from pipeline.text.counting.graphemes import count_graphemes, graphemes

__all__ = ["RULES", "count", "count_bytes", "count_graphemes", "count_utf16", "graphemes"]


def count_utf16(text: str) -> int:
    """The length in UTF-16 units (Telegram, Discord)."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def count_bytes(text: str) -> int:
    """The length in UTF-8 bytes (Matrix, ntfy, Nostr)."""
    return len(text) if text.isascii() else len(text.encode("utf-8", "surrogatepass"))


def count_threads(text: str) -> int:
    """Characters, but an emoji costs its UTF-8 bytes (Threads)."""
    if text.isascii():
        return len(text)
    emoji = x.EMOJI.findall(text)
    return len(text) + sum(count_bytes(e) - len(e) for e in emoji)


RULES: dict[str, Callable[[str], int]] = {
    "characters": len,
    "graphemes": count_graphemes,
    "utf16": count_utf16,
    "bytes": count_bytes,
    "x": x.weight,
    "mastodon": mastodon.length,
    "threads": count_threads,
}


def count(text: str, rule: str) -> int:
    """How long the platform says the text is. `rule` is a name in `RULES`."""
    return RULES[rule](text)
