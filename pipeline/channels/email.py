"""E-mail to a list, over SMTP, plain and HTML. https://www.rfc-editor.org/rfc/rfc8058 (one-click unsubscribe)"""

import re
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, formataddr, getaddresses, parseaddr
from html import escape
from typing import ClassVar, Literal

from pipeline import mail
from pipeline.judged import each, judged, shaped, within
from pipeline.model import Capabilities, Post, Receipt, Sending, Unauthorised

SEVEN_BITS = SMTP.clone(cte_type="7bit")  # what every server takes, whatever it says it can
HOST = "this is no host; write the name of the mail server alone"
PORTS = {"starttls": 587, "tls": 465, "none": 25}


def wrong_mailbox(mailbox: str) -> str | None:
    """What is wrong with one mailbox: `name@host` or `Name <name@host>`."""
    if len(getaddresses([mailbox])) != 1 or not parseaddr(mailbox)[1]:
        return 'this is not one mailbox; write name@host or "Name <name@host>", a name with a comma in double quotes'
    local, at, host = parseaddr(mailbox)[1].rpartition("@")
    if not at or not re.fullmatch(r"[^\s@<>,;]+", local) or not local.isascii():
        return "this is no address that every mail server takes; write it with ASCII letters before the @"
    return None if _is_host(host) else "its host is not the name of one; mend what is behind the @"


def _is_host(host: str) -> bool:
    try:
        host.encode("idna")
    except UnicodeError:
        return False
    return bool(re.fullmatch(r"\[?[\w.:-]+\]?", host))


@dataclass(frozen=True, slots=True)
class Channel:
    """Mails each article to one or more addresses, most usefully that of a list."""

    host: str = field(metadata=judged(shaped(r"[^\s/@]+", HOST)))
    sender: str = field(metadata=judged(wrong_mailbox))  # "The Town Crier <news@news.example>"
    recipients: tuple[str, ...] = field(metadata=judged(each(wrong_mailbox)))
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    security: Literal["starttls", "tls", "none"] = "starttls"
    port: int | None = field(default=None, metadata=judged(within(1, 65535)))
    list_id: str | None = None
    unsubscribe_url: str | None = None
    unsubscribe_mail: str | None = field(default=None, metadata=judged(wrong_mailbox))

    CAN: ClassVar[Capabilities] = Capabilities(
        "e-mail over SMTP",
        per_hour=0,
        per_day=0,
        mentions="keep",
        template="{teaser}\n\n{link}",
    )
    HOW: ClassVar[str] = "Ask your mail provider for the SMTP host, its port and a password for programs."

    def send(self, post: Post, to: Sending) -> Receipt:
        """The mail; a server that breaks off after it leaves the question open."""
        message = self._message(post, to)
        degraded = mail.send(self._server, message, address(self.sender), [address(one) for one in self.recipients])
        return Receipt(message["Message-ID"], None, degraded)

    def check(self, to: Sending) -> str:  # noqa: ARG002  (mail needs no HTTP)
        """That the server lets us in."""
        mail.connected(self._server).quit()
        return f"{self.host} accepts our login" if self.username else f"{self.host} answers"

    @property
    def _server(self) -> mail.Server:
        port = self.port or PORTS[self.security]
        return mail.Server(self.host, port, self.security, self.username, self.password)

    def _message(self, post: Post, to: Sending) -> EmailMessage:
        message = EmailMessage(policy=SEVEN_BITS)
        message["From"] = formataddr((parseaddr(self.sender)[0], address(self.sender)))
        message["To"] = ", ".join(formataddr((parseaddr(one)[0], address(one))) for one in self.recipients)
        message["Subject"] = one_line(post.title or post.teaser[:80])
        message["Date"] = format_datetime(post.created)
        message["Message-ID"] = f"<{to.key}@{address(self.sender).rpartition('@')[2]}>"
        message["Auto-Submitted"] = "auto-generated"
        message["Precedence"] = "bulk"
        self._list_headers(message)
        message.set_content(post.text or post.title)
        message.add_alternative(html_of(post), subtype="html")
        if post.language:
            message["Content-Language"] = one_line(post.language)  # last: new content takes the old one's headers away
        return message

    def _list_headers(self, message: EmailMessage) -> None:
        ways = [f"<{self.unsubscribe_url}>"] if self.unsubscribe_url else []
        ways += [f"<mailto:{self.unsubscribe_mail}>"] if self.unsubscribe_mail else []
        if self.list_id:
            name = one_line(self.list_id)
            message["List-Id"] = name if name.endswith(">") else f"<{name}>"  # RFC 2919 wants the brackets
        if ways:
            message["List-Unsubscribe"] = ", ".join(ways)
        if self.unsubscribe_url and self.unsubscribe_url.startswith("https:"):
            message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"


def address(mailbox: str) -> str:
    """The bare address of a mailbox, its host as mail servers know it; a mailbox that is not one never left."""
    if complaint := wrong_mailbox(mailbox):
        raise Unauthorised(f"{mailbox}: {complaint}")
    local, _, host = parseaddr(mailbox)[1].rpartition("@")
    return f"{local}@{host.encode('idna').decode()}"


def one_line(text: str) -> str:
    """A text that cannot begin a header of its own."""
    return " ".join(text.split())


def html_of(post: Post) -> str:
    """The mail as HTML: picture, title, teaser, link; it loads nothing but the picture."""
    lang = f' lang="{escape(post.language)}"' if post.language else ""
    title = escape(post.title)
    heading = f'<h1><a href="{escape(post.link)}">{title}</a></h1>' if post.link else f"<h1>{title}</h1>"
    image = post.image
    picture = f'<p><img src="{escape(image.url)}" alt="{escape(image.alt)}" width="560"></p>' if image else ""
    text = "".join(f"<p>{escape(part)}</p>" for part in post.teaser.split("\n\n") if part)
    link = f'<p><a href="{escape(post.link)}">{escape(post.link)}</a></p>' if post.link else ""
    return f"<!doctype html><html{lang}><body>{picture}{heading}{text}{link}</body></html>\n"
