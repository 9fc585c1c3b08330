"""Whatever a file holds: a configuration, or all its mistakes, each on a line that is there. Never a crash."""

from dataclasses import fields
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import tomlkit
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.config import Config, ConfigErrors, load
from pipeline.config.tables import ChannelConfig, FeedConfig, RouteConfig, Settings
from workers import configuration

NAMES = {
    "standfirst": [field.name for field in fields(Settings)],
    "feeds": [field.name for field in fields(FeedConfig)],
    "channels": [*(field.name for field in fields(ChannelConfig)), "url", "instance", "token", "webhook", "relays"],
    "routes": [field.name for field in fields(RouteConfig)],
}
WORDS = [
    "",
    "news",
    "main",
    "webhook",
    "mastodon",
    "slack",
    "none",
    "last 3",
    "30s",
    "2d",
    "follow",
    "*",
    "\x00",
    "{title}",
]
WORDS += [
    "https://example.org/",
    "http://[",
    "127.0.0.0/8",
    "22:00-07:00",
    "{x}",
    "en",
    "•••",
    "a" * 300,
    "(",
    "sqlite:///x",
]
scalars = st.one_of(
    st.sampled_from(WORDS),
    st.booleans(),
    st.integers(-(2**63), 2**63 - 1),
    st.floats(),
    st.datetimes(),
    st.dates(),
)
references = st.sampled_from(
    [{"env": "SET"}, {"env": "UNSET"}, {"file": "nowhere"}, {"env": 1}, {"env": "SET", "file": "x"}]
)
values = st.recursive(
    scalars | references,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["env", "file", "name", "x"]), inner, max_size=2)
    ),
    max_leaves=4,
)


def tables(section: str) -> st.SearchStrategy[dict[str, Any]]:
    return st.dictionaries(st.sampled_from(NAMES[section]), values, max_size=6)


documents = st.fixed_dictionaries(
    {},
    optional={
        "standfirst": tables("standfirst") | values,
        **{name: st.lists(tables(name), max_size=3) | values for name in ("feeds", "channels", "routes")},
        "other": values,
    },
)


def outcome(text: str) -> Config | ConfigErrors:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "standfirst.toml"
        path.write_text(text, encoding="utf-8")
        try:
            return load(path, {"SET": "hunter2-hunter2"}, configuration.knowledge())
        except ConfigErrors as errors:
            return errors


@settings(max_examples=150, deadline=None)
@given(documents)
def test_any_document_is_a_configuration_or_its_mistakes(document: dict[str, Any]) -> None:
    text = tomlkit.dumps(document)
    found = outcome(text)
    assert "hunter2" not in f"{found!r} {found}"
    if isinstance(found, ConfigErrors):
        assert found.mistakes
        assert all(1 <= mistake.line <= text.count("\n") + 1 for mistake in found.mistakes)
        assert all(mistake.message and mistake.remedy for mistake in found.mistakes)
