"""What becomes of a delivery: the table of outcomes, and the rule that a doubt never goes back to pending."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.model import (
    Action,
    Article,
    ArticleState,
    Capabilities,
    Delivery,
    DeliveryState,
    Lease,
    Receipt,
    Rejected,
    Unauthorised,
    Unavailable,
    Uncertain,
)
from pipeline.settle import CAP, GIVE_UP, LAPSES, LOSSES, backoff, lapse, replays, settle

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
REPLAYS = Capabilities("replays", replays=timedelta(hours=1))
LOOKUP = Capabilities("look-up", lookup=True)
NEITHER = Capabilities("neither")
ALL_KINDS = [REPLAYS, LOOKUP, NEITHER]
ARTICLE = Article(1, "a1", "news", ArticleState.FANNED, "Title", "https://town.example/1", NOW)


def leased(*, uncertain: bool = False, failures: int = 0, age: timedelta = timedelta(0)) -> Lease:
    delivery = Delivery(
        1,
        "sf_key",
        "a1",
        "toots",
        DeliveryState.LEASED,
        Action.POST,
        NOW,
        NOW - age,
        attempt=failures + 1,
        failures=failures,
        intent_at=NOW - timedelta(seconds=1),
    )
    return Lease(delivery, ARTICLE, NOW + timedelta(seconds=60), uncertain)


def test_a_receipt_is_a_delivered_post_and_says_what_it_went_without() -> None:
    to = settle(leased(), Receipt("1", "https://x.example/1", ("the picture",)), NEITHER, NOW)
    assert (to.state, to.reason) == (DeliveryState.DELIVERED, "posted; without the picture")


def test_a_rejected_post_is_a_dead_letter_with_the_platforms_words_and_holds_nobody_up() -> None:
    to = settle(leased(), Rejected("text is too long"), REPLAYS, NOW)
    assert (to.state, to.reason, to.channel_waits_until) == (DeliveryState.DEAD, "text is too long", None)


def test_lost_credentials_pause_the_channel_and_keep_the_post_in_its_queue() -> None:
    to = settle(leased(), Unauthorised("the token was revoked"), REPLAYS, NOW)
    assert (to.state, to.channel_pauses) == (DeliveryState.PENDING, "the token was revoked")


def test_a_refusal_for_now_waits_as_long_as_the_platform_wishes() -> None:
    to = settle(leased(), Unavailable("429", retry_after=timedelta(minutes=7)), REPLAYS, NOW)
    assert (to.state, to.due_at) == (DeliveryState.PENDING, NOW + timedelta(minutes=7))
    assert to.channel_waits_until == to.due_at


def test_a_refusal_of_one_post_does_not_hold_the_others() -> None:
    to = settle(leased(), Unavailable("media not ready", channel_wide=False), REPLAYS, NOW)
    assert to.channel_waits_until is None


def test_after_a_day_of_refusals_a_delivery_is_given_up_with_the_last_reason() -> None:
    to = settle(leased(age=GIVE_UP + timedelta(minutes=1), failures=30), Unavailable("503"), REPLAYS, NOW)
    assert to.state == DeliveryState.DEAD
    assert "503" in to.reason


@pytest.mark.parametrize("can", [REPLAYS, LOOKUP])
def test_a_doubt_that_the_machine_can_resolve_is_taken_up_again_later(can: Capabilities) -> None:
    to = settle(leased(), Uncertain("no answer came"), can, NOW)
    assert to.state == DeliveryState.UNCERTAIN
    assert to.due_at is not None
    assert to.due_at > NOW


def test_a_doubt_that_nobody_but_a_person_can_resolve_waits_for_one() -> None:
    to = settle(leased(), Uncertain("no answer came"), NEITHER, NOW)
    assert (to.state, to.due_at) == (DeliveryState.UNCERTAIN, None)


@pytest.mark.parametrize("can", ALL_KINDS)
def test_a_doubt_that_a_look_up_could_not_resolve_is_not_looked_up_again_but_waits_for_a_person(
    can: Capabilities,
) -> None:
    to = settle(leased(uncertain=True), Uncertain("it shows too much", for_a_person=True), can, NOW)
    assert (to.state, to.due_at) == (DeliveryState.UNCERTAIN, None)
    assert to.reason == "it shows too much; look at the account and say whether it is there"


def test_the_same_key_is_trusted_only_inside_its_window() -> None:
    assert replays(REPLAYS, NOW, NOW + timedelta(minutes=59))
    assert not replays(REPLAYS, NOW, NOW + timedelta(minutes=60))


def for_a_person(words: str) -> Uncertain:
    return Uncertain(words, for_a_person=True)


failures = st.builds(
    lambda kind, words, wait: kind(words) if kind is not Unavailable else Unavailable(words, retry_after=wait),
    st.sampled_from([Rejected, Unauthorised, Unavailable, Uncertain, for_a_person]),
    st.text(min_size=1, max_size=20),
    st.none() | st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=2)),
)


@given(failures, st.sampled_from(ALL_KINDS), st.integers(0, 40), st.floats(0, 1))
def test_what_may_have_arrived_is_never_pending_again(outcome, can, count, jitter) -> None:
    to = settle(leased(uncertain=True, failures=count), outcome, can, NOW, jitter)
    assert to.state in (DeliveryState.UNCERTAIN, DeliveryState.DEAD)
    if isinstance(outcome, Uncertain):
        assert to.state == DeliveryState.UNCERTAIN


@given(failures, st.sampled_from(ALL_KINDS), st.integers(0, 40), st.floats(0, 1))
def test_every_failure_ends_with_a_reason_and_no_refusal_is_tried_again_at_once(outcome, can, count, jitter) -> None:
    to = settle(leased(failures=count), outcome, can, NOW, jitter)
    assert to.reason
    if isinstance(outcome, Unavailable) and outcome.retry_after is None and to.due_at:
        assert to.due_at - NOW >= timedelta(seconds=15)


@given(st.integers(0, 10_000), st.floats(0, 1))
def test_retries_back_off_to_a_cap(count: int, jitter: float) -> None:
    assert timedelta(seconds=15) <= backoff(count, jitter) <= CAP


def test_a_lost_worker_that_had_sent_nothing_puts_the_delivery_back() -> None:
    assert lapse(None, 0, NEITHER, NOW).state == DeliveryState.PENDING


@pytest.mark.parametrize("can", ALL_KINDS)
def test_a_lost_worker_that_may_have_sent_leaves_a_doubt(can: Capabilities) -> None:
    to = lapse(NOW - timedelta(minutes=2), 0, can, NOW)
    assert to.state == DeliveryState.UNCERTAIN
    assert (to.due_at is None) == (not can.resolves)


def test_a_delivery_that_loses_worker_after_worker_is_put_aside() -> None:
    assert lapse(None, LAPSES - 1, REPLAYS, NOW).state == DeliveryState.DEAD
    to = lapse(NOW, LOSSES - 1, REPLAYS, NOW)
    assert (to.state, to.due_at) == (DeliveryState.UNCERTAIN, None)
