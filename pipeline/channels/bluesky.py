"""Bluesky posts over the AT Protocol. https://docs.bsky.app/docs/advanced-guides/posts"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, ClassVar

from pipeline import form, lookback, pictures, postings
from pipeline.http import Answer
from pipeline.model import Capabilities, Post, Receipt, Rejected, Seen, Sending, Unauthorised, Unavailable
from pipeline.preparation import keep, kept, nothing_posted_yet
from pipeline.text.counting import atproto

PAGE = 100  # records
COLLECTION = "app.bsky.feed.post"
THUMB_BYTES = 976_000  # older servers refuse more than 1,000,000, some count in KiB
LONGEST_DESCRIPTION = 1000
DEAD = {"AccountTakedown", "AccountDeactivated", "AccountSuspended", "InvalidToken", "AuthFactorTokenRequired"}
PASSED = {"ExpiredToken", "InvalidToken"}  # invalid: its server has new keys; the password may be as good as ever
Session = Mapping[str, str]
NO_SESSION = frozenset({400, 401, 403, 404})


class Expired(Exception):
    """The session's token is of no use any more; the next one may do."""


def _read(answer: Answer) -> None:
    if named(answer) in PASSED:
        raise Expired(named(answer))
    _dead(answer)


def _dead(answer: Answer) -> None:
    error = named(answer)
    if error in DEAD:
        raise Unauthorised(f"{answer.host}: {error}", status=answer.status)


def named(answer: Answer) -> str:
    """The protocol's name of an error, such as RecordNotFound."""
    return "" if answer.ok else str(answer.told.get("error") or "")


