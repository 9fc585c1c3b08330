"""What a server really has: each is asked in its own words, past the product's code, and compared with the post."""

import html
import json
import re
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

import PIL.Image
import requests

from pipeline.model import Post, Receipt
from pipeline.relay import exchange
from tests.channels.play import LOOPBACK
from tests.servers_real.named import beside, settings_of

PATIENCE = 20.0


def plain(markup: str) -> str:
    """The words of a piece of HTML, a blank line between paragraphs."""
    text = re.sub(r"<br\s*/?>", "\n", re.sub(r"</p>\s*<p[^>]*>", "\n\n", markup))
    return html.unescape(re.sub(r"<[^>]+>", "", text)).strip()


def size(picture: bytes) -> tuple[int, int]:
    """How large a picture is: it has to be one."""
    with PIL.Image.open(BytesIO(picture)) as opened:
        opened.load()
        return opened.size


@dataclass
class Peer:
    """A server under its table's name, which is the channel's kind too."""

    name: str
    void: dict[str, Any] = field(default_factory=dict)  # credentials that no server accepts
    logs_in: bool = False  # whether a password makes a session first

    @property
    def settings(self) -> dict[str, Any]:
        return settings_of(self.name)

    @property
    def beside(self) -> dict[str, Any]:
        return beside(self.name)

    def get(self, path: str, **params: Any) -> requests.Response:
        return requests.get(f"{self.url}{path}", params=params, headers=self.headers(), timeout=PATIENCE)

    def json(self, path: str, **params: Any) -> Any:
        answer = self.get(path, **params)
        answer.raise_for_status()
        return answer.json()

    url = ""

    def headers(self) -> dict[str, str]:
        return {}

    def compare(self, post: Post, receipt: Receipt) -> None:
        """Every part of the post is there, and nothing of it was changed."""
        raise NotImplementedError

    def text(self, receipt: Receipt) -> str:
        """The words it shows now."""
        raise NotImplementedError

    def copies(self, link: str) -> int:
        """How many posts lead to a link."""
        raise NotImplementedError


class Bluesky(Peer):
    @property
    def url(self) -> str:
        return str(self.settings["service"]).rstrip("/")

    def record(self, receipt: Receipt) -> dict[str, Any]:
        did, collection, rkey = receipt.remote_id.removeprefix("at://").split("/")
        found: dict[str, Any] = self.json(
            "/xrpc/com.atproto.repo.getRecord", repo=did, collection=collection, rkey=rkey
        )
        return found["value"]

    def compare(self, post: Post, receipt: Receipt) -> None:
        record = self.record(receipt)
        card = record["embed"]["external"]
        assert record["text"] == post.text
        assert record["langs"] == [post.language]
        assert (card["uri"], card["title"], card["description"]) == (post.link, post.title, post.teaser)
        raw = post.text.encode()
        said = {raw[f["index"]["byteStart"] : f["index"]["byteEnd"]].decode(): f["features"] for f in record["facets"]}
        tags = {text: features[0]["tag"] for text, features in said.items() if text.startswith("#")}
        assert tags == {f"#{tag}": tag for tag in post.hashtags}
        assert any(features[0].get("uri") == "https://rebuild.example/plan" for features in said.values())
        did = receipt.remote_id.split("/")[2]
        blob = self.get("/xrpc/com.atproto.sync.getBlob", did=did, cid=card["thumb"]["ref"]["$link"])
        assert size(blob.content) == (640, 480)

    def text(self, receipt: Receipt) -> str:
        return str(self.record(receipt)["text"])

    def copies(self, link: str) -> int:
        told = self.json(
            "/xrpc/com.atproto.repo.listRecords",
            repo=self.settings["identifier"],
            collection="app.bsky.feed.post",
            limit=100,
        )
        return json.dumps(told, ensure_ascii=False).count(f'"uri": "{link}"')


