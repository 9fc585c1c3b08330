"""Two articles side by side: what a person sees who is to say whether they are one story, and what the word does."""

import pytest

from pipeline.model import ArticleState
from pipeline.store import articles, fingerprints
from pipeline.world import World
from tests.workers.http_client import NOW, HttpClient, article, csrf

BRIDGE = "The council of Wrenbridge voted on Tuesday to rebuild the old mill bridge. "
WEIR = "The ferry across the weir takes on a second captain, and a third is looked for. "


def doubtful(world: World) -> tuple[str, str]:
    """An article, and one that is held to be compared with it."""
    first = article(world, 1, ArticleState.FANNED, summary=BRIDGE + "Work begins in May & ends in spring.")
    held = article(world, 2, ArticleState.HELD, summary=BRIDGE + WEIR)
    with world.store.begin() as tx:
        fingerprints.set_apart(tx, held, first, "asked", NOW)
    return first, held


def test_a_doubtful_article_is_shown_beside_the_one_it_may_repeat(world: World, editor: HttpClient) -> None:
    first, held = doubtful(world)
    page = editor.get(f"/article/{held}").text
    shown = page[page.index('class="pair"') : page.index("One story: join them")]
    assert shown.index("Work begins in May &amp; ends in spring.") < shown.index("The ferry across the weir")
    assert shown.count("rebuild the old mill bridge") == 2
    assert f'href="/article/{first}"' in shown
    assert "One story or two?" not in editor.get(f"/article/{first}").text


@pytest.mark.parametrize(("order", "state", "said"), [("together", "joined", "joined"), ("apart", "new", "own way")])
def test_a_person_says_whether_it_is_one_story_or_two(
    world: World, editor: HttpClient, order: str, state: str, said: str
) -> None:
    first, held = doubtful(world)
    form = {"csrf": csrf(editor), "article": held, "other": first, "back": f"/article/{held}"}
    editor.post(f"/orders/{order}", data=form)
    page = editor.get(f"/article/{held}").text
    assert said in page
    assert "One story or two?" not in page
    with world.store.read() as tx:
        found = articles.get(tx, held)
        assert found
        assert found.state == state
        assert (found.joined_to == first) == (order == "together")
        assert fingerprints.said_apart(tx, first, held) == (order == "apart")


def test_the_held_one_moves_whichever_was_seen_first(world: World, editor: HttpClient) -> None:
    first, second = article(world, 1, ArticleState.HELD), article(world, 2, ArticleState.FANNED)
    editor.post("/orders/together", data={"csrf": csrf(editor), "article": first, "other": second})
    with world.store.read() as tx:
        assert articles.get(tx, first).joined_to == second  # type: ignore[union-attr]


def test_what_is_held_for_another_reason_goes_on_waiting(world: World, editor: HttpClient) -> None:
    flood, other = article(world, 1, ArticleState.HELD), article(world, 2, ArticleState.FANNED)
    editor.post("/orders/apart", data={"csrf": csrf(editor), "article": flood, "other": other})
    with world.store.read() as tx:
        assert articles.get(tx, flood).state == "held"  # type: ignore[union-attr]
        assert fingerprints.said_apart(tx, flood, other)
