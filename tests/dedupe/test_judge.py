"""The judgement: each kind of copy and each kind of look-alike, with the reason that is given."""

from dataclasses import replace
from datetime import timedelta

import pytest

from pipeline.dedupe import Boilerplate, Different, Doubtful, Known, Revised, Same, judge
from pipeline.dedupe.boilerplate import headline_hash
from pipeline.dedupe.fingerprint import Sample
from tests.dedupe.writing import BRIDGE, FOOTER, LIBRARY, NOON, candidate, known

ELSEWHERE = {"feed": "wire", "link": "https://wire.example/item/20918"}
LATER = timedelta(days=9)
ALERT = (
    "The weather office in {town} has issued a storm warning for {town} until {until}. At {at} radar showed winds up "
    "to {wind} kilometres an hour moving {way}. Impact: expect damage to roofs, trees and vehicles. For your "
    "protection move to an inner room on the lowest floor. People and animals outdoors may be injured. If you are "
    "driving, pull over and do not stop under bridges. Report damage to the local office, who will pass it on."
)
RESULT = "{one} beat {two} {score} on {day} in front of {crowd} spectators. The next match for {one} is at home."


def test_the_same_text_under_another_address_is_the_same_story() -> None:
    moved = candidate(BRIDGE, link="https://paper.example/2026/03/bridge-2211", at=LATER)
    assert judge(moved, known(BRIDGE)) == Same("same text, word for word")


def test_the_same_text_under_another_headline_is_the_same_story() -> None:
    again = candidate(BRIDGE, title="Council votes at last", **ELSEWHERE)
    assert judge(again, known(BRIDGE)) == Same("same text, word for word, under another headline")


@pytest.mark.parametrize(
    "link",
    [
        "http://paper.example/news/old-bridge-repair/",
        "https://www.paper.example/news/old-bridge-repair?utm_source=x",
        "https://m.paper.example/news/old-bridge-repair?print=1",
        "https://paper.example/news/old-bridge-repair/amp#xtor=RSS-1",
        "https://uk.www.paper.example/news/old-bridge-repair",
    ],
)
def test_one_address_in_any_writing_is_one_article(link: str) -> None:
    assert judge(candidate(BRIDGE, link=link, feed="other"), known(BRIDGE)) == Same("same address and headline")


def test_a_headline_alone_joins_its_article_by_the_address() -> None:
    assert isinstance(judge(candidate("", feed="headlines"), known(BRIDGE)), Same)


def test_an_article_that_grew_at_its_address_is_revised() -> None:
    grown = candidate(f"{LIBRARY} {BRIDGE}", title="Bridge: all we know so far")
    assert judge(grown, known(BRIDGE)) == Revised("same address, the text was changed")


def test_a_breaking_line_that_becomes_an_article_is_revised() -> None:
    first = known(
        "Breaking: the old bridge by the mill will be repaired, the council has just said tonight.", "BREAKING"
    )
    assert isinstance(judge(candidate(BRIDGE), first), Revised)


def test_an_address_used_for_another_article_days_later_is_asked_about() -> None:
    other = candidate(LIBRARY, title="Children paint the library", at=timedelta(days=5))
    assert isinstance(judge(other, known(BRIDGE)), Doubtful)


def test_a_first_line_and_the_article_that_follows_may_have_nothing_in_common() -> None:
    line = known("Rain fell all night and the brook rose above its banks near the lower farm again.", "Brook rises")
    assert isinstance(judge(candidate(BRIDGE, "Mouse", at=timedelta(hours=2)), line), Revised)


def test_an_address_with_nothing_in_common_is_asked_about() -> None:
    first = known("Rain fell all night and the brook rose above its banks near the lower farm again.", "Brook rises")
    verdict = judge(
        candidate(
            "A mouse bit through that cable of our fog horn and was given cheese for it.",
            "Mouse",
            at=timedelta(hours=9),
        ),
        first,
    )
    assert verdict == Doubtful("same address, but not a phrase, name or number in common: was the address used again?")


def test_a_copy_with_a_few_edits_is_the_same_story() -> None:
    edited = BRIDGE.replace("has voted", "voted").replace("fear noise", "are afraid of noise").replace("old", "ancient")
    assert judge(candidate(edited, **ELSEWHERE), known(BRIDGE)).reason in ("same text", "nearly the same text")


def test_an_agency_copy_under_another_headline_is_the_same_story() -> None:
    wire = f"MILLTOWN (AP) – {BRIDGE.replace(' from today', '')} Copyright 2026 The Wire. All rights reserved."
    assert isinstance(
        judge(candidate(wire, title="Bridge repair to cost county half", **ELSEWHERE), known(BRIDGE)), Same
    )


