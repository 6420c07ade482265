"""The entry point, and the one place where an error becomes an exit code."""

from __future__ import annotations

import io
import os
import sys

from refctl import __version__
from refctl.commands import COMMANDS, usage

# Importing typing alone would double the time of `--version`.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, NoReturn

    from refctl.core.errors import RefctlError


def main() -> NoReturn:
    """Run the command line and exit."""
    arguments = sys.argv[1:]
    completing = "_REFCTL_COMPLETE" in os.environ
    # Answered before Typer is imported: its import alone costs six interpreter start-ups.
    if not completing and arguments in (["--version"], ["-V"]):
        sys.stdout.write(f"refctl {__version__}\n")
        sys.exit(0)
    if not completing and arguments in ([], ["--help"], ["-h"]):
        sys.stdout.write(usage())
        sys.exit(0)
    try:
        code = run(arguments)
    except KeyboardInterrupt:  # before there was anything to stop
        code = 130
    sys.exit(code)


def run(arguments: list[str]) -> int:
    """Run the command line; return its exit code."""
    from refctl.core.errors import RefctlError

    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a log line may hold anything
    command = next((word for word in arguments if not word.startswith("-")), "")
    # Asked for by hooks, prompts and every job of a workflow, and ready before Typer would be.
    quick = arguments[:2] == ["release", "plan"] and {"--json"}.issuperset(arguments[2:])
    try:
        if quick and "_REFCTL_COMPLETE" not in os.environ:
            from refctl.commands.quick import release_plan

            return release_plan(json="--json" in arguments)
        return _run(arguments)
    except RefctlError as error:
        failure = error
    except Exception as error:  # nobody shall meet a traceback unasked
        if "--verbose" in arguments or "-v" in arguments:
            raise
        failure = _unexpected(error)
    if not failure.told:
        _report(failure, arguments, failure.command or command)
    return failure.exit_code


def _run(arguments: list[str]) -> int:
    """Let Typer take the command line apart."""
    import typer

    from refctl.cli.app import root
    from refctl.core.errors import UsageError

    if "_REFCTL_COMPLETE" in os.environ:
        from typer._completion_classes import completion_init

        completion_init()
    # Typer carries its own click and exports this class by its subclass alone.
    usage_error: type[Any] = typer.BadParameter.__bases__[0]
    try:
        code = root(COMMANDS, usage()).main(arguments, prog_name="refctl", standalone_mode=False)
    except usage_error as error:
        where = error.ctx.command_path if error.ctx else "refctl"
        raise UsageError(error.format_message(), hint=f"{where} --help") from None
    return code if isinstance(code, int) else 0


def _unexpected(error: Exception) -> RefctlError:
    from refctl.core.errors import RefctlError, StepFailedError

    if isinstance(error, OSError):
        from refctl.core.executor import hint_for_os

        where = f": {error.filename}" if error.filename else ""
        return StepFailedError(f"{error.strerror or error}{where}", hint=hint_for_os(error))
    return RefctlError(
        f"unexpected {type(error).__name__}: {error}",
        hint="run again with --verbose for the traceback, and report it",
    )


def _report(error: RefctlError, arguments: list[str], command: str) -> None:
    from refctl.core.console import Console
    from refctl.core.errors import InterruptedRunError

    console = Console()
    if "--json" in arguments:
        from refctl.core.result import envelope

        console.json(envelope(command, ok=False, data={}, errors=(error,)))
        return
    for line in error.detail:
        console.error(f"    {line}")
    if isinstance(error, InterruptedRunError):
        console.error(error.message)
        return
    for line in error.message.splitlines():
        console.error(f"{console.style('error', 'red', 'bold')}: {line}")
    if error.hint:
        console.error(f"{console.style('hint', 'cyan')}: {error.hint}")
