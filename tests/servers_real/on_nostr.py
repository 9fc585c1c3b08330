"""What only relays have: several of them, each with its own mind."""

from dataclasses import replace

import pytest

from pipeline.model import Receipt, Rejected, Unavailable
from tests.channels.play import outcome
from tests.servers_real.conftest import Case

pytestmark = pytest.mark.parametrize("case", ["nostr"], indirect=True)
AWAY = "ws://127.0.0.1:9"


def test_a_relay_that_is_away_costs_nobody_the_note(case: Case) -> None:
    relays = (*case.peer.settings["relays"], AWAY)
    receipt = case.channel(relays=relays).send(case.post, case.to())
    assert isinstance(receipt, Receipt)
    assert len(receipt.degraded) == 1
    assert case.peer.copies(case.link) == 1


def test_where_more_must_have_it_the_note_is_given_again_and_is_the_same(case: Case) -> None:
    channel = case.channel(relays=(*case.peer.settings["relays"], AWAY), enough=2)
    for attempt in (1, 2):
        assert isinstance(outcome(lambda n=attempt: channel.send(case.post, case.to(attempt=n))), Unavailable)
    assert case.peer.copies(case.link) == 1


def test_a_relay_that_will_not_have_a_note_is_heard(case: Case) -> None:
    """It may be content with any length; one that is not says so, and we hear it rather than wait."""
    said = outcome(lambda: case.channel().send(replace(case.post, text="é" * 60_000), case.to()))
    assert isinstance(said, Receipt | Rejected)
