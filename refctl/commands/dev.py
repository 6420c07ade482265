"""`refctl dev`."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from refctl.cli.command import application, command
from refctl.cli.options import Context
from refctl.core.result import Result

app = application()


class Only(StrEnum):
    """A single service."""

    backend = "backend"
    frontend = "frontend"


@command(app, name="dev", example="refctl dev --open", streams=True)
def dev(
    context: Context,
    only: Annotated[Only | None, typer.Option(help="Run one service only.")] = None,
    backend_port: Annotated[
        int | None, typer.Option(min=1, max=65535, help="Use exactly this port.")
    ] = None,
    frontend_port: Annotated[
        int | None, typer.Option(min=1, max=65535, help="Use exactly this port.")
    ] = None,
    open_: Annotated[bool, typer.Option("--open", help="Open the browser when ready.")] = False,
    reset: Annotated[
        bool, typer.Option("--reset", help="Start over with an empty database.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
) -> Result:
    """Run the application with hot reload."""
    from refctl.core.config import load
    from refctl.core.paths import find_project
    from refctl.develop import session
    from refctl.develop.report import Reporter

    paths = find_project()
    config = load(paths.marker)
    options = session.Options(
        only=only.value if only else None,
        backend_port=backend_port,
        frontend_port=frontend_port,
        open=open_,
        reset=reset,
        yes=yes,
    )
    if context.dry_run:
        return session.preview(paths, config, options)
    reporter = Reporter(context.console, json=context.json)
    session.run(paths, config, context.console, options, reporter.event)
    return Result(printed=True)
