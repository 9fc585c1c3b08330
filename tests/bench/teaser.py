"""`python -m tests.bench.teaser`: how long a teaser takes, from a feed's text and from a page.

The promises: 3 ms at the median from a feed's text; from a page 1.3 times what trafilatura alone takes on that page.
Processor time: what else the machine does is not counted.
"""

import statistics
import sys
import time
from collections.abc import Callable

from pipeline import teaser
from pipeline.text import material, page

FEED_PROMISE = 3.0  # milliseconds
PAGE_PROMISE = 1.3  # times trafilatura alone
ROUNDS = 30
SENTENCE = (
    "The council of ward {0} voted on Tuesday to rebuild the old mill bridge, which has been closed since the flood of "
    "19{0:02}, and work begins at 9:00 a.m. on the first Monday in May, said Dr. Ada Brown of St. Mary’s. "
)


def markup(number: int) -> str:
    """A feed entry's content as content systems write it: nine paragraphs with a picture, links and a call."""
    paragraphs = "".join(f"<p>{SENTENCE.format(number + at) * 3}</p>" for at in range(9))
    picture = (
        f'<figure><img src="/{number}.jpg" width="1200"><figcaption>The bridge. Photo: Jo Doe</figcaption></figure>'
    )
    return f"{picture}<p>By Jo Doe</p>{paragraphs}<p><strong>Read more:</strong> <a href='/x'>The flood</a></p>"


def document(number: int) -> str:
    """A page as large as a newspaper's: three such texts, a menu, other stories, a footer."""
    linked = '<script type="application/ld+json">{"@type":"Article"}</script>'
    head = f'<meta property="og:description" content="The bridge.">{linked}'
    text = markup(number) + markup(number + 20) + markup(number + 40)
    menu = "".join(f"<li><a href='/{at}'>Section {at}</a></li>" for at in range(400))
    aside = "".join(f"<div class='card'><a href='/{at}'><h3>Another story {at}</h3></a></div>" for at in range(250))
    return (
        f"<html lang='en'><head><title>Bridge {number}</title>{head}</head><body><nav><ul>{menu}</ul></nav>"
        f"<article><h1>Bridge {number}</h1>{text}</article><aside>{aside}</aside><footer>Imprint</footer></body></html>"
    )


def from_feed(number: int) -> None:
    """A teaser of a feed's entry."""
    values = material.job({"content": markup(number), "link": "https://paper.example/1"})
    given = material.Material("Bridge", content=material.blocks(values["content"]), language="en")
    assert teaser.choose(given).text


def from_page(number: int) -> None:
    """A teaser of a page."""
    read = page.of(page.job({"html": document(number), "url": "https://paper.example/1"}))
    assert teaser.choose(material.Material("Bridge", page=read)).text


def trafilatura(number: int) -> None:
    """What the page's main text alone costs."""
    from trafilatura import extract

    assert extract(document(number))


def median(work: Callable[[int], None]) -> float:
    """Milliseconds of processor time for one piece of work."""
    work(0)
    times = []
    for number in range(ROUNDS):
        began = time.process_time()
        work(number)
        times.append((time.process_time() - began) * 1000)
    return statistics.median(times)


def run() -> dict[str, float]:
    """The figures: milliseconds, and the page's ratio."""
    feed, whole, alone = median(from_feed), median(from_page), median(trafilatura)
    return {"feed_ms": feed, "page_ms": whole, "trafilatura_ms": alone, "page_ratio": whole / alone}


def main() -> None:
    """Print the figures beside the promises; 1 where one is broken."""
    found = run()
    print(f"a teaser from a feed's text: {found['feed_ms']:.2f} ms (promise {FEED_PROMISE})")
    print(
        f"a teaser from a page: {found['page_ms']:.2f} ms, trafilatura alone {found['trafilatura_ms']:.2f} ms: ", end=""
    )
    print(f"{found['page_ratio']:.2f} times (promise {PAGE_PROMISE})")
    if found["feed_ms"] > FEED_PROMISE or found["page_ratio"] > PAGE_PROMISE:
        sys.exit(1)


if __name__ == "__main__":
    main()
