"""OAuth 2 tokens: kept in the vault, refreshed by one worker for all, obtained by a person once. RFC 6749, RFC 7636"""

import base64
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, TypeVar
from urllib.parse import urlencode

from pipeline import form
from pipeline.http import Answer
from pipeline.model import Rejected, Sending, Unauthorised, Vault
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

    @property
    def mark(self) -> str:
        """Which credentials the configuration gives; kept tokens that came of others are not used any more."""
        given = f"{self.refresh_token or ''}\n{self.access_token or ''}"
        return hashlib.sha256(given.encode()).hexdigest()[:16] if given.strip() else ""

    @property
    def of(self) -> str:
        """Which registration the tokens are of; nothing where the configuration names none."""
        return form.mark(self.token_url, self.client_id) if self.client_id else ""

    def known(self, kept: Mapping[str, Any] | None) -> "Client":
        """With what a person typed when the channel was connected, where the configuration names no client."""
        ident, secret = (kept or {}).get("client") or ("", None)
        return self if self.client_id or not ident else replace(self, client_id=ident, client_secret=secret)


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

    def moved(self, usual: str, given: str) -> "Flow":
        """The flow of a platform whose API was set to another address than the usual one."""
        same = self.token_url.startswith(usual.rstrip("/") + "/")
        end = self.token_url[len(usual.rstrip("/")) :]
        return replace(self, token_url=given.rstrip("/") + end) if same else self

    def exchange(
        self, http: Any, code: str, *, client_id: str, client_secret: str | None, redirect: str, verifier: str
    ) -> dict[str, Any]:
        """The tokens for the code that came back."""
        fields = {"grant_type": "authorization_code", "code": code, "redirect_uri": redirect}
        if self.pkce:
            fields["code_verifier"] = verifier
        client = Client(self.token_url, client_id, client_secret, basic=self.basic)
        told: dict[str, Any] = _ask(http, client, fields).told
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
    kept = kept_of(client, to)
    if kept is not None and not _ends(kept, to.now):
        return str(kept["access"])
    if kept is None and client.access_token:
        return client.access_token
    return _renewed(client, to, str(kept["access"]) if kept else "")


def expiry(vault: Vault) -> datetime | None:
    """When the credentials end for good, where that is known: an alert is due a week before."""
    kept = vault.get(NAME) or {}
    until = kept.get("refresh_until") or (None if kept.get("refresh") else kept.get("until"))
    return datetime.fromisoformat(until) if until else None


def kept_of(client: Client, to: Sending) -> Mapping[str, Any] | None:
    """What the vault has, unless the configuration was given other credentials since."""
    kept = to.vault.get(NAME)
    if kept is None or (client.mark and kept.get("mark", client.mark) != client.mark):
        return None
    return kept if not client.of or (kept.get("of") or client.of) == client.of else None


def _ends(kept: Mapping[str, Any], now: datetime) -> bool:
    until = kept.get("until")
    return bool(until) and datetime.fromisoformat(str(until)) - EARLY <= now


def _refreshable(client: Client, to: Sending) -> bool:
    return bool((kept_of(client, to) or {}).get("refresh") or client.refresh_token)


def _renewed(client: Client, to: Sending, old: str) -> str:
    with to.vault.single(NAME):
        kept = kept_of(client, to)
        if kept is not None and kept["access"] != old and not _ends(kept, to.now):
            return str(kept["access"])  # another worker was here
        refresh = (kept or {}).get("refresh") or client.refresh_token
        if not refresh:
            raise Unauthorised(f"the token has ended and there is none to refresh it with: {_again(to)}")
        told = _given(client.known(kept), {"grant_type": "refresh_token", "refresh_token": refresh}, to)
        return keep(told, str(refresh), to, client.mark, (kept or {}).get("client"), client.of)


def keep(
    told: Mapping[str, Any],
    refresh: str,
    to: Sending,
    mark: str = "",
    client: tuple[str, str | None] | None = None,
    of: str = "",
) -> str:
    """Keep the new tokens before any is used: most refresh tokens are good for one time only."""
    kept: dict[str, Any] = {
        "access": form.token(told["access_token"]),
        "refresh": form.token(told["refresh_token"]) if told.get("refresh_token") else refresh,
        "mark": mark,
        "client": client,
        "of": of,
    }
    for name, lasts in (("until", "expires_in"), ("refresh_until", "refresh_token_expires_in")):
        lasting = form.lasting(told.get(lasts))
        if lasting:
            kept[name] = (to.now + lasting).isoformat()
    to.vault.put(NAME, kept)
    return str(kept["access"])


def _again(to: Sending) -> str:
    return f"standfirst channels connect {to.channel}" if to.channel else "connect the channel again"


def _given(client: Client, fields: dict[str, str], to: Sending) -> dict[str, Any]:
    """New tokens for the old; a refusal, whatever its status, is of the credentials and not of a post."""
    try:
        told = _ask(to.http, client, fields).told
    except Rejected as error:
        raise Unauthorised(f"{error.reason}; {_again(to)}", status=error.status) from None
    except Unauthorised as error:
        raise Unauthorised(f"{error.reason}; {_again(to)}", status=error.status) from None
    if not told.get("access_token"):
        raise Unauthorised(f"there was no token in the answer to our refresh token; {_again(to)}")
    return told


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
    told = answer.told
    if told.get("error") in {"invalid_grant", "invalid_client", "unauthorized_client", "invalid_request"}:
        why = f" ({told['error_description']})" if told.get("error_description") else ""
        raise Unauthorised(f"{answer.host} says {told['error']}{why} and gives no new token", status=answer.status)