def test_paragraphs_in_another_order_are_the_same_story() -> None:
    sentences = BRIDGE.split(". ")
    turned = ". ".join(sentences[4:] + sentences[:4])
    assert isinstance(judge(candidate(turned, **ELSEWHERE), known(BRIDGE)), Same)


def test_a_short_item_with_a_word_changed_is_the_same_story() -> None:
    short = "Six staff of a tour company have been found guilty over the deaths of 14 guests in a canyon last year."
    again = candidate(short.replace("guests", "travellers"), title="Six found guilty over canyon deaths", **ELSEWHERE)
    assert isinstance(judge(again, known(short, "Tour company staff guilty")), Same)


@pytest.mark.parametrize("words", [30, 60, 100])
def test_an_excerpt_under_the_same_headline_is_the_same_story(words: int) -> None:
    cut = " ".join(BRIDGE.split()[:words]) + " … Read more"
    assert isinstance(judge(candidate(cut, **ELSEWHERE), known(BRIDGE)), Same)


def test_the_whole_text_after_its_excerpt_is_the_same_story() -> None:
    verdict = judge(candidate(BRIDGE, **ELSEWHERE), known(" ".join(BRIDGE.split()[:60])))
    assert verdict == Same("a longer version under the same headline")


def test_a_longer_version_on_the_same_site_is_a_revision() -> None:
    grown = candidate(f"{BRIDGE} {LIBRARY[:300]}", link="https://paper.example/news/old-bridge-repair-2")
    assert isinstance(judge(grown, known(" ".join(BRIDGE.split()[:80]))), Revised)


def test_a_standfirst_of_its_own_under_the_same_headline_at_the_same_hour_is_the_same_story() -> None:
    brief = candidate(
        "Half is paid by the county.", link="https://paper.example/amp/bridge", feed="brief", at=timedelta(minutes=8)
    )
    assert isinstance(judge(brief, known(BRIDGE + LIBRARY)), Same)


def test_the_same_headline_elsewhere_without_a_text_is_asked_about() -> None:
    assert isinstance(judge(candidate("", **ELSEWHERE), known("", link="https://paper.example/x/1")), Doubtful)


# --- what only looks alike -------------------------------------------------------------------------------------------


def test_alerts_of_one_wording_are_many() -> None:
    first = ALERT.format(town="Dunmore", until="8:40", at="6:51", wind=70, way="east")
    then = ALERT.format(town="Dunmore", until="7:25", at="4:27", wind=60, way="north")
    verdict = judge(
        candidate(then, "Storm warning for Dunmore", **ELSEWHERE), known(first, "Storm warning for Dunmore")
    )
    assert verdict == Different("same wording, other numbers: another report of the kind")


def test_results_of_one_wording_are_many() -> None:
    first = RESULT.format(one="Carrick", two="Glenrock", score="2 to 0", day="Saturday", crowd="48,428")
    then = RESULT.format(one="Fenwick", two="Eastleigh", score="4 to 3", day="Sunday", crowd="22,353")
    verdict = judge(candidate(then, "Fenwick 4, Eastleigh 3", **ELSEWHERE), known(first, "Carrick 2, Glenrock 0"))
    assert isinstance(verdict, Different)


def test_parts_of_a_series_are_many() -> None:
    verdict = judge(candidate(LIBRARY, "The mill, part 2", **ELSEWHERE), known(BRIDGE, "The mill, part 1"))
    assert verdict == Different("same headline but for a number, another text: parts of a series")


def test_a_counter_in_the_headline_makes_no_series() -> None:
    verdict = judge(
        candidate(BRIDGE, "Old bridge (37 comments)", **ELSEWHERE), known(BRIDGE, "Old bridge (4 comments)")
    )
    assert isinstance(verdict, Same)


def test_entries_of_a_live_blog_are_many() -> None:
    entry = candidate(LIBRARY, link="https://paper.example/news/old-bridge-repair#block-2")
    first = replace(known(BRIDGE), link="https://paper.example/news/old-bridge-repair#block-1")
    assert judge(entry, first) == Different("two parts of one page, with texts of their own")


def test_a_standing_headline_says_nothing() -> None:
    brief = candidate(LIBRARY, "What you need to know today", **ELSEWHERE)
    assert judge(brief, known(BRIDGE, "What you need to know today")) == Different("same headline, another text")
    recurs = Boilerplate(frozenset({headline_hash("What you need to know today")}))
    short = candidate("More at six.", "What you need to know today", "https://paper.example/b", at=timedelta(hours=1))
    assert isinstance(judge(short, known(BRIDGE, "What you need to know today"), boilerplate=recurs), Different)


