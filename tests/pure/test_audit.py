"""The ledger beside the account: what is there twice, gone, or there after all."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from pipeline.audit import Entry, What, compare
from pipeline.model import Action, Delivery, DeliveryState, Seen

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
WEEK = NOW - timedelta(days=7)
LINK = "https://town.example/bridge"


def sent(number: int = 1, state: DeliveryState = DeliveryState.DELIVERED, **more: Any) -> Entry:
    at = more.pop("delivered_at", NOW - HOUR)
    given = {"remote_id": f"r{number}", "delivered_at": at, "action": Action.POST} | more
    article = f"a{number}"
    delivery = Delivery(number, f"k{number}", article, "main", state, due_at=at or NOW, created_at=NOW - HOUR, **given)
    return Entry(delivery, LINK, "Bridge")


def seen(ident: str, at: datetime = NOW - HOUR, link: str = LINK) -> Seen:
    return Seen(ident, at, (link,), f"https://social.example/{ident}")


def whats(ledger: list[Entry], posts: list[Seen]) -> list[tuple[What, str]]:
    return [(one.what, one.remote_id) for one in compare(ledger, posts, WEEK, NOW)]


def test_what_is_in_both_is_no_finding() -> None:
    assert whats([sent()], [seen("r1")]) == []


def test_a_second_post_of_an_article_is_found() -> None:
    (finding,) = compare([sent()], [seen("r1"), seen("late")], WEEK, NOW)
    assert (finding.what, finding.remote_id, finding.delivery) == (What.DOUBLED, "late", 1)
    assert finding.url == "https://social.example/late"
    assert finding.said == "“Bridge” is there a second time"


def test_a_second_post_is_known_by_its_address_whatever_was_added_to_it() -> None:
    assert whats([sent()], [seen("r1"), seen("x", link="http://www.town.example/bridge/?utm_source=a")]) == [
        (What.DOUBLED, "x")
    ]


def test_a_republished_post_is_no_double() -> None:
    assert whats([sent(1), sent(2, ordinal=1)], [seen("r1"), seen("r2")]) == []


def test_posts_of_other_things_are_nobodys_business() -> None:
    assert whats([sent()], [seen("r1"), seen("cat", link="https://cats.example/1"), Seen("words", NOW)]) == []


def test_a_post_that_is_gone_is_found() -> None:
    assert whats([sent()], []) == [(What.GONE, "r1")]


def test_a_post_that_was_sent_just_now_may_not_be_listed_yet() -> None:
    assert whats([sent(delivered_at=NOW - timedelta(seconds=20))], []) == []


def test_a_post_from_before_the_time_looked_at_is_not_missed() -> None:
    assert whats([sent(delivered_at=WEEK - HOUR)], []) == []


def test_a_doubtful_delivery_that_is_there_has_arrived() -> None:
    uncertain = sent(state=DeliveryState.UNCERTAIN, remote_id=None, delivered_at=None)
    assert whats([uncertain], [seen("late")]) == [(What.ARRIVED, "late")]


def test_a_doubtful_delivery_comes_before_a_settled_one_of_the_same_article() -> None:
    again = sent(2, state=DeliveryState.UNCERTAIN, remote_id=None, delivered_at=None, ordinal=1)
    (finding,) = compare([sent(1), again], [seen("r1"), seen("r9")], WEEK, NOW)
    assert (finding.what, finding.delivery) == (What.ARRIVED, 2)


def test_a_post_of_a_dead_letter_is_found() -> None:
    (finding,) = compare([sent(state=DeliveryState.DEAD, remote_id=None)], [seen("x")], WEEK, NOW)
    assert finding.what == What.UNKNOWN
    assert "its delivery is dead" in finding.said


def test_a_second_post_whose_time_is_not_told_is_found() -> None:
    assert whats([sent()], [seen("r1"), replace(seen("late"), at=None)]) == [(What.DOUBLED, "late")]


def test_a_deleted_post_is_not_missed() -> None:
    assert whats([sent(1), sent(2, action=Action.DELETE, remote_id="r1")], []) == []


def test_a_deleted_post_that_is_still_there_is_found() -> None:
    assert whats([sent(1), sent(2, action=Action.DELETE, remote_id="r1")], [seen("r1")]) == [(What.UNKNOWN, "r1")]
