"""init and check: from nothing to a configuration in order."""

import re
from pathlib import Path

from pipeline.config import load
from tests.cli.conftest import Command, Site
from workers import configuration
from workers.cli.setup import STARTING


def test_init_writes_a_configuration_that_is_in_order(standfirst: Command, tmp_path: Path) -> None:
    said = standfirst.ok("init")
    assert "standfirst check" in said.out
    assert "in order: 1 feed, 1 channel, 1 route" in standfirst.ok("check").out


def test_init_replaces_nothing_by_itself(standfirst: Command, tmp_path: Path) -> None:
    (tmp_path / "standfirst.toml").write_text("# mine\n")
    said = standfirst("init")
    assert said.code == 2
    assert "--force" in said.err
    assert (tmp_path / "standfirst.toml").read_text() == "# mine\n"
    standfirst.ok("init", "--force")


def test_every_setting_that_init_shows_in_a_comment_works_when_it_is_taken_in(tmp_path: Path) -> None:
    text = STARTING.read_text()
    taken = re.sub(r"(?m)^# (?=\w+ = |\[\[)", "", text)
    assert taken != text
    path = tmp_path / "standfirst.toml"
    path.write_text(taken)
    config = load(path, {"MASTODON_TOKEN": "secret"}, configuration.knowledge())
    assert set(config.channels) == {"webhook", "mastodon"}


def test_check_names_file_line_key_and_remedy_of_every_mistake(standfirst: Command, path: Path) -> None:
    path.write_text(path.read_text().replace('every = "1s"', 'every = "one second"').replace('["hook"]', '["hok"]'))
    said = standfirst("check")
    assert said.code == 2
    lines = said.err.splitlines()
    assert re.match(r".*standfirst\.toml:10: feeds\.news\.every: .*; write a number and a unit", lines[0])
    assert re.match(
        r'.*standfirst\.toml:20: routes\[1\]\.channels: there is no channel "hok"; did you mean "hook"\?', lines[1]
    )
    assert lines[2].startswith("2 mistakes")


def test_check_tells_programs_the_same(standfirst: Command, path: Path) -> None:
    path.write_text(path.read_text().replace('every = "1s"', "evry = 1"))
    said = standfirst("check", "--json")
    assert said.code == 2
    assert said.err == ""
    (mistake,) = said.json["mistakes"]
    assert (mistake["line"], mistake["key"], mistake["remedy"]) == (10, "feeds.news.evry", 'did you mean "every"?')
    assert not said.json["ok"]


def test_every_other_command_refuses_a_configuration_with_mistakes(standfirst: Command, path: Path) -> None:
    path.write_text(path.read_text().replace('every = "1s"', "evry = 1"))
    said = standfirst("articles")
    assert said.code == 2
    assert "line 10" in said.err
    assert not (path.parent / "standfirst.db").exists()


def test_no_word_of_a_mistake_is_taken_for_a_secret(standfirst: Command, path: Path) -> None:
    more = '[[channels]]\nname = "m"\nkind = "mastodon"\ninstance = "https://m.example"\ntoken = "hunter2hunter2"\n'
    path.write_text(path.read_text() + more)
    said = standfirst("articles")
    assert "channels.m.token: token is a secret" in said.err
    assert "hunter2" not in said.err


def test_check_names_loose_ends_which_are_no_mistakes(standfirst: Command, path: Path) -> None:
    path.write_text(path.read_text().partition("[[routes]]")[0])
    said = standfirst("check")
    assert said.code == 0
    assert "no route leads from the feed" in said.err


def test_a_kinds_own_settings_are_checked(standfirst: Command, path: Path) -> None:
    path.write_text(path.read_text().replace('kind = "webhook"\nurl', 'kind = "webhook"\nsecret = "plain"\nur'))
    said = standfirst("check", "--json")
    found = {mistake["key"]: mistake for mistake in said.json["mistakes"]}
    assert set(found) == {"channels.hook.secret", "channels.hook.ur", "channels.hook.url"}
    assert "{ env =" in found["channels.hook.secret"]["remedy"]
    assert "plain" not in said.out


def test_settings_that_do_not_make_a_channel_together_are_found(standfirst: Command, path: Path) -> None:
    path.write_text(path.read_text() + '[[channels]]\nname = "d"\nkind = "discord"\nchannel_id = "1"\n')
    (mistake,) = standfirst("check", "--json").json["mistakes"]
    assert mistake["key"] == "channels.d"
    assert "webhook" in mistake["message"]


def test_a_template_is_checked(standfirst: Command, path: Path) -> None:
    path.write_text(path.read_text().replace('kind = "webhook"', 'kind = "webhook"\ntemplate = "{titel}"'))
    (mistake,) = standfirst("check", "--json").json["mistakes"]
    assert mistake["key"] == "channels.hook.template"
    assert "titel" in mistake["message"]


def test_check_live_tries_each_feed_and_channel_and_keeps_nothing(standfirst: Command, path: Path, site: Site) -> None:
    said = standfirst.ok("check", "--live", "--json")
    assert [(one["what"], one["name"], one["ok"]) for one in said.json["live"]] == [
        ("feed", "news", True),
        ("channel", "hook", True),
    ]
    assert "3 entries" in said.json["live"][0]["said"]
    assert site.asked == ["/feed.xml"]
    assert site.sent == []
    assert not (path.parent / "standfirst.db").exists()


def test_check_live_fails_when_a_feed_does(standfirst: Command, path: Path, site: Site) -> None:
    site.pages["/feed.xml"] = ("text/html", "<html><title>Log in</title><body>Please log in</body></html>")
    said = standfirst("check", "--live")
    assert said.code == 1
    assert "failed feed news" in said.out
    assert "Log in" in said.out
