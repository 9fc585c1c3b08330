"""F83: what is set to be seen by few is never shown to more, not in a thread, not by an edit, not by a mistake."""

import json
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from typing import Any

import pytest

from pipeline import channels
from pipeline.config import load
from pipeline.model import Receipt, UsageError
from tests.channels.play import ARTICLE, config, door, outcome, post_of, sending
from tests.channels.scripted import Platform, platform
from tests.channels.test_conformance import CASES, filled
from workers import configuration

# kind, setting, the field that tells the platform, and what is less than public
CLOSED = [
    ("mastodon", "visibility", "visibility", ["unlisted", "private", "direct"]),
    ("misskey", "visibility", "visibility", ["home", "followers"]),
    ("wordpress", "status", "status", ["draft", "pending", "private"]),
    ("ghost", "status", "posts.0.status", ["draft"]),
    ("micropub", "status", "properties.post-status.0", ["draft"]),
    ("tumblr", "state", "state", ["queue", "draft", "private"]),
    ("devto", "published", "article.published", [False]),
]
EACH = [(kind, setting, where, value) for kind, setting, where, values in CLOSED for value in values]
EDITED = [(kind, name, value) for kind, name, _, value in EACH if channels.channel_class(kind).CAN.edit]


def made(kind: str, stage: Platform, **more: Any) -> Any:
    return channels.build(config(kind, filled(CASES[kind]["settings"], stage.url) | more))


def at(told: Any, where: str) -> Any:
    for step in where.split("."):
        told = told[int(step)] if step.isdigit() else told.get(step)
    return told


def leaves(told: Any) -> Iterator[Any]:
    if isinstance(told, (dict, list)):
        for inner in told.values() if isinstance(told, dict) else told:
            yield from leaves(inner)
    else:
        yield told


@pytest.mark.parametrize(("kind", "setting", "where", "value"), EACH)
def test_f83_a_post_is_seen_by_whom_the_channel_says(kind: str, setting: str, where: str, value: Any) -> None:
    case = CASES[kind]
    with platform(case["routes"]) as stage, closing(door()) as http:
        stage.routes = filled(stage.routes, stage.url)
        result = outcome(lambda: made(kind, stage, **{setting: value}).send(post_of(kind), sending(http)))
        (asked,) = stage.to(case["main"])
    assert isinstance(result, Receipt), result
    assert at(asked.json, where) == value


def test_f83_every_part_of_a_thread_is_seen_by_the_same() -> None:
    long = replace(ARTICLE, teaser="The council voted on Tuesday to rebuild the mill bridge. " * 40)
    with platform(CASES["mastodon"]["routes"]) as stage, closing(door()) as http:
        channel = made("mastodon", stage, visibility="private")
        post = post_of("mastodon", long, thread=True)
        channel.send(post, sending(http))
        said = [asked.json["visibility"] for asked in stage.to(CASES["mastodon"]["main"])]
    assert said == ["private"] * len(post.parts)
    assert len(said) > 2


@pytest.mark.parametrize(("kind", "setting", "value"), EDITED)
def test_f83_an_edit_publishes_nothing(kind: str, setting: str, value: Any) -> None:
    """As it is on the platform, it stays: a person may have made it less public there."""
    case = CASES[kind]
    step = next(one for one in case["also"] if one["call"] == "edit" and "returns" in one)
    with platform(json.loads(json.dumps(step["routes"]))) as stage, closing(door()) as http:
        stage.routes = filled(stage.routes, stage.url)
        to = sending(http, remote_id=filled(step, stage.url)["remote_id"])
        result = outcome(lambda: made(kind, stage, **{setting: value}).edit(post_of(kind), to))
        told = stage.to(filled(step, stage.url)["asked"])[-1].json
    assert isinstance(result, Receipt), result
    assert not {"public", "publish", "published", True} & set(leaves(told)), told


def test_f83_an_edit_says_what_the_status_is_and_not_what_the_channel_was_set_to_since() -> None:
    there = {"id": "1", "url": "https://s.example/1", "visibility": "private", "media_attachments": []}
    routes = {"GET /api/v1/statuses/1": {"json": there}, "PUT /api/v1/statuses/1": {"json": there}}
    with platform(routes) as stage, closing(door()) as http:
        made("mastodon", stage, visibility="public").edit(post_of("mastodon"), sending(http, remote_id="1"))
        (asked,) = stage.to("PUT /api/v1/statuses/1")
    assert asked.json["visibility"] == "private"


@pytest.mark.parametrize(("kind", "setting"), [(kind, setting) for kind, setting, _, _ in CLOSED])
def test_f83_a_word_that_no_platform_knows_is_a_mistake_and_never_public(
    kind: str, setting: str, tmp_path: Any
) -> None:
    required = [f for f in channels.settings_of(kind) if f.name in CASES[kind]["settings"]]
    lines = [f'{f.name} = {{ env = "A" }}' if not f.repr else f'{f.name} = "https://a.example"' for f in required]
    table = [f'kind = "{kind}"', 'name = "one"', *(line for line in lines if not line.startswith(setting))]
    path = tmp_path / "standfirst.toml"
    path.write_text("\n".join(["[[channels]]", *table, f'{setting} = "frinds"', ""]))
    with pytest.raises(UsageError, match="frinds"):
        load(path, {"A": "secret-enough"}, configuration.knowledge())


@pytest.mark.parametrize("kind", [kind for kind in channels.kinds() if kind not in {one[0] for one in CLOSED}])
def test_f83_where_a_platform_has_no_private_posts_asking_for_one_is_a_mistake(kind: str) -> None:
    assert not {"visibility", "status", "state", "private"} & {field.name for field in channels.settings_of(kind)}
    with pytest.raises(UsageError, match="visibility"):
        channels.build(config(kind, {**CASES[kind]["settings"], "visibility": "private"}))