class Mastodon(Peer):
    @property
    def url(self) -> str:
        return str(self.settings["instance"]).rstrip("/")

    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.settings['token']}"}

    def compare(self, post: Post, receipt: Receipt) -> None:
        status = self.json(f"/api/v1/statuses/{receipt.remote_id}")
        assert plain(status["content"]) == post.text
        assert status["language"] == str(post.language).partition("-")[0]
        assert status["visibility"] == "public"
        assert {tag["name"].lower() for tag in status["tags"]} >= {tag.lower() for tag in post.hashtags}
        [medium] = status["media_attachments"]
        assert post.image is not None
        assert medium["description"] == post.image.alt
        if str(medium["url"]).startswith(self.url):
            assert size(requests.get(medium["url"], timeout=PATIENCE).content) == (640, 480)

    def text(self, receipt: Receipt) -> str:
        return plain(self.json(f"/api/v1/statuses/{receipt.remote_id}")["content"])

    def copies(self, link: str) -> int:
        me = self.json("/api/v1/accounts/verify_credentials")["id"]
        statuses = self.json(f"/api/v1/accounts/{me}/statuses", limit=40)
        return sum(link in html.unescape(one["content"]) for one in statuses)


class Matrix(Peer):
    @property
    def url(self) -> str:
        return str(self.settings["homeserver"]).rstrip("/") + "/_matrix/client/v3"

    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.settings['token']}"}

    @property
    def room(self) -> str:
        name = str(self.settings["room"])
        if not name.startswith("#"):
            return name
        return str(self.json(f"/directory/room/{requests.utils.quote(name, safe='')}")["room_id"])

    def content(self, receipt: Receipt) -> dict[str, Any]:
        found: dict[str, Any] = self.json(f"/rooms/{self.room}/event/{receipt.remote_id}")["content"]
        return found

    def compare(self, post: Post, receipt: Receipt) -> None:
        content = self.content(receipt)
        assert content["body"] == post.text
        assert content["msgtype"] == "m.notice"
        assert plain(content["formatted_body"]) == post.text
        assert f'<a href="{html.escape(post.link)}">' in content["formatted_body"]

    def text(self, receipt: Receipt) -> str:
        relations = f"/rooms/{self.room}/relations/{receipt.remote_id}/m.replace".replace("/v3", "/v1")
        answer = requests.get(self.url.replace("/v3", "/v1") + relations, headers=self.headers(), timeout=PATIENCE)
        edits = answer.json()["chunk"] if answer.ok else []
        content = edits[0]["content"]["m.new_content"] if edits else self.content(receipt)
        return str(content.get("body", ""))

    def copies(self, link: str) -> int:
        chunk = self.json(f"/rooms/{self.room}/messages", dir="b", limit=100)["chunk"]
        new = [
            one["content"] for one in chunk if one["type"] == "m.room.message" and "m.relates_to" not in one["content"]
        ]
        return sum(link in content.get("body", "") for content in new)


class WordPress(Peer):
    @property
    def url(self) -> str:
        return str(self.settings["site"]).rstrip("/") + "/wp-json/wp/v2"

    def get(self, path: str, **params: Any) -> requests.Response:
        pair = (self.settings["username"], self.settings["password"])
        return requests.get(f"{self.url}{path}", params={"context": "edit", **params}, auth=pair, timeout=PATIENCE)

    def compare(self, post: Post, receipt: Receipt) -> None:
        found = self.json(f"/posts/{receipt.remote_id}")
        assert html.unescape(found["title"]["raw"]) == post.title
        assert html.unescape(found["excerpt"]["raw"]) == post.teaser
        assert found["status"] == "publish"
        assert found["date_gmt"] == post.published.strftime("%Y-%m-%dT%H:%M:%S")
        shown = found["content"]["rendered"]
        assert f'<a href="{html.escape(post.link)}">' in shown.replace("&#038;", "&amp;")
        assert plain(found["content"]["raw"]).startswith(post.teaser)
        names = {html.unescape(self.json(f"/tags/{tag}")["name"]) for tag in found["tags"]}
        assert names == set(post.tags)
        medium = self.json(f"/media/{found['featured_media']}")
        assert post.image is not None
        assert medium["alt_text"] == post.image.alt
        assert size(requests.get(medium["source_url"], timeout=PATIENCE).content) == (640, 480)

    def text(self, receipt: Receipt) -> str:
        found = self.json(f"/posts/{receipt.remote_id}")
        return (
            html.unescape(f"{found['title']['raw']}\n\n{found['excerpt']['raw']}")
            if found["status"] == "publish"
            else ""
        )

    def copies(self, link: str) -> int:
        posts = self.json("/posts", status="any", per_page=100)
        return sum(html.escape(link) in one["content"]["raw"] for one in posts)


