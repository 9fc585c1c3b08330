"""The documentation says what the product does: links lead somewhere, commands exist, nothing is left out."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pipeline import channels
from pipeline.config import load
from pipeline.model import ArticleState, DeliveryState
from pipeline.world import World

ROOT = Path(__file__).parents[2]
PAGES = [path for path in sorted(ROOT.rglob("*.md")) if not set(path.relative_to(ROOT).parts) & {".venv", "demo"}]


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def anchors(page: Path) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in headings}


def commands() -> dict[str, Any]:
    from typer.main import get_command

    from workers.cli.commands import app

    return dict(get_command(app).commands)  # type: ignore[attr-defined]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)\s]+)\)", page.read_text(encoding="utf-8")):
        if re.match(r"[a-z]+:", target):
            continue
        name, _, anchor = target.partition("#")
        found = (page.parent / name).resolve() if name else page
        assert found.exists(), target
        assert not anchor or anchor in anchors(found), target


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_command_that_is_named_exists(page: Path) -> None:
    known = commands()
    text = page.read_text(encoding="utf-8")
    named = re.findall(r"(?:`|^|; |bin/)standfirst ([a-z]+)(?: ([a-z]+))?", text, re.MULTILINE)
    for command, second in named:
        assert command in known, command
        below = getattr(known[command], "commands", None)
        if below and second:
            assert second in below, f"{command} {second}"


def test_operators_are_told_of_every_state() -> None:
    page = read("workers/README.md")
    assert [state for state in (*ArticleState, *DeliveryState) if f"`{state}`" not in page] == []


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    path = tmp_path / "standfirst.toml"
    path.write_text('[standfirst]\nstore = "sqlite:///standfirst.db"\n')
    made = World.open(load(path, {}))
    yield made
    made.close()


def table(page: str, head: str) -> str:
    """The table under this head, without what stands before and after it."""
    text = read(page)
    return text[text.index(head) :].partition("\n\n")[0]


def first_cells(rows: str) -> set[str]:
    """The names in the first column of a table."""
    return {name for row in rows.splitlines()[2:] for name in re.findall(r"`(\w+)`", row.split("|")[1])}


def alert_kinds() -> set[str]:
    """Every kind that a need, and so an alert, can have."""
    from workers import needs

    return set(needs.NEXT)


def figures(world: World) -> set[str]:
    """Every figure, as Prometheus is given them."""
    from workers import metrics

    return set(re.findall(r"^# TYPE (\w+)", metrics.exposed(world).decode(), re.MULTILINE))


def test_operators_are_told_of_every_alert_and_of_no_other() -> None:
    assert first_cells(table("workers/README.md", "| alert |")) == alert_kinds()


def test_operators_are_told_of_every_figure_and_of_no_other(world: World) -> None:
    told = first_cells(table("workers/README.md", "| figure |"))
    written = {
        name
        for path in sorted(ROOT.glob("workers/**/*.py"))
        for name in re.findall(r'Metric\w*\(\s*"(\w+)"', path.read_text(encoding="utf-8"))
    }
    assert told == written
    assert figures(world) <= told


def test_the_shop_window_counts_its_kinds_right() -> None:
    assert f"There are {len(channels.kinds())} kinds of channels" in " ".join(read("README.md").split())


def test_every_suite_is_named_and_every_name_is_a_suite() -> None:
    page = read("tests/README.md")
    table = page[page.index("| promise |") : page.index("## How it was measured")]
    named = {
        name for row in table.splitlines() if row.startswith("|") for name in re.findall(r"`(\w+)`", row.split("|")[2])
    }
    suites = {path.parent.relative_to(ROOT / "tests").parts[0] for path in (ROOT / "tests").rglob("*/test_*.py")}
    assert suites - named == set()


def test_pictures_are_light() -> None:
    assert [path.name for path in (ROOT / "deploy").rglob("*.png") if path.stat().st_size > 300_000] == []
