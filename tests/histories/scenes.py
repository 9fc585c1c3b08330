"""Scenes: what publishers do, written as forms and rows; each is played on the product and judged.

    python -m tests.histories.scenes [--only ID,…] [--plain] [FILE…]

plays every scene of `negatives/*.toml` (or of the given files) and prints which hold, which posts are missing and which
are too many. `--plain` judges a reader that keeps a set of guids beside it.

A scene has `id`, `why`, and `kind`: "apart" (entries that look alike and are several articles) or "one" (entries that
look unlike and are one). Every story that comes after the first documents is to be posted once in each channel of its
feed, and nothing else. No mark stands in a headline: a post is known by its address, or by the words an entry gives as
`sign`; stories that are known by the same are counted.

- `form` and `rows`: each row fills the form's {0}, {1}…; `each` rows come at a poll; `archive_rows` stood there before.
- `entries` and `rounds`: a round is a line of names, oldest first, with hours before it if they are not `every`:
  "72h: a b". A name comes on top of its feed's document, `-name` goes, `*name` rewords all entries by that variant from
  then on. An entry that `is` another is the same story in other words and takes its place (or comes anew: `top`);
  `story` alone says that two entries are one story.
- `usual`: fields of all entries. `feeds`: several feeds, each with `host`, `layout`, `channels`. `window`: how many
  entries a document shows. `archive`: how many ordinary entries stood there before. `at`: hours after the beginning
  when the entry is dated (else the time it comes); `undated`. `never`, `free`: stories that must not, or may, be
  posted. `between`: for a story, the hours after the beginning between which it is to be posted.
- In fields: {n}, {slug}, {host}, {round}, {when:%Y-%m-%d}; in variants also {title}, {link}, {guid}, {text}; a
  variant may `move` dates by hours, set them to the build's (`now`), take them away (`undated`), change the `layout`.
"""

import argparse
import logging
import re
import sys
import tempfile
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import structlog

from tests.histories.layouts import LAYOUTS, TYPES
from tests.histories.replay import START, Play

NEGATIVES = Path(__file__).parent / "negatives"
FIELDS = ("title", "link", "guid", "text", "content", "author", "picture", "audio", "sign", "feed")


@dataclass(frozen=True)
class Round:
    """What every feed shows from now on, `after` hours later than before."""

    after: float
    documents: Mapping[str, bytes]
    layouts: Mapping[str, str]
    entries: Mapping[str, Sequence[Mapping[str, Any]]]


@dataclass(frozen=True)
class Scene:
    """A history ready to be played, and the stories each channel is to get once."""

    id: str
    why: str
    kind: str
    rounds: Sequence[Round]
    channels: Sequence[str]
    routes: Mapping[str, Sequence[str]]
    settings: Mapping[str, Any]
    delay: str
    wanted: Mapping[str, frozenset[str]]
    free: frozenset[str]
    signs: Mapping[str, frozenset[str]]  # words, or an address, by which a story's post is known
    between: Mapping[str, tuple[float, float]]


@dataclass
class Verdict:
    """What is wrong with the posts of a scene."""

    missing: list[str] = field(default_factory=list)
    extra: list[str] = field(default_factory=list)
    untimely: list[str] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        return not self.missing and not self.extra and not self.untimely

    def __str__(self) -> str:
        parts = [("missing", self.missing), ("too many", self.extra), ("untimely", self.untimely)]
        return "; ".join(f"{name}: {', '.join(posts)}" for name, posts in parts if posts) or "holds"


# Reading


def load(paths: Sequence[Path]) -> list[Scene]:
    """The scenes of these files, in their order."""
    return [built(one) for path in paths for one in tomllib.loads(path.read_text())["scene"]]


def everything() -> list[Path]:
    """The files of the scenes in the repository."""
    return sorted(path for path in NEGATIVES.glob("*.toml") if path.name != "archive.toml")


def built(raw: Mapping[str, Any]) -> Scene:
    """A scene from its table."""
    feeds = raw.get("feeds", {"news": {}})
    book = _Book(raw, feeds)
    rounds = [book.first(), *(book.turn(number, line) for number, line in enumerate(book.lines, 1))]
    channels = raw.get("channels", ["one"])
    routes = {name: table.get("channels", channels) for name, table in feeds.items()}
    return Scene(
        id=raw["id"],
        why=raw["why"],
        kind=raw["kind"],
        rounds=rounds,
        channels=channels,
        routes=routes,
        settings=raw.get("settings", {}),
        delay=raw.get("delay", "0s"),
        wanted=_wanted(book, routes, raw.get("never", ())),
        free=frozenset(raw.get("free", ())),
        signs=book.signs(),
        between=raw.get("between", {}),
    )


