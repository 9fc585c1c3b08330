"""standfirst.toml and the environment → Config, or every mistake at once."""

import os
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import Field, dataclass
from pathlib import Path
from typing import Any, TypeVar

from pipeline.config import kinds, values
from pipeline.config.fields import Fields, built, readable
from pipeline.config.kinds import Knowledge
from pipeline.config.lines import Path as KeyPath
from pipeline.config.lines import key_lines
from pipeline.config.mistakes import ConfigErrors, Findings, Mistake
from pipeline.config.references import References
from pipeline.config.tables import EVERYTHING, ChannelConfig, Config, FeedConfig, RouteConfig, Settings, inherited
from pipeline.config.values import Bad
from pipeline.model import Error

T = TypeVar("T")

PREFIX = "STANDFIRST_"
SECTIONS = ("standfirst", "feeds", "channels", "routes")
LARGEST = 16 * 1024 * 1024
COMMON = frozenset(field.name for field in readable(ChannelConfig))


def load(path: Path | str, env: Mapping[str, str] = os.environ, knowledge: Knowledge | None = None) -> Config:
    """The configuration in a file, checked as a whole; raises ConfigErrors with all that is wrong."""
    path = Path(path)
    text = source(path)
    try:
        data = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise ConfigErrors(path, [syntax(text, error)]) from None
    findings, references = Findings(key_lines(text), data), References(env, path.absolute().parent)
    config = Reading(data, findings, references, knowledge, Fields(findings, references)).config(path)
    if findings.found:
        raise ConfigErrors(path, findings.found)
    return config


def source(path: Path) -> str:
    """The text of a configuration file."""
    try:
        if path.is_file() and path.stat().st_size > LARGEST:
            raise refused(path, "the file is larger than 16 MiB", "name the configuration itself")
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise refused(path, f"there is no configuration at {path}", "write one with: standfirst init") from None
    except UnicodeDecodeError as error:
        line = path.read_bytes().count(b"\n", 0, error.start) + 1
        raise refused(path, "this is not UTF-8", "save the file as UTF-8", line) from None
    except OSError as error:
        remedy = "mend its path or permissions"
        raise refused(path, f"{path} cannot be read ({error.strerror})", remedy) from None


def refused(path: Path, message: str, remedy: str, line: int = 0) -> ConfigErrors:
    """The one mistake of a file that cannot even be read."""
    return ConfigErrors(path, [Mistake(line, "", message, remedy)])


def syntax(text: str, error: Exception) -> Mistake:
    """A mistake in the TOML itself, with the line that tomllib names."""
    found = re.search(r"^(.*?) \(at (?:line (\d+), column \d+|end of document)\)$", str(error), re.DOTALL)
    reason = found[1] if found else str(error) or "nested too deeply"
    line = int(found[2]) if found and found[2] else text.rstrip().count("\n") + 1
    remedy = "mend this line or the one before it"
    return Mistake(line, "", f"this is not TOML: {reason[:1].lower()}{reason[1:]}", remedy)


