"""The docs list every event of the log, and no other."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
LEVELS = {"debug", "info", "warning", "error", "critical", "exception", "log"}
NAME = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)+|[a-z]+")


def calls(path: Path) -> Iterator[tuple[str, ast.expr]]:
    """Where a file says something, and the event: `log.info(…)`, or `say(…)` after `say = log.info if … else …`."""
    tree = ast.parse(path.read_text())
    aliases = {
        ast.unparse(node.targets[0]) for node in ast.walk(tree) if isinstance(node, ast.Assign) and says(node.value)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and (is_log(node.func) or ast.unparse(node.func) in aliases):
            event = node.args[1] if ast.unparse(node.func).endswith(".log") else node.args[0]
            yield f"{path.relative_to(ROOT)}:{node.lineno}", event


def is_log(function: ast.expr) -> bool:
    """Whether it is `log.info` and the like."""
    if not isinstance(function, ast.Attribute) or function.attr not in LEVELS:
        return False
    owner = ast.unparse(function.value)
    return owner == "log" or owner.startswith("structlog.get_logger(")


def says(value: ast.expr) -> bool:
    """Whether a name is given to `log.info`, or to one of two of its kind."""
    return is_log(value) or (isinstance(value, ast.IfExp) and is_log(value.body) and is_log(value.orelse))


def sources() -> list[Path]:
    return [path for folder in ("pipeline", "workers") for path in sorted((ROOT / folder).rglob("*.py"))]


def constants(event: ast.expr) -> list[str]:
    """The names that an event can have: one, or those of a conditional."""
    if isinstance(event, ast.IfExp):
        return constants(event.body) + constants(event.orelse)
    return [event.value] if isinstance(event, ast.Constant) and isinstance(event.value, str) else []


def said() -> dict[str, str]:
    """Every event, with one place where it is said."""
    found = {name: where for path in sources() for where, event in calls(path) for name in constants(event)}
    return found | dict.fromkeys(said_by_helper(), "pipeline/stages/orders.py")


def said_by_helper() -> set[str]:
    """Those of the orders, which are said by one small function."""
    tree = ast.parse((ROOT / "pipeline/stages/orders.py").read_text())
    return {
        node.args[0].value
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "_say" and isinstance(node.args[0], ast.Constant)
    }


def documented() -> set[str]:
    text = (ROOT / "pipeline/README.md").read_text()
    table = text.partition("<!-- events -->")[2].partition("<!-- /events -->")[0]
    return set(re.findall(r"^\| `(\w+)`", table, re.MULTILINE))


def test_every_event_has_a_constant_name() -> None:
    loose = [
        where
        for path in sources()
        for where, event in calls(path)
        if not constants(event) and not (isinstance(event, ast.Name) and "orders.py" in where)
    ]
    assert loose == []
    assert [name for name in said() if not NAME.fullmatch(name)] == []


def test_the_docs_list_every_event_and_no_other() -> None:
    assert sorted(said().keys() - documented()) == [], {name: said()[name] for name in said().keys() - documented()}
    assert sorted(documented() - said().keys()) == []