def _wanted(book: "_Book", routes: Mapping[str, Sequence[str]], never: Sequence[str]) -> Mapping[str, frozenset[str]]:
    """Every story a channel's feeds brought after their first document."""
    wanted: dict[str, frozenset[str]] = {}
    for name, channels in routes.items():
        fresh = book.seen[name] - book.archived - set(never)
        for channel in channels:
            wanted[channel] = wanted.get(channel, frozenset()) | fresh
    return wanted


class _Book:
    """A scene while it is built: which entries stand where, in which wording."""

    def __init__(self, raw: Mapping[str, Any], feeds: Mapping[str, Any]) -> None:
        self.raw, self.feeds = raw, feeds
        self.entries: dict[str, dict[str, Any]] = {}
        self.lines: list[str] = list(raw.get("rounds", ()))
        self.hours = 0.0
        self.variant = raw.get("variant", "")
        self.shown: dict[str, list[str]] = {name: [] for name in feeds}
        self.seen: dict[str, set[str]] = {name: set() for name in feeds}
        self.archived: set[str] = set()
        self.versions: list[dict[str, Any]] = []
        self._explicit()
        if "form" in raw:
            self._rows()

    def _explicit(self) -> None:
        for name, table in self.raw.get("entries", {}).items():
            known = self.entries[table["is"]] if "is" in table else dict(self.raw.get("usual", {}))
            self.entries[name] = {"story": name, "slug": name, **known, **table, "name": name}

    def _rows(self) -> None:
        old = [self._row(f"old{n}", n, row) for n, row in enumerate(self.raw.get("archive_rows", ()), 1)]
        new = [self._row(f"row{n}", n + len(old), row) for n, row in enumerate(self.raw["rows"], 1)]
        each = self.raw.get("each", 1)
        self.old = old
        if not self.lines:
            self.lines = [" ".join(new[at : at + each]) for at in range(0, len(new), each)]

    def _row(self, name: str, number: int, row: Sequence[Any]) -> str:
        table = {**self.raw["form"], "row": list(row), "n": number, "story": name, "name": name}
        self.entries[name] = table
        return name

    # The documents, round by round

    def first(self) -> Round:
        """The first document of every feed: its archive."""
        for at, name in enumerate(self.feeds):
            self.shown[name] = [f"{name}-before{n}" for n in range(self.raw.get("archive", 5))]
            for n, key in enumerate(self.shown[name]):
                told = ARCHIVE[(at * 5 + n) % len(ARCHIVE)]
                self.entries[key] = {**told, "feed": name, "at": -30 - 5 * n, "story": key, "name": key}
        for key in [*self.raw.get("archived", ()), *getattr(self, "old", ())]:
            self._show(key)
        every = self.raw.get("every", 1)
        for back, key in enumerate(reversed(getattr(self, "old", []))):
            self.entries[key].setdefault("at", -every * (back + 1))
        made = self._round(0, 0.0)
        self.archived = {story for stories in self.seen.values() for story in stories}
        return made

    def turn(self, number: int, line: str) -> Round:
        """The documents after this line: names come on top, `-name` goes, `*variant` rewords all from now on."""
        after, _, tokens = line.rpartition("h:")
        passed = float(after) if after else float(self.raw.get("every", 1))
        self.hours += passed
        for token in tokens.split():
            if token.startswith("-"):
                self._hide(token[1:])
            elif token.startswith("*"):
                self.variant = token[1:]
            else:
                self._show(token)
        return self._round(number, passed)

    def _show(self, key: str) -> None:
        entry = self.entries[key]
        place = self.shown[self._feed(entry)]
        former = [at for at, name in enumerate(place) if name == key or name == entry.get("is")]
        if former and not entry.get("top"):
            place[former[0]] = key
        else:
            for at in reversed(former):
                del place[at]
            place.insert(entry.get("place", 0), key)
        entry.setdefault("at", round(self.hours - 0.3 + 0.02 * len(self.entries_of_now()), 3))
        entry["since"] = self.hours

    def entries_of_now(self) -> list[str]:
        """The entries that came in this round."""
        return [key for key, one in self.entries.items() if one.get("since") == self.hours]

    def _hide(self, key: str) -> None:
        for place in self.shown.values():
            if key in place:
                place.remove(key)

    def _feed(self, entry: Mapping[str, Any]) -> str:
        given = _filled(str(entry.get("feed", "")), self._values(entry, 0))
        return given or next(iter(self.feeds))

    def _round(self, number: int, after: float) -> Round:
        documents, layouts, entries = {}, {}, {}
        for name, table in self.feeds.items():
            window = self.raw.get("window", 50)
            made = [self._version(self.entries[key], number, table) for key in self.shown[name][:window]]
            change = self.raw.get("variants", {}).get(self.variant, {})
            layout = change.get("layout") or table.get("layout") or self.raw.get("layout", "rss")
            site = f"https://{table.get('host') or self.raw.get('host', 'town.example')}/"
            documents[name] = LAYOUTS[layout](table.get("title", "Town"), site, made)
            layouts[name], entries[name] = layout, made
            self.seen[name] |= {one["story"] for one in made}
            self.versions += made
        return Round(after, documents, layouts, entries)

    def _version(self, entry: Mapping[str, Any], number: int, feed: Mapping[str, Any]) -> dict[str, Any]:
        """An entry as it is worded in this round."""
        host = feed.get("host") or self.raw.get("host", "town.example")
        values = {**self._values(entry, number), "host": host}
        made = dict(entry)
        made.setdefault("link", "https://{host}/news/{slug}")
        made = {key: _filled(value, values) if key in FIELDS else value for key, value in made.items()}
        made.setdefault("guid", made["link"])
        change = self.raw.get("variants", {}).get(self.variant, {})
        if not entry.get("fixed"):
            known = {**values, **{key: made.get(key) or "" for key in ("title", "link", "guid", "text")}}
            made |= {key: _filled(value, known) for key, value in change.items() if key in FIELDS}
        made["date"] = self._date(made, change, values["when"])
        return {key: value or None if key in FIELDS else value for key, value in made.items()}

    def _date(self, made: Mapping[str, Any], change: Mapping[str, Any], when: datetime) -> datetime | None:
        """The date an entry bears: its own, moved, or the hour of the build."""
        if made.get("undated") or change.get("undated"):
            return None
        return (
            START + timedelta(hours=self.hours) if change.get("now") else when + timedelta(hours=change.get("move", 0))
        )

    def _values(self, entry: Mapping[str, Any], number: int) -> dict[str, Any]:
        when = START + timedelta(hours=entry.get("at", self.hours))
        row = {f"v{n}": value for n, value in enumerate(entry.get("row", ()))}
        slug = entry.get("slug", entry["name"])
        return {**row, "n": entry.get("n", 0), "when": when, "slug": slug, "round": number}

    def signs(self) -> Mapping[str, frozenset[str]]:
        """How the posts of each story are known: by an entry's `sign`, else by its address."""
        made: dict[str, set[str]] = {}
        for one in self.versions:
            sign = one.get("sign") or "=" + _address(one["link"] or "")
            made.setdefault(one["story"], set()).add(sign)
        return {story: frozenset(signs) for story, signs in made.items()}


