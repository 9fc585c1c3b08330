"""The way in: runs a command and turns whatever it raises into one sentence and an exit code.

0 done · 1 the thing failed · 2 wrong usage or configuration.
"""

import os
import sys
from collections.abc import Sequence
from typing import NoReturn

from workers.streams import steady

DONE, FAILED, WRONG = 0, 1, 2
INTERRUPTED = 130


def main(args: Sequence[str] | None = None) -> NoReturn:
    """Run `standfirst` with these arguments (else those of the process) and exit."""
    steady()
    code = run(list(sys.argv[1:] if args is None else args))
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        _silence()
    sys.exit(code)


def run(args: list[str]) -> int:
    """One command; gives its exit code and raises nothing."""
    try:
        unreadable(args)
        return _command(args)
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:  # the reader of our output has seen enough
        _silence()
        return DONE
    except Exception as error:
        return _explained(error)


def unreadable(args: list[str]) -> None:
    """Raise UsageError for an argument that is no text in the terminal's character set."""
    from pipeline.model import UsageError

    for arg in args:
        try:
            arg.encode()
        except UnicodeEncodeError:
            words = arg.encode("utf-8", "replace").decode()
            raise UsageError(
                f"“{words}” is not written in the terminal's character set; set LANG or write it anew"
            ) from None


def _command(args: list[str]) -> int:
    import typer

    from workers.cli.commands import app

    command = typer.main.get_command(app)
    try:  # not by `command.main`, which has a word of its own on broken pipes and interrupts
        with command.make_context("standfirst", args) as context:
            result = command.invoke(context)
    except typer.Exit as done:
        return done.exit_code
    return result if isinstance(result, int) else DONE


def _explained(error: Exception) -> int:
    """What went wrong, on one line, and the code that says whose fault it was."""
    from typer.exceptions import Abort, TyperException

    from pipeline.model import Error, UsageError

    if isinstance(error, TyperException):
        return _misused(error)
    if isinstance(error, Abort):
        _tell("stopped; nothing further was done")
        return FAILED
    if isinstance(error, UsageError):
        _tell(str(error))
        return WRONG
    if isinstance(error, Error):
        _tell(_redacted(str(error)))
        return FAILED
    return _unexpected(error)


def _misused(error: Exception) -> int:
    """Wrong usage: what typer says of it, and where the right usage is described."""
    context = getattr(error, "ctx", None)
    path = context.command_path if context else "standfirst"
    said = getattr(error, "format_message", lambda: str(error))()
    if type(error).__name__ == "NoArgsIsHelpError":
        print(said, file=sys.stderr)
        return WRONG
    if said:
        _tell(f"{said.rstrip('.')}; see: {path} --help")
    return getattr(error, "exit_code", WRONG)


def _unexpected(error: Exception) -> int:
    """Something nobody thought of: one sentence, and the trace in a file."""
    from workers.cli.trace import keep

    _tell(f"something unexpected happened ({type(error).__name__}); what led to it is in {keep(error)}")
    return FAILED


def _tell(text: str) -> None:
    from workers.cli.output import clean

    lines = "\n".join(clean(line) for line in text.splitlines())
    print(f"standfirst: {lines}", file=sys.stderr)


def _redacted(text: str) -> str:
    """What others said, without the secrets that are known once the configuration was read."""
    logs = sys.modules.get("workers.logs")
    return str(logs.redact(text)) if logs else text


def _silence() -> None:
    """Let the interpreter flush at its end into nothing."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