def test_a_digest_that_quotes_a_short_item_whole_is_another_article() -> None:
    item = " ".join(BRIDGE.split()[:40])
    digest = candidate(f"{LIBRARY} Bridge: {item}. {FOOTER} {LIBRARY[100:300]}", "News in brief", **ELSEWHERE)
    assert judge(digest, known(item)) == Different("a longer text that quotes it whole among others: a digest")


def test_an_item_that_stood_in_a_digest_is_asked_about_at_most() -> None:
    item = " ".join(BRIDGE.split()[:40])
    digest = known(f"{LIBRARY} Bridge: {item}. {FOOTER}", "News in brief", "https://paper.example/brief/1")
    assert not isinstance(judge(candidate(item), digest), Same | Revised)


def test_two_reports_on_one_thing_are_two() -> None:
    own = (
        "After months of waiting the bridge at the mill is to get its new stones. Lorries have had to drive round by "
        "the market since cracks were found in August, and shopkeepers there have had enough of it. Margaret Ames "
        "smiled for the first time in 12 years. The council will hear objections on 14 September before any work."
    )
    assert isinstance(
        judge(candidate(own, "Old bridge by the mill: repair at last", **ELSEWHERE), known(BRIDGE)), Different
    )


def test_a_follow_up_that_repeats_the_background_is_another_article() -> None:
    background = " ".join(BRIDGE.split()[60:110])
    follow = candidate(f"{LIBRARY} {LIBRARY[:200]} Background: {background}.", "Painters want the bridge", **ELSEWHERE)
    assert isinstance(judge(follow, known(BRIDGE)), Different)


def test_short_texts_that_share_a_footer_are_two() -> None:
    one = f"The mouse that bit through the cable of our horn was given a cheese by the keeper. {FOOTER}"
    two = f"Rain fell on the lower farm all night and the brook rose above its banks once more. {FOOTER}"
    verdict = judge(candidate(one, "Mouse silences fog horn", **ELSEWHERE), known(two, "Brook rises near farm"))
    assert "surrounds" in verdict.reason
    assert isinstance(verdict, Different)


def test_a_near_copy_under_a_headline_that_tells_nothing_is_asked_about() -> None:
    copied = BRIDGE.replace("from today", "from this morning")
    verdict = judge(candidate(copied, "You will never guess", **ELSEWHERE), known(BRIDGE, "What a day"))
    assert isinstance(verdict, Doubtful)


def test_another_story_is_different() -> None:
    verdict = judge(candidate(LIBRARY, "Children paint the library", **ELSEWHERE), known(BRIDGE))
    assert verdict == Different("another text")


def test_two_articles_without_headline_text_or_address_are_different() -> None:
    nothing = replace(known("", "", ""), fingerprint=known("").fingerprint)
    assert isinstance(judge(candidate("", "", ""), nothing), Different)


def test_the_addresses_of_two_front_pages_prove_nothing() -> None:
    front = candidate(LIBRARY, "Children paint the library", link="https://paper.example/")
    assert isinstance(judge(front, replace(known(BRIDGE), link="https://paper.example/")), Different)


def test_a_number_in_the_query_is_the_article() -> None:
    one = replace(known(BRIDGE), link="https://paper.example/?p=2464")
    assert isinstance(judge(candidate(LIBRARY, "Library", link="https://paper.example/?p=2465"), one), Different)


# --- what else a judgement promises ----------------------------------------------------------------------------------


def test_the_strict_policy_asks_about_what_resembles() -> None:
    brief = candidate(LIBRARY, **ELSEWHERE)
    assert judge(brief, known(BRIDGE), strict=True) == Doubtful("resembles it, but: same headline, another text")


def test_a_memory_of_another_version_is_judged_by_headline_and_address_only() -> None:
    nothing = Sample(0, ())
    old: Known = replace(known(BRIDGE), fingerprint=replace(known("").fingerprint, version=99, runs=nothing))
    assert isinstance(judge(candidate(BRIDGE), old), Same)
    assert not isinstance(judge(candidate(LIBRARY, "Children paint it", **ELSEWHERE), old), Same | Revised)


def test_a_date_before_the_known_one_changes_nothing() -> None:
    early = candidate(BRIDGE, at=-LATER, **ELSEWHERE)
    assert early.at < NOON
    assert isinstance(judge(early, known(BRIDGE)), Same)
