"""Articles for these tests: long enough to be news, different enough to be two."""

import random
from datetime import UTC, datetime, timedelta

from pipeline.dedupe import Candidate, Known, read

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)

BRIDGE = (
    "The council has voted to repair the old bridge by the mill before the winter begins. Engineers found cracks "
    "in two of its five arches during an inspection in August, and lorries have been banned since then. Traffic "
    "will be led over the market square until the work is done in spring. The repair costs 1,400,000 pounds, of "
    "which the county pays one half. Councillor Margaret Ames, who has asked for the repair for 12 years, said "
    "that she would believe it when she saw the first stone laid. Traders in the square fear noise and dust, and "
    "want the buses to stop in Mill Lane instead. A hearing on the diversion is planned for 14 September in the "
    "town hall, and plans are on show there from today. The bridge was built in 1811 by prisoners of war and has "
    "been closed only once before."
)
LIBRARY = (
    "Forty children from three schools have painted the walls of the new library, and every picture shows a book "
    "that the child has read this year. The reading room opens on Monday, and the first loans are free of charge "
    "for all. Head librarian Oren Pike said that borrowing had doubled since the old building was given up. There"
    " are 32,000 volumes, a room for music and a kitchen for the book clubs. The shelves were made by the "
    "joiners' apprentices of the technical college, who also built the desk out of a walnut tree that fell in the"
    " park last autumn."
)
FOOTER = (
    "Our reporting takes time and money. If you value what we do, please think of a small monthly gift. Sign up "
    "for the morning letter, follow us everywhere and tell your neighbours. Reproduction of pictures in any form "
    "is forbidden without the written consent of the owners. We may earn something when you buy through links on "
    "this page."
)


def candidate(
    text: str,
    title: str = "Old bridge by the mill to be repaired",
    link: str = "https://paper.example/news/old-bridge-repair",
    feed: str = "town",
    at: timedelta = timedelta(hours=3),
    ident: str = "b",
    boilerplate: frozenset[int] = frozenset(),
) -> Candidate:
    """An article that has just come."""
    return Candidate(ident, feed, title, link, NOON + at, read(text, boilerplate))


def known(
    text: str,
    title: str = "Old bridge by the mill to be repaired",
    link: str = "https://paper.example/news/old-bridge-repair",
    feed: str = "town",
    ident: str = "a",
) -> Known:
    """An article that came at noon."""
    return Known(ident, feed, title, link, NOON, read(text).fingerprint, ident)


def stories(feed: str) -> list[str]:
    """One feed's copies of a dozen stories: the wording of the first words differs from feed to feed."""
    words = f"{BRIDGE} {LIBRARY}".split()
    turned = [random.Random(n).sample(words, 90) for n in range(12)]
    return [f"{feed.upper()} – {' '.join(story)}" for story in turned]