@dataclass
class Reading:
    """One file on its way to a Config."""

    data: Mapping[str, Any]
    findings: Findings
    references: References
    knowledge: Knowledge | None
    read: Fields

    def config(self, path: Path) -> Config:
        """All tables, then how they hang together."""
        for section in self.data.keys() - set(SECTIONS):
            self.findings.unknown((section,), SECTIONS)
        settings = self.settings()
        feeds = self.named("feeds", lambda at, table: self.feed(at, table, settings))
        channels = self.named("channels", self.channel)
        routes = tuple(self.routes())
        return Config(settings, feeds, channels, routes, path.absolute(), tuple(self.references.read))

    def settings(self) -> Settings:
        """[standfirst], with what the environment says instead."""
        at: KeyPath = ("standfirst",)
        table = self.data.get("standfirst", {})
        if not isinstance(table, dict):
            self.findings.add(at, "this is not a table", "write [standfirst] on a line of its own")
            table = {}
        given = self.read.fields(Settings, at, table) | self.overrides()
        folder = self.references.folder
        return Settings(**given | {"store": beside(folder, given.get("store", Settings().store)), "folder": folder})

    def overrides(self) -> dict[str, Any]:
        """STANDFIRST_STORE, STANDFIRST_BROKER … of the environment take the place of what the file says."""
        found: dict[str, Any] = {}
        for field in readable(Settings):
            variable = PREFIX + field.name.upper()
            if self.references.env.get(variable):
                try:
                    found[field.name] = self.override(field, variable)
                except Bad as error:
                    self.findings.found.append(Mistake(0, variable, error.message, error.remedy))
        return found

    def override(self, field: Field[Any], variable: str) -> object:
        """One setting from the environment."""
        if field.metadata.get("secret"):
            return self.read.referenced({"env": variable}, field.metadata["read"])[0]
        read = field.metadata["read"]
        return read(from_text(self.references.env[variable], read))

    def tables(self, section: str) -> Iterator[tuple[KeyPath, dict[str, Any]]]:
        """The tables of an array of tables; nothing when it is something else."""
        found = self.data.get(section, [])
        for index, table in enumerate(found if isinstance(found, list) else []):
            if isinstance(table, dict):
                yield (section, index), table

    def named(self, section: str, read: Callable[[KeyPath, dict[str, Any]], T | None]) -> dict[str, T]:
        """The tables of a section by their names, which must differ."""
        self.shape(section)
        found: dict[str, T] = {}
        first: dict[str, KeyPath] = {}
        for at, table in self.tables(section):
            value, name = read(at, table), table.get("name")
            if isinstance(name, str) and name in first:
                line = self.findings.line((*first[name], "name"))
                remedy = f"the first is on line {line}; give this one another name"
                self.findings.add((*at, "name"), f'there are two {section} with the name "{name}"', remedy)
            elif isinstance(name, str):
                first[name] = at
                found |= {name: value} if value is not None else {}
        return found

    def shape(self, section: str) -> None:
        """Note a section that is no array of tables."""
        found = self.data.get(section, [])
        if not isinstance(found, list) or not all(isinstance(table, dict) for table in found):
            remedy = f"write [[{section}]], with two brackets, above each"
            self.findings.add((section,), "this is not a list of tables", remedy)

    def feed(self, at: KeyPath, table: dict[str, Any], settings: Settings) -> FeedConfig | None:
        """One [[feeds]] table, with what it does not say as under [standfirst]."""
        feed = built(FeedConfig, inherited(settings) | self.read.fields(FeedConfig, at, table))
        if feed and feed.min_words > feed.max_words:
            message = f"min_words ({feed.min_words}) is more than max_words ({feed.max_words})"
            self.findings.add((*at, "min_words"), message, "lower min_words or raise max_words")
        return feed

    def channel(self, at: KeyPath, table: dict[str, Any]) -> ChannelConfig | None:
        """One [[channels]] table, its kind's own settings checked as the kind declares them."""
        given = self.read.fields(ChannelConfig, at, {key: table[key] for key in table if key in COMMON})
        if "kind" not in given:
            return None
        before = len(self.findings.found)
        own = self.kind(at, given["kind"], {key: table[key] for key in table if key not in COMMON})
        sound = len(self.findings.found) == before
        given["settings"] = placed(self.references.folder, own)
        if "template" in given:
            self.template(at, given["kind"], given["template"])
        channel = built(ChannelConfig, given)
        if sound and channel and self.knowledge and (complaint := self.knowledge.complete(channel)):
            self.findings.add(at, complaint, f"see: standfirst channels --kind {channel.kind}")
        return channel

    def template(self, at: KeyPath, kind: str, template: str) -> None:
        """Note what is wrong with a template."""
        if self.knowledge and (complaint := self.knowledge.template(kind, template)):
            self.findings.add((*at, "template"), complaint, "see: standfirst channels --kinds")

    def kind(self, at: KeyPath, kind: str, own: dict[str, Any]) -> dict[str, Any]:
        """The settings of a kind; without knowledge of kinds, as they stand."""
        fields = self.asked_by(at, kind) if self.knowledge else None
        if fields is not None:
            return self.kind_settings(at, kind, own, fields)
        found: dict[str, Any] = {}
        for key, value in own.items():
            found |= self.read.one((*at, key), value, kinds.anything, secret=False, keep=True)
        return found

    def asked_by(self, at: KeyPath, kind: str) -> Mapping[str, Field[Any]] | None:
        """The fields of a kind's settings; None, and noted, when there is no such kind or it cannot be used."""
        assert self.knowledge
        known = list(self.knowledge.kinds())
        if kind not in known:
            near = values.nearest(kind, known)
            remedy = f'did you mean "{near}"?' if near else f"known kinds: {', '.join(known)}"
            self.findings.add((*at, "kind"), f'there is no kind "{kind}"', remedy)
            return None
        try:
            return {field.name: field for field in self.knowledge.settings_of(kind)}
        except Error as error:
            self.findings.add((*at, "kind"), str(error), "install what it needs, or choose another kind")
            return None

    def kind_settings(
        self, at: KeyPath, kind: str, own: dict[str, Any], fields: Mapping[str, Field[Any]]
    ) -> dict[str, Any]:
        """Each setting by the field of its kind; unknown and missing ones are noted."""
        found: dict[str, Any] = {}
        for key, value in own.items():
            if field := fields.get(key):
                read, secret = kinds.reader_of(field), kinds.is_secret(field)
                found |= self.read.one((*at, key), value, read, secret=secret, keep=True)
            else:
                self.findings.unknown((*at, key), fields.keys() | COMMON)
        for field in fields.values():
            if kinds.is_required(field) and field.name not in own:
                self.read.missing(at, field.name, f'kind "{kind}"', secret=kinds.is_secret(field))
        return found

    def routes(self) -> Iterator[RouteConfig]:
        """[[routes]], each end of which must be there."""
        self.shape("routes")
        known = {section: self.names(section) for section in ("feeds", "channels")}
        for at, table in self.tables("routes"):
            route = built(RouteConfig, self.read.fields(RouteConfig, at, table))
            if route:
                for section, names in known.items():
                    self.ends((*at, section), section, getattr(route, section), names)
                yield route

    def names(self, section: str) -> dict[str, None]:
        """The names in a section, whatever else may be wrong with their tables."""
        return {name: None for _, table in self.tables(section) if isinstance(name := table.get("name"), str)}

    def ends(self, at: KeyPath, section: str, names: tuple[str, ...], known: Mapping[str, None]) -> None:
        """Note each end of a route that is not there."""
        for index, name in enumerate(names):
            if name != EVERYTHING and name not in known:
                near = values.nearest(name, known)
                remedy = f'did you mean "{near}"?' if near else f"add [[{section}]] with this name, or take it out"
                self.findings.add((*at, index), f'there is no {section[:-1]} "{name}"', remedy)


def from_text(value: str, read: values.Reader) -> object:
    """A value of the environment as TOML would have given it."""
    if read is values.flag:
        words = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}
        return words.get(value.strip().lower(), value)
    if read is values.networks:
        return [part.strip() for part in value.split(",") if part.strip()]
    return int(value) if re.fullmatch(r"\d{1,12}", value.strip()) else value


def placed(folder: Path, settings: dict[str, Any]) -> dict[str, Any]:
    """A kind's settings; a folder of its own starts at the configuration's, wherever the process was started."""
    own = settings.get("folder")
    return settings | {"folder": str(folder / Path(own).expanduser())} if isinstance(own, str) else settings


def beside(folder: Path, store: str) -> str:
    """The store's address, a relative SQLite file taken as beside the configuration."""
    prefix = "sqlite:///"
    if not store.startswith(prefix) or store.startswith((prefix + "/", prefix + ":")):
        return store
    return prefix + str(folder / Path(store.removeprefix(prefix)).expanduser())
