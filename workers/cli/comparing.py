"""`standfirst dedupe` on a terminal: two articles, what speaks for and against, and the judgement."""

from typing import Any

from pipeline.dedupe import Doubtful, Revised, Same
from pipeline.wording import counted
from workers.cli import output


def show(told: dict[str, Any]) -> None:
    """The same for people."""
    for article in told["articles"]:
        output.heading(
            f"{article['id']} · {article['feed']} · {output.cell(article['published'] or article['first_seen'])}"
        )
        output.say(article["title"])
        output.say(article["link"])
        output.say(f"  {output.clipped(article['text'], 600)}")
    evidence = told["evidence"]
    text = evidence["text"]
    output.heading("what speaks for and against")
    output.say(
        f"  address {evidence['link']}, headline {evidence['title']}, "
        f"{counted(evidence['words'][1], 'word')} and {evidence['words'][0]}"
    )
    output.say(f"  shared text: {text['of_candidate']:.0%} of the later, {text['of_known']:.0%} of the earlier")
    output.say(
        f"  only in the later: {counted(round(evidence['numbers']['candidate']), 'number')}, "
        f"{counted(round(evidence['names']['candidate']), 'name')}"
    )
    meaning = {"same": "one story", "revised": "one story, changed", "doubtful": "a person should look"}
    words = {"different": "a person said: two stories", "same": "a person said: one story"}
    said = words.get(told["a_person_said"]) or meaning.get(told["verdict"], "two stories")
    output.gap()
    output.say(f"{said}: {told['reason']}")


def decided(verdict: object) -> str:
    """A verdict in one word."""
    return "joins" if isinstance(verdict, Same | Revised) else "waits" if isinstance(verdict, Doubtful) else "own story"
