"""The door for mail: one SMTP transaction, and what its replies mean. RFC 5321, RFC 1047"""

import base64
import re
import smtplib
import ssl
from collections.abc import Sequence
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import SMTP
from typing import Any

from pipeline import departure
from pipeline.model import Rejected, Unauthorised, Unavailable, Uncertain

CONNECT = 15.0  # seconds
PATIENCE = 45.0  # for the reply after the message: shorter than a lease
LET_IN, GO_ON, NO_WAY = 235, 334, 504  # answers to a login
READY = 354  # "send the message"
DONE = range(200, 300)
FOR_NOW = range(400, 500)
PERMANENT = 500
_DOTS = re.compile(rb"(?m)^\.")
_LINE_ENDS = re.compile(rb"\r\n|\r|\n")


@dataclass(frozen=True, slots=True)
class Server:
    """Where mail is handed in."""

    host: str
    port: int
    security: str = "starttls"  # starttls | tls | none
    username: str | None = None
    password: str | None = field(default=None, repr=False)


def send(server: Server, message: EmailMessage, sender: str, recipients: Sequence[str]) -> tuple[str, ...]:
    """Hand in a message. Returns why some recipients were refused; raises one of the four failures."""
    smtp = connected(server)
    try:
        refused = _addressed(smtp, server, sender, recipients)
        _handed_in(smtp, server, message)
        return refused
    finally:
        _close(smtp)


def connected(server: Server) -> Any:
    """A connection that is secured and knows who we are."""
    try:
        smtp = _open(server)
    except (OSError, smtplib.SMTPException) as error:
        raise Unavailable(f"{server.host}: no connection ({type(error).__name__})") from None
    try:
        if server.username:
            _login(smtp, server.username, server.password or "")
    except smtplib.SMTPAuthenticationError as error:
        _close(smtp)
        raise Unauthorised(f"{server.host}: {_words(error.smtp_error)}", status=error.smtp_code) from None
    except (OSError, smtplib.SMTPException) as error:
        _close(smtp)
        raise Unavailable(f"{server.host}: no login ({type(error).__name__})") from None
    return smtp


def _login(smtp: Any, username: str, password: str) -> None:
    """Log in; letters beyond ASCII go as UTF-8 (RFC 4616), which smtplib cannot say."""
    if (username + password).isascii():
        smtp.login(username, password)
        return
    smtp.ehlo_or_helo_if_needed()
    ways = smtp.esmtp_features.get("auth", "").upper().split()
    if "PLAIN" in ways:
        code, words = smtp.docmd("AUTH", f"PLAIN {_base64(f'{chr(0)}{username}{chr(0)}{password}')}")
    elif "LOGIN" in ways:
        code, words = smtp.docmd("AUTH", f"LOGIN {_base64(username)}")
        code, words = smtp.docmd(_base64(password)) if code == GO_ON else (code, words)
    else:
        raise smtplib.SMTPAuthenticationError(NO_WAY, b"it offers no login for letters beyond ASCII")
    if code != LET_IN:
        raise smtplib.SMTPAuthenticationError(code, words)


def _base64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def _open(server: Server) -> Any:
    context = ssl.create_default_context()
    if server.security == "tls":
        return smtplib.SMTP_SSL(server.host, server.port, timeout=CONNECT, context=context)
    smtp = smtplib.SMTP(server.host, server.port, timeout=CONNECT)
    try:
        smtp.ehlo()
        if server.security == "starttls":
            smtp.starttls(context=context)
            smtp.ehlo()
    except BaseException:
        smtp.close()
        raise
    return smtp


def _addressed(smtp: Any, server: Server, sender: str, recipients: Sequence[str]) -> tuple[str, ...]:
    try:
        code, words = smtp.mail(sender)
        if code not in DONE:
            raise _refused(server, code, words)
        answers = [(recipient, *smtp.rcpt(recipient)) for recipient in recipients]
        refused = [answer for answer in answers if answer[1] not in DONE]
        if len(refused) == len(answers):
            later = [answer for answer in refused if not _for_good(answer[1])]
            raise _refused(server, *(later or refused)[0][1:])
        code, words = smtp.docmd("DATA")
        if code != READY:
            raise _refused(server, code, words)
    except (OSError, smtplib.SMTPException) as error:  # the message has not left
        raise Unavailable(f"{server.host}: the connection broke ({type(error).__name__})") from None
    return tuple(f"{recipient} was refused: {code} {_words(words)}" for recipient, code, words in refused)


def _handed_in(smtp: Any, server: Server, message: EmailMessage) -> None:
    body = _LINE_ENDS.sub(b"\r\n", message.as_bytes(policy=SMTP))
    departure.left()
    try:
        smtp.sock.settimeout(PATIENCE)
        smtp.send(_DOTS.sub(b"..", body.rstrip(b"\r\n") + b"\r\n") + b".\r\n")
        code, words = smtp.getreply()
    except (OSError, smtplib.SMTPException) as error:
        reason = f"{server.host}: no reply after the message ({type(error).__name__})"
        raise Uncertain(reason) from None
    if code in DONE:
        return
    if code in FOR_NOW or _for_good(code):
        raise _refused(server, code, words)
    raise Uncertain(f"{server.host} answered the message with what is no reply: {code} {_words(words)}")


def _for_good(code: int) -> bool:
    return PERMANENT <= code < PERMANENT + 100


def _refused(server: Server, code: int, words: bytes) -> Rejected | Unavailable:
    reason = f"{server.host} answered {code}: {_words(words)}"
    return Rejected(reason, status=code) if _for_good(code) else Unavailable(reason, status=code)


def _words(words: bytes | str) -> str:
    text = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    return " ".join(text.split())[:300]


def _close(smtp: Any) -> None:
    try:
        smtp.quit()
    except (OSError, smtplib.SMTPException):
        smtp.close()
