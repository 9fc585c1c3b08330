"""Private mail servers: aiosmtpd, which comes with the tests, and Postfix where it is installed and we are root."""

import datetime
import ipaddress
import os
import shutil
import signal
import smtplib
import subprocess
import sys
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.servers import Missing, Server, find, until
from tests.servers_real import postbox

MASTER = """
127.0.0.1:{port} inet n - n - - smtpd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
showq unix n - n - - showq
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
virtual unix - n n - - virtual
anvil unix - - n - 1 anvil
postlog unix-dgram n - n - 1 postlogd
"""
MAIN = """
compatibility_level = 3.6
queue_directory = {folder}/queue
data_directory = {folder}/data
mail_owner = postfix
setgid_group = postdrop
myhostname = mx.example.test
mydestination =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
alias_maps =
alias_database =
virtual_mailbox_domains = example.test
virtual_mailbox_base = {folder}/mail
virtual_mailbox_maps = static:box/
virtual_uid_maps = static:{uid}
virtual_gid_maps = static:{gid}
default_transport = error:no mail leaves this machine
smtpd_relay_restrictions = reject_unauth_destination
message_size_limit = 1000000
mailbox_size_limit = 0
virtual_mailbox_limit = 0
maillog_file_prefixes = {folder}
maillog_file = {folder}/mail.log
"""


class MailServer(Server):
    """A mail server and the mails it has kept."""

    secured = False
    box = ""

    def ready(self) -> bool:
        with smtplib.SMTP("127.0.0.1", self.port, timeout=5) as asked:
            return asked.noop()[0] in {250, 530}

    def paths(self) -> list[Path]:
        folder = self.folder / self.box
        return sorted(path for path in folder.iterdir() if path.name[0] != ".") if folder.exists() else []

    def mails(self, ident: str, expected: int = 1) -> list[EmailMessage]:
        """The mails with a Message-ID; waits for as many as are expected: a server delivers after it took them."""
        found: list[Any] = []

        def there() -> bool:
            read = [message_from_bytes(path.read_bytes(), policy=default) for path in self.paths()]
            found[:] = [mail for mail in read if mail["Message-ID"] == ident]
            return len(found) >= expected

        until(there, f"{expected} mails {ident}")
        return found


class Aiosmtpd(MailServer):
    """https://aiosmtpd.aio-libs.org"""

    title = "aiosmtpd"
    box = "box"

    def command(self) -> list[str]:
        return [sys.executable, "-W", "ignore", postbox.__file__, str(self.port), str(self.folder / self.box)]


class Secured(Aiosmtpd):
    """The same with STARTTLS, a certificate of an authority that is in `authority`, and a login."""

    secured = True

    def __init__(self) -> None:
        super().__init__()
        self.authority = self.folder / "authority.pem"
        self.authority.write_bytes(certificate(self.folder / "town.pem"))


class Postfix(MailServer):
    """https://www.postfix.org: with its own configuration, queue and mailbox. Mail never leaves it."""

    title = "Postfix"
    box = "mail/box/new"

    def locate(self) -> None:
        self.bin = find(self.title, "postfix", "/usr/sbin/postfix", "postfix")
        if os.geteuid() != 0:
            raise Missing("Postfix's master works only for root (run the tests as root)")

    @property
    def etc(self) -> Path:
        return self.folder / "etc"

    def command(self) -> list[str]:
        return [str(self.bin), "-c", str(self.etc), "start-fg"]

    def start(self) -> None:
        self.folder.chmod(0o755)
        for name in ("etc", "queue", "data", "mail"):
            (self.folder / name).mkdir(exist_ok=True)
        shutil.chown(self.folder / "data", "postfix")
        shutil.chown(self.folder / "mail", "nobody", "nogroup")
        nobody = (self.folder / "mail").stat()
        filled = {"folder": self.folder, "port": self.port, "uid": nobody.st_uid, "gid": nobody.st_gid}
        (self.etc / "main.cf").write_text(MAIN.format(**filled))
        (self.etc / "master.cf").write_text(MASTER.format(**filled))
        super().start()

    def end(self, how: signal.Signals) -> None:
        if self.process is not None:
            subprocess.run([str(self.bin), "-c", str(self.etc), "stop"], capture_output=True, check=False)
        super().end(how)


def certificate(path: Path) -> bytes:
    """A key and a certificate for 127.0.0.1 in a file; the certificate of the authority that signed it."""
    authority, name = (
        ec.generate_private_key(ec.SECP256R1()),
        x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Town")]),
    )
    key = ec.generate_private_key(ec.SECP256R1())
    now = datetime.datetime.now(datetime.UTC)

    def signed(subject: x509.Name, public: Any, *extensions: tuple[x509.ExtensionType, bool]) -> x509.Certificate:
        made = x509.CertificateBuilder().subject_name(subject).issuer_name(name).public_key(public)
        made = made.serial_number(x509.random_serial_number()).not_valid_before(now - datetime.timedelta(hours=1))
        made = made.not_valid_after(now + datetime.timedelta(days=2))
        for extension, critical in extensions:
            made = made.add_extension(extension, critical)
        return made.sign(authority, hashes.SHA256())

    root = signed(name, authority.public_key(), (x509.BasicConstraints(ca=True, path_length=None), True))
    names = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    leaf = signed(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mx")]), key.public_key(), (names, False))
    pem, pkcs8 = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    path.write_bytes(key.private_bytes(pem, pkcs8, serialization.NoEncryption()) + leaf.public_bytes(pem))
    return root.public_bytes(pem)
