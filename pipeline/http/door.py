"""Http: the one door to the world."""

import json as jsonlib
import math
import re
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from copy import copy
from typing import Any
from urllib.parse import urlencode

from pipeline import departure
from pipeline.model import DeliveryError, Unavailable, Uncertain

from . import codings
from .address import Address, BadAddress, join, parse
from .answers import Answer, FetchError, Hop, failure, one_line
from .guard import Network
from .reading import Call, Raw
from .wire import Wire

MIB = 1024 * 1024
_REASON = 1000  # characters of a reason that are kept
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
# What may follow a redirect to another host; all else could be a credential.
_HARMLESS = frozenset({"accept", "accept-language", "user-agent", "accept-encoding", "from"})


class Http:
    """The one door: guarded addresses, bounded bytes and time, no cookies, nothing of the environment."""

    def __init__(
        self,
        *,
        allow_networks: Sequence[Network] = (),
        user_agent: str,
        secrets: Iterable[str] = (),
        tls: Any = None,
    ) -> None:
        self._agent = user_agent
        self._secrets = [secret for secret in secrets if len(secret) >= 4]
        self._networks = tuple(allow_networks)
        self._tls = tls
        self._wire = Wire(self._networks, tls)
        self._siblings: dict[tuple[Network, ...], Http] = {}
        self._latest = math.inf

    @property
    def networks(self) -> tuple[Network, ...]:
        """The private networks that this door opens; other doors to the same world open the same ones."""
        return self._networks

    def allowing(self, networks: Sequence[Network]) -> "Http":
        """The same door with further networks opened, for the one feed or channel that needs them."""
        wanted = tuple(network for network in networks if network not in self._networks)
        if not wanted:
            return self
        if wanted not in self._siblings:
            sibling = Http(allow_networks=(*self._networks, *wanted), user_agent=self._agent, tls=self._tls)
            sibling._secrets = self._secrets
            self._siblings[wanted] = sibling
        return self._siblings[wanted]

    def cleaned(self, error: DeliveryError) -> DeliveryError:
        """The failure without our secrets, which a platform may have said and its kind repeated."""
        cleaned: DeliveryError = _without(self._secrets, error)
        cleaned.reason = one_line(cleaned.reason, _REASON)
        return cleaned

    def hide(self, secrets: Iterable[str]) -> None:
        """Keep these out of the words of failures too."""
        self._secrets += [secret for secret in secrets if len(secret) >= 4]

    def until(self, latest: float) -> "Http":
        """The same door for one lease: no request of a channel leaves through it after `latest` (monotonic seconds)."""
        door = copy(self)
        door._latest = latest
        return door

    def get(
        self,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        limit: int = 20 * MIB,
        deadline: float = 20.0,
        redirects: int = 5,
    ) -> Answer:
        """Read a document, following redirects by the rules. Raises FetchError only."""
        ends = time.monotonic() + deadline
        address = self._address(url)
        sent = self._headers(address, headers)
        hops: list[Hop] = []
        while True:
            raw = self._read(address, sent, limit, ends)
            location = raw.headers.get("location")
            if raw.status not in _REDIRECTS or not location:
                break
            if len(hops) == redirects:
                raise FetchError(f"more than {redirects} redirects", kind="redirect", left=True)
            hops.append(Hop(raw.status, address.url))
            onward = _onward(address, location)
            sent = self._headers(onward, _carried(sent, address, onward))
            address = onward
        if raw.fault is not None:
            raise raw.fault
        return Answer(raw.status, raw.headers, raw.body, address.url, tuple(hops), address.host, flaw=raw.flaw)

    def post(
        self,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        json: Any = None,
        data: Mapping[str, Any] | bytes | str | None = None,
        files: Any = None,
        params: Mapping[str, Any] | None = None,
        deadline: float = 30.0,
        limit: int = MIB,
        method: str = "POST",
        read: Callable[[Answer], None] | None = None,
        allow: frozenset[int] = frozenset(),
    ) -> Answer:
        """Send once. Returns a 2xx (or allowed) answer; else raises one of the four failures, and never sends twice."""
        body, kind = _encoded(json, data, files)
        call = self._call(method, _with(url, params), headers, body, kind, limit, deadline)
        return self._settle(call, read, allow, sent=True)

    def ask(
        self,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        params: Mapping[str, Any] | None = None,
        deadline: float = 15.0,
        limit: int = 4 * MIB,
        read: Callable[[Answer], None] | None = None,
        allow: frozenset[int] = frozenset(),
    ) -> Answer:
        """A channel's question: as `post`, but a lost answer changes nothing and is Unavailable."""
        call = self._call("GET", _with(url, params), headers, None, None, limit, deadline)
        return self._settle(call, read, allow, sent=False)

    def close(self) -> None:
        """Close the kept connections."""
        for http in (self, *self._siblings.values()):
            http._wire.close()

    # --- reading

    def _read(self, address: Address, headers: dict[str, str], limit: int, ends: float) -> Raw:
        raw = self._wire.exchange(Call("GET", address, headers, None, limit, max(limit // 4, MIB), ends))
        if raw.fault is not None and raw.fault.kind == "undecodable" and raw.status not in _REDIRECTS:
            # Some servers claim a coding they did not apply; asked for none, they tell the truth.
            plain = {**headers, "Accept-Encoding": "identity"}
            return self._wire.exchange(Call("GET", address, plain, None, limit, limit, ends))
        return raw

    def _address(self, url: str) -> Address:
        try:
            return parse(url)
        except BadAddress as error:
            raise FetchError(str(error), kind="blocked_address") from None

    def _headers(self, address: Address, headers: Mapping[str, str] | None) -> dict[str, str]:
        sent = {
            "Host": address.authority,
            "User-Agent": self._agent,
            "Accept-Encoding": codings.ACCEPTED,
            "Accept": "*/*",
        }
        names = {name.lower(): name for name in sent}
        for name, value in (headers or {}).items():
            if name.lower() == "host":
                continue
            if not _sendable(value):
                raise FetchError(f"the {name} header has characters that cannot be sent", kind="protocol")
            sent.pop(names.get(name.lower(), ""), None)
            sent[name] = value
        return sent

    # --- sending

    def _call(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str] | None,
        body: bytes | None,
        kind: str | None,
        limit: int,
        deadline: float,
    ) -> Call:
        ends = min(time.monotonic() + deadline, self._latest)
        try:
            address = self._address(url)
            sent = self._headers(address, headers)
        except FetchError as error:
            raise Unavailable(error.reason) from None
        if kind and not any(name.lower() == "content-type" for name in sent):
            sent["Content-Type"] = kind
        return Call(method, address, sent, body, limit, limit, ends)

    def _settle(
        self, call: Call, read: Callable[[Answer], None] | None, allow: frozenset[int], *, sent: bool
    ) -> Answer:
        host = call.address.host
        try:
            raw = self._wire.exchange(call)
        except FetchError as error:
            reason = f"{host}: {error.reason}"
            if sent and error.left:
                departure.left()
                raise Uncertain(reason) from None
            raise Unavailable(reason) from None
        answer = self._answer(raw, call, sent)
        departure.answered(host)
        means = None if answer.ok else failure(answer)
        if sent and (means is None or isinstance(means, Uncertain)):
            departure.left()
        self._read_by_kind(answer, call, read)
        if means is None or answer.status in allow:
            return answer
        raise self._clean(means, call)

    def _read_by_kind(self, answer: Answer, call: Call, read: Callable[[Answer], None] | None) -> None:
        """What the kind reads in an answer; where that is not to be read, its status alone decides."""
        if read is None:
            return
        try:
            read(answer)
        except DeliveryError as error:
            raise self._clean(error, call) from None
        except departure.MISREAD:
            return

    def _answer(self, raw: Raw, call: Call, sent: bool) -> Answer:
        fault = raw.fault.reason if raw.fault else ""
        return Answer(
            raw.status, raw.headers, raw.body, call.address.url, host=call.address.host, sent=sent, fault=fault
        )

    def _clean(self, error: Any, call: Call) -> Any:
        """Platforms echo what they were sent: no secret stays in the words that are kept."""
        secrets = [*self._secrets, *(v for n, v in call.headers.items() if n.lower() == "authorization")]
        secrets += [part for value in secrets for part in value.split() if len(part) >= 8]
        secrets += [part for part in re.split(r"[/?&=]", call.address.target) if len(part) >= 20]
        return _without(secrets, error)


def _without(secrets: Iterable[str], error: Any) -> Any:
    for secret in sorted(filter(None, secrets), key=len, reverse=True):
        error.reason = error.reason.replace(secret, "•••")
    error.args = (error.reason,)
    return error


def _onward(address: Address, location: str) -> Address:
    try:
        onward = join(address, location)
    except BadAddress as error:
        raise FetchError(f"redirected, but {error}", kind="blocked_address", left=True) from None
    if address.scheme == "https" and onward.scheme == "http":
        raise FetchError("redirected from https to http", kind="redirect", left=True)
    return onward


def _carried(sent: dict[str, str], address: Address, onward: Address) -> dict[str, str]:
    usual = {address.port, onward.port} <= {80, 443}  # from http to https is the same server
    if onward.host == address.host and (onward.port == address.port or usual):
        return sent
    return {name: value for name, value in sent.items() if name.lower() in _HARMLESS}


def _sendable(value: str) -> bool:
    return value.isascii() and value.isprintable()


def _with(url: str, params: Mapping[str, Any] | None) -> str:
    if not params:
        return url
    return f"{url}{'&' if '?' in url else '?'}{urlencode(params, doseq=True)}"


def _encoded(json: Any, data: Any, files: Any) -> tuple[bytes | None, str | None]:
    if json is not None:
        return jsonlib.dumps(json, ensure_ascii=False, separators=(",", ":")).encode(
            "utf-8", "replace"
        ), "application/json"
    if files is None and isinstance(data, bytes):
        return data, None
    if files is None and isinstance(data, str):
        return data.encode("utf-8", "replace"), None
    if files is None and data is not None:
        return urlencode(data, doseq=True).encode(), "application/x-www-form-urlencoded"
    return _multipart(data, files) if files is not None else (b"", None)


def _multipart(data: Any, files: Any) -> tuple[bytes, str]:
    from requests import Request

    prepared = Request("POST", "http://multipart.invalid/", data=data or {}, files=files).prepare()
    assert isinstance(prepared.body, bytes)
    return prepared.body, prepared.headers["Content-Type"]