@dataclass(frozen=True, slots=True)
class Channel:
    """Posts to an account, with a link card that we build ourselves."""

    identifier: str  # a handle or DID
    password: str = field(repr=False)  # an app password
    service: str = "https://bsky.social"
    language: str | None = None
    view: str = "https://bsky.app"  # where people read the posts

    CAN: ClassVar[Capabilities] = Capabilities(
        "Bluesky and other AT Protocol servers",
        limit=300,
        counting="graphemes",
        byte_limit=3000,
        link_in_text=False,
        media=1,
        image_bytes=THUMB_BYTES,
        card="built",
        delete=True,
        thread=True,
        replays=timedelta(days=3650),  # the record's key is ours
        lookup=True,
        mentions="keep",  # nothing is a mention without a facet
        template="{title}\n\n{teaser}\n\n{hashtags}",
    )
    HOW: ClassVar[str] = (
        "In the app: Settings, Privacy and security, App passwords; add one for Standfirst and keep it as `password`."
    )

    def send(self, post: Post, to: Sending) -> Receipt:
        """The record under a key that is ours: the same bytes again change nothing."""
        embed, degraded = self._card(post, to)
        parts = post.parts or (post.text,)
        progress: Any = to.progress
        refs: list[dict[str, str]] = []
        for number, text in enumerate(parts):
            ref = progress.get(str(number))
            if ref is None:
                record = self._record(post, text, embed if number == 0 else None, refs)
                ref = self._put(record, self._rkey(post, to, number), to)
                if post.parts:
                    progress[str(number)] = ref
            refs.append(ref)
        return _receipt(refs[0]["uri"], degraded, view=self.view)

    def delete(self, to: Sending) -> None:
        """The record, and every part of a thread, is gone, whether it was there or not."""
        postings.delete_all(to, lambda uri: self._delete(uri, to))

    def look_up(self, post: Post, to: Sending) -> Receipt | None:
        """The record under our key, if it is this post."""
        found = self._get(self._rkey(post, to, 0), to)
        if not found or post.parts:
            return None
        ours = self._record(post, post.text, self._link(post), [])
        return _receipt(found["uri"], view=self.view) if _same(found["value"], ours) else None

    def recent(self, to: Sending, since: datetime) -> list[Seen]:
        """The account's own records since then, newest first, for the audit."""
        return lookback.listing(self._shown(to), since)

    def check(self, to: Sending) -> str:
        """Whose password it is."""
        session = self._login(to)
        return f"@{session['handle']} on {session['pds']}"

    def _shown(self, to: Sending) -> Iterator[list[Seen]]:
        session = self._session(to)
        url = f"{session['pds']}/xrpc/com.atproto.repo.listRecords"
        asked = {"repo": session["did"], "collection": COLLECTION, "limit": PAGE}
        for answer in lookback.answers(lambda p: to.http.ask(url, params=p).json(), asked, lookback.by("cursor")):
            yield [_seen(record, self.view) for record in answer["records"]]

    # --- records

    @staticmethod
    def _rkey(post: Post, to: Sending, number: int) -> str:
        return atproto.tid(post.created + timedelta(seconds=number), to.key)  # parts stay in order

    def _record(
        self, post: Post, text: str, embed: dict[str, Any] | None, thread: list[dict[str, str]]
    ) -> dict[str, Any]:
        record: dict[str, Any] = {"$type": COLLECTION, "text": text, "createdAt": atproto.moment(post.created)}
        facets = [f.record for f in atproto.facets(text) if f.kind != "mention"]
        language = self.language or post.language
        if facets:
            record["facets"] = facets
        if language and atproto.is_valid("language", language):
            record["langs"] = [language]
        if embed:
            record["embed"] = embed
        if thread:
            record["reply"] = {"root": thread[0], "parent": thread[-1]}
        return record

    def _delete(self, uri: str, to: Sending) -> None:
        rkey = uri.rpartition("/")[2]
        self._call("com.atproto.repo.deleteRecord", to, {"collection": COLLECTION, "rkey": rkey})

    def _put(self, record: dict[str, Any], rkey: str, to: Sending) -> dict[str, str]:
        body = {"collection": COLLECTION, "rkey": rkey, "record": record, "swapRecord": None}
        answer = self._call("com.atproto.repo.putRecord", to, body, frozenset({400}))
        if answer.ok:
            put = answer.json()
            return {"uri": form.text(put["uri"]), "cid": form.text(put["cid"])}
        there = self._get(rkey, to) if named(answer) == "InvalidSwap" else None
        if there is None:  # not there, so it was refused for what it is
            raise Rejected(f"{answer.host}: {answer.text[:300]}", status=answer.status)
        if not _same(there["value"], record):
            raise Rejected(f"{answer.host} has another post under this record key; republish to get a new one")
        return {"uri": there["uri"], "cid": there["cid"]}

    def _get(self, rkey: str, to: Sending) -> dict[str, Any] | None:
        session = self._session(to)
        params = {"repo": session["did"], "collection": COLLECTION, "rkey": rkey}
        url = f"{session['pds']}/xrpc/com.atproto.repo.getRecord"
        answer = to.http.ask(url, params=params, allow=frozenset({400, 404}))
        if answer.ok:
            found = answer.json()
            value = form.table(found.get("value") or {})
            return {"uri": form.text(found["uri"]), "cid": str(found.get("cid", "")), "value": value}
        if named(answer) in {"RecordNotFound", "InvalidRequest"} or answer.status == 404:
            return None
        raise Unavailable(f"{answer.host} would not say whether the post is there", status=answer.status)

    @staticmethod
    def _link(post: Post) -> dict[str, Any] | None:
        return {"external": {"uri": post.link}} if post.link else None

    def _card(self, post: Post, to: Sending) -> tuple[dict[str, Any] | None, tuple[str, ...]]:
        if not post.link:
            return None, ()
        card: dict[str, Any] = {
            "uri": post.link,
            "title": post.title or post.link,
            "description": post.teaser[:LONGEST_DESCRIPTION],
        }
        embed = {"$type": "app.bsky.embed.external", "external": card}
        if post.image is None:
            return embed, ()
        try:
            picture = pictures.prepare(post.image, to.http, to.bounded, most_bytes=THUMB_BYTES, edge=1200)
            with nothing_posted_yet():
                card["thumb"] = self._upload(picture, to)
        except (pictures.PictureError, Rejected, Unavailable) as error:
            return embed, (str(error),)
        return embed, ()

    def _upload(self, picture: pictures.Picture, to: Sending) -> Any:
        return self._call("com.atproto.repo.uploadBlob", to, picture.data, mime=picture.mime).json()["blob"]

    # --- session

    def _call(
        self, method: str, to: Sending, body: Any, allow: frozenset[int] = frozenset(), mime: str | None = None
    ) -> Answer:
        """One call; when the session has run out, one more with a new one."""
        session = self._session(to)
        try:
            return self._once(method, to, body, session, allow, mime)
        except Expired:
            session = self._refreshed(session, to)
        try:
            return self._once(method, to, body, session, allow, mime)
        except Expired as error:
            if str(error) in DEAD:
                raise Unauthorised(f"the server does not know its own new session: {error}") from None
            raise Unavailable("the server's new session had run out at once", channel_wide=True) from None

    def _once(
        self, method: str, to: Sending, body: Any, session: Session, allow: frozenset[int], mime: str | None
    ) -> Answer:
        headers = {"Authorization": f"Bearer {session['access']}"}
        sent = {"json": {"repo": session["did"], **body}} if mime is None else {"data": body}
        if mime is not None:
            headers["Content-Type"] = mime
        answer: Answer = to.http.post(
            f"{session['pds']}/xrpc/{method}", headers=headers, read=_read, allow=allow, **sent
        )
        return answer

    def _session(self, to: Sending) -> Session:
        session = self._kept(to)
        if session is None:
            with to.vault.single("session"):
                session = self._kept(to) or self._login(to)
        return session

    def _refreshed(self, old: Session, to: Sending) -> Session:
        """A session that is newer than the old one: another worker's, a refreshed one, or a new one."""
        with to.vault.single("session"):
            session = self._kept(to)
            if session is not None and session["access"] != old["access"]:
                return session
            headers = {"Authorization": f"Bearer {old['refresh']}"}
            url = f"{old['pds']}/xrpc/com.atproto.server.refreshSession"
            with nothing_posted_yet():
                answer = to.http.post(url, headers=headers, allow=NO_SESSION)
                return self._keep(answer.json(), to) if answer.ok else self._login(to)

    def _login(self, to: Sending) -> Session:
        url = f"{self.service.rstrip('/')}/xrpc/com.atproto.server.createSession"
        with nothing_posted_yet():
            answer = to.http.post(url, json={"identifier": self.identifier, "password": self.password}, read=_dead)
            return self._keep(answer.json(), to)

    def _keep(self, given: dict[str, Any], to: Sending) -> Session:
        session = {
            "did": form.text(given["did"]),
            "handle": str(given.get("handle", "")),
            "access": form.token(given["accessJwt"]),
            "refresh": form.token(given["refreshJwt"]),
            "pds": _pds(given) or self.service.rstrip("/"),
        }
        return keep(to, "session", self._account, session)

    def _kept(self, to: Sending) -> Session | None:
        return kept(to, "session", self._account)

    @property
    def _account(self) -> str:
        return form.mark(self.service, self.identifier, self.password)


