"""P01–P10, P20, P23–P28: what a request says, and how many there are."""

import gzip
from collections import Counter
from datetime import timedelta

import pytest
import sqlalchemy as sa

from pipeline.model import StoreError
from tests.polling.bench import Bench, Said, feed, longer, same

HTML = Said(200, {"Content-Type": "text/html"}, b"<!doctype html><title>Sign in</title><p>Please sign in.")


def test_p01_the_first_request_has_no_validators_and_is_the_only_one(bench: Bench) -> None:
    bench.script(feed("b0", "b1"))
    bench.poll()
    assert [asked.method for asked in bench.server.asked] == ["GET"]
    assert not {"if-none-match", "if-modified-since"} & set(bench.last())
    assert bench.articles("archived") == ["Mkb1", "Mkb0"]


@pytest.mark.parametrize("etag", ['"abc"', 'W/"abc-gzip"', '"a,b;c=d"'])
def test_p02_the_etag_comes_back_byte_for_byte(bench: Bench, etag: str) -> None:
    bench.script(feed(etag=etag))
    bench.poll()
    bench.poll()
    assert bench.last()["if-none-match"] == etag


@pytest.mark.parametrize("modified", ["Sat, 21 Nov 2026 03:57:14 GMT", "Saturday, 21-Nov-26 3:57:14 GMT", "yesterday"])
def test_p03_last_modified_comes_back_byte_for_byte(bench: Bench, modified: str) -> None:
    bench.script(feed(modified=modified))
    bench.poll()
    bench.poll()
    assert bench.last()["if-modified-since"] == modified


def test_p04_validators_are_never_invented(bench: Bench) -> None:
    bench.script(feed("b0", etag=None))
    bench.poll()
    bench.poll()
    assert not {"if-none-match", "if-modified-since"} & set(bench.last())


def test_p05_validators_are_a_pair_from_one_answer(bench: Bench) -> None:
    bench.script(feed("b0", etag='"1"', modified="Sat, 21 Nov 2026 03:57:14 GMT"), feed("x0", "b0", etag='"2"'))
    bench.poll()
    row = bench.poll()
    assert (row.etag, row.last_modified) == ('"2"', None)


def test_p06_a_304_may_bring_new_validators(bench: Bench) -> None:
    bench.script(feed("b0", etag='"1"'), same(ETag='"2"'))
    bench.poll()
    assert bench.poll().etag == '"2"'


def test_p07_validators_are_kept_though_the_body_is_the_same(bench: Bench) -> None:
    bench.script(feed("b0", etag='"1"'), feed("b0", etag='"2"'))
    bench.poll()
    assert bench.poll().etag == '"2"'
    assert bench.log()[0]["entries"] == 0, "an unchanged body is not parsed"


@pytest.mark.parametrize(
    "trouble", [Said(429), Said(500), Said(503), HTML, Said(200, {}, b"<rss"), Said(200), Said(404)], ids=str
)
def test_p08_validators_outlive_trouble_and_a_restart(bench: Bench, trouble: Said) -> None:
    bench.script(feed("b0", etag='"1"'), trouble, same())
    bench.poll()
    assert bench.poll().etag == '"1"'
    bench.start(bench.world.config)
    bench.poll()
    assert bench.last()["if-none-match"] == '"1"'


def test_p09_validators_are_stored_with_the_articles_or_not_at_all(bench: Bench) -> None:
    bench.script(feed("b0", etag='"1"'), feed("x0", "b0", etag='"2"'))
    bench.poll()
    with bench.store.begin() as tx:
        tx.execute(sa.text("create trigger full before insert on steps begin select raise(abort, 'disk full'); end"))
    with pytest.raises((StoreError, sa.exc.SQLAlchemyError)):
        bench.poll()
    assert bench.row().etag == '"1"'
    assert bench.articles() == ["Mkb0"]
    with bench.store.begin() as tx:
        tx.execute(sa.text("drop trigger full"))
    bench.clock.now += timedelta(minutes=5)  # the lease of the poll that broke off
    assert bench.poll().etag == '"2"'
    assert bench.articles("new") == ["Mkx0"]


def test_p10_a_feed_without_validators_is_asked_once_a_day(bench: Bench) -> None:
    bench.script(feed("b0", etag=None))
    bench.poll()
    assert bench.wait() >= timedelta(hours=24)
    assert "no ETag" in bench.row().due_reason


def test_p10_with_validators_no_request_goes_without_them(bench: Bench) -> None:
    bench.script(feed("b0"), same(), Said(500), same())
    for _ in range(20):
        bench.poll()
    assert sum("if-none-match" not in asked.headers for asked in bench.server.asked) == 1


def test_p10_whoever_sets_every_by_hand_has_chosen(bench: Bench) -> None:
    bench.configure('every = "30m"')
    bench.script(feed("b0", etag=None))
    bench.poll()
    assert timedelta(minutes=30) <= bench.wait() <= timedelta(minutes=33)


def test_p20_one_request_however_many_channels_the_feed_reaches(bench: Bench) -> None:
    names = ["one", "two", "three"]
    sinks = [f'[[channels]]\nname = "{name}"\nkind = "webhook"\nurl = "{bench.server.url}/{name}"' for name in names]
    ways = [f'[[routes]]\nfeeds = ["news"]\nchannels = ["{name}"]' for name in names]
    bench.configure("\n".join([*sinks, *ways]), top='delay = "0s"')
    bench.script(feed("b0"), feed("x0", "b0", etag='"2"'))
    for name in names:
        bench.script(Said(200, {"Content-Type": "application/json"}, b"{}"), path=f"/{name}")
    bench.poll()
    bench.poll()
    bench.work()
    asked = Counter(one.path for one in bench.server.asked)
    assert asked == {"/news": 2, "/one": 1, "/two": 1, "/three": 1}


def test_p23_to_p27_a_request_is_a_plain_identifiable_get(bench: Bench) -> None:
    bench.script(longer(feed("b0"), Set_Cookie="a=1"))
    bench.poll()
    bench.poll()
    asked = bench.server.asked[-1]
    assert (asked.method, asked.path) == ("GET", "/news"), "P23, P27: no HEAD, no cache-buster"
    assert asked.headers["user-agent"].startswith("Standfirst/")
    assert "(+https://operator.example/bot" in asked.headers["user-agent"], "P24"
    for kind in ("application/atom+xml", "application/rss+xml", "application/feed+json"):
        assert kind in asked.headers["accept"], "P25"
    assert "gzip" in asked.headers["accept-encoding"], "P26"
    assert not {"cookie", "referer", "authorization"} & set(asked.headers), "P27"


def test_p26_what_is_compressed_is_read(bench: Bench) -> None:
    plain = feed("b0")
    bench.script(longer(Said(200, plain.headers, gzip.compress(plain.body)), Content_Encoding="gzip"))
    bench.poll()
    assert bench.articles() == ["Mkb0"]


def test_p28_nothing_but_the_feed_is_asked_for(bench: Bench) -> None:
    bench.script(Said(404))
    bench.poll()
    bench.poll()
    assert {asked.path for asked in bench.server.asked} == {"/news"}
