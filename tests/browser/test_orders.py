"""A button of a page of ours does what it says, in a real browser."""

from tests.browser.chromium import Visitor
from tests.browser.newsroom import Newsroom


def test_republish_is_taken_from_the_article_s_own_page(newsroom: Newsroom, editor: Visitor) -> None:
    ident = newsroom.delivered()
    page = editor.open(f"/article/{ident}")
    page.get_by_text("Republish…").click()
    page.get_by_label("wire").check()
    page.get_by_role("button", name="Republish").click()
    assert editor.said() == "It goes out again on 1 of 1."
    assert [(one.channel, str(one.state)) for one in newsroom.deliveries(ident)] == [
        ("desk", "delivered"),
        ("wire", "delivered"),
        ("wire", "pending"),
    ]
