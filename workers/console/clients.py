"""Who asks: the address behind the proxies that are trusted, and what of it counts as one client."""

import ipaddress
import re
from collections.abc import Sequence

from starlette.datastructures import Headers

from pipeline.config.values import Network

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

HOPS = 20  # proxies in a row that are looked through
SITE = 64  # bits of an IPv6 address that belong to one subscriber (RFC 6177)
_FOR = re.compile(r'(?:^|;)\s*for\s*=\s*("(?:[^"\\]|\\.)*"|[^;\s]*)', re.IGNORECASE)


class Proxies:
    """The proxies whose word on where a request comes from is believed."""

    def __init__(self, trusted: Sequence[Network] = ()) -> None:
        self._trusted = tuple(trusted)

    def trusts(self, host: str) -> bool:
        """Whether this is the address of a trusted proxy."""
        address = address_of(host)
        return address is not None and any(address in network for network in self._trusted)

    def client(self, peer: str, headers: Headers) -> str:
        """The address that a request came from: the nearest one that is no trusted proxy.

        A proxy sets one of the two headers and passes on the other as a client wrote it. So where both are there and
        say different things, neither is believed.
        """
        if not self.trusts(peer):
            return peer
        told = {self._behind(peer, hops) for hops in (x_forwarded(headers), forwarded(headers)) if hops}
        return told.pop() if len(told) == 1 else peer

    def _behind(self, peer: str, hops: Sequence[str]) -> str:
        """Walk from the nearest hop outwards as long as each is trusted; a hop that is no address ends the walk."""
        found = peer
        for hop in reversed(hops[-HOPS:]):
            address = address_of(hop)
            if address is None:
                return found
            found = str(address)
            if not self.trusts(found):
                return found
        return found


def x_forwarded(headers: Headers) -> list[str]:
    """The hops of X-Forwarded-For, nearest last."""
    return [hop.strip() for value in headers.getlist("x-forwarded-for") for hop in value.split(",")]


def forwarded(headers: Headers) -> list[str]:
    """The hops of Forwarded (RFC 7239), nearest last."""
    elements = [element for value in headers.getlist("forwarded") for element in value.split(",")]
    found = [_FOR.search(element) for element in elements]
    return [match[1].strip('"') if match else "" for match in found]


def address_of(text: str) -> Address | None:
    """The IP address of `192.0.2.1`, `192.0.2.1:80`, `2001:db8::1` or `[2001:db8::1]:80`; None for anything else."""
    bare = text.strip()
    if bare.startswith("["):
        bare = bare[1:].partition("]")[0]
    elif bare.count(":") == 1:
        bare = bare.partition(":")[0]
    try:
        address = ipaddress.ip_address(bare.partition("%")[0])
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def counted_as(host: str) -> str:
    """What is counted as one client: an IPv4 address, the /64 of an IPv6 address."""
    address = address_of(host)
    if isinstance(address, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((address, SITE), strict=False))
    return str(address) if address else host