def _filled(value: Any, values: Mapping[str, Any]) -> Any:
    if not isinstance(value, str) or "{" not in value:
        return value
    text = re.sub(r"\{(\d)\}", r"{v\1}", value)
    return text.format_map(values)


def _address(link: str) -> str:
    return re.sub(r"^https?://(www\.)?", "", link).rstrip("/")


ARCHIVE: list[dict[str, Any]] = tomllib.loads((NEGATIVES / "archive.toml").read_text())["entry"]


# Playing and judging


class Staged:
    """A scene on its way through the product."""

    def __init__(self, scene: Scene, folder: Path, url: str | None = None) -> None:
        self.scene = scene
        history = {
            "feeds": {name: [{}] for name in scene.routes},
            "channels": scene.channels,
            "routes": scene.routes,
            "settings": scene.settings,
            "delay": scene.delay,
        }
        self.play = Play(history, folder, url)

    def run(self) -> Verdict:
        """Play every round; a feed is asked at least twice in each."""
        for shown in self.scene.rounds:
            self.play.clock.move(shown.after * 3600)
            self._show(shown)
            self._until_asked(2)
        self._until_asked(3)
        return judge(self.scene, self.play.transport.posts)

    def _show(self, shown: Round) -> None:
        for name, feed in self.play.transport.feeds.items():
            headers = {"content-type": TYPES[shown.layouts[name]] + "; charset=utf-8"}
            feed.steps = [{"body": shown.documents[name].decode(), "headers": headers, "polls": 1 << 30}]

    def _until_asked(self, times: int) -> None:
        feeds = self.play.transport.feeds.values()
        goal = [len(feed.asked) + times for feed in feeds]
        for _ in range(50):
            self.play.turn()
            if all(len(feed.asked) >= least for feed, least in zip(feeds, goal, strict=True)):
                return
        raise AssertionError(f"{self.scene.id}: a feed was not asked {times} times in a minute")

    def close(self) -> None:
        """Let go of the store."""
        self.play.close()


