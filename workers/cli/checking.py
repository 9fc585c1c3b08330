"""`standfirst check`: the configuration as a whole, and with --live each feed and channel once."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.wording import counted
from workers.cli import output
from workers.cli.main import DONE, FAILED, WRONG
from workers.cli.opening import configured

if TYPE_CHECKING:
    from pipeline.config import Config, ConfigErrors


def check(path: Path | None, *, live: bool, json: bool) -> int:
    """Say what is wrong, or that nothing is; the exit code."""
    from pipeline.config import ConfigErrors, loose_ends

    try:
        config = configured(path)
    except ConfigErrors as errors:
        return wrong(errors, json=json)
    ends, tried = loose_ends(config), try_all(config) if live else []
    failed = any(not result["ok"] for result in tried)
    if json:
        output.as_json({"ok": not failed, "mistakes": [], "warnings": ends, "live": tried})
    else:
        in_order(config, ends, tried)
    return FAILED if failed else DONE


def wrong(errors: "ConfigErrors", *, json: bool) -> int:
    """Every mistake with its line, key and remedy."""
    if json:
        mistakes = [
            {"line": m.line or None, "key": m.key, "message": m.message, "remedy": m.remedy} for m in errors.mistakes
        ]
        output.as_json({"ok": False, "mistakes": mistakes, "warnings": [], "live": []})
        return WRONG
    for mistake in errors.mistakes:
        where = f"{errors.path}:{mistake.line}" if mistake.line else "environment" if mistake.key else str(errors.path)
        key = f" {mistake.key}:" if mistake.key else ""
        output.note(f"{where}:{key} {mistake.message}; {mistake.remedy}")
    count = len(errors.mistakes)
    output.note(f"{counted(count, 'mistake')}; nothing else was tried")
    return WRONG


def in_order(config: "Config", ends: Sequence[str], tried: Sequence[Mapping[str, Any]]) -> None:
    """What was found, for people."""
    for result in tried:
        mark = output.painted("ok    ", "green") if result["ok"] else output.painted("failed", "red")
        print(f"{mark} {result['what']} {output.clean(result['name'])}: {output.clean(result['said'])}")
    for end in ends:
        output.note(f"{config.path.name}: {end}")
    counts = ", ".join(counted(len(part), name[:-1], name) for name, part in parts(config).items())
    failed = sum(not result["ok"] for result in tried)
    if failed:
        output.note(
            f"{failed} of {counted(len(tried), 'trial', 'trials')} failed; the settings alone are in order: {counts}"
        )
    else:
        output.say(f"{config.path.name} is in order: {counts}")


def parts(config: "Config") -> Mapping[str, Any]:
    """What a configuration is made of."""
    return {"feeds": config.feeds, "channels": config.channels, "routes": config.routes}


def try_all(config: "Config") -> list[dict[str, Any]]:
    """Each feed and channel, tried."""
    from workers.cli.live import tries

    return tries(config)
