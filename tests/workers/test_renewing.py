"""A channel whose credentials work no longer says where the new ones go, and what follows."""

from pathlib import Path

import pytest

from pipeline.config import load
from workers.renewing import steps

TOML = """
[[feeds]]
name = "herald"
url = "https://herald.example/feed.xml"
[[channels]]
name = "toots"
kind = "mastodon"
instance = "https://mastodon.example"
token = {where}
"""


@pytest.mark.parametrize(
    ("where", "said", "unsaid"),
    [
        ('{ env = "TOOTS" }', "Set the environment variable TOOTS to the new token and restart Standfirst.", "s3cret"),
        ('{ file = "toots.token" }', "Write the new token into the file toots.token; it is read anew", "restart"),
    ],
)
def test_each_place_of_a_secret_has_its_own_way(tmp_path: Path, where: str, said: str, unsaid: str) -> None:
    (tmp_path / "toots.token").write_text("s3cret\n")
    path = tmp_path / "standfirst.toml"
    path.write_text(TOML.replace("{where}", where))
    config = load(path, {"TOOTS": "s3cret"})
    told = steps(config, config.channels["toots"])
    assert any(said in step for step in told)
    assert all(unsaid not in step and "s3cret" not in step for step in told)
    assert told[-1] == "Then resume the channel: what waits is sent."
