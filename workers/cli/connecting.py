"""`standfirst channels connect`: the code flow where a platform has one, else what to fetch and where to put it."""

import getpass
import os
import secrets
import sys
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import Field, dataclass, replace
from pathlib import Path
from typing import Any

from pipeline import channels as kinds
from pipeline import oauth
from pipeline.config import ChannelConfig, Config, Secret, is_secret, load
from pipeline.model import Error, UsageError
from pipeline.oauth import Flow
from pipeline.stages.deliver import Mailbox, mailbox
from workers import configuration, logs
from workers.cli import output
from workers.cli.loopback import code_in, listening, typed
from workers.cli.opening import opened, where

SECONDS = 600.0
MISSING = "not-there-yet"


def in_browser(address: str) -> None:
    """Open the page where there is a person to see it."""
    if output.on_terminal():
        import webbrowser

        webbrowser.open(address)


@dataclass(frozen=True, slots=True)
class How:
    """What a person chose."""

    port: int = 8917
    redirect: str | None = None  # the platform's registered address, when it is not on this machine
    save: Path | None = None
    open_page: Callable[[str], object] = in_browser


class Filled(Mapping[str, str]):
    """The environment, with something in place of the secrets that are fetched only now."""

    def __init__(self, env: Mapping[str, str]) -> None:
        self._env = env
        self.missing: list[str] = []

    def __getitem__(self, name: str) -> str:
        if name not in self._env and not name.startswith("STANDFIRST_"):
            self.missing.append(name)
            return MISSING
        return self._env[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._env)

    def __len__(self) -> int:
        return len(self._env)


def connect(path: Path | None, name: str, how: How) -> None:
    """Walk through it; says what to do and what was done."""
    env = Filled(os.environ)
    config = load(where(path), env, configuration.knowledge())
    logs.configure(config.settings.log, [one for one in config.secrets() if one != MISSING], level="warning")
    if name not in config.channels:
        raise UsageError(f"no channel “{name}” is configured; there are {', '.join(config.channels) or 'none'}")
    channel = config.channels[name]
    flow: Flow | None = getattr(kinds.channel_class(channel.kind), "CONNECT", None)
    if flow is None:
        by_hand(config, channel, env.missing)
        return
    refuse_open_vault(config, channel)
    with opened(config) as world:
        box = mailbox(world, name)
        assert box is not None
        client = client_of(channel)
        tokens = obtained(flow_to(flow, channel), box.world.http, client, how)
        keep(box, tokens, how, client)


# --- kinds without a flow


def by_hand(config: Config, channel: ChannelConfig, missing: list[str]) -> None:
    """Say which credentials the kind wants and where they go; try them when they are all there."""
    module = sys.modules[kinds.channel_class(channel.kind).__module__]
    output.say(f"{channel.kind}: {(module.__doc__ or '').strip().splitlines()[0]}")
    for field in kinds.settings_of(channel.kind):
        if is_secret(field):
            output.say(f"  {field.name}: {given(channel, field)}")
    lacking = [name for name in named(channel, config) if name in missing]
    if lacking:
        output.say(
            f"fetch them from the platform, set {', '.join(lacking)}, then: standfirst channels test {channel.name}"
        )
        return
    with opened(config) as world:
        box = mailbox(world, channel.name)
        assert box is not None
        said = box.carried(lambda: box.channel.check(box.sending(world.now(), key="connect")))
        output.say(f"connected: {said}")


def given(channel: ChannelConfig, field: Field[Any]) -> str:
    """Whether a secret is there."""
    value = channel.settings.get(field.name)
    if value is None:
        return f'not set; write {field.name} = {{ env = "NAME" }}'
    there = not isinstance(value, Secret) or value.reveal() != MISSING
    return "there" if there else "named in the configuration, but not set"


def named(channel: ChannelConfig, config: Config) -> list[str]:
    """The environment variables that the channel's table refers to."""
    data = tomllib.loads(config.path.read_text(encoding="utf-8-sig"))
    table: dict[str, Any] = next((table for table in data.get("channels", []) if table.get("name") == channel.name), {})
    return [value["env"] for value in table.values() if isinstance(value, dict) and isinstance(value.get("env"), str)]


# --- the code flow


def refuse_open_vault(config: Config, channel: ChannelConfig) -> None:
    """Tokens that are refreshed are kept in the store: never in the open."""
    if refreshes(channel.kind) and config.settings.key is None:
        raise UsageError(
            "tokens are kept in the store encrypted: set STANDFIRST_KEY to a long random text first, and keep it"
        )


