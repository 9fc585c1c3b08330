"""What the handlers share: the world, the keyring, who is asking, and how a page is drawn."""

import re
import secrets
from dataclasses import dataclass, field
from html import escape
from importlib import resources
from typing import Annotated, Any
from urllib.parse import quote, unquote, urlsplit

from fastapi import Depends
from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from pipeline.config import Config
from pipeline.wording import counted
from pipeline.world import World
from workers.console import words
from workers.console.guard import Keyring, Session, is_ours, is_own_page
from workers.console.throttle import Throttle

FLASH = "standfirst_said"
OWN = re.compile(r'(\b(?:href|src|action|formaction)=")/(?!/)')  # an address of ours, in a page


class NotLoggedIn(Exception):
    """Nobody has shown the token."""


class Forged(Exception):
    """An order that does not come from a page of ours."""


@dataclass(frozen=True)
class Desk:
    """One console at work."""

    config: Config
    world: World
    keyring: Keyring
    throttle: Throttle = field(default_factory=Throttle)
    public: str = ""  # the address from outside, where one is configured

    @property
    def secure(self) -> bool:
        """Behind https: cookies travel by no other way."""
        return self.public.startswith("https://")

    @property
    def prefix(self) -> str:
        """The path of the address from outside, without a slash at its end; most have none."""
        return urlsplit(self.public).path.rstrip("/")

    @property
    def cookie(self) -> str:
        """The name of the session's cookie."""
        if not self.secure:
            return "standfirst_session"
        return "__Secure-standfirst" if self.prefix else "__Host-standfirst"  # __Host- wants the path /

    @property
    def cookie_path(self) -> str:
        """Where browsers show our cookies: to us, not to what else is on the host."""
        return self.prefix or "/"

    def session(self, request: Request) -> Session:
        """Who asks; raises NotLoggedIn."""
        session = self.keyring.session(request.cookies.get(self.cookie, ""))
        if session is None:
            raise NotLoggedIn
        return session

    def admit(self, request: Request) -> Session | None:
        """Who asks, by cookie or by `Authorization: Bearer`; None for a program with the token. Raises NotLoggedIn."""
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer":
            return self.session(request)
        if not self.shows(request, "api", token):
            raise NotLoggedIn
        return None

    def shows(self, request: Request, door: str, token: str) -> bool:
        """Whether the console's token is shown at this door; a wrong one is counted. Raises TooOften."""
        return self.throttle.examine(door, client(request), self.keyring.token, token)

    def accept(self, request: Request, csrf: str) -> Session | None:
        """Who orders; raises NotLoggedIn, or Forged when it is no form of a page of this session."""
        session = self.admit(request)
        if session is None:
            return None  # a program that sent the token itself: no page can do that in its name
        if not is_own_page(request.headers, self.public) or not self.keyring.is_csrf(session, csrf):
            raise Forged
        return session

    def page(self, request: Request, template: str, *, status: int = 200, **values: Any) -> Response:
        """A page, drawn for whoever asks."""
        session = self.keyring.session(request.cookies.get(self.cookie, ""))
        drawn = PAGES.get_template(template).render(
            now=self.world.now(),
            path=request.url.path,
            here=str(request.url.path) + (f"?{request.url.query}" if request.url.query else ""),
            csrf=self.keyring.csrf(session) if session else "",
            said=unquote(request.cookies.get(FLASH, "")),
            known=session is not None,
            **values,
        )
        answer = HTMLResponse(addressed(drawn, self.prefix), status)
        if FLASH in request.cookies:
            answer.delete_cookie(FLASH, path=self.cookie_path)
        renewed = self.keyring.renewed(session) if session else None
        if renewed:
            self.give(answer, renewed)
        return answer

    def give(self, answer: Response, cookie: str) -> None:
        """Hand out a session."""
        answer.set_cookie(self.cookie, cookie, httponly=True, samesite="lax", secure=self.secure, path=self.cookie_path)

    def back(self, to: str, said: str) -> Response:
        """To where the order was given, with a word on what became of it."""
        answer = RedirectResponse(to if is_ours(to) else "/", 303)
        answer.set_cookie(
            FLASH,
            quote(said[:400]),
            max_age=30,
            httponly=True,
            samesite="strict",
            secure=self.secure,
            path=self.cookie_path,
        )
        return answer


def client(request: Request) -> str:
    """The address a request came from."""
    return request.client.host if request.client else ""


def addressed(page: str, prefix: str) -> str:
    """A page with the prefix in front of its own addresses. What a feed says holds no quotation mark: it is escaped."""
    return OWN.sub(rf"\1{escape(prefix)}/", page) if prefix else page


def _environment() -> Environment:
    pages = Environment(
        loader=PackageLoader("workers.console"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    pages.filters |= {
        "ago": words.ago,
        "clock": words.clock,
        "span": words.span,
        "web": words.web,
        "host": words.host,
        "plural": counted,
    }
    pages.globals |= {"style": _stamp("style.css"), "script": _stamp("console.js"), "TONES": words.TONES}
    pages.globals["new_key"] = lambda: secrets.token_urlsafe(12)  # each form's own: sent twice, it is one order
    return pages


def _stamp(name: str) -> str:
    """A static file's address, new when the file is."""
    import zlib

    return f"/static/{name}?{zlib.crc32(asset(name)):08x}"


def asset(name: str) -> bytes:
    """A static file of the package."""
    return (resources.files("workers.console") / "static" / name).read_bytes()


PAGES = _environment()


# --- what handlers ask for -------------------------------------------------------------------------------------------


def desk_of(request: Request) -> Desk:
    """This console's desk."""
    desk: Desk = request.app.state.desk
    return desk


Here = Annotated[Desk, Depends(desk_of)]


def with_session(request: Request, desk: Here) -> Desk:
    """The desk, for a browser that has shown the token."""
    desk.session(request)
    return desk


def admitted(request: Request, desk: Here) -> Desk:
    """The desk, for a browser or a program that has shown the token."""
    desk.admit(request)
    return desk


Known = Annotated[Desk, Depends(with_session)]
Admitted = Annotated[Desk, Depends(admitted)]
