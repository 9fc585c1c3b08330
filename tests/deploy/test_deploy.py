"""What lies in deploy/ fits the product it deploys."""

import ast
import json
import re
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from pipeline import config

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
SECRETS = {
    "STANDFIRST_CONSOLE_TOKEN": "a-long-token-for-the-console",
    "STANDFIRST_KEY": "dGhpcyBpcyBhIGtleSBvZiAzMiBieXRlcyBmb3IgdXM=",
    "MASTODON_TOKEN": "a-token-of-some-length",
    "BLUESKY_PASSWORD": "abcd-efgh-ijkl-mnop",
    "WEBSITE_SECRET": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
}


def metrics() -> set[str]:
    """The names that the product exposes."""
    return set(re.findall(r'"(standfirst_\w+)"', (ROOT / "workers" / "metrics.py").read_text(encoding="utf-8")))


def locked(name: str) -> set[str]:
    return set(re.findall(r"^([a-z0-9][a-z0-9._-]*)(?:\[[^\]]*\])?==", (ROOT / name).read_text(), re.MULTILINE))


def canonical(requirement: str) -> str:
    name = re.match(r"[A-Za-z0-9._-]+", requirement)
    assert name is not None
    return re.sub(r"[-_.]+", "-", name[0]).lower()


def test_the_example_configuration_is_right() -> None:
    from workers import configuration

    given = configuration.read(DEPLOY / "standfirst.example.toml", SECRETS)
    assert set(given.feeds) == {"news", "sport"}
    assert {channel.kind for channel in given.channels.values()} == {"mastodon", "bluesky", "webhook", "outfeed"}
    assert isinstance(given, config.Config)


@pytest.mark.parametrize("path", ["grafana/standfirst.json", "prometheus/standfirst.rules.yml"])
def test_dashboards_and_rules_ask_for_figures_that_exist(path: str) -> None:
    asked = set(re.findall(r"standfirst_\w+", (DEPLOY / path).read_text(encoding="utf-8")))
    assert asked
    assert asked <= metrics()


def test_the_dashboard_is_json_with_a_place_for_each_panel() -> None:
    panels = json.loads((DEPLOY / "grafana" / "standfirst.json").read_text(encoding="utf-8"))["panels"]
    assert len({panel["id"] for panel in panels}) == len(panels)
    assert all(panel["gridPos"]["x"] + panel["gridPos"]["w"] <= 24 for panel in panels)


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock"])
def test_a_lock_names_versions_and_hashes_and_nothing_else(lock: str) -> None:
    pinned = r"[a-z0-9][a-z0-9._-]*(\[[a-z0-9,_-]+\])?==[A-Za-z0-9.!+]+( ; [^\\:/]+)? \\"
    for line in (ROOT / lock).read_text().splitlines():
        assert re.fullmatch(pinned, line) or re.fullmatch(r"    --hash=sha256:[0-9a-f]{64}( \\)?", line), line


def test_the_locks_hold_everything_the_project_asks_for() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    extras = [one for group in project["optional-dependencies"].values() for one in group]
    assert {canonical(one) for one in project["dependencies"]} | {"hatchling", "editables"} <= locked(
        "requirements.lock"
    )
    assert {canonical(one) for one in [*project["dependencies"], *extras]} <= locked("requirements-dev.lock")


def test_both_locks_agree() -> None:
    pins = re.compile(r"^([a-z0-9._-]+)(?:\[[^\]]*\])?==(\S+)", re.MULTILINE)
    few, many = (
        dict(pins.findall((ROOT / name).read_text())) for name in ("requirements.lock", "requirements-dev.lock")
    )
    assert few.items() <= many.items()


def test_every_command_in_deploy_exists() -> None:
    from typer.main import get_command

    from workers.cli.commands import app

    known = set(get_command(app).commands)  # type: ignore[attr-defined]
    text = "".join(path.read_text() for path in DEPLOY.rglob("*.service"))
    text += "".join(path.read_text() for path in DEPLOY.rglob("*.yaml"))
    asked = set(re.findall(r"bin/standfirst (\w+)", text)) | set(re.findall(r"(?:command|args): \[(\w+)\]", text))
    assert asked >= {"run", "worker", "sweep", "console"}
    assert asked <= known


def test_a_folder_of_a_channel_starts_at_the_configuration(tmp_path: Path) -> None:
    from workers import configuration

    path = tmp_path / "standfirst.toml"
    path.write_text("""
        feeds = [{ name = "f", url = "https://a.example/f" }]
        channels = [{ name = "own", kind = "outfeed", folder = "feeds" }]
        routes = [{ feeds = ["f"], channels = ["own"] }]
    """)
    given = configuration.read(path, {})
    assert given.channels["own"].settings["folder"] == str(tmp_path / "feeds")


def imported(folder: str) -> set[str]:
    """The outside packages that a folder's files import, wherever in the file."""
    found: set[str] = set()
    for path in (ROOT / folder).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                found |= {name.name.partition(".")[0] for name in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                found.add(node.module.partition(".")[0])
    return found - set(sys.stdlib_module_names) - {"pipeline", "workers", "compression"}  # the last is 3.14's own


def test_everything_that_is_imported_is_asked_for() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    optional = [one for name, group in project["optional-dependencies"].items() if name != "dev" for one in group]
    asked = {canonical(one) for one in [*project["dependencies"], *optional]}
    dists = packages_distributions()
    known = {
        name: {canonical(dist) for dist in dists.get(name, [name])}
        for name in imported("pipeline") | imported("workers")
    }
    # starlette is FastAPI's own face, kombu and billiard are Celery's: their versions go together.
    together = {"starlette", "kombu", "billiard", "click"}
    assert {name for name, dist in known.items() if not dist & asked} - together == set()
