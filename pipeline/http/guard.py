"""Which socket addresses may be connected to. Decided on the resolved address, never on the text of the host."""

import ipaddress
import socket
import threading
from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

Network = IPv4Network | IPv6Network
IP = IPv4Address | IPv6Address
SockAddr = tuple[int, tuple[str, int] | tuple[str, int, int, int]]  # family, sockaddr

PORTS = frozenset({80, 443, 8080, 8443})
# What `ipaddress` of the Python versions we support calls global, or does not call private, and is neither.
_DENIED = [
    ipaddress.ip_network(text)
    for text in (
        *("0.0.0.0/8", "100.64.0.0/10", "168.63.129.16/32", "192.0.0.0/24", "192.88.99.0/24", "198.18.0.0/15"),
        *("224.0.0.0/4", "240.0.0.0/4", "::/96", "64:ff9b::/96", "64:ff9b:1::/48", "100::/64", "2001::/23"),
        *("2001:db8::/32", "2002::/16", "3fff::/20", "5f00::/16", "fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8"),
    )
]
_INNER_NAMES = (".onion", ".i2p", ".internal", ".local", ".localhost", ".home.arpa", ".lan", ".intranet")


class Blocked(Exception):
    """The address must not be connected to."""


class Unresolved(Exception):
    """The host's name has no address, or no answer came in time."""


def allowed(ip: IP, networks: Sequence[Network]) -> bool:
    """Whether the operator has opened this address. The two loopbacks are one."""
    ip = _unmapped(ip)
    if ip == ipaddress.IPv6Address("::1") and allowed(ipaddress.IPv4Address("127.0.0.1"), networks):
        return True
    return any(ip.version == network.version and ip in network for network in networks)


def public(ip: IP) -> bool:
    """Whether the address is an ordinary one of the open Internet, whatever it wraps."""
    if not ip.is_global or ip.is_multicast or ip.is_reserved or ip.is_unspecified:
        return False
    if any(ip.version == network.version and ip in network for network in _DENIED):
        return False
    return all(public(inner) for inner in _wrapped(ip))


def check(ip: IP, port: int, networks: Sequence[Network]) -> None:
    """Raise Blocked unless the address is public on a usual port, or inside the networks the operator allows."""
    if allowed(ip, networks):
        return
    if not public(ip):
        raise Blocked("the host is inside a private or special network; allow_networks opens it")
    if port not in PORTS:
        raise Blocked(f"port {port} is not one that feeds and platforms use")


def resolve(host: str, port: int, networks: Sequence[Network], seconds: float) -> list[SockAddr]:
    """The checked socket addresses of a host, resolved once: one bad address refuses them all."""
    inner = _inner(host)
    if inner and not networks:
        raise Blocked("the host's name belongs to an inner network; allow_networks opens it")
    found = _lookup(host, port, seconds)
    for _, sockaddr in found:
        ip = ipaddress.ip_address(sockaddr[0].partition("%")[0])
        if inner and not allowed(ip, networks):
            raise Blocked("the host's name belongs to an inner network; allow_networks opens it")
        check(ip, port, networks)
    return found


def _unmapped(ip: IP) -> IP:
    return (ip.ipv4_mapped or ip) if isinstance(ip, IPv6Address) else ip


def _wrapped(ip: IP) -> list[IP]:
    if not isinstance(ip, IPv6Address):
        return []
    inner = [ip.ipv4_mapped, ip.sixtofour, *(ip.teredo or ())]
    return [one for one in inner if one is not None]


def _inner(host: str) -> bool:
    name = host.rstrip(".")
    if ":" in name or name.replace(".", "").isdigit():
        return False
    return "." not in name or name.endswith(_INNER_NAMES)


def _lookup(host: str, port: int, seconds: float) -> list[SockAddr]:
    if _literal(host):
        return _getaddrinfo(host, port)
    answer: list[list[SockAddr] | Exception] = []
    # getaddrinfo knows no time-out: a thread that may be left behind does.
    thread = threading.Thread(target=_answer_into, args=(answer, host, port), daemon=True)
    thread.start()
    thread.join(max(seconds, 0.01))
    if not answer:
        raise Unresolved("the host's name was not resolved in time")
    if isinstance(answer[0], Exception):
        raise answer[0]
    return answer[0]


def _answer_into(answer: list[list[SockAddr] | Exception], host: str, port: int) -> None:
    try:
        answer.append(_getaddrinfo(host, port))
    except Exception as error:
        answer.append(error)


def _getaddrinfo(host: str, port: int) -> list[SockAddr]:
    try:
        rows = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise Unresolved("the host's name has no address") from None
    found = [
        (int(family), sockaddr) for family, _, _, _, sockaddr in rows if family in (socket.AF_INET, socket.AF_INET6)
    ]
    if not found:
        raise Unresolved("the host's name has no address")
    return found  # type: ignore[return-value]  # the two families above have these shapes


def _literal(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
