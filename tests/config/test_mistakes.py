"""Every mistake of a configuration: its line, its key, what is wrong and the remedy, all at once."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import timedelta
from pathlib import Path
from typing import Any, Literal

import pytest

from pipeline.config import ConfigErrors, Knowledge, Mistake, load
from pipeline.model import UsageError


@dataclass(frozen=True)
class Mastodon:
    instance: str
    token: str = field(repr=False)
    visibility: Literal["public", "unlisted"] = "public"
    sensitive: bool = False
    poll_for: timedelta | None = None


@dataclass(frozen=True)
class Webhook:
    url: str
    secret: str | None = field(default=None, repr=False)
    headers: Mapping[str, str] = field(default_factory=dict)


KINDS = {"mastodon": Mastodon, "webhook": Webhook}
KNOWN = Knowledge(
    kinds=lambda: list(KINDS),
    settings_of=lambda kind: fields(KINDS[kind]),
    template=lambda _kind, text: "there is no field {titel}" if "{titel}" in text else None,
)

SOUND = """
[[feeds]]
name = "news"
url = "https://example.org/feed.xml"

[[channels]]
name = "hook"
kind = "webhook"
url = "https://example.org/hook"

[[routes]]
feeds = ["news"]
channels = ["hook"]
"""


def mistakes(folder: Path, text: str, env: Mapping[str, str] | None = None) -> list[Mistake]:
    path = folder / "standfirst.toml"
    path.write_text(text, encoding="utf-8")
    try:
        load(path, env or {}, KNOWN)
    except ConfigErrors as errors:
        return errors.mistakes
    return []


def the_one(folder: Path, text: str, env: Mapping[str, str] | None = None) -> Mistake:
    (mistake,) = mistakes(folder, text, env)
    return mistake


def feed(line: str) -> str:
    return f'[[feeds]]\nname = "news"\nurl = "https://example.org/feed.xml"\n{line}\n'


def channel(line: str) -> str:
    return f'[[channels]]\nname = "main"\nkind = "mastodon"\ninstance = "https://m.example"\n{line}\n'


@pytest.mark.parametrize(
    ("text", "line", "key", "said", "remedy"),
    [
        ('[standfirst]\ndelai = "2m"', 2, "standfirst.delai", "unknown key", '"delay"'),
        ("[standfurst]", 1, "standfurst", "unknown key", '"standfirst"'),
        ('[[channel]]\nname = "x"', 1, "channel", "unknown key", '"channels"'),
        (feed('evry = "5m"'), 4, "feeds.news.evry", "unknown key", '"every"'),
        (feed('every = "30 minutes"'), 4, "feeds.news.every", '"30 minutes" is not a duration', '"15m"'),
        (feed("every = 30"), 4, "feeds.news.every", "30 is not a duration", '"30s"'),
        (feed('every = "0s"'), 4, "feeds.news.every", "shorter than 1s", '"1s"'),
        (feed('first_run = "all"'), 4, "feeds.news.first_run", "neither", '"last 3"'),
        (feed("flood = 0"), 4, "feeds.news.flood", "not a number from 1", "whole number"),
        (feed("flood = true"), 4, "feeds.news.flood", "true is not a number", "whole number"),
        (feed('fetch_pages = "yes"'), 4, "feeds.news.fetch_pages", "neither true nor false", "without quotes"),
        (feed('dedupe = "of"'), 4, "feeds.news.dedupe", "not one of", '"off"'),
        (feed('allow_networks = ["10.0.0.1/8"]'), 4, "feeds.news.allow_networks", "not a network", '"10.0.0.0/8"'),
        (feed('allow_networks = ["local"]'), 4, "feeds.news.allow_networks", "not a network", '"127.0.0.0/8"'),
        (feed('strip = ["(a"]'), 4, "feeds.news.strip", "not a regular expression", "escape"),
        (feed('prefer = "p..lede"'), 4, "feeds.news.prefer", "not a CSS selector", '"p.lede"'),
        (feed('language = "English!"'), 4, "feeds.news.language", "not a language", '"en"'),
        (feed("min_words = 90\nmax_words = 80"), 4, "feeds.news.min_words", "more than max_words", "lower"),
        ('[[feeds]]\nname = "a b"\nurl = "https://x.example/"', 2, "feeds[1].name", "not a name", "letters"),
        ('[[feeds]]\nname = "a"', 1, "feeds.a.url", 'needs "url"', "add url"),
        ('[[feeds]]\nurl = "https://x.example/"', 1, "feeds[1].name", 'needs "name"', "add name"),
        ('[feeds]\nname = "a"', 1, "feeds", "not a list of tables", "[[feeds]]"),
        ('feeds = ["https://x.example/"]', 1, "feeds", "not a list of tables", "[[feeds]]"),
        ("standfirst = 3", 1, "standfirst", "not a table", "[standfirst]"),
        ('[standfirst]\nstore = "mysql://x"', 2, "standfirst.store", "not the address of a store", "sqlite:///"),
        ('[standfirst]\nbroker = "http://x"', 2, "standfirst.broker", "not the address of a broker", "redis://"),
        ('[standfirst]\nconsole = "8080"', 2, "standfirst.console", "not a host and port", "127.0.0.1:8080"),
        ('[standfirst]\nconsole = "127.0.0.1:80800"', 2, "standfirst.console", "not a host and port", "127.0.0.1:8080"),
        ('[standfirst]\nlog = "xml"', 2, "standfirst.log", "not one of", '"json"'),
        ('[standfirst]\nkey = "abc"', 2, "standfirst.key", "must not stand in the file", "{ env ="),
        ("[standfirst]\na = 1\na = 2", 3, "", "not TOML", "mend this line"),
        ('[standfirst]\nlog = "console', 2, "", "not TOML", "mend this line"),
        ("[standfirst]\nlog =", 2, "", "not TOML", "mend this line"),
        (
            channel('token = "s3cret-value"'),
            5,
            "channels.main.token",
            "must not stand in the file",
            'env = "MAIN_TOKEN"',
        ),
        (channel("token = 12345678"), 5, "channels.main.token", "not a secret", "{ env ="),
        (
            channel('token = { env = "M_TOKEN" }'),
            5,
            "channels.main.token",
            "variable M_TOKEN is not set",
            "export M_TOKEN",
        ),
        (channel('token = { file = "no/such" }'), 5, "channels.main.token", "no/such cannot be read", "create it"),
        (channel('token = { var = "X" }'), 5, "channels.main.token", "not a secret", "{ env ="),
        (channel(""), 1, "channels.main.token", 'kind "mastodon" needs "token"', "{ env ="),
    ],
)
def test_a_mistake_names_its_line_key_and_remedy(
    tmp_path: Path, text: str, line: int, key: str, said: str, remedy: str
) -> None:
    found = the_one(tmp_path, text)
    assert (found.line, found.key) == (line, key)
    assert said in found.message
    assert remedy in found.remedy


GOOD_TOKEN = 'token = { env = "T" }\n'


@pytest.mark.parametrize(
    ("text", "line", "key", "said", "remedy"),
    [
        ("tokne = 1", 6, "channels.main.tokne", "unknown key", '"token"'),
        ("tempalte = 1", 6, "channels.main.tempalte", "unknown key", '"template"'),
        ('visibility = "publik"', 6, "channels.main.visibility", "not one of", '"public"'),
        ("sensitive = 1", 6, "channels.main.sensitive", "neither true nor false", "true"),
        ('poll_for = "x"', 6, "channels.main.poll_for", "not a duration", '"30s"'),
        ('template = "{titel}"', 6, "channels.main.template", "no field {titel}", "see"),
        ('spacing = "often"', 6, "channels.main.spacing", "not a duration", '"30s"'),
        ("lanes = 0", 6, "channels.main.lanes", "not a number from 1 to 64", "whole number"),
        ('quiet = "22-7"', 6, "channels.main.quiet", "not a time of day", '"22:00-07:00"'),
        ('quiet = "22:00-27:00"', 6, "channels.main.quiet", "does not exist", '"22:00-07:00"'),
        ('quiet = "22:00-07:00 Mars/Port"', 6, "channels.main.quiet", "does not exist", "Europe/Lisbon"),
        ('edits = "yes"', 6, "channels.main.edits", "not one of", '"follow"'),
        ('utm = { "so urce" = "x" }', 6, "channels.main.utm", "cannot be the name", "source"),
    ],
)
def test_a_mistake_in_a_channel_is_found(
    tmp_path: Path, text: str, line: int, key: str, said: str, remedy: str
) -> None:
    found = the_one(tmp_path, channel(GOOD_TOKEN + text), {"T": "token"})
    assert (found.line, found.key) == (line, key)
    assert said in found.message
    assert remedy in found.remedy


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("example.org/feed.xml", '"https://example.org/feed.xml"'),
        ("ftp://example.org/", "write it whole"),
        ("https:///feed", "write it whole"),
        ("https://exa mple.org/", "write it whole"),
        ("https://[::1", "write it whole"),
        ("https://example.org:99999/", "write it whole"),
        ("javascript:alert(1)", "write it whole"),
        ("https://editor:hunter2@example.org/feed", "never stands in the file"),
    ],
)
def test_a_bad_url_is_refused_and_no_password_in_it_repeated(tmp_path: Path, url: str, said: str) -> None:
    found = the_one(tmp_path, f'[[feeds]]\nname = "a"\nurl = "{url}"\n')
    assert (found.line, found.key) == (3, "feeds.a.url")
    assert said in found.remedy
    assert "hunter2" not in str(found)


def test_an_unknown_kind_names_the_nearest(tmp_path: Path) -> None:
    found = the_one(tmp_path, '[[channels]]\nname = "m"\nkind = "mastodn"\n')
    assert (found.line, found.key) == (3, "channels.m.kind")
    assert found.remedy == 'did you mean "mastodon"?'


def test_a_kind_without_a_near_one_names_all(tmp_path: Path) -> None:
    assert "mastodon, webhook" in the_one(tmp_path, '[[channels]]\nname = "m"\nkind = "zzz"\n').remedy


def test_a_name_may_be_used_once(tmp_path: Path) -> None:
    found = the_one(tmp_path, feed("") + feed("").replace("feed.xml", "other.xml"))
    assert (found.line, found.key) == (6, "feeds.news.name")
    assert "two feeds" in found.message
    assert "line 2" in found.remedy


@pytest.mark.parametrize(
    ("wrong", "line", "said", "remedy"),
    [
        ('feeds = ["newz"]\nchannels = ["hook"]', 11, 'no feed "newz"', '"news"'),
        ('feeds = ["news"]\nchannels = [\n  "hook",\n  "hok",\n]', 14, 'no channel "hok"', '"hook"'),
        ('feeds = ["news"]\nchannels = ["zzzz"]', 12, 'no channel "zzzz"', "add [[channels]]"),
        ('feeds = ["news"]', 10, 'needs "channels"', "add channels"),
        ('feeds = ["news"]\nchannels = ["hook"]\ntag = ["x"]', 13, "unknown key", '"tags"'),
        ('feeds = 7\nchannels = ["hook"]', 11, "not a list of texts", '["one", "two"]'),
    ],
)
def test_a_route_leads_from_what_is_there_to_what_is_there(
    tmp_path: Path, wrong: str, line: int, said: str, remedy: str
) -> None:
    found = the_one(tmp_path, SOUND.strip().split("[[routes]]")[0] + "[[routes]]\n" + wrong + "\n")
    assert found.line == line
    assert said in found.message
    assert remedy in found.remedy


def test_a_route_to_a_channel_that_has_mistakes_of_its_own_is_no_further_mistake(tmp_path: Path) -> None:
    assert len(mistakes(tmp_path, SOUND.replace('url = "https://example.org/hook"', ""))) == 1


def test_all_mistakes_are_told_at_once_in_the_order_of_their_lines(tmp_path: Path) -> None:
    found = mistakes(tmp_path, feed('every = "x"\nflood = -1') + channel('tokn = 1\nlanes = "a"') + "[[routes]]\n")
    assert [mistake.line for mistake in found] == sorted(mistake.line for mistake in found)
    assert len(found) == 7  # every, flood; token, tokn, lanes; feeds, channels


def test_what_the_environment_holds_is_never_shown(tmp_path: Path) -> None:
    text = channel(GOOD_TOKEN).replace('"https://m.example"', '{ env = "WHERE" }')
    found = the_one(tmp_path, text, {"T": "token", "WHERE": "hunter2.example/x"})
    assert "hunter2" not in str(found)
    assert "WHERE" in found.message
    assert found.line == 4


def test_what_a_secret_file_holds_is_never_shown(tmp_path: Path) -> None:
    (tmp_path / "where").write_text("hunter2")
    text = channel(GOOD_TOKEN).replace('"https://m.example"', '{ file = "where" }')
    found = the_one(tmp_path, text, {"T": "token"})
    assert "hunter2" not in str(found)
    assert "the file where" in found.message


@pytest.mark.parametrize(
    ("content", "said"), [(b"", "is empty"), (b"\xff\xfe\xfa", "not a text"), (b"x" * 70000, "too large")]
)
def test_a_secret_file_that_holds_no_secret_is_a_mistake(tmp_path: Path, content: bytes, said: str) -> None:
    (tmp_path / "token").write_bytes(content)
    assert said in the_one(tmp_path, channel('token = { file = "token" }')).message


def test_an_empty_variable_is_not_a_secret(tmp_path: Path) -> None:
    assert "is empty" in the_one(tmp_path, channel(GOOD_TOKEN), {"T": " "}).message


def test_a_bad_setting_in_the_environment_is_named_without_a_line(tmp_path: Path) -> None:
    found = the_one(tmp_path, SOUND, {"STANDFIRST_DELAY": "soon"})
    assert (found.line, found.key) == (0, "STANDFIRST_DELAY")


def test_a_file_that_is_not_there_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="standfirst init"):
        load(tmp_path / "none.toml", {})


def test_a_folder_is_no_configuration(tmp_path: Path) -> None:
    with pytest.raises(ConfigErrors, match="cannot be read"):
        load(tmp_path, {})


def test_a_file_in_another_encoding_says_so_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "standfirst.toml"
    path.write_bytes("# fine\n# caf\xe9\n".encode("latin-1"))
    with pytest.raises(ConfigErrors) as caught:
        load(path, {})
    assert caught.value.mistakes[0].line == 2


def test_deep_nesting_is_a_mistake_and_no_crash(tmp_path: Path) -> None:
    assert mistakes(tmp_path, "a = " + "[" * 5000 + "]" * 5000)


@pytest.mark.parametrize(
    "wrong", ["[]", "{}", "1.5", "1979-05-27", "nan", '""', "[[1]]", "{ env = 1 }", "{ env = {} }"]
)
@pytest.mark.parametrize(
    "key", [*(f.name for f in fields(Mastodon)), "template", "spacing", "quiet", "utm", "edits", "name", "kind"]
)
def test_no_value_of_any_shape_crashes_the_check(tmp_path: Path, key: str, wrong: str) -> None:
    found: list[Any] = mistakes(tmp_path, f"[[channels]]\n{key} = {wrong}\n")
    assert found
