"""Several hosts on one machine: network namespaces on a bridge, whose cables can be pulled."""

import os
import shutil
import socket
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

# A network of this process alone: what an earlier run left behind is in nobody's way.
NETWORK = f"10.77.{os.getpid() % 250}"
GATEWAY = f"{NETWORK}.1"


class NoNamespaces(Exception):
    """Namespaces cannot be made here; says why."""


def ip(*words: str) -> None:
    """Run `ip`, or raise."""
    done = subprocess.run(["ip", *words], capture_output=True, text=True, check=False)
    if done.returncode:
        raise NoNamespaces(f"ip {' '.join(words)}: {done.stderr.strip()}")


@dataclass(frozen=True)
class Host:
    """A host with an address of its own; `cable` is its end on our side."""

    name: str
    address: str
    cable: str

    def run(self, command: list[str], **how: object) -> "subprocess.Popen[bytes]":
        """Start a process on the host."""
        return subprocess.Popen(["ip", "netns", "exec", self.name, *command], start_new_session=True, **how)  # type: ignore[call-overload,no-any-return]

    def pull(self) -> None:
        """Cut it off: nothing arrives, and nobody is told."""
        ip("link", "set", self.cable, "down")

    def plug(self) -> None:
        """Heal."""
        ip("link", "set", self.cable, "up")


@contextmanager
def hosts(count: int) -> Iterator[list[Host]]:
    """That many hosts on one bridge with us at GATEWAY."""
    if shutil.which("ip") is None:
        raise NoNamespaces("iproute2 is not installed")
    tag = f"sf{os.getpid() % 10000}"
    made: list[Host] = []
    try:
        ip("link", "add", f"{tag}br", "type", "bridge")
        ip("addr", "add", f"{GATEWAY}/24", "dev", f"{tag}br")
        ip("link", "set", f"{tag}br", "up")
        for n in range(count):
            made.append(_host(tag, n))
        yield made
    finally:
        for n in range(count):
            with suppress(NoNamespaces):
                ip("netns", "del", f"{tag}h{n}")
        with suppress(NoNamespaces):
            ip("link", "del", f"{tag}br")


def _host(tag: str, n: int) -> Host:
    host = Host(f"{tag}h{n}", f"{NETWORK}.{10 + n}", f"{tag}v{n}")
    ip("netns", "add", host.name)
    ip("link", "add", host.cable, "type", "veth", "peer", "name", "eth0", "netns", host.name)
    ip("link", "set", host.cable, "master", f"{tag}br", "up")
    ip("-n", host.name, "addr", "add", f"{host.address}/24", "dev", "eth0")
    ip("-n", host.name, "link", "set", "eth0", "up")
    ip("-n", host.name, "link", "set", "lo", "up")
    return host


def relay(port: int) -> None:
    """Let the hosts reach a server of ours on loopback at GATEWAY, under the same port."""
    listener = socket.create_server((GATEWAY, port), backlog=128)
    threading.Thread(target=_accept, args=(listener, port), daemon=True).start()


def _accept(listener: socket.socket, port: int) -> None:
    while True:
        client, _ = listener.accept()
        with suppress(OSError):
            server = socket.create_connection(("127.0.0.1", port), 5)
            server.settimeout(None)
            for here, there in ((client, server), (server, client)):
                threading.Thread(target=_pump, args=(here, there), daemon=True).start()
            continue
        client.close()


def _pump(here: socket.socket, there: socket.socket) -> None:
    with suppress(OSError):
        while data := here.recv(65536):
            there.sendall(data)
    for one in (here, there):
        with suppress(OSError):
            one.shutdown(socket.SHUT_RDWR)
        one.close()
