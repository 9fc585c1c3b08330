"""An SMTP server by aiosmtpd, as a process of its own: keeps each mail as a file. python postbox.py PORT FOLDER"""

import itertools
import ssl
import sys
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword

USER, PASSWORD = b"town", b"a-mail-password"
LOCAL, MOST = "@example.test", 1_000_000
numbers = itertools.count(1)


class Keeps:
    """Takes mail for one domain, as an MTA does."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        if not address.endswith(LOCAL):
            return "554 5.7.1 relay access denied"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        name = f"{next(numbers):04}"
        (self.folder / f".{name}").write_bytes(envelope.content)
        (self.folder / f".{name}").rename(self.folder / name)
        return "250 kept"


def known(server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
    """Whether these are the credentials."""
    right = isinstance(data, LoginPassword) and (data.login, data.password) == (USER, PASSWORD)
    return AuthResult(success=right, handled=right)


def main() -> None:
    """Listen until the process is ended; with town.pem beside the folder, with STARTTLS and a login."""
    port, folder = int(sys.argv[1]), Path(sys.argv[2])
    folder.mkdir(exist_ok=True)
    more: dict[str, Any] = {"auth_require_tls": False}
    if (pem := folder.parent / "town.pem").exists():
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(pem)
        more = {"tls_context": context, "require_starttls": True, "auth_require_tls": True}
    listening = Controller(
        Keeps(folder), hostname="127.0.0.1", port=port, authenticator=known, data_size_limit=MOST, **more
    )
    listening.start()
    listening._thread.join()  # type: ignore[union-attr]


if __name__ == "__main__":
    main()
