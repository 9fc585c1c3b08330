"""`standfirst channels test`: a post that says it is a test, deleted again where the platform lets us."""

import secrets

from pipeline import compose
from pipeline.model import Article, ArticleState, Error, Receipt, UsageError
from pipeline.stages.deliver import Mailbox, mailbox
from pipeline.world import World

LINK = "https://example.com/standfirst-test"


def post(world: World, name: str) -> str:
    """Post and delete; what became of it, in words."""
    if name not in world.config.channels:
        raise UsageError(f"no channel “{name}” is configured; there are {', '.join(world.config.channels) or 'none'}")
    box = mailbox(world, name)
    assert box is not None
    receipt = sent(box, f"test-{secrets.token_hex(8)}")
    where = receipt.url or receipt.remote_id
    without = f", without {', '.join(receipt.degraded)}" if receipt.degraded else ""
    if not box.can.delete:
        return f"posted{without}: {where}; this kind cannot delete: take it away by hand"
    try:
        box.channel.delete(box.sending(world.now(), key=f"{receipt.remote_id}-away", remote_id=receipt.remote_id))
    except Error as error:
        raise Error(f"posted{without} ({where}), but not deleted: {error}; take it away by hand") from None
    return f"posted and deleted{without}: {where}"


def sent(box: Mailbox, key: str) -> Receipt:
    """The test post on its channel."""
    now = box.world.now()
    article = Article(0, key, "test", ArticleState.FANNED, "A test of Standfirst", LINK, now, language="en")
    article = replace_teaser(article)
    composed = compose.compose(article, box.config, box.can, box.limits, now)
    receipt: Receipt = box.channel.send(composed, box.sending(now, key=key, delivery=key))
    return receipt


def replace_teaser(article: Article) -> Article:
    """The article with a teaser of its own."""
    from dataclasses import replace

    return replace(
        article, teaser="This post shows that the channel works. It is deleted again where that can be done."
    )
