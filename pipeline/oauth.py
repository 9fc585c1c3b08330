"""OAuth 2 tokens: kept in the vault, refreshed by one worker for all, obtained by a person once. RFC 6749, RFC 7636"""

import base64
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, TypeVar
from urllib.parse import urlencode

from pipeline.http import Answer
from pipeline.model import Sending, Unauthorised
from pipeline.preparation import nothing_posted_yet

T = TypeVar("T")
NAME = "oauth"  # in the vault
EARLY = timedelta(seconds=90)  # a token that ends so soon is refreshed before it is used
WEEK = timedelta(days=7)
UNAUTHORISED = 401


@dataclass(frozen=True, slots=True)
class Client:
    """Our registration with a platform, and where its tokens come from."""

    token_url: str
    client_id: str
    client_secret: str | None = field(default=None, repr=False)
    refresh_token: str | None = field(default=None, repr=False)  # the first one; later ones are in the vault
    access_token: str | None = field(default=None, repr=False)  # for those who have no refresh token
    basic: bool = False  # the client's credentials go into a header


@dataclass(frozen=True, slots=True)
class Flow:
    """The code flow of a platform, for `standfirst channels connect`."""

    authorize_url: str
    token_url: str
    scopes: tuple[str, ...]
    pkce: bool = True
    basic: bool = False
    extra: Mapping[str, str] = field(default_factory=dict)

    def address(self, client_id: str, redirect: str, state: str, verifier: str) -> str:
        """Where the person says yes."""
        asked = {
            "response_type": "code",
            "client_id": client_id,
            "redirect_uri": redirect,
            "scope": " ".join(self.scopes),
            "state": state,
            **self.extra,
        }
        if self.pkce:
            asked |= {"code_challenge": challenge(verifier), "code_challenge_method": "S256"}
        return f"{self.authorize_url}?{urlencode(asked)}"

    def exchange(
        self, http: Any, code: str, *, client_id: str, client_secret: str | None, redirect: str, verifier: str
    ) -> dict[str, Any]:
        """The tokens for the code that came back."""
        fields = {"grant_type": "authorization_code", "code": code, "redirect_uri": redirect}
        if self.pkce:
            fields["code_verifier"] = verifier
        client = Client(self.token_url, client_id, client_secret, basic=self.basic)
        told: dict[str, Any] = _ask(http, client, fields).json()
        return told


def challenge(verifier: str) -> str:
    """The S256 challenge of a verifier."""
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()


def with_token(client: Client, to: Sending, act: Callable[[str], T]) -> T:
    """Act with a token that works; when it turns out not to, once more with a new one."""
    used = token(client, to)
    try:
        return act(used)
    except Unauthorised as error:
        if error.status != UNAUTHORISED or not _refreshable(client, to):
            raise
    return act(_renewed(client, to, used))


def token(client: Client, to: Sending) -> str:
    """The access token as it is now."""
    kept = to.vault.get(NAME)
    if kept is not None and not _ends(kept, to.now):
        return str(kept["access"])
    if kept is None and client.access_token:
        return client.access_token
    return _renewed(client, to, str(kept["access"]) if kept else "")


def expiry(to: Sending) -> datetime | None:
    """When the credentials end for good, where that is known: an alert is due a week before."""
    kept = to.vault.get(NAME) or {}
    until = kept.get("refresh_until")
    return datetime.fromisoformat(until) if until else None


def _ends(kept: Mapping[str, Any], now: datetime) -> bool:
    until = kept.get("until")
    return bool(until) and datetime.fromisoformat(str(until)) - EARLY <= now


def _refreshable(client: Client, to: Sending) -> bool:
    return bool((to.vault.get(NAME) or {}).get("refresh") or client.refresh_token)


def _renewed(client: Client, to: Sending, old: str) -> str:
    with to.vault.single(NAME):
        kept = to.vault.get(NAME)
        if kept is not None and kept["access"] != old and not _ends(kept, to.now):
            return str(kept["access"])  # another worker was here
        refresh = (kept or {}).get("refresh") or client.refresh_token
        if not refresh:
            raise Unauthorised("the token has ended and there is none to refresh it with: connect the channel again")
        told = _ask(to.http, client, {"grant_type": "refresh_token", "refresh_token": refresh}).json()
        return keep(told, str(refresh), to)


def keep(told: Mapping[str, Any], refresh: str, to: Sending) -> str:
    """Keep the new tokens before any is used: most refresh tokens are good for one time only."""
    kept: dict[str, Any] = {"access": told["access_token"], "refresh": told.get("refresh_token") or refresh}
    if told.get("expires_in"):
        kept["until"] = (to.now + timedelta(seconds=int(told["expires_in"]))).isoformat()
    if told.get("refresh_token_expires_in"):
        kept["refresh_until"] = (to.now + timedelta(seconds=int(told["refresh_token_expires_in"]))).isoformat()
    to.vault.put(NAME, kept)
    return str(kept["access"])


def _ask(http: Any, client: Client, fields: dict[str, str]) -> Answer:
    headers = {"Accept": "application/json"}
    if client.basic:
        pair = base64.b64encode(f"{client.client_id}:{client.client_secret or ''}".encode()).decode()
        headers["Authorization"] = f"Basic {pair}"
    else:
        fields = {**fields, "client_id": client.client_id}
        if client.client_secret:
            fields["client_secret"] = client.client_secret
    with nothing_posted_yet():
        answer: Answer = http.post(client.token_url, headers=headers, data=fields, read=_read)
        return answer


def _read(answer: Answer) -> None:
    if answer.told.get("error") in {"invalid_grant", "invalid_client", "unauthorized_client", "invalid_request"}:
        raise Unauthorised(f"{answer.host} gives no new token: {answer.told['error']}", status=answer.status)
