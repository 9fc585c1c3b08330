"""`standfirst demo`, as a person starts it: it ends by itself, and its word can be taken."""

import re
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from workers.demo.newspaper import Newspaper
from workers.demo.newsstand import Channels, Count, Shelf, count
from workers.demo.sandbox import Atproto, Mastodon, Webhook

pytestmark = pytest.mark.xdist_group("demo")  # two at once would race for the demo's ports

COMMAND = [sys.executable, "-c", "from workers.cli import main; main()", "demo", "--folder"]


def counted(folder: Path) -> list[Count]:
    """Our own count, from what the sandboxes wrote down."""
    newspaper, mastodon, atproto, webhook = Newspaper(folder), Mastodon(folder), Atproto(folder), Webhook(folder)
    shelf = Shelf(folder / "feeds")
    channels: Channels = {"mastodon": mastodon, "bluesky": atproto, "webhook": webhook, "outfeed": shelf}
    found = count(newspaper, channels)
    for sandbox in (newspaper, mastodon, atproto, webhook):
        sandbox.books.close()
    return found


@pytest.mark.timeout(120)
def test_it_ends_by_itself_with_every_article_on_every_channel_once(tmp_path: Path) -> None:
    folder = tmp_path / "demo"
    ended = subprocess.run(
        [*COMMAND, str(folder), "--for", "12s"], capture_output=True, text=True, timeout=110, check=False
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert re.search(r"console\s+http://127\.0\.0\.1:\d+/login\?token=\S+", ended.stdout)
    assert "Every article is on every channel, once." in ended.stdout
    for one in counted(folder):
        assert one.articles >= 3
        assert (one.doubles, one.missing) == (0, ()), one
    with closing(sqlite3.connect(folder / "standfirst.db")) as store:
        addresses = [row[0] for row in store.execute("select remote_url from deliveries where remote_url is not null")]
    assert len(addresses) >= 9
    assert [address for address in addresses if not address.startswith("http://127.0.0.1:")] == []


@pytest.mark.timeout(120)
def test_it_stops_when_asked_and_goes_on_where_it_stopped(tmp_path: Path) -> None:
    folder = tmp_path / "demo"
    with subprocess.Popen([*COMMAND, str(folder)], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as demo:
        assert demo.stdout
        for line in demo.stdout:
            if "mastodon" in line and "outfeed" in line:  # the first article has reached its last channel
                break
        demo.send_signal(signal.SIGINT)
        rest = demo.stdout.read()
        assert demo.wait(60) == 0, rest
    before = [one.posts for one in counted(folder)]
    again = subprocess.run(
        [*COMMAND, str(folder), "--for", "1s"], capture_output=True, text=True, timeout=110, check=False
    )
    assert again.returncode == 0, again.stdout + again.stderr
    after = counted(folder)
    assert all(one.posts > posts for one, posts in zip(after, before, strict=True))
    assert [(one.doubles, one.missing) for one in after] == [(0, ())] * 4


def test_a_folder_with_other_things_in_it_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("four years of work")
    ended = subprocess.run([*COMMAND, str(tmp_path)], capture_output=True, text=True, timeout=60, check=False)
    assert ended.returncode == 2
    assert "not empty" in ended.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]
