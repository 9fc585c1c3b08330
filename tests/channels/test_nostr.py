"""Nostr events are signed by the book, the same each time, and each relay's word is heard."""

import base64
import hashlib
import json
import socketserver
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest

from pipeline import channels, schnorr
from pipeline.channels import nostr
from pipeline.model import Receipt
from tests.channels.play import config, door, outcome, post_of, sending

# https://github.com/bitcoin/bips/blob/master/bip-0340/test-vectors.csv
VECTORS = [
    (
        "0000000000000000000000000000000000000000000000000000000000000003",
        "F9308A019258C31049344F85F89D5229B531C845836F99B08601F113BCE036F9",
        "0000000000000000000000000000000000000000000000000000000000000000",
        "0000000000000000000000000000000000000000000000000000000000000000",
        "E907831F80848D1069A5371B402410364BDF1C5F8307B0084C55F1CE2DCA8215"
        "25F66A4A85EA8B71E482A74F382D2CE5EBEEE8FDB2172F477DF4900D310536C0",
    ),
    (
        "B7E151628AED2A6ABF7158809CF4F3C762E7160F38B4DA56A784D9045190CFEF",
        "DFF1D77F2A671C5F36183726DB2341BE58FEAE1DA2DECED843240F7B502BA659",
        "0000000000000000000000000000000000000000000000000000000000000001",
        "243F6A8885A308D313198A2E03707344A4093822299F31D0082EFA98EC4E6C89",
        "6896BD60EEAE296DB48A229FF71DFE071BDE413E6D43F917DC8DCF8C78DE3341"
        "8906D11AC976ABCCB20B091292BFF4EA897EFCB639EA871CFA95F6DE339E4B0A",
    ),
]
SECRET = "67dea2ed018072d675f5415ecfaed7d2597555e202d85b3d65ea4e58d2d92ffa"
NSEC = "nsec1vl029mgpspedva04g90vltkh6fvh240zqtv9k0t9af8935ke9laqsnlfe5"
NPUB = "npub10elfcs4fr0l0r8af98jlmgdh9c8tcxjvz9qkw038js35mp4dma8qzvjptg"


@pytest.mark.parametrize(("secret", "public", "aux", "message", "signature"), VECTORS)
def test_signatures_are_those_of_the_specification(
    secret: str, public: str, aux: str, message: str, signature: str
) -> None:
    assert schnorr.public_key(bytes.fromhex(secret)).hex().upper() == public
    made = schnorr.sign(bytes.fromhex(message), bytes.fromhex(secret), bytes.fromhex(aux))
    assert made.hex().upper() == signature
    assert schnorr.verify(bytes.fromhex(message), bytes.fromhex(public), made)
    assert not schnorr.verify(bytes(32 * [7]), bytes.fromhex(public), made)


def test_keys_read_as_people_write_them() -> None:
    assert nostr.unbech32("nsec", NSEC).hex() == SECRET
    assert nostr.bech32("nsec", bytes.fromhex(SECRET)) == NSEC
    assert (
        nostr.bech32("npub", bytes.fromhex("7e7e9c42a91bfef19fa929e5fda1b72e0ebc1a4c1141673e2794234d86addf4e")) == NPUB
    )
    with pytest.raises(ValueError, match="nsec"):
        nostr.unbech32("nsec", NSEC[:-1] + "q")


@dataclass
class Relay:
    """A relay that answers an EVENT as it is told; None hangs up."""

    answer: Any
    events: list[Any] = field(default_factory=list)
    url: str = ""


