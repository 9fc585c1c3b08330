"""From the feed to the post, as a person sees and steers it."""

from pathlib import Path
from typing import Any

import pytest

from pipeline.model import Stage
from tests.cli.conftest import TITLES, Command, Site

PAGE = "<html><head><title>A fair</title>{head}</head><body><p>{text}</p></body></html>"
FAIR = (
    "The summer fair will be held in the old park by the river this year, the mayor said on Monday, because the market "
    "square is being paved until the autumn."
)
BEFORE_SENDING = tuple(stage for stage in Stage if stage != Stage.DELIVER)


def titles(site: Site) -> list[str]:
    return [body["data"]["article"]["title"] for body in site.sent]


def test_what_was_posted_is_listed_and_explained(standfirst: Command, work: Any, site: Site) -> None:
    work()
    assert titles(site) == list(TITLES)
    assert [row["title"] for row in standfirst.ok("articles", "--json").json] == list(reversed(TITLES))
    rows = standfirst.ok("deliveries", "--json", "--state", "delivered", "--channel", "hook").json
    assert len(rows) == 3
    told = standfirst.ok("explain", standfirst.ids()[0], "--json").json
    assert [step["stage"] for step in told["steps"]][:4] == ["poll", "teaser", "dedupe", "fanout"]
    assert told["next"] == "nothing: all is done"
    said = standfirst.ok("explain", standfirst.ids()[0]).out
    assert TITLES[0] in said
    assert "delivered" in said


def test_an_article_is_known_by_the_beginning_of_its_id_and_by_its_link(
    standfirst: Command, work: Any, site: Site
) -> None:
    work()
    ident = standfirst.ids()[0]
    assert standfirst.ok("explain", ident[:6], "--json").json["article"]["id"] == ident
    assert standfirst.ok("explain", f"{site.root}/1", "--json").json["article"]["id"] == ident
    said = standfirst("explain", "zzz")
    assert (said.code, said.out) == (2, "")


def test_explain_says_when_a_waiting_post_is_sent_and_why_not(standfirst: Command, work: Any) -> None:
    work(only=BEFORE_SENDING)
    ident = standfirst.ids()[0]
    assert "as soon as its turn comes" in standfirst.ok("explain", ident).out
    standfirst.ok("channels", "pause", "hook")
    assert "its channel is paused (paused by a person)" in standfirst.ok("explain", ident).out


def test_preview_shows_the_exact_text_that_is_posted(standfirst: Command, work: Any, site: Site) -> None:
    work()
    (shown,) = standfirst.ok("preview", standfirst.ids()[0], "--json").json
    assert shown["teaser"] == site.sent[0]["data"]["article"]["teaser"]
    assert shown["count"] == len(shown["text"])
    assert TITLES[0] in standfirst.ok("preview", standfirst.ids()[0]).out


def test_preview_of_an_address_keeps_and_sends_nothing(standfirst: Command, path: Path, site: Site) -> None:
    page = PAGE.format(head=f"<meta name=description content='{FAIR}'>", text="Text.")
    site.pages["/fair"] = ("text/html", page)
    (shown,) = standfirst.ok("preview", f"{site.root}/fair", "--json").json
    assert "old park by the river" in shown["text"]
    assert shown["title"] == "A fair"
    assert standfirst.ids() == []
    assert site.sent == []


def test_an_address_is_published_once(standfirst: Command, work: Any, site: Site) -> None:
    page = PAGE.format(head="", text="The fair is in the park. It opens on Monday.")
    site.pages["/fair"] = ("text/html", page)
    standfirst.ok("publish", f"{site.root}/fair")
    standfirst.ok("publish", f"{site.root}/fair")
    work(only=(Stage.DELIVER,))
    assert titles(site) == ["A fair"]


def test_an_address_that_does_not_answer_is_not_published(standfirst: Command, path: Path, site: Site) -> None:
    said = standfirst("publish", f"{site.root}/nothing")
    assert said.code == 2
    assert "404" in said.err


def test_an_article_is_republished_as_a_new_delivery(standfirst: Command, work: Any, site: Site) -> None:
    work()
    ident = standfirst.ids()[0]
    standfirst.ok("republish", ident)
    assert "on its way already" in standfirst.ok("republish", ident).out
    work()
    assert titles(site) == [*TITLES, TITLES[0]]


def test_an_order_with_a_key_is_carried_out_once(standfirst: Command, work: Any, site: Site) -> None:
    work()
    ident = standfirst.ids()[0]
    first = standfirst.ok("republish", ident, "--key", "night 7").out
    work()
    assert standfirst.ok("republish", ident, "--key", "night 7").out == first
    work()
    assert len(site.sent) == 4
    used = standfirst("hold", ident, "--key", "night 7")
    assert (used.code, "another order" in used.err) == (2, True)


