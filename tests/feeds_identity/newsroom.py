"""A store of articles in memory, and a document's way through identity: what the poll stage does with tables."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from pipeline.feeds import identity
from pipeline.feeds.identity import Decision, Known, Memory, Outline, Policy, Verdict, keys
from pipeline.model import Entry

NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)
WORDS = "bridge harbour council school market river museum ferry library orchard tower garden station choir".split()


def words(name: str, number: int) -> str:
    """So many words that only this name has in this order."""
    return " ".join(WORDS[byte % len(WORDS)] for byte in hashlib.shake_256(name.encode()).digest(number))


def entry(name: str, *, hours: float = 5, **changes: Any) -> Entry:
    """An entry of its own."""
    made: dict[str, Any] = {
        "entry_id": f"https://town.example/2026/{name}",
        "link": f"https://town.example/2026/{name}",
        "title": f"News of {name} {words(name, 4)}",
        "summary": f"<p>{words(name + '.', 60).capitalize()}.</p>",
        "published": NOW - timedelta(hours=hours),
    }
    return Entry(**made | changes)


@dataclass
class Newsroom:
    """What a store knows of one feed."""

    policy: Policy = field(default_factory=Policy)
    algorithms: Mapping[int, keys.Algorithm] = field(default_factory=lambda: keys.ALGORITHMS)
    aliases: dict[bytes, int] = field(default_factory=dict)
    articles: dict[int, tuple[Entry, bytes]] = field(default_factory=dict)
    memory: Memory = field(default_factory=Memory)
    first: bool = True

    def read(self, *entries: Entry, now: datetime = NOW) -> Decision:
        """Take a document as the poll stage does."""
        sheet = identity.lay_out(entries, self.memory, now, self.algorithms)
        found = self.known(sheet.strong())
        claims = identity.settled(sheet, found)
        if len(claims) < len(sheet.lines):
            sheet = identity.complete(sheet, {line.place for line in sheet.lines} - claims.keys())
            left = [line for line in sheet.lines if line.place not in claims]
            found |= self.known([alias.key for line in left for alias in line.aliases])
            seqs = identity.suspects(left, found, self.outlines())
            claims |= identity.match(sheet, claims, found, {seq: self.articles[seq][0] for seq in seqs})
        known = {claim.seq: Known(claim.seq, self.articles[claim.seq][1]) for claim in claims.values()}
        decision = identity.decide(sheet, claims, known, self.policy, now, baseline=self.first)
        self.keep(decision)
        return decision

    def known(self, wanted: Sequence[bytes]) -> dict[bytes, int]:
        return {key: self.aliases[key] for key in wanted if key in self.aliases}

    def outlines(self) -> list[Outline]:
        return [
            Outline(seq, one.title, one.entry_id, one.link, one.published, one.updated)
            for seq, (one, _) in self.articles.items()
        ]

    def keep(self, decision: Decision) -> None:
        self.first, self.memory = False, identity.load(identity.dump(decision.memory))
        for ruling in decision.rulings:
            if ruling.seq is None:
                seq = len(self.articles) + 1
                self.articles[seq] = (ruling.entry, ruling.content_hash)
                self.aliases |= {alias.key: seq for alias in ruling.aliases}
                continue
            self.aliases = {alias.key: ruling.seq for alias in ruling.aliases} | self.aliases
            if ruling.edited:
                self.articles[ruling.seq] = (ruling.entry, ruling.content_hash)


def verdicts(decision: Decision) -> dict[str, Verdict]:
    """The ruling on each entry, by the third word of its title."""
    return {ruling.entry.title.split()[2]: ruling.verdict for ruling in decision.rulings}


def news(decision: Decision) -> list[str]:
    """What is to be posted, in its order."""
    return [ruling.entry.title.split()[2] for ruling in decision.rulings if ruling.verdict is Verdict.NEW]
