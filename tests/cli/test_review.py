"""`standfirst dedupe review` and `dedupe silent`: joins and holds seen again, under today's rules."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pipeline.model import Article, ArticleState, Stage
from pipeline.store import articles, fingerprints
from pipeline.world import World
from tests.cli.conftest import CONFIG, TEXTS, TITLES, Command, Site
from workers import configuration

Change = Callable[[World, Article, Article], None]


@pytest.fixture
def path(site: Site, tmp_path: Path, migrated_url: str) -> Path:
    """On each database."""
    file = tmp_path / "standfirst.toml"
    file.write_text(CONFIG.format(root=site.root).replace("sqlite:///standfirst.db", migrated_url))
    return file


def joined(world: World, article: Article, first: Article) -> None:
    """As rules of another day have joined it."""
    with world.store.begin() as tx:
        articles.move(tx, article, ArticleState.JOINED, "the rules of another day", joined_to=first.id)


def held(world: World, article: Article, first: Article) -> None:
    """As rules of another day have held it."""
    with world.store.begin() as tx:
        articles.move(tx, article, ArticleState.HELD, "the rules of another day")
        fingerprints.set_apart(tx, article.id, first.id, "asked", world.now())


def then(path: Path, change: Change, idents: list[str]) -> None:
    world = World.open(configuration.read(path))
    with world.store.read() as tx:
        first, article = (articles.get(tx, ident) for ident in idents)
    assert first
    assert article
    change(world, article, first)
    world.close()


@pytest.mark.parametrize(("change", "was"), [(joined, "joined"), (held, "held beside")])
def test_what_should_not_have_been_joined_or_held_is_listed_and_can_be_parted(
    standfirst: Command, work: Any, site: Site, path: Path, change: Change, was: str
) -> None:
    work(only=(Stage.POLL, Stage.TEASER, Stage.DEDUPE))
    first, other, _ = standfirst.ids()
    then(path, change, [first, other])
    told = standfirst.ok("dedupe", "review", "--days", "30", "--json").json
    assert [(row["article"], row["was"], row["would"]) for row in told["rows"]] == [
        (other, f"{was} {first}", "its own story")
    ]
    listed = standfirst.ok("dedupe", "review").out
    assert f"dedupe {other} {first} --different" in " ".join(listed.split())
    assert "1 join or hold of 1 in 30 days would be judged otherwise now" in listed
    standfirst.ok(*told["rows"][0]["next"].split()[1:])
    work()
    assert sorted(body["data"]["article"]["title"] for body in site.sent) == sorted(TITLES)
    assert standfirst.ok("dedupe", "review", "--json").json["rows"] == []


def test_what_is_rightly_joined_is_not_listed(standfirst: Command, work: Any, site: Site, path: Path) -> None:
    copied = site.pages["/feed.xml"][1].replace('<guid isPermaLink="false">', '<guid isPermaLink="false">b')
    site.pages["/copy.xml"] = ("application/rss+xml", copied.replace(f"{site.root}/", f"{site.root}/b/"))
    more = f'[[feeds]]\nname = "copy"\nurl = "{site.root}/copy.xml"\nfirst_run = "last 3"\n'
    path.write_text(path.read_text().replace('feeds = ["news"]', 'feeds = ["*"]') + more)
    work()
    told = standfirst.ok("dedupe", "review", "--json").json
    assert (told["judged"], told["rows"]) == (3, [])
    assert "nothing would be judged otherwise" in standfirst.ok("dedupe", "review").err


def test_a_person_s_word_is_not_judged_again(standfirst: Command, work: Any, path: Path) -> None:
    work(only=(Stage.POLL,))
    first, other, _ = standfirst.ids()
    standfirst.ok("dedupe", first, other, "--same")
    assert standfirst.ok("dedupe", "review", "--json").json == {"days": 30, "judged": 0, "rows": []}
    assert standfirst.ok("dedupe", first, other, "--json").json["a_person_said"] == "same"


def test_joins_that_left_a_channel_without_either_post_are_listed(
    standfirst: Command, work: Any, site: Site, path: Path
) -> None:
    path.write_text(path.read_text().replace('first_run = "last 3"', 'first_run = "none"'))
    work(only=(Stage.POLL,))
    first, other, _ = standfirst.ids()
    then(path, joined, [first, other])
    [row] = standfirst.ok("dedupe", "silent", "--json").json
    assert (row["article"], row["joined"], row["channels"]) == (other, first, ["hook"])
    assert "news: 1 article joined an earlier one, and neither was posted on hook" in standfirst("status").out
    standfirst.ok(*row["next"].split()[1:])
    work()
    assert [body["data"]["article"]["title"] for body in site.sent] == [TITLES[1]]
    assert standfirst.ok("dedupe", "silent", "--json").json == []


def test_two_stories_are_posted_with_a_teaser_written_anew(
    standfirst: Command, work: Any, site: Site, path: Path
) -> None:
    work(only=(Stage.POLL, Stage.TEASER, Stage.DEDUPE))
    first, other, _ = standfirst.ids()

    def protected(world: World, article: Article, story: Article) -> None:
        with world.store.begin() as tx:
            articles.write_teaser(tx, article.seq, "This article is protected.", "summary", "")
        joined(world, article, story)

    then(path, protected, [first, other])
    standfirst.ok("dedupe", first, other, "--different")
    work()
    sent = {body["data"]["article"]["title"]: body["data"]["article"]["teaser"] for body in site.sent}
    assert TEXTS[1].startswith(sent[TITLES[1]])
    assert "protected" not in sent[TITLES[1]]


def test_review_wants_no_second_article_and_the_comparison_does(standfirst: Command, path: Path) -> None:
    assert standfirst("dedupe", "a").code == 2
    assert "dedupe review" in standfirst("dedupe", "a").err