def test_a_second_republish_within_a_minute_has_to_be_meant(standfirst: Command, work: Any, site: Site) -> None:
    work()
    ident = standfirst.ids()[0]
    standfirst.ok("republish", ident)
    work()
    refused = standfirst("republish", ident)
    assert (refused.code, "--again" in refused.err) == (2, True)
    standfirst.ok("republish", ident, "--again")
    work()
    assert len(site.sent) == 5


def test_an_editors_teaser_is_what_is_sent(standfirst: Command, work: Any, site: Site) -> None:
    work(only=BEFORE_SENDING)
    standfirst.ok("edit", standfirst.ids()[0], "--teaser", "The bridge is  closed.")
    work()
    assert site.sent[0]["data"]["article"]["teaser"] == "The bridge is closed."
    assert standfirst("edit", standfirst.ids()[0]).code == 2


def test_what_is_held_is_not_sent_until_it_is_released(standfirst: Command, work: Any, site: Site) -> None:
    work(only=BEFORE_SENDING)
    ident = standfirst.ids()[1]
    standfirst.ok("hold", ident)
    work()
    assert TITLES[1] not in titles(site)
    standfirst.ok("release", ident)
    work()
    assert sorted(titles(site)) == sorted(TITLES)


def test_what_is_discarded_is_never_sent(standfirst: Command, work: Any, site: Site) -> None:
    work(only=BEFORE_SENDING)
    standfirst.ok("discard", standfirst.ids()[1])
    work()
    assert titles(site) == [TITLES[0], TITLES[2]]


def test_everything_held_of_a_feed_is_released_at_once(standfirst: Command, work: Any, site: Site, path: Path) -> None:
    path.write_text(path.read_text().replace('first_run = "last 3"', "flood = 1"))
    site.show(1)
    work()
    site.show(3)
    while standfirst("feeds", "poll", "news").code:
        pass  # a second must lie between two polls
    work()
    assert len(standfirst.ids("--state", "held")) == 2
    said = standfirst("status")
    assert (said.code, "news: 2 articles wait for release" in said.out) == (1, True)
    assert "2 articles go on" in standfirst.ok("release", "--feed", "news").out
    work()
    assert titles(site) == list(TITLES[1:])


def test_release_wants_to_know_what(standfirst: Command, path: Path) -> None:
    assert standfirst("release").code == 2
    assert standfirst("release", "--all", "--feed", "news").code == 2


def test_a_paused_channel_keeps_its_queue_or_skips_it(standfirst: Command, work: Any, site: Site) -> None:
    standfirst.ok("pause", "hook")
    work()
    assert site.sent == []
    (row,) = standfirst.ok("channels", "--json").json
    assert (row["state"], row["pending"]) == ("paused", 3)
    assert "3 deliveries that waited cancelled" in standfirst.ok("resume", "hook", "--skip").out
    work()
    assert site.sent == []


def test_a_delivery_that_was_cancelled_can_be_tried_again(standfirst: Command, work: Any, site: Site) -> None:
    standfirst.ok("pause", "hook")
    work()
    standfirst.ok("resume", "hook", "--skip")
    number = standfirst.ok("deliveries", "--json", "--state", "cancelled").json[0]["id"]
    standfirst.ok("retry", str(number))
    work()
    assert len(site.sent) == 1
    said = standfirst("retry", str(number))
    assert said.code == 2
    assert "republish" in said.err


def test_a_feed_is_paused_resumed_and_polled_by_hand(standfirst: Command, work: Any, site: Site) -> None:
    standfirst.ok("pause", "news")
    work()
    assert site.asked == []
    assert standfirst("feeds", "poll", "news").code == 1
    (row,) = standfirst.ok("feeds", "--json").json
    assert (row["state"], row["reason"]) == ("paused", "paused by a person")
    standfirst.ok("resume", "news")
    assert "3 entries, 3 new" in standfirst.ok("feeds", "poll", "news").out
    (line,) = standfirst.ok("feeds", "log", "news", "--json").json
    assert (line["by"], line["status"], line["new"]) == ("person", 200, 3)


@pytest.mark.parametrize("command", ["pause", "resume"])
def test_a_name_that_means_nothing_is_refused(standfirst: Command, path: Path, command: str) -> None:
    said = standfirst(command, "nws")
    assert said.code == 2
    assert "hook, news" in said.err


def test_an_unknown_state_names_those_that_are_known(standfirst: Command, path: Path) -> None:
    said = standfirst("articles", "--state", "posted")
    assert said.code == 2
    assert "fanned" in said.err


