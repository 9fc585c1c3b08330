"""Nostr notes to several relays. https://github.com/nostr-protocol/nips/blob/master/01.md"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, ClassVar

from pipeline import relay, schnorr
from pipeline.judged import each, judged, within
from pipeline.judged import relay as relay_address
from pipeline.model import Capabilities, DeliveryError, Post, Receipt, Rejected, Sending, Unauthorised, Unavailable
from pipeline.preparation import nothing_posted_yet

NOTE, DELETION = 1, 5
LETTERS = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
POLYMOD = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)


def secret_of(key: str) -> bytes:
    """The bytes of a key; a ValueError when it is none."""
    return unbech32("nsec", key) if key.startswith("nsec1") else bytes.fromhex(key)


def wrong_key(key: str) -> str | None:
    """What is wrong with a key, without a letter of it."""
    try:
        schnorr.public_key(secret_of(key))
    except ValueError:
        return "the Nostr key must be an nsec or 64 hexadecimal digits; copy it once more"
    return None


@dataclass(frozen=True, slots=True)
class Channel:
    """Signs each post once and gives the same event to every relay."""

    key: str = field(repr=False, metadata=judged(wrong_key))  # nsec1… or 64 hexadecimal digits
    relays: tuple[str, ...] = field(metadata=judged(each(relay_address)))
    enough: int = field(default=1, metadata=judged(within(1, 100)))  # relays that must have it

    CAN: ClassVar[Capabilities] = Capabilities(
        "Nostr relays",
        limit=20_000,
        counting="bytes",
        media=1,
        card="crawled",
        delete=True,  # a request that relays may follow
        warning=True,
        replays=timedelta(days=3650),  # an event's id is its hash
        template="{title}\n\n{teaser}\n\n{link}\n\n{hashtags}",
    )
    HOW: ClassVar[str] = (
        "Use the nsec of the posting identity. Whoever has it is that identity: keep it in a file that only "
        "Standfirst reads."
    )

    def send(self, post: Post, to: Sending) -> Receipt:
        """The event, on enough relays."""
        event = self._event(int(post.created.timestamp()), NOTE, tags(post), post.text)
        degraded = self._publish(event, to)
        return Receipt(event["id"], f"https://njump.me/{bech32('note', bytes.fromhex(event['id']))}", degraded)

    def delete(self, to: Sending) -> None:
        """The relays are asked to forget the event."""
        event = self._event(int(to.now.timestamp()), DELETION, [["e", str(to.remote_id)], ["k", str(NOTE)]], "")
        self._publish(event, to)

    def check(self, to: Sending) -> str:
        """Whose key it is, and that a relay answers."""
        closed = f'["EOSE",{json.dumps("check")}'
        asked = json.dumps(["REQ", "check", {"ids": ["0" * 64], "limit": 1}])
        for url in self.relays:
            with nothing_posted_yet():
                relay.exchange(url, asked, lambda said: said if said.replace(" ", "").startswith(closed) else None,
                               networks=to.http.networks)  # fmt: skip
        return bech32("npub", schnorr.public_key(self._secret()))

    def _publish(self, event: dict[str, Any], to: Sending) -> tuple[str, ...]:
        failures: list[DeliveryError] = []
        for url in self.relays:
            try:
                self._give(url, event, to)
            except DeliveryError as error:
                failures.append(error)
        if len(self.relays) - len(failures) < self.enough:
            raise worst(failures)
        return tuple(error.reason for error in failures)

    def _give(self, url: str, event: dict[str, Any], to: Sending) -> None:
        def wanted(said: str) -> tuple[bool, str] | None:
            return answer_to(event["id"], said)

        message = json.dumps(["EVENT", event], ensure_ascii=False, separators=(",", ":"))
        taken, words = relay.exchange(url, message, wanted, networks=to.http.networks)
        if not taken and not words.startswith("duplicate:"):
            raise refused(words)

    def _event(self, created: int, kind: int, tags_: list[list[str]], content: str) -> dict[str, Any]:
        secret = self._secret()
        public = schnorr.public_key(secret).hex()
        signed = json.dumps([0, public, created, kind, tags_, content], ensure_ascii=False, separators=(",", ":"))
        ident = hashlib.sha256(signed.encode()).digest()
        event = {"id": ident.hex(), "pubkey": public, "created_at": created, "kind": kind}
        return event | {"tags": tags_, "content": content, "sig": schnorr.sign(ident, secret).hex()}

    def _secret(self) -> bytes:
        if complaint := wrong_key(self.key):
            raise Unauthorised(complaint)
        return secret_of(self.key)


def tags(post: Post) -> list[list[str]]:
    """What the event says of itself beside its text."""
    found = [["t", tag.lower()] for tag in post.hashtags]
    found += [["r", post.link]] if post.link else []
    found += [["content-warning", post.spoiler]] if post.spoiler else []
    if post.image:
        found.append(["imeta", f"url {post.image.url}", *([f"alt {post.image.alt}"] if post.image.alt else [])])
    return found


def answer_to(ident: str, said: str) -> tuple[bool, str] | None:
    """The relay's OK for an event, and its words; None for anything else it says."""
    try:
        told = json.loads(said)
    except (ValueError, RecursionError):
        return None
    if not isinstance(told, list) or len(told) < 3 or told[0] != "OK":
        return None
    if told[1] != ident and (told[1] or told[2]):  # some refuse without saying which; we gave them one
        return None
    return told[2] is True, str(told[3]) if len(told) > 3 else ""


