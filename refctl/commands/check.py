"""`refctl check`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from refctl.cli.command import application, command
from refctl.cli.options import Context
from refctl.core.errors import UsageError
from refctl.core.result import Result

app = application()


@command(app, name="check", example="refctl check backend --changed --fix")
def check(
    context: Context,
    names: Annotated[
        list[str] | None,
        typer.Argument(help="Checks, or parts of their names: backend, ruff, audit."),
    ] = None,
    fix: Annotated[bool, typer.Option("--fix", help="Correct what can be corrected.")] = False,
    changed: Annotated[
        bool, typer.Option("--changed", help="Only what this branch and this folder changed.")
    ] = False,
    staged: Annotated[
        bool, typer.Option("--staged", help="Only what the next commit would change.")
    ] = False,
    list_: Annotated[bool, typer.Option("--list", help="Name the checks, and stop.")] = False,
    sarif: Annotated[
        Path | None, typer.Option("--sarif", metavar="FILE", help="Also write a SARIF 2.1.0 log.")
    ] = None,
) -> Result:
    """Look at the source with every linter, type checker and audit."""
    from refctl.cli.summary import summarise
    from refctl.core.config import load
    from refctl.core.paths import find_project
    from refctl.quality import checks, inspection

    if changed and staged:
        raise UsageError("--changed and --staged exclude each other", hint="choose one of them")
    if sarif is not None and sarif.is_dir():
        raise UsageError(
            f"--sarif {sarif}: a folder, not a file", hint="--sarif reports/check.sarif"
        )
    if list_:
        return checks.listed(tuple(names or ()))
    paths = find_project()
    options = inspection.Options(
        names=tuple(names or ()),
        fix=fix,
        changed=changed,
        staged=staged,
        sarif=sarif.absolute() if sarif else None,
    )
    result = inspection.run(
        paths, load(paths.marker), context.console, options, dry_run=context.dry_run
    )
    summarise("refctl check", result.table)
    return result
