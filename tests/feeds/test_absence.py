"""Whether a page says that its article is gone."""

from datetime import UTC, datetime, timedelta

import pytest

from pipeline.feeds import absence

LINK = "https://town.example/2026/12/mill-bridge-reopens"
HOME = "https://town.example"


@pytest.mark.parametrize("status", [404, 410])
def test_a_page_that_is_not_found_is_gone(status: int) -> None:
    assert absence.said(LINK, status, LINK).gone
    assert absence.said(LINK, status, f"{HOME}/elsewhere").gone


@pytest.mark.parametrize("status", [200, 204, 301, 400, 401, 402, 403, 405, 406, 429, 451, 500, 502, 503, 504, 522])
def test_any_other_answer_says_nothing_of_the_kind(status: int) -> None:
    assert not absence.said(LINK, status, LINK).gone


def test_no_answer_says_nothing() -> None:
    assert not absence.silent("timed out").gone


@pytest.mark.parametrize(
    ("link", "at"),
    [
        (LINK, f"{HOME}/"),
        (LINK, HOME),
        (LINK, "https://www.town.example/index.html"),
        (LINK, f"{HOME}/2026/"),
        (LINK, f"{HOME}/2026/12"),
        (LINK, f"{HOME}/news/"),
        (LINK, f"{HOME}/category/town?from=archive"),
        (f"{HOME}/?p=123", f"{HOME}/"),
    ],
)
def test_a_page_that_leads_home_or_to_a_section_is_gone(link: str, at: str) -> None:
    assert absence.said(link, 200, at).gone


@pytest.mark.parametrize(
    ("link", "at"),
    [
        (LINK, "http://www.town.example/2026/12/mill-bridge-reopens/"),  # the same address
        (LINK, f"{LINK}?utm_source=rss"),
        (LINK, f"{HOME}/2026/12/mill-bridge-opens-after-all"),  # another name of it
        (LINK, f"{HOME}/town/mill-bridge-reopens"),
        (LINK, f"{HOME}/mill-bridge-reopens-123"),
        (LINK, "https://new-town.example/"),  # the site moved, or is parked
        (LINK, "https://new-town.example/2026/12/mill-bridge-reopens"),
        (LINK, f"{HOME}/login?next=/2026/12/mill-bridge-reopens"),  # walls
        (LINK, f"{HOME}/?redirect_to=https%3A%2F%2Ftown.example%2F2026%2F12%2Fmill-bridge-reopens"),
        (LINK, f"{HOME}/subscribe"),
        (LINK, f"{HOME}/anmelden/"),
        (LINK, "https://consent.example/collect?for=town"),
        (f"{HOME}/?p=123", f"{HOME}/2026/12/mill-bridge"),
        (f"{HOME}/a/4711-bridge.html", f"{HOME}/4711"),
    ],
)
def test_a_page_that_leads_to_the_article_or_to_a_wall_is_not(link: str, at: str) -> None:
    assert not absence.said(link, 200, at).gone


def test_what_an_answer_says_is_a_sentence() -> None:
    assert absence.said(LINK, 404, LINK).words == "its page answers 404"
    assert absence.said(LINK, 200, f"{HOME}/").words == "its page leads elsewhere now, to https://town.example/"


def test_a_page_that_answers_is_asked_ever_more_rarely_but_once_a_day() -> None:
    waits = [absence.wait(times) for times in range(1, 12)]
    assert waits[:3] == [timedelta(minutes=10), timedelta(minutes=20), timedelta(minutes=40)]
    assert waits == sorted(waits)
    assert waits[-1] == timedelta(hours=24)
    now = datetime(2026, 12, 1, tzinfo=UTC)
    assert absence.Asked(1, now, 2).due_at == now + timedelta(minutes=20)
