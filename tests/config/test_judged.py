"""What a kind can judge of its settings without the network is judged when the file is read, all of it in one round."""

from pathlib import Path
from typing import Any

import pytest
import tomlkit

from pipeline.config import ConfigErrors, is_secret
from workers import configuration

NSEC = "nsec1vl029mgpspedva04g90vltkh6fvh240zqtv9k0t9af8935ke9laqsnlfe5"
WRONG: list[tuple[str, str, dict[str, Any]]] = [
    ("webhook", "secret", {"url": "https://x.example", "secret": "hunter2-hunter2"}),
    ("webhook", "secret", {"url": "https://x.example", "secret": "whsec_YWJj whsec_!"}),
    ("webhook", "authorization", {"url": "https://x.example", "authorization": "Bearer ä"}),
    ("mastodon", "token", {"instance": "https://x.example", "token": "ab\ncd"}),
    ("mastodon", "token", {"instance": "https://x.example", "token": "Bearer abc"}),
    ("misskey", "token", {"instance": "https://x.example", "token": "schlüssel"}),
    ("matrix", "room", {"homeserver": "https://x.example", "room": "news", "token": "t"}),
    ("telegram", "chat", {"chat": "news", "token": "t"}),
    ("telegram", "token", {"chat": "@news", "token": "a b"}),
    ("discord", "webhook", {"webhook": "discord.com/api/webhooks/1/x"}),
    ("discord", "channel_id", {"bot_token": "t", "channel_id": "general"}),
    ("slack", "webhook", {"webhook": "hooks.slack.com/services/x"}),
    ("ghost", "admin_key", {"site": "https://x.example", "admin_key": "1:xyz"}),
    ("nostr", "key", {"key": "nsec1wrong", "relays": ["wss://r.example"]}),
    ("nostr", "key", {"key": "00" * 32, "relays": ["wss://r.example"]}),
    ("nostr", "relays", {"key": NSEC, "relays": ["https://r.example"]}),
    ("nostr", "enough", {"key": NSEC, "relays": ["wss://r.example"], "enough": 0}),
    ("email", "sender", {"host": "m.example", "sender": "Crier, The <a@b.example>", "recipients": ["c@d.example"]}),
    ("email", "sender", {"host": "m.example", "sender": "käse@b.example", "recipients": ["c@d.example"]}),
    ("email", "recipients", {"host": "m.example", "sender": "a@b.example", "recipients": ["c@d.example, e@f.example"]}),
    ("email", "port", {"host": "m.example", "sender": "a@b.example", "recipients": ["c@d.example"], "port": 70000}),
    ("indexnow", "key", {"host": "x.example", "key": "short"}),
    ("indexnow", "host", {"host": "https://x.example", "key": "0123456789"}),
    ("ntfy", "topic", {"topic": "my topic"}),
    ("ntfy", "priority", {"topic": "news", "priority": 9}),
    ("linkedin", "author", {"author": "me", "token": "t"}),
    ("reddit", "subreddit", {"subreddit": "r/news", "client_id": "c"}),
    ("wordpress", "categories", {"site": "https://x.example", "username": "u", "password": "p", "categories": ["a"]}),
    ("apprise", "url", {"url": "nonsense"}),
    ("x", "budget", {"budget": -1.0}),
]


def written(folder: Path, channels: list[dict[str, Any]]) -> tuple[Path, dict[str, str]]:
    """A configuration with these channels; their secrets are in the environment."""
    env: dict[str, str] = {}
    tables = []
    for number, channel in enumerate(channels):
        secrets = {one.name for one in configuration.settings_of(channel["kind"]) if is_secret(one)}
        table = {"name": f"c{number}"}
        for key, value in channel.items():
            if key in secrets:
                env[f"SECRET_{number}_{key}"] = value
                value = {"env": f"SECRET_{number}_{key}"}
            table[key] = value
        tables.append(table)
    path = folder / "standfirst.toml"
    path.write_text(tomlkit.dumps({"channels": tables}), "utf-8")
    return path, env


@pytest.mark.parametrize(
    ("kind", "setting", "settings"), WRONG, ids=lambda value: value if isinstance(value, str) else ""
)
def test_a_wrong_setting_is_named_without_a_word_of_a_secret(
    tmp_path: Path, kind: str, setting: str, settings: dict[str, Any]
) -> None:
    path, env = written(tmp_path, [{"kind": kind, **settings}])
    with pytest.raises(ConfigErrors) as found:
        configuration.read(path, env)
    (mistake,) = found.value.mistakes
    assert mistake.key == f"channels.c0.{setting}"
    assert not any(value in str(found.value) for value in env.values() if len(value) > 3)


def test_all_mistakes_come_in_one_round(tmp_path: Path) -> None:
    path, env = written(tmp_path, [{"kind": kind, **settings} for kind, _, settings in WRONG])
    with pytest.raises(ConfigErrors) as found:
        configuration.read(path, env)
    assert {one.key for one in found.value.mistakes} == {
        f"channels.c{number}.{setting}" for number, (_, setting, _) in enumerate(WRONG)
    }


def test_a_mistake_in_what_all_channels_share_hides_none_of_the_kind_s_own(tmp_path: Path) -> None:
    path, env = written(tmp_path, [{"kind": "slack", "token": "t", "quiet": "never"}])
    with pytest.raises(ConfigErrors) as found:
        configuration.read(path, env)
    assert len(found.value.mistakes) == 2


def test_a_secret_s_file_may_begin_with_a_byte_order_mark(tmp_path: Path) -> None:
    (tmp_path / "token").write_bytes("\ufefftoken-of-mine\r\n".encode())
    path = tmp_path / "standfirst.toml"
    channel = {"name": "m", "kind": "mastodon", "instance": "https://x.example", "token": {"file": "token"}}
    path.write_text(tomlkit.dumps({"channels": [channel]}), "utf-8")
    assert configuration.read(path, {}).channels["m"].settings["token"].reveal() == "token-of-mine"
