"""Who is new, as rules; the reports behind them are replayed in tests/histories."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.feeds.identity import Memory, Policy, Verdict, dump, keys, load
from pipeline.model import Entry, Image
from tests.feeds_identity.newsroom import NOW, Newsroom, entry, news, verdicts, words

ARCHIVE = [entry(f"a{n}", hours=30 + n) for n in range(6)]


def room(*archive: Entry, **policy: object) -> Newsroom:
    """A feed that is known, with this archive."""
    made = Newsroom(Policy(**policy))  # type: ignore[arg-type]
    made.read(*(archive or ARCHIVE))
    return made


def test_the_first_document_is_the_archive() -> None:
    decision = Newsroom().read(*ARCHIVE)
    assert set(verdicts(decision).values()) == {Verdict.ARCHIVED}


def test_the_newest_of_the_archive_are_news_when_they_are_asked_for() -> None:
    assert news(Newsroom(Policy(first_run=2)).read(*ARCHIVE)) == ["a1", "a0"]
    assert len(news(Newsroom(Policy(first_run=99, flood=1)).read(*ARCHIVE))) == 6


def test_a_new_entry_is_news_once() -> None:
    feed = room()
    assert news(feed.read(entry("x"), *ARCHIVE)) == ["x"]
    assert news(feed.read(entry("x"), *ARCHIVE)) == []


DISGUISES = {
    "scheme": lambda e: replace(e, entry_id=e.entry_id.replace("https", "http"), link=e.link.replace("https", "http")),
    "host": lambda e: replace(e, entry_id=e.entry_id.replace("town", "press"), link=e.link.replace("town", "press")),
    "tracking": lambda e: replace(e, entry_id=None, link=e.link + "?utm_source=a&fbclid=b"),
    "new id": lambda e: replace(e, entry_id="id-" + e.title[::-1]),
    "no id": lambda e: replace(e, entry_id=None),
    "no link": lambda e: replace(e, link=None),
    "date": lambda e: replace(e, published=NOW),
    "no date": lambda e: replace(e, published=None),
    "title": lambda e: replace(e, title=e.title + " (updated)"),
    "counter": lambda e: replace(e, title=e.title + " (37 comments)"),
    "text": lambda e: replace(e, summary=e.summary + "<p>Corrected.</p>"),
    "slug": lambda e: replace(e, entry_id=e.entry_id + "-2", link=e.link + "-2"),
    "slug and date": lambda e: replace(e, entry_id=e.entry_id + "-2", link=e.link + "-2", published=NOW),
    "slug and title": lambda e: replace(e, entry_id=e.entry_id + "-2", link=e.link + "-2", title="Quite another line"),
    "slug and text": lambda e: replace(e, entry_id=e.entry_id + "-2", link=e.link + "-2", summary=e.summary + " More."),
}


@pytest.mark.parametrize("disguise", DISGUISES)
def test_a_known_article_is_never_new_again(disguise: str) -> None:
    feed = room()
    feed.read(entry("x"), *ARCHIVE)
    for document in ([entry("x"), *ARCHIVE], [entry("x")], ARCHIVE):
        assert news(feed.read(*[DISGUISES[disguise](one) for one in document])) == []
    assert news(feed.read(entry("x"), *ARCHIVE)) == []


@given(
    order=st.permutations(range(6)),
    picks=st.lists(st.sampled_from(sorted(DISGUISES)), min_size=6, max_size=6),
    shown=st.integers(1, 6),
)
def test_no_mix_of_disguises_makes_anything_new(order: list[int], picks: list[str], shown: int) -> None:
    feed = room()
    document = [DISGUISES[pick](ARCHIVE[n]) for n, pick in zip(order, picks, strict=True)][:shown]
    assert news(feed.read(*document)) == []
    assert news(feed.read(*ARCHIVE)) == []


@given(st.permutations(range(7)))
def test_a_new_entry_is_found_wherever_it_stands(order: list[int]) -> None:
    document = [*ARCHIVE, entry("x")]
    assert news(room().read(*[document[n] for n in order])) == ["x"]


@given(st.lists(st.integers(0, 5)))
def test_a_document_may_shrink_to_anything_and_nothing_is_forgotten(shown: list[int]) -> None:
    feed = room()
    feed.read(*[ARCHIVE[n] for n in dict.fromkeys(shown)])
    assert news(feed.read(*ARCHIVE)) == []


def test_one_id_for_all_is_worth_nothing_from_then_on() -> None:
    feed = room(*[replace(one, entry_id="N/A") for one in ARCHIVE])
    alone = replace(entry("x"), entry_id="N/A")
    assert news(feed.read(alone)) == ["x"]


def test_one_link_for_all_is_worth_nothing_from_then_on() -> None:
    feed = room(*[replace(one, link="https://town.example/status") for one in ARCHIVE])
    alone = replace(entry("x"), link="https://town.example/status")
    assert news(feed.read(alone)) == ["x"]


def test_an_id_used_again_for_another_article_is_a_new_article_and_the_old_one_stays_known() -> None:
    feed = room()
    reused = replace(entry("x"), entry_id=ARCHIVE[2].entry_id)
    rest = [one for one in ARCHIVE if one is not ARCHIVE[2]]
    assert news(feed.read(reused, *rest)) == ["x"]
    assert news(feed.read(*ARCHIVE)) == []
    assert news(feed.read(reused, *rest)) == []


@pytest.mark.parametrize(
    "change",
    [{"title": ARCHIVE[2].title + ", mended"}, {"published": NOW}, {"link": "https://town.example/new"}],
)
def test_an_id_with_only_one_other_part_is_the_known_article(change: dict[str, object]) -> None:
    assert news(room().read(replace(ARCHIVE[2], **change), *ARCHIVE[:2])) == []


def test_a_recurring_headline_with_another_text_is_news() -> None:
    feed = room()
    for day in range(3):
        one = entry(f"d{day}", hours=6 - day, title="Weather of today in town")
        assert feed.read(one, *ARCHIVE).count(Verdict.NEW) == 1


def test_reports_of_one_form_are_news_each_though_the_last_one_left_the_feed() -> None:
    def report(day: int) -> Entry:
        gauge = f"At the gauge of the bridge the water stands at {60 + 7 * day} centimetres, the wind has {day} knots"
        return entry(f"r{day}", hours=20 - day, title=f"Water of r{day} on the river today", summary=f"<p>{gauge}.</p>")

    feed = room(report(0))
    for day in range(1, 6):
        assert news(feed.read(report(day))) == [f"r{day}"]


def test_the_window_slides_over_articles_of_one_form() -> None:
    forms = [entry(f"f{n}", hours=40 - n, title=f"Report of f{n} from the police of town") for n in range(20)]
    form = "<p>The police of the town tell of an accident in {} street where nobody was hurt on this day.</p>"
    forms = [replace(one, summary=form.format(one.title.split()[2])) for one in forms]
    feed = room(*forms[:6])
    for n in range(6, 20):
        assert news(feed.read(*forms[n - 5 : n + 1])) == [f"f{n}"]


def test_boilerplate_for_a_text_joins_nothing() -> None:
    same = "<p>" + "Read the whole article on our site where you find more of it every day and night. " * 2 + "</p>"
    feed = room(*[replace(one, summary=same) for one in ARCHIVE])
    assert news(feed.read(replace(entry("x"), summary=same))) == ["x"]


def test_a_text_alone_is_a_doubt_for_a_person() -> None:
    long = "<p>" + " ".join(f"word{n}" for n in range(60)) + "</p>"
    feed = room(replace(ARCHIVE[0], summary=long), *ARCHIVE[1:])
    other = entry("x", summary=long, title="Something else entirely here")
    assert [r.verdict for r in feed.read(other, *ARCHIVE[1:]).rulings if r.seq is None] == [Verdict.HELD]


def test_a_flood_is_held_and_one_less_is_not() -> None:
    strangers = [entry(f"x{n}", hours=9 - n / 10) for n in range(13)]
    assert room().read(*strangers, *ARCHIVE).count(Verdict.HELD) == 13
    assert room().read(*strangers[:12], *ARCHIVE).count(Verdict.NEW) == 12


def test_floods_in_small_portions_are_held_within_the_hour() -> None:
    feed, new = room(flood=2), 0
    for poll in range(40):
        new += feed.read(entry(f"x{poll}", hours=4 - poll / 20), now=NOW + timedelta(seconds=poll)).count(Verdict.NEW)
    assert new == 20
    later = feed.read(entry("y", hours=-1), now=NOW + timedelta(hours=2))
    assert later.count(Verdict.NEW) == 1


def test_what_is_older_than_all_that_was_known_is_held() -> None:
    assert verdicts(room().read(entry("x", hours=400), *ARCHIVE))["x"] is Verdict.HELD


def test_what_is_far_older_than_the_feeds_newest_is_held() -> None:
    old = [entry(f"a{n}", hours=24 * 40 * n + 1) for n in range(6)]
    assert verdicts(room(*old).read(entry("x", hours=24 * 30), *old))["x"] is Verdict.HELD


def test_an_entry_set_in_between_is_news() -> None:
    assert news(room().read(entry("x", hours=32.5), *ARCHIVE)) == ["x"]


@pytest.mark.parametrize("years", [-100, 100])
def test_an_absurd_date_is_none(years: int) -> None:
    far = entry("x", published=NOW + timedelta(days=365 * years))
    feed = room()
    decision = feed.read(far, *ARCHIVE)
    assert news(decision) == ["x"]
    assert next(r.entry.published for r in decision.rulings if r.seq is None) is None
    assert news(feed.read(entry("y"), far, *ARCHIVE)) == ["y"], "and never becomes the measure of others"


def test_an_embargo_is_news_that_says_so() -> None:
    ahead = entry("x", published=NOW + timedelta(days=3))
    ruling = next(r for r in room().read(ahead, *ARCHIVE).rulings if r.seq is None)
    assert "ahead" in ruling.reason


def test_new_ids_for_all_are_a_renumbering_and_ids_lose_their_word() -> None:
    feed = room()
    for build in range(3):
        decision = feed.read(*[replace(one, entry_id=f"{build}-{one.title}") for one in ARCHIVE])
        assert news(decision) == []
    assert not feed.memory.trusts_ids
    size = len(feed.aliases)
    feed.read(*[replace(one, entry_id=f"9-{one.title}") for one in ARCHIVE])
    assert len(feed.aliases) == size, "and no longer fill the store"
    assert news(feed.read(entry("x", entry_id="random"), *ARCHIVE)) == ["x"]


def test_everything_new_and_nothing_newer_is_held() -> None:
    strangers = [entry(f"x{n}", hours=31 + n / 10) for n in range(5)]
    assert room().read(*strangers).count(Verdict.HELD) == 5


def test_an_archive_that_comes_after_an_empty_first_document_is_held_and_news_is_not() -> None:
    feed = Newsroom()
    feed.read()
    assert feed.read(*ARCHIVE).count(Verdict.HELD) == 6
    feed = Newsroom()
    feed.read()
    assert news(feed.read(entry("x"))) == ["x"]


def test_an_edit_is_a_revision_and_a_counter_or_a_date_is_none() -> None:
    feed = room()
    assert (
        verdicts(feed.read(replace(ARCHIVE[0], summary="<p>All is different now.</p>"), *ARCHIVE[1:]))["a0"]
        is Verdict.REVISED
    )
    for change in (
        {"title": ARCHIVE[1].title + " (12 comments)"},
        {"published": NOW},
        {"link": ARCHIVE[1].link + "?utm_source=x"},
        {"summary": ARCHIVE[1].summary.replace("<p>", "<div>\n").replace("</p>", "</div>")},
    ):
        decision = feed.read(replace(ARCHIVE[1], **change), *ARCHIVE[2:])
        assert verdicts(decision)["a1"] is Verdict.KNOWN, change


def test_another_picture_is_a_revision() -> None:
    feed = room()
    decision = feed.read(replace(ARCHIVE[0], image=Image("https://town.example/p.jpg")), *ARCHIVE[1:])
    assert decision.count(Verdict.REVISED) == 1


def test_the_same_entry_twice_in_a_document_is_one() -> None:
    feed = room()
    twice = [entry("x"), replace(entry("x"), updated=NOW, summary=entry("x").summary)]
    assert news(feed.read(*twice, *ARCHIVE)) == ["x"]
    assert not feed.memory.worthless


def test_an_entry_with_nothing_to_know_it_by_is_passed_over() -> None:
    assert news(room().read(Entry(), entry("x"), *ARCHIVE)) == ["x"]


def test_an_upgrade_of_the_keys_makes_nothing_new() -> None:
    feed = room()

    def louder(entry: Entry):  # type: ignore[no-untyped-def]
        for kind, value in keys.ALGORITHMS[1].strong(entry):
            yield kind, value.upper() + "!"

    feed.algorithms = {**keys.ALGORITHMS, 2: keys.Algorithm(louder, keys.ALGORITHMS[1].weak)}
    assert news(feed.read(*ARCHIVE)) == []
    assert news(feed.read(entry("x"), *ARCHIVE)) == ["x"]
    assert news(feed.read(entry("x"), *ARCHIVE)) == []


def test_memory_is_the_same_after_the_store() -> None:
    memory = Memory(worthless=frozenset({"aa"}), renumbered=2, oldest=NOW, ill=("00", 2), hour=(5, 3), arrivals=(NOW,))
    assert load(dump(memory)) == memory
    assert load(dump(Memory())) == Memory()
    assert load(dump(memory) | {"later": 1}).other == {"later": 1}


def test_memory_stays_small_whatever_a_feed_repeats() -> None:
    memory = Memory()
    for n in range(2000):
        memory = memory.disqualify([("link", n.to_bytes(16, "big"))])
    assert len(memory.worthless) <= 400
    assert memory.is_worthless("link", b"anything")


def test_a_document_of_strangers_that_share_one_id_is_read_in_no_time() -> None:
    many = [entry(f"x{n}", hours=n / 10, entry_id="N/A", title="One title for all of them") for n in range(3000)]
    decision = room().read(*many)
    assert decision.count(Verdict.NEW) == 0


# --- what one id, one address or one headline carries -----------------------------------------------------------------

BLOG = "tag:town.example,2026:live-7"


@pytest.mark.parametrize("address", ["storm?post={}", "storm/{}", "storm/post-{}", "storm?page=2&entry={}#e{}"])
def test_a_live_blog_with_one_id_is_one_article_wherever_its_address_leads(address: str) -> None:
    feed = room()
    came = 0
    for post in range(6):
        link = f"https://town.example/live/{address.format(400 + post, 400 + post)}"
        made = entry(f"post{post}", hours=4 - post / 2, entry_id=BLOG, link=link, title=f"{words(str(post), 6)}")
        came += feed.read(made, *ARCHIVE).count(Verdict.NEW)
    assert came == 1


def test_an_id_that_names_a_place_in_the_document_names_no_article() -> None:
    def document(poll: int) -> list[Entry]:
        names = [f"n{n}" for n in range(poll + 6, poll, -1)]
        return [entry(one, hours=60 - 5 * int(one[1:]), entry_id=f"item-{at}") for at, one in enumerate(names)]

    feed = room(*document(0))
    assert [news(feed.read(*document(poll))) for poll in range(1, 5)] == [["n7"], ["n8"], ["n9"], ["n10"]]


@pytest.mark.parametrize("title", ["Weather for the coast", "Menu of the canteen", "Pollen today"])
@pytest.mark.parametrize("rest", [0, 6])
def test_a_page_whose_id_date_and_text_are_new_each_day_is_an_article_each_day(title: str, rest: int) -> None:
    feed = room(*ARCHIVE[:rest], entry("d0", hours=100, link="https://town.example/daily", title=title))
    came = 0
    for day in range(1, 4):
        made = entry(f"d{day}", hours=100 - 24 * day, link="https://town.example/daily", title=title)
        for _ in range(3):
            came += feed.read(made, *ARCHIVE[:rest]).count(Verdict.NEW)
    assert came == 3


def test_a_page_that_is_edited_under_a_new_id_is_the_same_article() -> None:
    feed = room(entry("x", hours=8), *ARCHIVE)
    edited = entry("x", hours=1, entry_id="new", summary=entry("x").summary + "<p>The mayor came, too.</p>")
    assert news(feed.read(edited, *ARCHIVE)) == []
    rewritten = entry("x", hours=7, entry_id="newer", summary=f"<p>{words('other', 40)}</p>")
    assert news(feed.read(rewritten, *ARCHIVE)) == [], "within hours a first line becomes an article"


# --- few entries, headlines alone, other ids at each poll -----------------------------------------------------------


def bare(number: int, poll: int, link: str, dates: str) -> Entry:
    links = {"stable": f"https://town.example/{number}", "new": f"https://town.example/{poll}/{number}", "none": None}
    when = {"stable": NOW - timedelta(hours=30 - number), "none": None, "build": NOW + timedelta(minutes=30 * poll)}
    title = f"Line n{number} {words(str(number), 5)}"
    return Entry(entry_id=f"{poll}-{number}", link=links[link], title=title, published=when[dates])


@pytest.mark.parametrize("stands", [False, True], ids=["at each poll", "now and then"])
@pytest.mark.parametrize("dates", ["stable", "none", "build"])
@pytest.mark.parametrize("link", ["stable", "new", "none"])
def test_three_headlines_with_other_ids_are_known_and_the_news_among_them_is_posted_once(
    link: str, dates: str, stands: bool
) -> None:
    feed, came = Newsroom(), []
    for poll in range(9):
        top = 4 + (poll >= 3) + (poll >= 6)
        document = [bare(number, poll, link, dates) for number in range(top, top - 3, -1)]
        decision = feed.read(*document, now=NOW + timedelta(minutes=30 * poll))
        came += [r.entry.title.split()[1] for r in decision.rulings if r.verdict in (Verdict.NEW, Verdict.HELD)]
        if stands:  # the next answer says that nothing has changed
            feed.memory = replace(feed.memory, fleeting=0)
    assert came == ["n5", "n6"]


def test_the_photo_of_the_day_is_news_each_day_also_where_the_feed_shows_nothing_else() -> None:
    def photo(day: int) -> Entry:
        return entry(f"p{day}", hours=100 - 24 * day, title="Photo of the day", summary="")

    feed = room(photo(0))
    came = 0
    for day in range(1, 4):
        came += feed.read(photo(day)).count(Verdict.NEW)
        assert feed.read(photo(day)).count(Verdict.NEW) == 0
    assert came == 3


def test_three_standing_headlines_with_a_few_words_each_are_news_when_the_words_are_others() -> None:
    def levels(hour: int) -> list[Entry]:
        names = ("Gauge at the mill", "Gauge at the bridge", "Gauge at the weir")
        return [
            entry(f"g{hour}-{n}", hours=9 - hour, title=name, summary=f"<p>{30 + hour * 7 + n} cm</p>")
            for n, name in enumerate(names)
        ]

    feed = room(*levels(0))
    assert [feed.read(*levels(hour)).count(Verdict.NEW) for hour in range(1, 4)] == [3, 3, 3]
