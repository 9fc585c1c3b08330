"""Sentences with a colon at their end."""

from pipeline.text import leads
from pipeline.text.excerpt import Limits, words
from pipeline.text.html import Block


def joined(*texts):
    return list(leads.joined([Block(text) for text in texts], "en", Limits().fits))


def test_leads_to_leads_never_grow_beyond_a_teaser():
    longest = max(words(block.text) for block in joined(*["One two three four:"] * 300))
    assert longest <= Limits().max_words + 4


def test_a_label_is_no_lead():
    assert [block.text for block in joined("What you need:", "An egg.")] == ["What you need:", "An egg."]


def test_a_lead_at_the_end_of_a_text_stays_open():
    assert [block.text for block in joined("Here is what she said:")] == ["Here is what she said:"]
