"""What is a stub, and what turns into one: by structure, in any language."""

import pytest

from pipeline.text.stubs import LONGEST, Told, stub, turned

BODY = (
    "Two sisters have opened a bakery in the waiting room of the station, which had been empty for years. They begin"
    " at four in the morning, so that the first train finds fresh bread, and they close when the shelves are bare. The"
    " town gave them the room for ten years, the mayor said on Monday, and paid for the ovens, older than the line."
)
BEFORE = Told("Bakery opens", BODY[:100], f"<p>{BODY}</p>")
FORM = (
    '<form action="https://town.example/wp-login.php?action=postpass" class="post-password-form" method="post"><p>This'
    ' content is password-protected.</p><input name="post_password" type="password"></form>'
)

STUBS = {
    "WordPress, a password": Told(
        "Protected: Bakery opens", "There is no excerpt because this is a protected post.", FORM
    ),
    "WordPress, the summary alone": Told("Bakery opens", "There is no excerpt because this is a protected post.", ""),
    "German": Told("Geschützt: Bakery opens", "Es gibt keinen Textauszug, da dies ein geschützter Beitrag ist."),
    "French": Told("Protégé : Bakery opens", "Il n’y a pas d’extrait, car cette publication est protégée."),
    "Spanish": Told("Protegido: Bakery opens", "No hay extracto porque es una entrada protegida."),
    "Russian": Told("Защищено: Bakery opens", "Отрывка нет, потому что запись защищена."),
    "Japanese": Told("保護中: Bakery opens", "この投稿はパスワードで保護されているため抜粋文はありません。"),
    "a language nobody has listed": Told("Xyzzy: Bakery opens", "Quux blorp zang."),
    "nothing is left": Told("Bakery opens"),
    "a note for subscribers": Told("Bakery opens", "", "<p>This post is for paying subscribers only.</p>"),
    "a note for members, in Polish": Told("Bakery opens", "", "<p>Treść tylko dla subskrybentów. Zaloguj się.</p>"),
    "Ghost's box": Told("Bakery opens", "", '<aside class="gh-post-upgrade-cta">Upgrade to continue</aside>'),
    "the beginning, and an offer": Told(
        "Bakery opens", "", f"<p>{BODY[:100]}</p><p>Read on with a free account: sign in or become a member.</p>"
    ),
}
EDITS = {
    "a label, and the text": Told("Update: Bakery opens", BODY[:100], f"<p>{BODY} More follows.</p>"),
    "another headline": Told("Bakery opens after all", "", f"<p>{BODY.replace('ten', 'twenty')}</p>"),
    "shortened": Told("Bakery opens", "", f"<p>{BODY[:110]}</p>"),
    "summary alone": Told("Bakery opens", BODY[:100]),
    "withdrawn with a note": Told("Bakery opens", "", "<p>This article was published in error.</p>"),
    "written anew": Told(
        "Bakery closes",
        "",
        "<p>The bakery at the station closes after a week: the ovens were too old for the line.</p>",
    ),
    "members are what it is about": Told(
        "Members of the choir sing at the bakery", "", f"<p>Its members sang on Monday. {BODY}</p>"
    ),
    "a box for subscribers below the whole text": Told(
        "Bakery opens", "", f'<p>{BODY}</p><aside class="paywall">Subscribe to our letter</aside>'
    ),
}


@pytest.mark.parametrize("name", STUBS)
def test_what_turned_into_a_stub_is_told_from_an_edit(name: str) -> None:
    assert turned(BEFORE, STUBS[name])


@pytest.mark.parametrize("name", EDITS)
def test_an_edit_is_no_stub(name: str) -> None:
    assert not turned(BEFORE, EDITS[name])


def test_what_was_a_stub_before_turns_into_none() -> None:
    assert not turned(STUBS["WordPress, a password"], STUBS["nothing is left"])
    assert not turned(STUBS["WordPress, a password"], BEFORE)


def test_a_form_for_a_password_is_a_stub_by_itself_and_a_text_is_none() -> None:
    assert stub(STUBS["WordPress, a password"])
    assert stub(STUBS["German"])
    assert not stub(BEFORE)


@pytest.mark.parametrize("begins", ["<", "<input ", "class='", "<form ", "<!-- "])
@pytest.mark.timeout(20)
def test_hostile_markup_is_looked_through_in_no_time(begins: str) -> None:
    markup = begins * (LONGEST // len(begins))
    turned(BEFORE, Told("Bakery opens", markup, markup))
