"""`refctl release [make|plan|notes|lint-commit]`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from refctl.cli.command import application, command
from refctl.cli.options import Context
from refctl.core.result import Result

app = application("release", "Find the next version and release it.", default="make")

PRERELEASE = Annotated[
    str, typer.Option("--prerelease", metavar="TOKEN", help="Make a pre-release, such as rc.")
]
BUILD = Annotated[str, typer.Option("--build", metavar="TEXT", help="Build metadata: +TEXT.")]


@command(app, name="make", example="refctl release")
def make(
    context: Context,
    prerelease: PRERELEASE = "",
    build: BUILD = "",
    no_push: Annotated[
        bool, typer.Option("--no-push", help="Commit and tag here, and stop.")
    ] = False,
) -> Result:
    """Do it: what is due is released, what an earlier run left is finished."""
    from refctl.release import run
    from refctl.release.session import Options

    return run.make(
        Path.cwd(),
        context.console,
        Options(prerelease, build, push=not no_push),
        dry_run=context.dry_run,
    )


@command(app, name="plan", example="refctl release plan --json", effects=False)
def plan(context: Context, prerelease: PRERELEASE = "", build: BUILD = "") -> Result:  # noqa: ARG001 - every command has one
    """Show the next version, why it is that, and its notes; nothing is written or asked for."""
    from refctl.release import preview

    return preview.report(preview.look(str(Path.cwd()), prerelease=prerelease, build=build))


@command(app, name="notes", example="refctl release notes v1.2.0", effects=False)
def notes(
    context: Context,  # noqa: ARG001 - every command has one
    tag: Annotated[str, typer.Argument(help="The tag of a release.")],
) -> Result:
    """Show the notes of a release: as the changelog has them, else from its commits."""
    from refctl.release import record

    return record.notes_of(str(Path.cwd()), tag)


@command(
    app, name="lint-commit", example="refctl release lint-commit .git/COMMIT_EDITMSG", effects=False
)
def lint_commit(
    context: Context,  # noqa: ARG001 - every command has one
    file: Annotated[Path, typer.Argument(help="The file of a commit message.")],
) -> Result:
    """Say what is wrong with a commit message, as the commit-msg hook does."""
    from refctl.quality import hooks

    return hooks.check_message(file)
