"""Links as keys."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.dedupe import links
from pipeline.feeds import canonical, tracking

HOME = "https://town.example/2026/a?b=1&a=2"


@pytest.mark.parametrize(
    "same",
    [
        "http://town.example/2026/a?b=1&a=2",
        "HTTPS://www.Town.Example:443/2026/a/?a=2&b=1",
        "//m.town.example/2026/a?a=2&b=1#comments",
        "https://town.example/2025/../2026/./a?b=1&a=2",
        "https://town.example./2026/%61?b=1&a=2",
        "https://town.example/2026/a?b=1&a=2&utm_source=rss&UTM_Medium=x&fbclid=1",
        "https://town.example/2026/a?b=1&a=2&__readwiseLocation=4&ref=town.example",
        "https://amp.town.example/2026/a/amp/?b=1&a=2&amp=1",
        "https://town.example/2026/a/index.html?b=1&a=2&print=1&view=print&src=rss",
        "https://town.example/2026/a?b=1&a=2&ns_mchannel=social&at_campaign=x&ocid=4&partner=wire",
        "  https://town.example/2026/a?b=1&a=2\n",
    ],
)
def test_variants_of_one_address_are_one_key(same: str) -> None:
    assert canonical.key(same) == canonical.key(HOME)


@pytest.mark.parametrize(
    "other",
    [
        "https://town.example/2026/A?b=1&a=2",
        "https://town.example/2026/a?b=1&a=3",
        "https://town.example:8443/2026/a?b=1&a=2",
        "https://town.example/2026/a?b=1&a=2&id=7",
        "https://town.example/2026/a?b=1&a=2&ref=12",
        "https://town.example/2026/a?b=1&a=2&view=7",
        "https://town.example/2026/a?b=1&a=2&cid=200",
        "https://town.example/2026/a?b=1&a=2&source=council",
        "https://town.example/2026/a?b=1&a=2&campaign_id=31",
        "https://town.example/2026/a?b=1&a=2&partner=31",
        "https://village.example/2026/a?b=1&a=2",
        "https://town.example/2026/a%2Fb?b=1&a=2",
    ],
)
def test_what_may_be_another_article_is_another_key(other: str) -> None:
    assert canonical.key(other) != canonical.key(HOME)


def test_a_fragment_counts_only_when_it_is_asked_for_or_is_an_address_itself() -> None:
    assert canonical.key("https://a.example/log#v2") == canonical.key("https://a.example/log#v1")
    assert canonical.key("https://a.example/log#v2", fragment=True) != canonical.key(
        "https://a.example/log#v1", fragment=True
    )
    assert canonical.key("https://a.example/#!/two") != canonical.key("https://a.example/#!/one")


def test_names_of_every_script_are_compared_as_their_labels() -> None:
    assert canonical.key("https://bücher.example/ä") == canonical.key("https://xn--bcher-kva.example/%C3%A4")


@pytest.mark.parametrize(
    "odd", ["", "urn:x", "/path", "https://u:p@h/x", "http://h:99999/", "https://a\\b/c", "http://[x/"]
)
def test_what_is_no_web_address_is_compared_letter_by_letter(odd: str) -> None:
    assert canonical.key(odd) == odd
    assert canonical.host(odd) == ""


@given(st.text(max_size=80))
def test_no_text_breaks_a_key(text: str) -> None:
    for url in (text, f"https://town.example/{text}", f"https://{text}/"):
        assert isinstance(canonical.key(url), str)
        assert isinstance(canonical.clean(url), str)
        assert isinstance(canonical.tail(url), str)


@given(st.lists(st.sampled_from(["a=1", "b=2", "utm_source=x", "gclid=3", "p=7"]), unique=True))
def test_cleaning_takes_tracking_out_and_leaves_the_rest_as_it_stands(pieces: list[str]) -> None:
    kept = "&".join(piece for piece in pieces if not piece.startswith(("utm", "gclid")))
    query = "&".join(pieces)
    expected = "https://x.example/p/?" + kept if kept else "https://x.example/p/"
    assert canonical.clean("https://x.example/p/?" + query if query else "https://x.example/p/") == expected


def test_a_signed_query_is_not_touched() -> None:
    signed = "https://x.example/a?Expires=5&Signature=%2f%2B&token=1"
    assert canonical.clean(signed) == signed


@pytest.mark.parametrize("name", "p id v article page story aid nid tid q lang amp token signature".split())
def test_parameters_that_may_name_the_article_are_never_tracking(name: str) -> None:
    assert name not in tracking.EXACT
    assert not name.startswith(tracking.PREFIXES)


def test_an_id_loses_scheme_and_www_only() -> None:
    assert canonical.bare("http://www.a.example/?p=5") == canonical.bare("https://A.example/?p=5")
    assert canonical.bare("https://a.example/x#1") != canonical.bare("https://a.example/x#2")
    assert canonical.bare("tag:a.example,2020:1") == "tag:a.example,2020:1"
    assert canonical.tail("http://mail.a.example/?p=5") == canonical.tail("https://b.example/?p=5") == "/?p=5"
    assert canonical.tail("https://a.example/") == canonical.tail("N/A") == ""


@pytest.mark.parametrize("name", "cid ref view post item source campaign_id partner mod no number".split())
def test_addresses_that_differ_by_a_number_only_are_two_articles_within_a_feed_and_across_feeds(name: str) -> None:
    one, other = (f"https://hall.example/news-and-events-of-the-week?{name}={number}" for number in (200, 201))
    assert canonical.key(one) != canonical.key(other)
    assert links.compare(one, other) is links.Link.OTHER
