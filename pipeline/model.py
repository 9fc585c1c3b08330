"""The nouns of the trade: frozen values, states, failures. Imports nothing of ours.

The words are those of the glossary in pipeline/README.md. Every moment is an aware `datetime` in UTC.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, ClassVar, Protocol


class Stage(StrEnum):
    """One step of an article's way; also the name of its queue."""

    POLL = "poll"
    TEASER = "teaser"
    DEDUPE = "dedupe"
    FANOUT = "fanout"
    DELIVER = "deliver"


class ArticleState(StrEnum):
    """Where an article stands. `NEW → TEASED → READY → FANNED`; the others are ends or wait for a person."""

    NEW = "new"  # stored, no teaser yet
    TEASED = "teased"  # has its teaser; not yet compared with earlier articles
    READY = "ready"  # its own story; waits for fan-out
    FANNED = "fanned"  # one delivery for each of its channels is written
    JOINED = "joined"  # the same story as an earlier article: its routes went there
    HELD = "held"  # waits for a person: flood, renumbered feed, doubt
    ARCHIVED = "archived"  # was in the feed before we were: known, never posted by itself
    SET_ASIDE = "set_aside"  # could not pass a stage after a few tries
    WITHDRAWN = "withdrawn"  # vanished from its feed, or was refused by a person, before it was sent


class DeliveryState(StrEnum):
    """`HELD → PENDING → LEASED → DELIVERED | UNCERTAIN | DEAD`, and three ways not to be sent."""

    HELD = "held"
    PENDING = "pending"
    LEASED = "leased"
    DELIVERED = "delivered"
    UNCERTAIN = "uncertain"
    DEAD = "dead"
    CANCELLED = "cancelled"
    FILTERED = "filtered"
    SUPERSEDED = "superseded"


class Action(StrEnum):
    """What a delivery asks of its channel."""

    POST = "post"
    EDIT = "edit"
    DELETE = "delete"


class FeedState(StrEnum):
    """Whether a feed is polled."""

    ACTIVE = "active"
    PAUSED = "paused"  # by a person
    REFUSED = "refused"  # 401, 403, 451: the publisher said no
    GONE = "gone"  # 410, or 404 for long
    FAILING = "failing"  # still polled, ever more rarely


class Error(Exception):
    """The root of Standfirst's own errors. Its text is one sentence for a person, free of secrets."""


class UsageError(Error):
    """Wrong usage or configuration: what, where, what to do. The command line exits with 2."""


class StoreError(Error):
    """The store cannot be used now; nothing was changed."""


# --- feeds ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Image:
    """A picture's address and what is known of it without fetching it."""

    url: str
    alt: str = ""
    width: int | None = None
    height: int | None = None
    mime: str = ""
    length: int | None = None  # bytes


@dataclass(frozen=True, slots=True)
class Enclosure:
    """A file that an entry brings along."""

    url: str
    mime: str = ""
    length: int | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One item as the feed gave it. Texts marked HTML are hostile until cleaned; `title` is plain text."""

    entry_id: str | None = None
    link: str | None = None
    title: str = ""
    summary: str = ""  # HTML
    content: str = ""  # HTML
    published: datetime | None = None
    updated: datetime | None = None
    language: str | None = None
    authors: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    image: Image | None = None
    enclosures: tuple[Enclosure, ...] = ()
    origin: str | None = None  # the feed it was taken from, when it says so


@dataclass(frozen=True, slots=True)
class Document:
    """A feed document, parsed. `entries` in the order of the document."""

    kind: str  # "rss20", "atom10", "jsonfeed11" …
    title: str = ""
    link: str | None = None
    language: str | None = None
    entries: tuple[Entry, ...] = ()
    warnings: tuple[str, ...] = ()
    truncated: bool = False  # the last, half entry was withheld: absence means nothing here
    ttl: timedelta | None = None
    skip_hours: tuple[int, ...] = ()  # GMT
    skip_days: tuple[int, ...] = ()  # Monday is 0
    hubs: tuple[str, ...] = ()  # WebSub
    self_link: str | None = None
    cloud: str | None = None  # rssCloud registration address
    expired: bool = False  # JSON Feed: will never be updated again
    complete: bool = False  # it lists all there is: what is missing is gone (RFC 5005)
    previous: str | None = None  # where older entries are (RFC 5005; JSON Feed: next_url)
    guessed: bool = False  # its character set is no declared one: nothing that is known is edited by it
    unread: int = 0  # entries that could not be read: absence means nothing here


# --- articles ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Article:
    """The stored record. `id` is public and stable; `seq` is the order of first sight."""

    seq: int
    id: str
    feed: str
    state: ArticleState
    title: str
    link: str
    first_seen: datetime
    entry_id: str | None = None
    summary: str = ""
    content: str = ""
    published: datetime | None = None
    updated: datetime | None = None
    language: str | None = None
    authors: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    image: Image | None = None
    teaser: str = ""
    teaser_source: str = ""
    teaser_reason: str = ""
    revision: int = 1
    reason: str = ""  # why it stands where it stands
    trace: str = ""  # follows the article from poll to receipt
    joined_to: str | None = None
    tries: int = 0  # of the stage it is in

    @property
    def date(self) -> datetime:
        """When it was published as far as we know: the feed's date, else first sight."""
        return self.published or self.first_seen