def plain(scene: Scene) -> dict[str, list[dict[str, Any]]]:
    """What a reader that keeps a set of guids (else links, else titles) would post."""
    seen: dict[str, set[str]] = {}
    posts: dict[str, list[dict[str, Any]]] = {channel: [] for channel in scene.channels}
    now = START
    for shown in scene.rounds:
        now += timedelta(hours=shown.after)
        for name, entries in shown.entries.items():
            known = seen.setdefault(name, {_key(one) for one in entries})
            for one in reversed(entries):
                if _key(one) not in known:
                    known.add(_key(one))
                    for channel in scene.routes[name]:
                        posts[channel].append({**one, "teaser": one.get("text"), "at": now})
    return posts


def _key(one: Mapping[str, Any]) -> str:
    return str(one.get("guid") or one.get("link") or one.get("title"))


def judge(scene: Scene, posts: Mapping[str, Sequence[Mapping[str, Any]]]) -> Verdict:
    """Every wanted story exactly once in each of its channels, and nothing else."""
    verdict = Verdict()
    for channel in scene.channels:
        got: Counter[frozenset[str]] = Counter()
        for post in posts.get(channel, ()):
            signs = _known(scene, post, channel, got)
            got[signs] += 1
            verdict.untimely += _untimely(scene, signs, post)
        want = Counter(scene.signs[story] for story in scene.wanted.get(channel, ()) if story not in scene.free)
        free = {scene.signs[story] for story in scene.free}
        named = {signs: story for story, signs in scene.signs.items()}
        where = f" in {channel}" if len(scene.channels) > 1 else ""
        for signs, times in (want - got).items():
            verdict.missing += [named[signs] + where] * times
        for signs, times in (got - want).items():
            times -= signs in free
            verdict.extra += [named.get(signs, next(iter(signs))) + where] * times
    return verdict


def _untimely(scene: Scene, signs: frozenset[str], post: Mapping[str, Any]) -> Iterator[str]:
    for story, (first, last) in scene.between.items():
        hours = (post["at"] - START) / timedelta(hours=1)
        if scene.signs[story] == signs and not first <= hours <= last:
            yield f"{story} after {hours:.1f} h"


def _known(scene: Scene, post: Mapping[str, Any], channel: str, got: Mapping[frozenset[str], int]) -> frozenset[str]:
    """The signs of the story that this post is; words before addresses, and what is still wanted before the rest."""
    told = " ".join(str(post.get(key) or "") for key in ("title", "link", "teaser"))
    address = "=" + _address(post.get("link") or "")
    words = [s for s in scene.signs.values() if any(not one.startswith("=") and one in told for one in s)]
    found = words or [s for s in scene.signs.values() if address in s]
    wanted = {scene.signs[story] for story in scene.wanted.get(channel, ())}
    found.sort(key=lambda signs: (signs not in wanted, got.get(signs, 0)))
    return found[0] if found else frozenset([f"{post.get('title')!r} {post.get('link')}"])


def verdicts(scenes: Sequence[Scene]) -> Iterator[tuple[Scene, Verdict]]:
    """Every scene with what the product made of it."""
    for scene in scenes:
        with tempfile.TemporaryDirectory() as folder:
            staged = Staged(scene, Path(folder))
            try:
                yield scene, staged.run()
            finally:
                staged.close()


def total(found: Sequence[Verdict]) -> str:
    """One line of figures."""
    missing, extra = sum(len(one.missing) for one in found), sum(len(one.extra) for one in found)
    return f"{sum(one.holds for one in found)} of {len(found)} hold; {missing} posts missing, {extra} too many"


def main(arguments: Sequence[str]) -> int:
    """Play the scenes; 1 if one does not hold."""
    parser = argparse.ArgumentParser(prog="python -m tests.histories.scenes", description=__doc__.split("\n")[0])
    parser.add_argument("files", nargs="*", type=Path, metavar="FILE")
    parser.add_argument("--only", default="", help="the ids of the scenes to play, with commas")
    parser.add_argument("--plain", action="store_true", help="judge a reader that keeps a set of guids beside it")
    args = parser.parse_args(arguments)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    only = set(filter(None, args.only.split(",")))
    scenes = [one for one in load(args.files or everything()) if not only or one.id in only]
    found, beside = [], []
    for scene, verdict in verdicts(scenes):
        found.append(verdict)
        beside.append(judge(scene, plain(scene)))
        print(f"{scene.id} ({scene.kind}): {verdict}" + (f" | plain: {beside[-1]}" if args.plain else ""), flush=True)
        if not verdict.holds:
            print(f"    {scene.why}")
    print(total(found))
    if args.plain:
        print(f"a reader that keeps a set of guids: {total(beside)}")
    return 0 if all(one.holds for one in found) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
