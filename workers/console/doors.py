"""Coming in and going out: the token, the session, what was refused."""

from urllib.parse import urlsplit

from fastapi import APIRouter, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response

from pipeline.model import StoreError
from workers.console.desk import Desk, Forged, Here, NotLoggedIn, asset
from workers.console.guard import is_ours, is_own_page
from workers.console.parameters import Name, Shown, Text, Token, told
from workers.console.throttle import TooOften

TYPES = {
    "style.css": "text/css; charset=utf-8",
    "console.js": "text/javascript; charset=utf-8",
    "mark.svg": "image/svg+xml",
}


router = APIRouter(include_in_schema=False)


@router.get("/login")
def login(request: Request, desk: Here, token: Shown = "") -> Response:
    """The form; or straight in, by the link that was printed at the start."""
    return enter(desk, request, token) if token else desk.page(request, "login.html", wrong="", back="")


@router.post("/login")
def come_in(request: Request, desk: Here, token: Token, back: Text = "") -> Response:
    """Show the token. Programs say not where they come from and may: they have nothing that could be misused."""
    if is_own_page(request.headers, desk.public) is False:
        raise Forged
    return enter(desk, request, token, back)


def enter(desk: Desk, request: Request, token: str, back: str = "") -> Response:
    """A session for the right token, and on to where the person was; a wrong one is counted."""
    try:
        right = desk.shows(request, "login", token)
    except TooOften as blocked:
        answer = desk.page(request, "login.html", status=429, wrong=str(blocked), back=back)
        answer.headers["retry-after"] = str(blocked.wait)
        return answer
    if not right:
        return desk.page(request, "login.html", status=403, wrong="That is not the token.", back=back)
    entered = RedirectResponse(back if is_ours(back) else "/", 303)
    desk.give(entered, desk.keyring.open())
    return entered


@router.post("/logout")
def logout(request: Request, desk: Here, csrf: Token) -> Response:
    """End the session; its cookie is worth nothing from now on."""
    session = desk.accept(request, csrf)
    if session:
        desk.keyring.end(session)
    answer = RedirectResponse("/login", 303)
    answer.delete_cookie(desk.cookie, path=desk.cookie_path, secure=desk.secure, httponly=True)
    return answer


@router.get("/static/{name}")
def static(name: Name) -> Response:
    """What the pages are drawn with; its address changes when it does."""
    if name not in TYPES:
        raise HTTPException(404)
    return Response(
        asset(name), media_type=TYPES[name], headers={"cache-control": "public, max-age=31536000, immutable"}
    )


@router.get("/favicon.ico")
def icon() -> Response:
    """For browsers that do not ask."""
    return RedirectResponse("/static/mark.svg", 308)


def refusals(app: FastAPI, desk: Desk) -> None:
    """How the console says no: a page for people, JSON below /api, a line for programs."""

    @app.exception_handler(NotLoggedIn)
    def _unknown(request: Request, _: Exception) -> Response:
        return unknown(desk, request)

    @app.exception_handler(RequestValidationError)
    def _malformed(request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)
        status, words = told(error)
        return refusal(desk, request, status, "Not here" if status == 404 else "Not taken", words)

    @app.exception_handler(TooOften)
    def _blocked(request: Request, error: Exception) -> Response:
        answer = refusal(desk, request, 429, "Not now", str(error))
        answer.headers["retry-after"] = str(getattr(error, "wait", 60))
        return answer

    @app.exception_handler(Forged)
    def _forged(request: Request, _: Exception) -> Response:
        words = "This order did not come from a page of this session. Load it anew, and give the order there."
        return refusal(desk, request, 403, "Not taken", words)

    @app.exception_handler(StoreError)
    def _storeless(request: Request, error: Exception) -> Response:
        return refusal(
            desk, request, 503, "The store is away", f"{error}. Nothing is lost; this page comes back with it."
        )

    @app.exception_handler(HTTPException)
    def _http(request: Request, error: Exception) -> Response:
        status = getattr(error, "status_code", 500)
        words = "There is no such page." if status == 404 else str(getattr(error, "detail", ""))
        return refusal(desk, request, status, "Not here", words)


def unknown(desk: Desk, request: Request) -> Response:
    """To the login: at once from a page that was asked for, with a word on it from an order that was given."""
    if is_program(request):
        words = "Log in first: the token was printed when Standfirst started."
        return refusal(desk, request, 401, "Show the token", words)
    if request.method == "GET":
        return RedirectResponse("/login", 303)
    wrong = "You are logged out, and the order was not carried out. Log in, and give it again."
    return desk.page(request, "login.html", status=401, wrong=wrong, back=where_from(desk, request))


def refusal(desk: Desk, request: Request, status: int, title: str, words: str) -> Response:
    """A refusal in the form that whoever asks can read."""
    if request.url.path.startswith("/api"):
        return JSONResponse({"error": words}, status)
    if is_program(request):
        return PlainTextResponse(words + "\n", status)
    return desk.page(request, "problem.html", status=status, title=title, words=words, back=where_from(desk, request))


def where_from(desk: Desk, request: Request) -> str:
    """The page of ours that a form was sent from, by its Referer; nothing where it is unknown or a stranger's."""
    try:
        parts = urlsplit(request.headers.get("referer", ""))
    except ValueError:
        return ""
    path = parts.path.removeprefix(desk.prefix) + (f"?{parts.query}" if parts.query else "")
    ours = is_own_page(request.headers, desk.public) and is_ours(path) and not path.startswith(("/login", "/orders"))
    return path if ours and request.method == "POST" else ""


def is_program(request: Request) -> bool:
    """Whether no browser shows the answer."""
    return request.url.path.startswith("/api") or "text/html" not in request.headers.get("accept", "")