@dataclass(frozen=True, slots=True)
class Step:
    """One decision in an article's history, for `explain`."""

    at: datetime
    stage: str
    decision: str
    reason: str = ""
    channel: str | None = None


# --- posts and channels ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Post:
    """An article composed to fit one channel. Frozen, stored with the intent, the same bytes on every attempt."""

    article: str
    title: str
    link: str
    teaser: str
    text: str  # exactly what a text platform shows
    published: datetime
    created: datetime  # when it was composed
    language: str | None = None
    authors: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    hashtags: tuple[str, ...] = ()
    image: Image | None = None
    spoiler: str = ""
    count: int = 0  # by the platform's own counting
    limit: int | None = None
    shortened: tuple[str, ...] = ()  # what was shortened or left out, and why
    parts: tuple[str, ...] = ()  # of a thread; empty when it is one post


@dataclass(frozen=True, slots=True)
class Receipt:
    """The channel's proof. `degraded` says what the post went without."""

    remote_id: str
    url: str | None = None
    degraded: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Seen:
    """A post that an account shows, for a look-up and for the audit."""

    remote_id: str
    at: datetime | None  # None: the platform does not say
    links: tuple[str, ...] = ()  # every address in it
    url: str | None = None
    text: str = ""
    mark: str = ""  # the key that we gave it, where the platform keeps one


