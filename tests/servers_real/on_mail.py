"""Mail through real servers: what is handed in is what lies in the box, and each no has its name."""

import select
import socket
import threading
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from pipeline import channels
from pipeline.model import DeliveryState, Image, Receipt, Rejected, Unauthorised, Unavailable, Uncertain
from pipeline.store import Store
from tests.channels.play import ARTICLE, config, outcome, post_of, sending
from tests.servers import Missing
from tests.servers_real.conftest import TEASER, TITLE
from tests.servers_real.mailservers import Aiosmtpd, MailServer, Postfix, Secured
from tests.servers_real.on_stages import Desk, configured
from tests.servers_real.peers import plain
from tests.servers_real.postbox import MOST, PASSWORD, USER
from tests.stages.conftest import Newsroom

ADDRESSES = ("list@example.test", "second@example.test")


def running(kind: type[MailServer]) -> Iterator[MailServer]:
    try:
        made = kind()
    except Missing as missing:
        pytest.skip(f"Left out: {kind.title}, because {missing}.")
    with made:
        yield made


@pytest.fixture(scope="module", params=[Aiosmtpd, Postfix], ids=["aiosmtpd", "postfix"])
def server(request: pytest.FixtureRequest) -> Iterator[MailServer]:
    """Each server in turn."""
    yield from running(request.param)


@pytest.fixture(scope="module")
def secured() -> Iterator[MailServer]:
    """One with STARTTLS and a login."""
    yield from running(Secured)


def settings(server: MailServer, **more: Any) -> dict[str, Any]:
    given = {"host": "127.0.0.1", "port": server.port, "security": "none", "recipients": ADDRESSES}
    given["sender"] = "Der Stadtbote – Wrenbridge <news@example.test>"
    return {**given, "unsubscribe_url": "https://news.example/u/1", "list_id": "news.example.test", **more}


def key() -> str:
    return f"sf_{datetime.now(UTC).timestamp():.6f}".replace(".", "")


def article(**more: Any) -> Any:
    image = Image("https://news.example/a.jpg", alt='The "old" bridge & the mill – 橋')
    return replace(ARTICLE, **{"title": TITLE, "teaser": TEASER, "language": "pt-BR", "image": image, **more})


def send(server: MailServer, ident: str, given: Any = None, **more: Any) -> Any:
    made = channels.build(config("email", settings(server, **more)))
    post = post_of("email", given or article())
    return outcome(lambda: made.send(post, sending(None, key=ident)))


def body(mail: Any, kind: str) -> str:
    return str(mail.get_body((kind,)).get_content()).replace("\r\n", "\n").rstrip("\n")


def test_a_mail_lies_in_the_box_as_it_was_written(server: MailServer) -> None:
    receipt = send(server, key())
    assert isinstance(receipt, Receipt)
    assert receipt.degraded == ()
    mail = server.mails(receipt.remote_id)[0]
    post = post_of("email", article())
    assert mail["Subject"] == post.title
    assert mail["From"].addresses[0].display_name == "Der Stadtbote – Wrenbridge"
    assert [one.addr_spec for one in mail["To"].addresses] == list(ADDRESSES)
    assert (mail["Content-Language"], mail["Auto-Submitted"]) == ("pt-BR", "auto-generated")
    assert (mail["List-Id"], mail["List-Unsubscribe"]) == ("<news.example.test>", "<https://news.example/u/1>")
    assert body(mail, "plain") == post.text
    rich = body(mail, "html")
    assert 'alt="The &quot;old&quot; bridge &amp; the mill – 橋"' in rich
    assert post.title in plain(rich)
    assert f'<a href="{post.link}">' in rich


@pytest.mark.parametrize(
    "teaser",
    [
        ".\n..\n.hidden files\n\n.",
        "x" * 5000,
        "From the council:\nFrom here on",
        "é" * 1200,
        "a\u2028b\x85c",
        "🎉" * 300,
    ],
    ids=["dots", "a long line", "From", "accents", "odd line ends", "emoji"],
)
def test_no_line_of_a_text_is_touched_on_its_way(server: MailServer, teaser: str) -> None:
    given = article(teaser=teaser, link=f"https://news.example/{'long/' * 250}?q=1")
    receipt = send(server, key(), given)
    assert isinstance(receipt, Receipt), receipt
    assert body(server.mails(receipt.remote_id)[0], "plain") == post_of("email", given).text.rstrip("\n")


