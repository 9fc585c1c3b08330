"""Mail is handed in once, and each reply of a server has its name."""

import base64
import contextlib
import email
import socketserver
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from email.policy import default
from typing import Any

import pytest

from pipeline import channels, departure
from pipeline.model import Image, Receipt
from tests.channels.play import ARTICLE, KEY, config, outcome, post_of, sending

SETTINGS = {
    "sender": "The Town Crier <news@news.example>",
    "recipients": ("list@news.example", "second@news.example"),
    "security": "none",
    "list_id": "news.news.example",
    "unsubscribe_url": "https://news.example/u/1",
    "unsubscribe_mail": "off@news.example",
}


@dataclass
class Server:
    """An SMTP server that answers as it is told; "drop" breaks the connection instead."""

    replies: dict[str, str] = field(default_factory=dict)
    mails: list[bytes] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    port: int = 0


@contextlib.contextmanager
def smtp(**replies: str) -> Iterator[Server]:
    server = Server(replies)

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self.say("220 ready")
            while line := self.rfile.readline().decode().strip():
                server.said.append(line)
                word = line.split()[0].split(":")[0].upper()
                reply = server.replies.get(line.lower(), server.replies.get(word, "250 fine"))
                if reply == "drop":
                    return
                self.say("354 go on" if word == "DATA" and reply == "250 fine" else reply)
                if word == "QUIT" or (word == "DATA" and not self.take(reply)):
                    return

        def take(self, reply: str) -> bool:
            if reply != "250 fine":
                return True
            body = b""
            while not body.endswith(b"\r\n.\r\n"):
                body += self.rfile.readline()
            server.mails.append(body.removesuffix(b".\r\n").replace(b"\r\n..", b"\r\n."))
            end = server.replies.get("END", "250 kept")
            if end != "drop":
                self.say(end)
            return end != "drop"

        def say(self, line: str) -> None:
            self.wfile.write(line.replace("|", "\r\n").encode() + b"\r\n")

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler) as listening:
        listening.daemon_threads = True
        server.port = listening.server_address[1]
        thread = threading.Thread(target=listening.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        yield server
        listening.shutdown()


def mail(server: Server, article: Any = ARTICLE, **more: Any) -> Any:
    settings = {"host": "127.0.0.1", "port": server.port, **SETTINGS, **more}
    channel = channels.build(config("email", settings))
    return outcome(lambda: channel.send(post_of("email", article), sending(None)))


def test_a_mail_has_all_that_a_list_needs() -> None:
    article = replace(
        ARTICLE, title="Brücke: Rat\r\nBcc: all@example.org", image=Image("https://news.example/a.jpg", alt="A")
    )
    with smtp() as server:
        result = mail(server, article)
    assert result == Receipt(f"<{KEY}@news.example>", None, ())
    message = email.message_from_bytes(server.mails[0], policy=default)
    assert message["Subject"] == "Brücke: Rat Bcc: all@example.org"
    assert message["Bcc"] is None
    assert message["From"] == "The Town Crier <news@news.example>"
    assert message["To"] == "list@news.example, second@news.example"
    assert message["Message-ID"] == f"<{KEY}@news.example>"
    assert message["List-Unsubscribe"] == "<https://news.example/u/1>, <mailto:off@news.example>"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Content-Language"] == "en"
    assert message["List-Id"] == "<news.news.example>"
    plain, rich = message.get_body(("plain",)), message.get_body(("html",))
    assert plain is not None
    assert rich is not None
    assert ARTICLE.teaser in plain.get_content()
    assert ARTICLE.link in plain.get_content()
    assert 'alt="A"' in rich.get_content()


@pytest.mark.parametrize("teaser", ["Wört.", "橋。", "A bridge."])
def test_a_mail_is_made_of_seven_bit_letters(teaser: str) -> None:
    with smtp() as server:
        mail(server, replace(ARTICLE, title="Brücke", teaser=teaser, link="https://news.example/1"))
    assert server.mails[0].isascii()
    plain = email.message_from_bytes(server.mails[0], policy=default).get_body(("plain",))
    assert plain is not None
    assert teaser in plain.get_content()


@pytest.mark.parametrize(
    ("replies", "expected"),
    [
        ({"MAIL": "451 later"}, "Unavailable"),
        ({"MAIL": "550 no"}, "Rejected"),
        ({"RCPT": "550 no such user"}, "Rejected"),
        ({"RCPT": "450 greylisted"}, "Unavailable"),
        ({"DATA": "554 no"}, "Rejected"),
        ({"DATA": "drop"}, "Unavailable"),
        ({"END": "552 too large"}, "Rejected"),
        ({"END": "451 disk full"}, "Unavailable"),
        ({"END": "drop"}, "Uncertain"),
    ],
    ids=lambda value: " ".join([*value, *value.values()]) if isinstance(value, dict) else value,
)
def test_each_reply_has_its_name(replies: dict[str, str], expected: str) -> None:
    with smtp(**replies) as server:
        assert type(mail(server)).__name__ == expected


NO_REPLIES = [
    "what?",
    "",
    "99999 far too much",
    "-1 less than nothing",
    "\ufffd\x00",
    "199 soon",
    "302 elsewhere",
    "650 x",
]


@pytest.mark.parametrize("command", ["MAIL", "RCPT", "DATA", "END", "QUIT"])
@pytest.mark.parametrize("reply", NO_REPLIES)
def test_what_is_no_reply_is_a_doubt_only_after_the_message(command: str, reply: str) -> None:
    with smtp(**{command: reply}) as server:
        result = carried(server)
    assert type(result).__name__ == {"QUIT": "Receipt", "END": "Uncertain"}.get(command, "Unavailable")


def carried(server: Server, **more: Any) -> Any:
    """What the deliver stage makes of it."""
    settings = {"host": "127.0.0.1", "port": server.port, **SETTINGS, **more}
    channel = channels.build(config("email", settings))
    return outcome(lambda: departure.carried(lambda: channel.send(post_of("email"), sending(None))))


@pytest.mark.parametrize("way", ["PLAIN", "LOGIN"])
def test_a_password_with_letters_beyond_ascii_is_understood(way: str) -> None:
    replies = {"EHLO": f"250-here|250 AUTH {way}", "AUTH": "235 welcome"}
    if way == "LOGIN":
        password = base64.b64encode("schlüssel".encode()).decode()
        replies |= {"AUTH": "334 UGFzc3dvcmQ6", password.lower(): "235 welcome"}
    with smtp(**replies) as server:
        assert isinstance(carried(server, username="jürgen", password="schlüssel"), Receipt)
    said = next(line for line in server.said if line.startswith("AUTH")).split()[2]
    assert base64.b64decode(said).decode().endswith("jürgen" if way == "LOGIN" else "\0jürgen\0schlüssel")


@pytest.mark.parametrize("offers", ["250-here|250 AUTH CRAM-MD5", "250 here"])
def test_a_server_that_takes_no_such_password_was_given_no_mail(offers: str) -> None:
    with smtp(EHLO=offers) as server:
        assert type(carried(server, username="jürgen", password="schlüssel")).__name__ == "Unauthorised"
    assert not server.mails


def test_a_sender_s_host_and_name_may_have_letters_beyond_ascii() -> None:
    with smtp() as server:
        assert isinstance(carried(server, sender='"Müller, Zeitung" <news@zeitung-münchen.example>'), Receipt)
    host = "zeitung-münchen.example".encode("idna").decode()
    message = email.message_from_bytes(server.mails[0], policy=default)
    assert any(f"mail from:<news@{host}>" in line.lower() for line in server.said)
    assert message["From"].addresses[0].display_name == "Müller, Zeitung"


@pytest.mark.parametrize("sender", ["Crier, The Town <news@news.example>", "käse@news.example", "news", "", "a@b@c@"])
def test_a_wrong_sender_pauses_the_channel_before_anything_left(sender: str) -> None:
    with smtp() as server:
        assert type(carried(server, sender=sender)).__name__ == "Unauthorised"
    assert not server.mails


def test_a_server_that_is_away_is_unavailable() -> None:
    with smtp() as server:
        pass
    assert type(mail(server)).__name__ == "Unavailable"


def test_one_refused_recipient_does_not_cost_the_others_their_mail() -> None:
    with smtp(**{"rcpt to:<second@news.example>": "550 gone"}) as server:
        result = mail(server)
    assert isinstance(result, Receipt)
    assert result.degraded == ("second@news.example was refused: 550 gone",)


def test_a_wrong_password_pauses_the_channel_and_is_not_repeated() -> None:
    with smtp(EHLO="250-here|250 AUTH PLAIN", AUTH="535 5.7.8 bad credentials") as server:
        result = mail(server, username="news", password="mail-password-secret")
    assert type(result).__name__ == "Unauthorised"
    assert "mail-password-secret" not in str(result)