class Ghost(Peer):
    @property
    def url(self) -> str:
        return str(self.settings["site"]).rstrip("/") + "/ghost/api/admin"

    def headers(self) -> dict[str, str]:
        from datetime import UTC, datetime

        from pipeline.channels.ghost import jwt

        return {"Authorization": f"Ghost {jwt(self.settings['admin_key'], int(datetime.now(UTC).timestamp()))}"}

    def post_of(self, receipt: Receipt) -> dict[str, Any]:
        found: dict[str, Any] = self.json(f"/posts/{receipt.remote_id}/", formats="html")["posts"][0]
        return found

    def compare(self, post: Post, receipt: Receipt) -> None:
        found = self.post_of(receipt)
        assert found["title"] == post.title
        assert found["custom_excerpt"] == " ".join(post.teaser.split())
        assert found["canonical_url"] == post.link
        assert found["status"] == "published"
        assert plain(found["html"]).startswith(post.teaser)
        assert html.escape(post.link) in found["html"] or post.link in found["html"]
        assert {tag["name"] for tag in found["tags"]} == set(post.tags)
        assert post.image is not None
        assert (found["feature_image"], found["feature_image_alt"]) == (post.image.url, post.image.alt)
        assert not found.get("email")

    def text(self, receipt: Receipt) -> str:
        answer = self.get(f"/posts/{receipt.remote_id}/", formats="html")
        found = answer.json()["posts"][0] if answer.ok else {}
        return f"{found['title']}\n\n{plain(found['html'])}" if found else ""

    def copies(self, link: str) -> int:
        posts = self.json("/posts/", limit=100, fields="id,canonical_url")["posts"]
        return sum(one["canonical_url"] == link for one in posts)


class Nostr(Peer):
    def ask(self, **what: Any) -> list[dict[str, Any]]:
        """The events that the first relay has of a filter."""
        events: list[dict[str, Any]] = []

        def heard(said: str) -> bool | None:
            told = json.loads(said)
            if told[0] == "EVENT":
                events.append(told[2])
            return True if told[0] == "EOSE" else None

        exchange(self.settings["relays"][0], json.dumps(["REQ", "look", what]), heard, networks=LOOPBACK)
        return events

    def compare(self, post: Post, receipt: Receipt) -> None:
        [event] = self.ask(ids=[receipt.remote_id])
        assert event["content"] == post.text
        assert {tag[1] for tag in event["tags"] if tag[0] == "t"} == {tag.lower() for tag in post.hashtags}
        assert ["r", post.link] in event["tags"]
        assert post.image is not None
        assert ["imeta", f"url {post.image.url}", f"alt {post.image.alt}"] in event["tags"]

    def text(self, receipt: Receipt) -> str:
        return "".join(event["content"] for event in self.ask(ids=[receipt.remote_id]))

    def copies(self, link: str) -> int:
        return sum(link in event["content"] for event in self.ask(kinds=[1], limit=100))


class Telegram(Peer):
    """Its look-alike keeps what bots say; the product's post is read back from there."""

    @property
    def url(self) -> str:
        return str(self.settings["api_url"]).rstrip("/")

    def said(self) -> list[dict[str, Any]]:
        answer = requests.post(
            f"{self.url}/getUpdatesHistory", json={"token": self.settings["token"]}, timeout=PATIENCE
        )
        answer.raise_for_status()
        return [one for one in answer.json()["result"] if isinstance(one.get("message"), dict)]

    def compare(self, post: Post, receipt: Receipt) -> None:
        [message] = [one["message"] for one in self.said() if str(one["messageId"]) == receipt.remote_id]
        assert message["text"] == post.text
        assert message["parse_mode"] == "HTML"

    def text(self, receipt: Receipt) -> str:
        found = [one["message"] for one in self.said() if str(one["messageId"]) == receipt.remote_id]
        return plain(found[-1]["text"]) if found else ""

    def copies(self, link: str) -> int:
        return sum(html.escape(link) in one["message"].get("text", "") for one in self.said())


PEERS: dict[str, Peer] = {
    peer.name: peer
    for peer in (
        Bluesky("bluesky", {"password": "void-void-void-void"}, logs_in=True),
        Mastodon("mastodon", {"token": "void"}),
        Matrix("matrix", {"token": "syt_void"}),
        WordPress("wordpress", {"password": "void void void void"}),
        Ghost("ghost", {"admin_key": "6489aa0000000000000000aa:" + "00" * 32}),
        Nostr("nostr"),
        Telegram("telegram"),
    )
}
