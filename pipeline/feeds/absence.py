"""Whether an article that left its feed is gone: what its page says. Pure.

A feed forgets for many reasons (a window that moved on, a date that was set back, a plug-in, a cache), and a post that
was deleted for one of them is lost. Only the publisher's own word is believed: the page says that it is gone (404,
410), or leads to where the article is not. A page that answers, asks for a password, is broken or does not answer says
nothing of the kind.
"""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import parse_qsl, unquote

from pipeline.feeds import canonical

GONE = frozenset({404, 410})
FIRST = timedelta(minutes=10)  # until a page that still answers is asked again, twice as long each time …
LONGEST = timedelta(hours=24)
PATIENCE = timedelta(days=14)  # … and for so long altogether; then its posts stay
_WORD = re.compile(r"[\w]{3,}")
_WALL = re.compile(
    r"(?i)(?:log|sign)[-_]?(?:in|on|up)|registe?r|registr|o?auth|sso|accounts?|session|consent|cookie|privacy|gdpr|paywall"
    r"|subscri|suscri|abonn|abbon|abo|premium|member|anmeld|konto|connexion|inscri|entrar|accedi|logowanie|inloggen"
    r"|challenge|captcha"
)


@dataclass(frozen=True, slots=True)
class Asked:
    """How far the question of an article's page has come."""

    seq: int
    at: datetime  # the last time
    times: int = 1
    said: str = ""

    @property
    def due_at(self) -> datetime:
        """When it is asked again."""
        return self.at + wait(self.times)


def wait(times: int) -> timedelta:
    """How long a page that answered so often is left alone."""
    return min(LONGEST, FIRST * (1 << min(max(times - 1, 0), 12)))


@dataclass(frozen=True, slots=True)
class Said:
    """What a page says of its article, in words too."""

    gone: bool
    words: str


def said(link: str, status: int, at: str) -> Said:
    """What an answer says that was given at an address, when the article's was asked for."""
    if status in GONE:
        return Said(True, f"its page answers {status}")
    if not 200 <= status < 300:
        return Said(False, f"its page answers {status}")
    if canonical.key(at) == canonical.key(link):
        return Said(False, f"its page answers {status}")
    if elsewhere(link, at):
        return Said(True, f"its page leads elsewhere now, to {at}")
    return Said(False, f"its page leads to {at}, where it may be")


def silent(error: str) -> Said:
    """What is known when no answer came."""
    return Said(False, f"its page gave no answer ({error})")


def elsewhere(link: str, at: str) -> bool:
    """Whether an address is one at which the article is not: the home page, a section, a list.

    Not: the same article under another name, a moved site, a wall that leads back to it.
    """
    asked, found = canonical.split(link), canonical.split(at)
    if asked is None or found is None or canonical.site(link) != canonical.site(at):
        return False
    if any(asked.path and asked.path in value for _, value in parse_qsl(found.query)):
        return False  # a wall that leads back
    before, after = _steps(asked.path), _steps(found.path)
    if any(_WALL.match(word) for step in after for word in _WORD.findall(step)):
        return False
    if asked.query and not before:  # ?p=123 leads to its own name, or home
        return not after
    if after == before[: len(after)] and len(after) < len(before):
        return True
    return len(after) < len(before) and not _named(before, after)


def _steps(path: str) -> list[str]:
    return [unquote(step) for step in path.split("/") if step and step.lower() not in ("index.html", "index.php")]


def _named(before: list[str], after: list[str]) -> bool:
    """Whether the last step of an address still names the article: by its number, or two words of its name."""
    old = {word.lower() for word in _WORD.findall(before[-1].replace("_", " "))} if before else set()
    new = {word.lower() for word in _WORD.findall(after[-1].replace("_", " "))} if after else set()
    shared = old & new
    return any(word.isdigit() for word in shared) or len(shared) >= min(2, len(old))