@contextmanager
def relay(answer: Any) -> Iterator[Relay]:
    stage = Relay(answer)

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            key = ""
            while (line := self.rfile.readline().strip().decode()) != "":
                key = line.partition(": ")[2] if line.lower().startswith("sec-websocket-key") else key
            accept = base64.b64encode(hashlib.sha1((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").encode()).digest())
            self.wfile.write(
                b"HTTP/1.1 101 Switching\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: "
                + accept
                + b"\r\n\r\n"
            )
            event = json.loads(self.frame())[1]
            stage.events.append(event)
            if stage.answer is not None:
                self.say(b"\x89\x02hi")  # a ping first: it must not be taken for an answer
                self.text('["NOTICE","welcome"]')
                self.text(json.dumps(stage.answer if stage.answer[0] == "OK" else ["OK", event["id"], *stage.answer]))

        def frame(self) -> bytes:
            _, size = self.rfile.read(2)
            size &= 0x7F
            size = int.from_bytes(self.rfile.read(2)) if size == 126 else size
            mask = self.rfile.read(4)
            return bytes(b ^ mask[i % 4] for i, b in enumerate(self.rfile.read(size)))

        def text(self, words: str) -> None:
            body = words.encode()
            self.say(bytes([0x81, len(body)]) + body if len(body) < 126 else b"\x81\x7e" + len(body).to_bytes(2) + body)

        def say(self, frame: bytes) -> None:
            self.wfile.write(frame)

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        stage.url = f"ws://127.0.0.1:{server.server_address[1]}"
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        yield stage
        server.shutdown()


def send(*urls: str, **settings: Any) -> Any:
    channel = channels.build(config("nostr", {"key": NSEC, "relays": urls, **settings}))
    with closing(door()) as http:
        return outcome(lambda: channel.send(post_of("nostr"), sending(http)))


def test_an_event_is_valid_and_the_same_on_every_attempt() -> None:
    with relay([True, ""]) as stage:
        first, second = send(stage.url), send(stage.url)
    assert isinstance(first, Receipt)
    assert first == second
    event, again = stage.events
    assert event == again
    signed = [0, event["pubkey"], event["created_at"], event["kind"], event["tags"], event["content"]]
    ident = hashlib.sha256(json.dumps(signed, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()
    assert event["id"] == ident == first.remote_id
    assert schnorr.verify(bytes.fromhex(ident), bytes.fromhex(event["pubkey"]), bytes.fromhex(event["sig"]))
    assert ["r", "https://news.example/2026/mill-bridge"] in event["tags"]
    assert ["t", "towncouncil"] in event["tags"]


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ([True, "duplicate: already have this event"], "Receipt"),
        ([False, "duplicate: exists"], "Receipt"),
        ([False, "blocked: you are banned"], "Unauthorised"),
        ([False, "rate-limited: slow down"], "Unavailable"),
        ([False, "invalid: too long"], "Rejected"),
        ([False, "error: our disk is full"], "Unavailable"),
        (["OK", "", False, "invalid: too long"], "Rejected"),  # a relay that does not say which event it refuses
        (["OK", "", True, ""], "Uncertain"),
        (["OK", "00" * 32, False, "invalid: too long"], "Uncertain"),
        (["OK", [], True], "Uncertain"),
        (["OK", {}, "false"], "Uncertain"),
        (["false", 7], "Unavailable"),  # no yes is a no
        ([None, None], "Unavailable"),
        (None, "Uncertain"),
    ],
)
def test_each_answer_of_a_relay_has_its_name(answer: Any, expected: str) -> None:
    with relay(answer) as stage:
        assert type(send(stage.url)).__name__ == expected


def test_one_relay_is_enough_and_the_others_are_named() -> None:
    with relay([True, ""]) as good, relay([False, "blocked: no"]) as bad:
        result = send(good.url, bad.url, "ws://127.0.0.1:9")
    assert isinstance(result, Receipt)
    assert len(result.degraded) == 2


def test_a_relay_that_is_away_never_had_it() -> None:
    assert type(send("ws://127.0.0.1:9")).__name__ == "Unavailable"


def test_the_key_is_in_no_words() -> None:
    channel = channels.build(config("nostr", {"key": NSEC, "relays": ()}))
    assert NSEC not in repr(channel)