class DeliveryError(Error):
    """Why an attempt did not end with a receipt; the four failures below are the only ones."""

    name: ClassVar[str] = "error"

    def __init__(self, reason: str, *, status: int | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.status = status


class Rejected(DeliveryError):
    """This post will never be accepted: a dead letter with the platform's words."""

    name = "rejected"


class Unauthorised(DeliveryError):
    """The credentials no longer work: the channel pauses and keeps its queue."""

    name = "unauthorised"


class Unavailable(DeliveryError):
    """It never left, or was refused for now. `channel_wide` makes the whole mailbox wait (429, 5xx)."""

    name = "unavailable"

    def __init__(
        self,
        reason: str,
        *,
        status: int | None = None,
        retry_after: timedelta | None = None,
        channel_wide: bool = True,
    ) -> None:
        super().__init__(reason, status=status)
        self.retry_after = retry_after
        self.channel_wide = channel_wide


class Uncertain(DeliveryError):
    """It left and no answer came. Never back to pending by itself. `for_a_person`: no machine can tell any more."""

    name = "uncertain"

    def __init__(self, reason: str, *, status: int | None = None, for_a_person: bool = False) -> None:
        super().__init__(reason, status=status)
        self.for_a_person = for_a_person


Outcome = Receipt | DeliveryError


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a kind can do, declared on its class as `CAN`; shown to operators and checked by the conformance suite."""

    summary: str  # one line for the docs and `standfirst channels --kinds`
    limit: int | None = None  # None: no limit worth naming
    counting: str = "characters"  # a name in pipeline/text/counting.py
    byte_limit: int | None = None  # a second limit in UTF-8 bytes (Bluesky)
    link_in_text: bool = True  # the link is a part of the text, else a field of its own
    media: int = 0  # pictures a post may carry
    image_bytes: int | None = None
    card: str = "none"  # none | crawled (the platform builds it) | built (we supply it)
    markup: str = "plain"  # plain | html | markdown | mrkdwn | …: how text is escaped
    edit: bool = False
    delete: bool = False
    thread: bool = False
    warning: bool = False  # takes a content warning of its own; elsewhere it leads the text
    replays: timedelta | None = None  # the same key within this window is the same post: REPLAYS
    lookup: bool = False  # `look_up` finds a post by key or link: LOOKUP
    lanes: int = 1  # how many may be sent at once
    spacing: timedelta = timedelta(0)
    per_hour: int = 60  # posts that its readers bear and its platform does not take for spam; 0: as many as come
    per_day: int = 300
    template: str = "{title}\n\n{teaser}\n\n{link}"
    mentions: str = "defuse"  # what to do with @names in feed text

    @property
    def resolves(self) -> bool:
        """Whether an uncertain delivery can be settled by the machine."""
        return self.replays is not None or self.lookup


class Vault(Protocol):
    """What a channel may keep between attempts (a session, an instance's limits): shared by all workers, encrypted."""

    def get(self, name: str) -> Mapping[str, Any] | None:
        """What was put under the name and has not expired."""
        ...

    def put(self, name: str, value: Mapping[str, Any], *, until: datetime | None = None) -> None:
        """Keep the value; a later `put` replaces it."""
        ...

    def single(self, name: str) -> Any:
        """A context manager: one worker at a time refreshes the named thing; the others wait and then `get`."""
        ...


@dataclass(frozen=True, slots=True)
class Sending:
    """Everything a channel needs for one attempt beside the post. `http` is a `pipeline.http.Http`."""

    http: Any
    key: str  # the delivery's idempotency key: the same on every attempt
    now: datetime
    vault: Vault
    attempt: int = 1
    channel: str = ""
    delivery: str = ""
    remote_id: str | None = None  # of the post to edit or delete
    parts: Mapping[str, Any] = field(default_factory=dict)  # the receipts of a thread's parts, to edit or delete
    first: str = ""  # the key under which the post to edit or delete was sent
    article: str = ""  # the article's id …
    link: str = ""  # … and address
    progress: Mapping[str, Any] = field(default_factory=dict)  # what this delivery has done of a thread's parts
    bounded: Any = None  # a `pipeline.bounded.Bounded`, for pictures; without it a post goes without them
    since: datetime | None = None  # of a doubt: when it may have left at the earliest; else the post's own time
    taken: Callable[[str], bool] = lambda _: False  # whether a remote id is the receipt of another delivery
    home: str = "http://127.0.0.1:8080"  # the console's address, which serves our own feeds


# --- deliveries ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Delivery:
    """One article to one channel."""

    id: int
    key: str
    article: str
    channel: str
    state: DeliveryState
    action: Action
    due_at: datetime
    created_at: datetime
    ordinal: int = 0  # 0 is the post itself; republishing, edits and deletes count on
    attempt: int = 0  # of the lease: the fence
    failures: int = 0  # attempts that ended in Unavailable
    leased_until: datetime | None = None
    intent_at: datetime | None = None
    post: Post | None = None
    remote_id: str | None = None
    remote_url: str | None = None
    reason: str = ""
    trace: str = ""
    republish_of: int | None = None
    revision: int = 1
    delivered_at: datetime | None = None
    parts: Mapping[str, Any] = field(default_factory=dict)  # what it did to each part of a thread: its receipts


@dataclass(frozen=True, slots=True)
class Settlement:
    """What becomes of a leased delivery, and of its channel."""

    state: DeliveryState
    reason: str
    due_at: datetime | None = None
    receipt: Receipt | None = None
    failure: str | None = None
    counts: bool = False  # whether it adds to `failures`
    channel_waits_until: datetime | None = None
    channel_pauses: str | None = None  # the reason


@dataclass(frozen=True, slots=True)
class Lease:
    """A worker's timed claim on a delivery, with all it needs to send."""

    delivery: Delivery
    article: Article
    until: datetime
    uncertain_before: bool = False  # an earlier attempt may have arrived


Lines = Sequence[Mapping[str, Any]]
