"""What recurs in a feed: found after a few articles, bounded for ever."""

from pipeline.dedupe import Memory, boilerplate, read
from pipeline.dedupe.boilerplate import ENTRIES, OFTEN, ROOM, unpack
from tests.dedupe.writing import BRIDGE, FOOTER, LIBRARY


def test_what_enough_articles_had_is_boilerplate() -> None:
    memory = Memory()
    for n in range(OFTEN):
        assert read(f"Own words {n}. {FOOTER}", memory.boilerplate().blocks).fingerprint.words > 20
        memory.add(f"Headline {n}", read(f"Own words {n}. {FOOTER}"))
    assert read(f"Own words at last. {FOOTER}", memory.boilerplate().blocks).words == ["own", "words", "at", "last"]


def test_a_standing_headline_is_known() -> None:
    memory = Memory()
    for n in range(OFTEN):
        memory.add("News in brief", read(str(n)))
    assert memory.boilerplate().headline("NEWS IN BRIEF")
    assert not memory.boilerplate().headline("News at length")


def test_a_sentence_twice_in_one_article_counts_once() -> None:
    memory = Memory()
    memory.add("One", read("Again and again. " * 30))
    assert memory.boilerplate().blocks == frozenset()


def test_the_memory_of_a_feed_is_bounded_and_keeps_what_recurs() -> None:
    memory = Memory()
    for n in range(400):
        own = ". ".join(f"Sentence {n} of many, and it is number {m}" for m in range(20))
        memory.add(f"Headline {n}", read(f"{own}. {FOOTER if n % 5 == 0 else LIBRARY}"))
        assert len(memory.seen) <= ENTRIES + ROOM
    assert len(memory.pack()) <= 7 * (ENTRIES + ROOM)
    assert read(FOOTER, memory.boilerplate().blocks).words == []


def test_what_is_stored_is_what_was_known() -> None:
    memory = Memory()
    for text in (BRIDGE, LIBRARY, BRIDGE, BRIDGE):
        memory.add("Headline", read(text))
    again = unpack(memory.pack())
    assert again.boilerplate() == memory.boilerplate()
    again.add("Headline", read(LIBRARY))
    again.add("Headline", read(LIBRARY))
    assert read(LIBRARY, again.boilerplate().blocks).words == []
    assert boilerplate.NOTHING.blocks == frozenset()