def refused(words: str) -> DeliveryError:
    """What a relay's no means."""
    prefix = words.partition(":")[0]
    if prefix in {"blocked", "restricted", "auth-required", "mute", "pow"}:
        return Unauthorised(f"the relay said: {words}")
    return Rejected(f"the relay said: {words}") if prefix == "invalid" else Unavailable(f"the relay said: {words}")


def worst(failures: list[DeliveryError]) -> DeliveryError:
    """Of several failures the one that may still mean that it arrived, or else the one that may pass."""
    order = ["uncertain", "unavailable", "unauthorised", "rejected"]
    return min(failures, key=lambda error: order.index(error.name))


# --- bech32: https://github.com/bitcoin/bips/blob/master/bip-0173.mediawiki -------------------------------------------


def bech32(prefix: str, body: bytes) -> str:
    """Bytes as people see them: npub1…, note1…"""
    data = list(_regroup(body, 8, 5))
    check = _polymod([*_expanded(prefix), *data, *[0] * 6]) ^ 1
    data += [(check >> 5 * (5 - i)) & 31 for i in range(6)]
    return f"{prefix}1{''.join(LETTERS[d] for d in data)}"


def unbech32(prefix: str, text: str) -> bytes:
    """The bytes of nsec1…; a ValueError when a letter is wrong."""
    head, _, body = text.lower().rpartition("1")
    data = [LETTERS.index(letter) for letter in body]
    if head != prefix or _polymod([*_expanded(prefix), *data]) != 1:
        raise ValueError(prefix)
    return bytes(_regroup(data[:-6], 5, 8))[:32]


def _regroup(values: Any, old: int, new: int) -> Iterator[int]:
    held = bits = 0
    for value in values:
        held, bits = held << old | value, bits + old
        while bits >= new:
            bits -= new
            yield held >> bits & (1 << new) - 1
    if bits and new < old:
        yield held << (new - bits) & (1 << new) - 1


def _expanded(prefix: str) -> list[int]:
    return [*(ord(c) >> 5 for c in prefix), 0, *(ord(c) & 31 for c in prefix)]


def _polymod(values: list[int]) -> int:
    check = 1
    for value in values:
        top = check >> 25
        check = (check & 0x1FFFFFF) << 5 ^ value
        for i, generator in enumerate(POLYMOD):
            check ^= generator if top >> i & 1 else 0
    return check