@pytest.mark.parametrize("teaser", [TEASER, "Wört.", "橋。"])
def test_a_mail_is_made_of_seven_bit_letters_and_short_lines(server: MailServer, teaser: str) -> None:
    """What a server may do with others depends on what it says it can; these pass everywhere."""
    receipt = send(server, key(), article(teaser=teaser, link="https://news.example/1"))
    server.mails(receipt.remote_id)
    [raw] = [path.read_bytes() for path in server.paths() if receipt.remote_id.encode() in path.read_bytes()][:1]
    assert raw.isascii()
    assert max(map(len, raw.split(b"\n"))) <= 999


def test_the_same_delivery_twice_would_be_two_mails_which_is_why_a_doubt_is_a_person_s(server: MailServer) -> None:
    ident = key()
    first, second = send(server, ident), send(server, ident)
    assert first.remote_id == second.remote_id  # mail programs show one of them, if their reader is lucky
    assert len(server.mails(first.remote_id, 2 * (2 if isinstance(server, Postfix) else 1))) >= 2
    assert not channels.channel_class("email").CAN.resolves


def test_a_recipient_elsewhere_is_refused_and_the_others_have_their_mail(server: MailServer) -> None:
    receipt = send(server, key(), recipients=("list@example.test", "someone@elsewhere.test"))
    assert isinstance(receipt, Receipt)
    assert len(receipt.degraded) == 1
    assert receipt.degraded[0].startswith("someone@elsewhere.test was refused: 554")
    assert server.mails(receipt.remote_id)


def test_where_nobody_may_have_it_it_is_refused_for_good(server: MailServer) -> None:
    said = send(server, key(), recipients=("someone@elsewhere.test",))
    assert (type(said), said.status) == (Rejected, 554)


def test_a_mail_that_is_too_large_is_refused_for_good(server: MailServer) -> None:
    said = send(server, key(), article(teaser="Wort é " * (MOST // 6)))
    assert (type(said), said.status) == (Rejected, 552)


def test_the_server_answers_to_a_check(server: MailServer) -> None:
    assert channels.build(config("email", settings(server))).check(sending(None))


def test_a_login_over_a_secured_line(secured: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    login = {"security": "starttls", "username": USER.decode(), "password": PASSWORD.decode()}
    refused = send(secured, key(), **login)
    assert type(refused) is Unavailable  # nobody vouches for its certificate: not a letter leaves
    monkeypatch.setenv("SSL_CERT_FILE", str(secured.authority))
    assert isinstance(send(secured, key(), **login), Receipt)
    wrong = {**login, "password": "not-the-password"}
    for said in (send(secured, key(), **wrong), checked(secured, **wrong)):
        assert type(said) is Unauthorised
        assert "not-the-password" not in str(said)
    assert type(send(secured, key(), security="none")) in {Rejected, Unavailable}  # it wants STARTTLS first
    assert len(secured.paths()) == 1


def checked(server: MailServer, **more: Any) -> Any:
    return outcome(lambda: channels.build(config("email", settings(server, **more))).check(sending(None)))


def test_the_whole_of_a_delivery(
    server: MailServer, sqlite_store: Store, tmp_path: Path, bounded: Any, picture: str
) -> None:
    """A server that is away is waited for; then there is one mail."""
    given = {**settings(server), "recipients": ["list@example.test"]}
    room = Newsroom(configured(tmp_path, "email", given), sqlite_store, {}, bounded, now=datetime.now(UTC))
    desk = Desk(room, None, picture)  # type: ignore[arg-type]
    story = desk.article()
    server.stop()
    room.work(rounds=5)
    assert desk.delivery(story).state == DeliveryState.PENDING
    server.start()
    room.work()
    delivery = desk.delivery(story)
    assert delivery.state == DeliveryState.DELIVERED, delivery.reason
    mail = server.mails(str(delivery.remote_id))
    assert [one["Subject"] for one in mail] == [TITLE]


def test_an_answer_that_is_lost_after_the_letter_is_left_to_a_person(server: MailServer) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as listening:
        threading.Thread(target=hang_up_after_the_letter, args=(listening, server.port), daemon=True).start()
        ident = key()
        said = send(server, ident, port=listening.getsockname()[1], recipients=("list@example.test",))
    assert type(said) is Uncertain
    assert len(server.mails(f"<{ident}@example.test>")) == 1  # it was there all the same


def hang_up_after_the_letter(listening: Any, port: int) -> None:
    """A line that carries both ways until the letter is over and taken, and then no answer any more."""
    with closing(listening.accept()[0]) as near, closing(socket.create_connection(("127.0.0.1", port), 10)) as far:
        end = b""
        while end != b"\r\n.\r\n":
            ready, _, _ = select.select([near, far], [], [], 10)
            if far in ready:
                near.sendall(far.recv(65536))
            if near in ready:
                piece = near.recv(65536)
                end = (end + piece)[-5:]
                far.sendall(piece)
        far.recv(65536)