def refreshes(kind: str) -> bool:
    """Whether a kind keeps and refreshes its tokens by itself."""
    return any(field.name == "refresh_token" for field in kinds.settings_of(kind))


def flow_to(flow: Flow, channel: ChannelConfig) -> Flow:
    """The flow, at the address that the channel's settings give."""
    usual = next((field.default for field in kinds.settings_of(channel.kind) if field.name == "api_url"), None)
    given = channel.settings.get("api_url")
    return flow.moved(str(usual), str(given)) if usual and given else flow


def client_of(channel: ChannelConfig) -> tuple[str, str | None]:
    """Our registration with the platform: from the settings, else from the person."""
    ident, secret = (plain(channel.settings.get(name)) for name in ("client_id", "client_secret"))
    if not ident:
        output.say("register an application with the platform first; it gives a client id and a client secret")
        ident = asked("client id: ", input)
        secret = asked("client secret (not shown; empty if there is none): ", getpass.getpass)
    return ident, secret or None


def plain(value: object) -> str:
    """A setting as text; nothing for what is not there yet."""
    text = value.reveal() if isinstance(value, Secret) else str(value or "")
    return "" if text == MISSING else text


def asked(question: str, how: Callable[[str], str]) -> str:
    """What a person types in answer."""
    if not sys.stdin.isatty():
        raise UsageError("this needs a terminal, or client_id and client_secret in the channel's settings")
    return how(question).strip()


def obtained(flow: Flow, http: Any, client: tuple[str, str | None], how: How) -> dict[str, Any]:
    """The tokens that the platform gives when the person has said yes in the browser."""
    state, verifier = secrets.token_urlsafe(24), secrets.token_urlsafe(48)
    if how.redirect:
        code = pasted(flow.address(client[0], how.redirect, state, verifier), state)
        redirect = how.redirect
    else:
        with listening(state, how.port) as waiting:
            redirect = waiting.address
            invite(flow.address(client[0], redirect, state, verifier), redirect, how.open_page)
            code = waiting.code(SECONDS, typed)
    return flow.exchange(http, code, client_id=client[0], client_secret=client[1], redirect=redirect, verifier=verifier)


def invite(address: str, redirect: str, open_page: Callable[[str], object]) -> None:
    """Send the person to the platform."""
    output.say(f"the platform must know this address as a redirect: {redirect}")
    output.say(f"open this and say yes: {address}")
    output.say("if your browser is on another machine, paste here the address that it ends on")
    open_page(address)


def nowhere(_address: str) -> None:
    """The person opens the page."""


def pasted(address: str, state: str) -> str:
    """The code from the address that the browser ends on, where that is not this machine."""
    output.say(f"open this and say yes: {address}")
    return code_in(asked("paste the address that the browser shows then: ", input), state)


def keep(box: Mailbox, tokens: Mapping[str, Any], how: How, client: tuple[str, str | None]) -> None:
    """Put the tokens where the kind finds them, and see whether they work."""
    if not tokens.get("access_token"):
        raise Error("the platform gave no token")
    if refreshes(box.config.kind):
        given = {name: plain(box.config.settings.get(name)) or None for name in ("refresh_token", "token")}
        mark = oauth.Client("", "", refresh_token=given["refresh_token"], access_token=given["token"]).mark
        typed_in = None if plain(box.config.settings.get("client_id")) else client
        to = box.sending(box.world.now(), key="connect")
        oauth.keep(tokens, str(tokens.get("refresh_token") or ""), to, mark, typed_in)
        output.say(f"connected: {box.carried(lambda: box.channel.check(to))}")
        return
    to = box.sending(box.world.now(), key="connect")
    finish = getattr(box.channel, "connected", None)  # of kinds that post with another token than the flow's
    token = box.carried(lambda: finish(tokens, client, to)) if finish else str(tokens["access_token"])
    output.say(f"connected: {box.carried(lambda: replace(box.channel, token=token).check(to))}")
    file = how.save or Path(f"{box.name}.token").absolute()
    write(file, token)
    output.say(
        f'the token is in {file}, which only you can read: write {{ file = "{file}" }} for it in the configuration'
    )


def write(file: Path, token: str) -> None:
    """A file that only its owner can read, from its first byte on."""
    try:
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as opened_file:
            os.fchmod(opened_file.fileno(), 0o600)
            opened_file.write(token + "\n")
    except OSError as error:
        raise UsageError(f"{file} cannot be written ({error.strerror}); choose another --save") from None
