"""`refctl hooks install|uninstall|run`."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from refctl.cli.command import application, command
from refctl.cli.options import Context
from refctl.core.errors import UsageError
from refctl.core.result import Result

app = application("hooks", "Check each commit and its message by git's hooks.")


class Hook(StrEnum):
    """A hook of git's."""

    pre_commit = "pre-commit"
    commit_msg = "commit-msg"


@command(app, name="install", example="refctl hooks install")
def install(context: Context) -> Result:
    """Write the hooks; one that somebody else wrote stays."""
    from refctl.core.paths import find_project
    from refctl.quality import hooks

    return hooks.install(find_project(), context.console, dry_run=context.dry_run)


@command(app, name="uninstall", example="refctl hooks uninstall")
def uninstall(context: Context) -> Result:
    """Remove the hooks that refctl wrote."""
    from refctl.core.paths import find_project
    from refctl.quality import hooks

    return hooks.uninstall(find_project(), context.console, dry_run=context.dry_run)


@command(app, name="run", example="refctl hooks run commit-msg .git/COMMIT_EDITMSG", effects=False)
def run(
    context: Context,
    hook: Annotated[Hook, typer.Argument(help="Which hook.")],
    arguments: Annotated[
        list[str] | None, typer.Argument(metavar="[FILE]", help="What git gives it.")
    ] = None,
) -> Result:
    """Do what a hook does: check what is staged, or a message."""
    from refctl.core.config import load
    from refctl.core.paths import find_project
    from refctl.quality import hooks, inspection

    if hook is Hook.pre_commit:
        paths = find_project()
        options = inspection.Options(staged=True)
        return inspection.run(paths, load(paths.marker), context.console, options, dry_run=False)
    if not arguments:
        raise UsageError("commit-msg needs the file of the message", hint="refctl hooks run --help")
    return hooks.check_message(Path(arguments[0]))
