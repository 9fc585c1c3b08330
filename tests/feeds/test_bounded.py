"""Foreign documents are parsed in children that end: in time, in memory, with their parent, and for want of work."""

import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from pathlib import Path

import pytest

from pipeline import bounded as module
from pipeline.bounded import Bounded, BoundedError
from pipeline.feeds import parse
from pipeline.feeds.parse import NotAFeed
from pipeline.http import Answer

FEED = b"<rss version='2.0'><channel><title>T</title><item><title>one</title></item></channel></rss>"
BOMB = (
    b"<rss version='2.0'><channel><item><description><![CDATA["
    + b"<div>" * 200_000
    + b"]]></description></item></channel></rss>"
)


def answered(body):
    return Answer(200, {"content-type": "text/xml"}, body, "https://e.org/feed")


def test_a_document_comes_back_from_the_child(bounded):
    found = parse.read(bounded, answered(FEED))
    assert (found.title, found.entries[0].title) == ("T", "one")
    assert found == parse.parse(FEED, url="https://e.org/feed")


def test_what_is_no_feed_is_said_by_the_child(bounded):
    with pytest.raises(NotAFeed, match="Log in"):
        parse.read(bounded, answered(b"<html><title>Log in</title>"))


def test_a_document_that_eats_time_ends_at_its_limit_and_the_next_is_read(bounded):
    begun = time.monotonic()
    with pytest.raises(BoundedError) as caught:
        parse.read(bounded, answered(BOMB), seconds=0.5)
    assert caught.value.reason == "time"
    assert time.monotonic() - begun < 20
    assert parse.read(bounded, answered(FEED)).title == "T"


def test_a_document_that_eats_memory_ends_and_the_next_is_read(bounded):
    with pytest.raises(BoundedError) as caught:
        parse.read(bounded, answered(b"<rss version='2.0'><channel><title>" + b"<a>" * 15_000_000), seconds=1)
    assert caught.value.reason in ("memory", "crash", "time")
    assert parse.read(bounded, answered(FEED)).title == "T"


def test_a_document_larger_than_any_may_be_is_not_even_sent(bounded):
    with pytest.raises(BoundedError) as caught:
        parse.read(bounded, answered(bytes(module.LARGEST)))
    assert caught.value.reason == "memory"


def test_a_child_that_was_killed_is_replaced(bounded):
    parse.read(bounded, answered(FEED))
    os.kill(bounded._idle[0].process.pid, signal.SIGKILL)
    assert parse.read(bounded, answered(FEED)).title == "T"


def test_a_job_that_fails_is_an_error_and_the_child_lives(bounded):
    parse.read(bounded, answered(FEED))
    children = {one.process.pid for one in bounded._idle}
    with pytest.raises(BoundedError, match="KeyError"):
        bounded.run("feed", {"nothing": 1})
    assert {one.process.pid for one in bounded._idle} == children


def test_many_threads_share_few_children():
    pool = Bounded(2)
    found = []
    threads = [threading.Thread(target=lambda: found.append(parse.read(pool, answered(FEED)).title)) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == ["T"] * 12
    assert len(pool._idle) <= 2
    pool.close()


def test_a_forked_worker_starts_children_of_its_own(bounded):
    parse.read(bounded, answered(FEED))
    worker = os.fork()
    if worker == 0:
        title = parse.read(bounded, answered(FEED)).title
        bounded.close()
        os._exit(7 if title == "T" else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(worker, 0)[1]) == 7
    assert parse.read(bounded, answered(FEED)).title == "T"


def test_a_child_inherits_no_credentials(bounded, monkeypatch):
    monkeypatch.setenv("MASTODON_TOKEN", "s3cret")
    child = module._Child()
    environment = Path(f"/proc/{child.process.pid}/environ").read_bytes()
    child.kill()
    assert b"s3cret" not in environment


def test_children_end_with_a_parent_that_was_killed():
    program = textwrap.dedent("""
        import threading
        from pipeline.bounded import Bounded
        from tests.feeds.test_bounded import BOMB, FEED, answered
        from pipeline.feeds import parse
        pool = Bounded(2)
        parse.read(pool, answered(FEED))
        threading.Thread(target=lambda: parse.read(pool, answered(BOMB), seconds=30), daemon=True).start()
        while pool._idle: pass
        print(open(f"/proc/self/task/{threading.get_native_id()}/children").read(), flush=True)
        threading.Event().wait()
    """)
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True) as parent:
        children = [int(word) for word in parent.stdout.readline().split()]
        parent.kill()
    assert children
    ends = time.monotonic() + 10
    while any(_alive(child) for child in children) and time.monotonic() < ends:
        time.sleep(0.02)
    assert not any(_alive(child) for child in children)


def _alive(process):
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_an_idle_child_ends_by_itself_and_another_takes_its_work(monkeypatch):
    pool = Bounded(1)
    parse.read(pool, answered(FEED))
    child = pool._idle[0]
    child.process.stdin.close()  # as if nothing had come for long: the child sees its work at an end
    child.process.wait(5)
    assert parse.read(pool, answered(FEED)).title == "T"
    pool.close()


def test_a_warm_child_takes_the_next_document_and_has_loaded_what_it_needs():
    pool = Bounded()
    pool.warm()
    child = pool._idle[0].process.pid
    mapped = Path(f"/proc/{child}/maps").read_text()
    assert "lxml" in mapped, "the parsers are loaded"
    assert parse.read(pool, answered(FEED)).title == "T"
    pool.warm()
    assert [one.process.pid for one in pool._idle] == [child]
    assert Path(f"/proc/{child}/maps").read_text().count(".so") == mapped.count(".so"), "nothing is loaded later"
    pool.close()


def test_a_child_knows_its_weight():
    before = module._weight()
    ballast = b"x" * (64 * 1024 * 1024)
    assert module._weight() - before > len(ballast) / 2
    assert 0 < before < 2**40


def test_nothing_is_kept_warm_once_it_was_closed():
    pool = Bounded()
    pool.close()
    pool.warm()
    assert pool._idle == []


def test_a_job_goes_to_the_child_that_has_done_such_a_one():
    pool = Bounded()
    pool.warm()
    warm = pool._idle[0]
    other = module._Child()
    pool._idle.append(other)
    for _ in range(3):
        assert parse.read(pool, answered(FEED)).title == "T"
    assert other.knows == set()
    assert pool._idle[-1] is warm
    pool.close()
