"""Whether an article is a story that was told before: the store's candidates, the feed's memory, the pure decision."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from pipeline.dedupe import Candidate, Decision, Known, Memory, Policy, decide, read
from pipeline.feeds import canonical
from pipeline.model import Article
from pipeline.store import Tx, feeds, fingerprints

WINDOW = timedelta(days=14)
EXACT = 6  # windows for which a text is known word for word


@dataclass(slots=True)
class Desk:
    """One batch of decisions in one transaction. What recurs in the feeds is read once and written once."""

    tx: Tx
    window: timedelta = WINDOW
    polled: bool = True  # whether a poll has already weighed the addresses within each feed
    memories: dict[str, Memory] = field(default_factory=dict)
    touched: set[str] = field(default_factory=set)
    sharing: dict[int, bool] = field(default_factory=dict)  # whether an article has its link together with others
    apart: dict[str, set[str]] = field(default_factory=dict)  # what a person said is another story than the article

    def open(self, arriving: Sequence[Article]) -> None:
        """Read at once what is to be known of all of these."""
        self.apart |= fingerprints.apart_of_all(self.tx, [article.id for article in arriving])
        if names := {article.feed for article in arriving} - self.memories.keys():
            self.memories |= fingerprints.memories(self.tx, names)
        if self.polled and (seqs := [article.seq for article in arriving if article.link]):
            shared = feeds.sharing_their_links(self.tx, seqs)
            self.sharing |= {seq: seq in shared for seq in seqs}

    def memory(self, feed: str) -> Memory:
        """What recurs in the feed."""
        if feed not in self.memories:
            self.memories |= fingerprints.memories(self.tx, [feed])
        return self.memories[feed]

    def read(self, article: Article) -> Candidate:
        """The article as the judgement sees it."""
        made = candidate(article, self.memory(article.feed))
        if self.polled and article.link and article.seq not in self.sharing:
            self.open([article])
        if self.sharing.get(article.seq):
            return replace(made, link="")  # the address of a page of many articles says nothing of this one
        return made

    def knowns(self, candidate: Candidate, now: datetime) -> list[Known]:
        """What it may repeat: found by index, at most a few."""
        return self.found(candidate, now)

    def found(self, candidate: Candidate, now: datetime) -> list[Known]:
        """What the store holds of that kind."""
        return fingerprints.candidates(self.tx, candidate, now - self.window)

    def decide(self, candidate: Candidate, policy: Policy, now: datetime) -> Decision:
        """What becomes of it. Looks things up, writes nothing."""
        knowns = self.knowns(candidate, now) if policy is not Policy.OFF else []
        apart = {known.id for known in knowns if self.polled and _judged_by_the_poll(candidate, known)}
        apart |= self._said_apart(candidate.id) if knowns else set()
        return decide(candidate, knowns, policy, boilerplate=self.memory(candidate.feed).boilerplate(), apart=apart)

    def _said_apart(self, ident: str) -> set[str]:
        if ident not in self.apart:
            self.apart[ident] = fingerprints.apart(self.tx, ident)
        return self.apart[ident]

    def remember(self, article: Article, candidate: Candidate, *, own_story: bool) -> None:
        """Later articles are compared with it. A story of its own also counts towards what recurs in its feed."""
        fingerprints.remember(self.tx, article.seq, candidate, article.first_seen)
        if own_story:
            self.memory(article.feed).add(article.title, candidate.reading)
            self.touched.add(article.feed)

    def close(self) -> None:
        """Write what recurs."""
        fingerprints.keep(self.tx, {feed: self.memories[feed] for feed in sorted(self.touched)})
        self.touched.clear()


def candidate(article: Article, memory: Memory) -> Candidate:
    """The article as the judgement sees it, without what recurs in its feed."""
    text = max(article.content, article.summary, key=len)
    reading = read(text, memory.boilerplate().blocks)
    return Candidate(article.id, article.feed, article.title, article.link, when(article), reading)


def _judged_by_the_poll(candidate: Candidate, known: Known) -> bool:
    """Within a feed the poll weighs addresses, with its ids and what repeats: there one may carry many articles."""
    return known.feed == candidate.feed and canonical.key(known.link) == canonical.key(candidate.link)


def when(article: Article) -> datetime:
    """The article's date; a date in the future says nothing."""
    return min(article.date, article.first_seen)
