"""channels connect for Facebook and Threads: the token that comes back ends in an hour; another one posts."""

import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from tests.channels.scripted import Asked, Platform, platform
from tests.cli.test_connect import Person, free_port

PAGES = [
    {"id": "7", "name": "The Sports Herald", "access_token": "token-of-another-page"},
    {"id": "42", "name": "The Herald", "access_token": "token-of-the-page"},
]
SECRETS = ("an-hour", "sixty-days", "token-of-the-page", "token-of-another-page", "the-app-secret")


def allowed(known: str, told: dict[str, Any], where: str = "access_token", **also: str) -> Callable[[Asked], Any]:
    """An answer to those who have the token."""

    def answer(asked: Asked) -> dict[str, Any]:
        given = {name: values[0] for name, values in asked.query.items()} | (asked.form if asked.body else {})
        right = {where: known, **also}.items() <= given.items()
        refused = {"error": {"message": "Invalid OAuth access token", "code": 190}}
        return {"json": told} if right else {"status": 400, "json": refused}

    return answer


def facebook(pages: list[dict[str, str]]) -> dict[str, Any]:
    app = {"client_id": "ours", "client_secret": "the-app-secret"}
    lasting = {"access_token": "sixty-days", "expires_in": 5_184_000}
    first, rest = {"data": pages[:1], "paging": {"next": "https://graph.facebook.com/x?after=c1"}}, {"data": pages[1:]}

    def listed(asked: Asked) -> Any:
        return allowed("sixty-days", rest if asked.query.get("after") == ["c1"] else first)(asked)

    return {
        "POST /v23.0/oauth/access_token": allowed("the-code", {"access_token": "an-hour"}, "code", **app),
        "GET /v23.0/oauth/access_token": allowed(
            "an-hour", lasting, "fb_exchange_token", grant_type="fb_exchange_token", **app
        ),
        "GET /v23.0/me/accounts": listed,
        "GET /v23.0/42": allowed("token-of-the-page", {"name": "The Herald"}),
    }


THREADS = {
    "POST /oauth/access_token": allowed("the-code", {"access_token": "an-hour", "user_id": 9}, "code"),
    "GET /access_token": allowed(
        "an-hour",
        {"access_token": "sixty-days", "expires_in": 5_184_000},
        grant_type="th_exchange_token",
        client_secret="the-app-secret",
    ),
    "GET /v1.0/me": allowed("sixty-days", {"username": "herald"}),
    "GET /refresh_access_token": {"status": 400, "json": {"error": {"message": "too young", "code": 1}}},
}


def connected(path: Path, stage: Platform, settings: str, monkeypatch: pytest.MonkeyPatch) -> Person:
    """What a person does, up to the address that the browser ends on."""
    monkeypatch.setenv("APP_SECRET", "the-app-secret")
    table = f'[[channels]]\nname = "desk"\n{settings}\napi_url = "{stage.url}"\nclient_id = "ours"\n'
    secrets = 'client_secret = { env = "APP_SECRET" }\ntoken = { env = "NOT_YET" }\n'
    path.write_text(path.read_text() + table + secrets)
    person = Person(path, "--port", free_port(), "--no-browser", "--save", str(path.parent / "desk.token"))
    asked = dict(parse_qsl(urlsplit(person.address()).query))
    person.ends(f"{asked['redirect_uri']}?code=the-code&state={asked['state']}\n")
    return person


def test_connect_ends_with_the_pages_own_token(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with platform(facebook(PAGES)) as stage:
        person = connected(path, stage, 'kind = "facebook"\npage = "42"', monkeypatch)
    file = path.parent / "desk.token"
    assert "connected: The Herald" in person.said, person.said
    assert file.read_text() == "token-of-the-page\n"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert not [secret for secret in SECRETS if secret in person.said]


@pytest.mark.parametrize(("pages", "words"), [(PAGES[:1], "The Sports Herald (7)"), ([], "there are: none")])
def test_a_person_who_does_not_manage_the_page_is_told_which_ones_they_do(
    path: Path, monkeypatch: pytest.MonkeyPatch, pages: list[dict[str, str]], words: str
) -> None:
    with platform(facebook(pages)) as stage:
        person = connected(path, stage, 'kind = "facebook"\npage = "42"', monkeypatch)
    assert "does not manage the page 42" in person.said
    assert words in person.said
    assert "Traceback" not in person.said
    assert not (path.parent / "desk.token").exists()


def test_connect_ends_with_a_threads_token_that_can_be_renewed(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with platform(THREADS) as stage:
        person = connected(path, stage, 'kind = "threads"\nuser = "9"', monkeypatch)
    assert "connected: @herald" in person.said, person.said
    assert (path.parent / "desk.token").read_text() == "sixty-days\n"
    assert not [secret for secret in SECRETS if secret in person.said]


def test_a_wrong_secret_is_told_in_the_platforms_words(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = {"status": 400, "json": {"error": {"message": "Error validating client secret.", "code": 1}}}
    with platform(THREADS | {"GET /access_token": wrong}) as stage:
        person = connected(path, stage, 'kind = "threads"\nuser = "9"', monkeypatch)
    assert "Error validating client secret" in person.said
    assert "Traceback" not in person.said
    assert not (path.parent / "desk.token").exists()
