"""What each channel promises, asked of its real server."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from pipeline import channels
from pipeline.model import Receipt, Unauthorised
from tests.channels.play import outcome
from tests.servers_real.conftest import Case
from tests.servers_real.peers import PEERS


def each(able: Any = lambda can: True, *, without: frozenset[str] = frozenset()) -> Any:
    """The servers whose channel can do something."""
    names = [name for name in PEERS if name not in without and able(channels.channel_class(name).CAN)]
    return pytest.mark.parametrize("case", names, indirect=True)


@each()
def test_what_arrives_is_what_was_composed(case: Case) -> None:
    """Text, link, facets, picture, alternative text, tags and language: read back and compared."""
    receipt = case.sent()
    assert receipt.degraded == ()
    case.peer.compare(case.post, receipt)
    assert case.peer.copies(case.link) == 1


@each(without=frozenset({"telegram"}))  # the look-alike knows no chats
def test_the_account_says_who_it_is(case: Case) -> None:
    assert case.channel().check(case.to())


@each(lambda can: can.replays)
def test_the_same_delivery_twice_is_one_post(case: Case) -> None:
    if not case.peer.beside.get("replays", True):
        pytest.skip(
            f"Left out: the same key twice on [{case.peer.name}], because replays = false says it is not heeded."
        )
    first = case.sent()
    second = case.channel().send(case.post, case.to(attempt=2))
    assert second.remote_id == first.remote_id
    assert case.peer.copies(case.link) == 1


@each(lambda can: can.lookup)
def test_a_post_is_found_by_looking_and_no_other_is_taken_for_it(case: Case) -> None:
    channel, post = case.channel(), case.post
    assert channel.look_up(post, case.to()) is None
    first = case.sent()
    assert channel.look_up(post, case.to(attempt=2)).remote_id == first.remote_id
    other = replace(post, link=post.link.replace("/sf_", "/x_sf_"), title="Another", text="Another")
    assert channel.look_up(other, case.to(key="sf_another")) is None


@pytest.mark.parametrize(
    "case", [name for name in PEERS if hasattr(channels.channel_class(name), "recent")], indirect=True
)
def test_the_audit_sees_what_was_posted_and_whereto_it_leads(case: Case) -> None:
    first = case.sent()
    seen = case.channel().recent(case.to(), case.now - timedelta(minutes=1))
    mine = [one for one in seen if one.remote_id == first.remote_id]
    assert len(mine) == 1
    assert case.link in mine[0].links
    later = case.channel().recent(case.to(), case.now + timedelta(minutes=5))
    assert first.remote_id not in {one.remote_id for one in later}


@each(lambda can: can.edit)
def test_an_edit_changes_the_post_in_its_place(case: Case) -> None:
    first = case.sent()
    edited = case.composed(replace(case.article, title="The ferry & more", teaser="A ferry."))
    for _ in range(2):
        to = case.to(key=f"{case.key}.e", remote_id=first.remote_id)
        again = case.channel().edit(edited, to)
        assert again.remote_id == first.remote_id
    assert "ferry" in case.peer.text(first)
    assert "jubeln" not in case.peer.text(first)
    assert case.peer.copies(case.link) == 1


@each(lambda can: can.delete, without=frozenset({"telegram"}))  # the look-alike forgets what it was told
def test_a_delete_takes_it_away_and_a_second_is_no_mistake(case: Case) -> None:
    first = case.sent()
    for _ in range(2):
        case.channel().delete(case.to(key=f"{case.key}.d", remote_id=first.remote_id))
    assert case.peer.copies(case.link) == 0


@each(without=frozenset({"nostr", "telegram"}))  # a key is an identity; the look-alike knows every bot
def test_void_credentials_pause_the_channel_whatever_it_does(case: Case) -> None:
    first = case.sent()
    channel, to = case.channel(**case.peer.void), case.to(vault=type(case.vault)(), remote_id=first.remote_id)
    can, post = channel.CAN, case.post
    tries: dict[str, Any] = {"check": lambda: channel.check(to), "send": lambda: channel.send(post, to)}
    if can.edit:
        tries["edit"] = lambda: channel.edit(post, to)
    if can.delete:
        tries["delete"] = lambda: channel.delete(to)
    if can.lookup:
        tries["look_up"] = lambda: channel.look_up(replace(post, title="x"), replace(to, key="sf_other"))
    said = {name: outcome(act) for name, act in tries.items()}
    assert {name: type(one) for name, one in said.items()} == dict.fromkeys(tries, Unauthorised), said
    assert all(str(secret) not in str(one) for one in said.values() for secret in case.peer.void.values())
    assert case.peer.copies(case.link) == 1


# Look-alikes count as their platforms do not, or not at all; a relay says nothing of its limit before it refuses.
@each(without=frozenset({"mastodon", "telegram", "nostr"}))
def test_a_post_as_long_as_it_may_be_is_taken(case: Case) -> None:
    words = " ".join(f"Wort{n}é👍🏽" for n in range(1000))
    receipt = case.channel().send(case.composed(replace(case.article, teaser=words, image=None)), case.to())
    assert isinstance(receipt, Receipt)
    assert "Wort99é" in case.peer.text(receipt) or case.peer.name == "bluesky"
