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


# --- threads


def thread(state: DeliveryState = DeliveryState.DELIVERED, **more: Any) -> Entry:
    """A post in three parts, as Mastodon gives their receipts; its link is in the last."""
    parts = {"0": {"id": "r1", "url": None}, "1": {"id": "r1b", "url": None}, "2": {"id": "r1c", "url": None}}
    return sent(1, state, parts=parts, **more)


def deleted(number: int = 2, **more: Any) -> Entry:
    one = sent(number, action=Action.DELETE, remote_id="r1", republish_of=1, **more)
    return replace(one, delivery=replace(one.delivery, article="a1"))


PARTS = [seen("r1", link=""), seen("r1b", link=""), seen("r1c")]


def test_the_parts_of_a_thread_are_no_doubles() -> None:
    assert whats([thread()], PARTS) == []


def test_a_part_that_is_gone_is_found() -> None:
    (finding,) = compare([thread()], [PARTS[0], PARTS[2]], WEEK, NOW)
    assert (finding.what, finding.remote_id) == (What.GONE, "r1b")
    assert finding.said == "part 2 of “Bridge” is no longer on the account"


def test_the_parts_that_a_delete_left_behind_are_found() -> None:
    """Before threads were deleted whole, the first part went and the others stayed, and both said “delivered”."""
    found = compare([thread(), deleted()], PARTS[1:], WEEK, NOW)
    assert [(one.what, one.remote_id) for one in found] == [(What.ORPHANED, "r1b"), (What.ORPHANED, "r1c")]
    assert found[0].said == "part 2 of “Bridge” is there, and its thread was deleted"


def test_the_part_that_an_edit_left_out_is_found() -> None:
    edit = sent(2, action=Action.EDIT, remote_id="r1", republish_of=1, parts={"0": {"id": "r1"}, "2": None})
    edit = replace(edit, delivery=replace(edit.delivery, article="a1"))
    assert whats([thread(), edit], PARTS) == [(What.ORPHANED, "r1c")]
    assert whats([thread(), edit], PARTS[:2]) == []


def test_the_parts_of_a_thread_that_was_given_up_are_found() -> None:
    given_up = thread(DeliveryState.DEAD, remote_id=None, delivered_at=None)
    found = compare([given_up], PARTS[:2], WEEK, NOW)
    assert [(one.what, one.remote_id) for one in found] == [(What.ORPHANED, "r1"), (What.ORPHANED, "r1b")]
    assert found[0].said == "the beginning of “Bridge” is there, and its delivery is dead"


def test_a_thread_that_is_still_being_sent_or_deleted_is_not_judged() -> None:
    for state in (DeliveryState.PENDING, DeliveryState.LEASED, DeliveryState.UNCERTAIN):
        sending = thread(state, remote_id=None, delivered_at=None)
        deleting = deleted(parts={"2": None})
        deleting = replace(deleting, delivery=replace(deleting.delivery, state=state))
        assert whats([sending], PARTS[:2]) == []
        assert whats([thread(), deleting], PARTS[:2]) == []


def test_a_record_and_a_plain_number_are_receipts_too() -> None:
    for first, second in (({"uri": "r1", "cid": "c"}, {"uri": "r2", "cid": "c"}), ("r1", "r2")):
        one = sent(1, parts={"0": first, "1": second})
        assert whats([one], [seen("r1"), seen("r2", link="")]) == []
        assert whats([one, deleted()], [seen("r2", link="")]) == [(What.ORPHANED, "r2")]