def _pds(session: dict[str, Any]) -> str | None:
    """The server that holds the account, when the session says so."""
    for service in form.rows(form.table(session.get("didDoc") or {}).get("service")):
        if str(service.get("id", "")).endswith("#atproto_pds"):
            return (form.address(service.get("serviceEndpoint")) or "").rstrip("/") or None
    return None


def _seen(record: dict[str, Any], view: str) -> Seen:
    value, receipt = record["value"], _receipt(record["uri"], view=view)
    features = (feature for facet in value.get("facets") or [] for feature in facet.get("features") or [])
    links = tuple(filter(None, (_linked(value), *(feature.get("uri") for feature in features))))
    return Seen(
        receipt.remote_id, lookback.at(value.get("createdAt")), links, receipt.url, str(value.get("text") or "")
    )


def _same(there: dict[str, Any], ours: dict[str, Any]) -> bool:
    """Whether a record is this post: the same words, or (edited since) the same article's link."""
    return there.get("text") == ours["text"] or (_linked(there) is not None and _linked(there) == _linked(ours))


def _linked(record: dict[str, Any]) -> Any:
    return ((record.get("embed") or {}).get("external") or {}).get("uri")


def _receipt(uri: str, degraded: tuple[str, ...] = (), *, view: str) -> Receipt:
    did, _, rkey = uri.removeprefix("at://").partition(f"/{COLLECTION}/")
    return Receipt(uri, f"{view.rstrip('/')}/profile/{did}/post/{rkey}", degraded)