def test_status_says_that_nothing_runs_and_how_to_start(standfirst: Command, work: Any) -> None:
    work()
    said = standfirst("status")
    assert said.code == 1
    assert "not running; start it with: standfirst run" in said.out
    assert "3 delivered in the last hour" in said.out
    assert standfirst("status", "--json").json["state"] == "stopped"


def test_what_stands_in_a_title_cannot_act_on_a_terminal(standfirst: Command, work: Any, site: Site) -> None:
    kind, text = site.pages["/feed.xml"]
    site.pages["/feed.xml"] = (kind, text.replace(TITLES[0], "Bridge &#x202e; &#x9b;31m to be repaired"))
    work()
    for command in ("articles", "deliveries", f"explain {standfirst.ids()[0]}", f"preview {standfirst.ids()[0]}"):
        said = standfirst.ok(*command.split()).out
        assert not {"\x1b", "\x9b", "\u202e"} & set(said)


def test_a_test_post_is_posted_and_deleted(standfirst: Command, path: Path, site: Site) -> None:
    said = standfirst.ok("channels", "test", "hook").out
    assert "posted and deleted" in said
    assert [body["type"] for body in site.sent] == ["article.published", "article.deleted"]
    assert standfirst.ids() == []


def test_two_articles_are_laid_side_by_side(standfirst: Command, work: Any) -> None:
    work()
    one, other, _ = standfirst.ids()
    told = standfirst.ok("dedupe", "--explain", one, other, "--json").json
    assert told["verdict"] == "different"
    assert told["reason"] in standfirst.ok("dedupe", other, one).out
    standfirst.ok("dedupe", one, other, "--different")
    assert standfirst.ok("dedupe", one, other, "--json").json["a_person_said"] == "different"
    assert standfirst("dedupe", one, one).code == 2


def test_backtest_shows_what_another_policy_would_have_done(
    standfirst: Command, work: Any, site: Site, path: Path
) -> None:
    copy = (
        site.pages["/feed.xml"][1]
        .replace('<guid isPermaLink="false">', '<guid isPermaLink="false">b')
        .replace(f"{site.root}/", f"{site.root}/b/")
    )
    site.pages["/copy.xml"] = ("application/rss+xml", copy)
    more = f'[[feeds]]\nname = "copy"\nurl = "{site.root}/copy.xml"\nfirst_run = "last 3"\n'
    path.write_text(path.read_text() + more)
    work()
    same = standfirst.ok("backtest", "--json").json
    assert (same["articles"], same["differences"]) == (6, [])
    other = standfirst.ok("backtest", "--policy", "off", "--json").json
    assert {row["would"] for row in other["differences"]} == {"own story"}
    assert len(other["differences"]) == 3
    assert len(site.sent) == 3


def test_audit_says_which_kinds_cannot_be_asked(standfirst: Command, work: Any) -> None:
    work()
    assert standfirst.ok("audit", "--json").json["silent"] == ["hook"]
    assert standfirst("audit", "hok").code == 2


def test_what_was_joined_by_mistake_goes_its_own_way_and_stays_apart(
    standfirst: Command, work: Any, site: Site, path: Path
) -> None:
    copied = site.pages["/feed.xml"][1].replace('<guid isPermaLink="false">', '<guid isPermaLink="false">b')
    site.pages["/copy.xml"] = ("application/rss+xml", copied.replace(f"{site.root}/", f"{site.root}/b/"))
    more = f'[[feeds]]\nname = "copy"\nurl = "{site.root}/copy.xml"\nfirst_run = "last 3"\n'
    path.write_text(path.read_text().replace('feeds = ["news"]', 'feeds = ["*"]') + more)
    work()
    assert len(site.sent) == 3
    joined = standfirst.ok("articles", "--json", "--state", "joined").json[0]
    standfirst.ok("dedupe", joined["id"], joined["joined_to"], "--different")
    work()
    assert len(site.sent) == 4
    assert standfirst.ok("dedupe", joined["id"], joined["joined_to"], "--json").json["a_person_said"] == "different"
    assert "its own story" in standfirst.ok("explain", joined["id"]).out


def test_a_person_can_say_that_two_are_one_story_as_long_as_neither_was_posted_twice(
    standfirst: Command, work: Any, site: Site
) -> None:
    work(only=(Stage.POLL,))
    one, other, _ = standfirst.ids()
    standfirst.ok("dedupe", one, other, "--same")
    work()
    assert titles(site) == [TITLES[0], TITLES[2]]
    said = standfirst("dedupe", one, standfirst.ids()[2], "--same")
    assert said.code == 2
