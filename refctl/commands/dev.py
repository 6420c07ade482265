"""`refctl dev`."""

from __future__ import annotations

import os
import sys
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


@command(app, name="dev", example="refctl dev --open")
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
    from refctl.develop import reset as start_over
    from refctl.develop.report import Reporter
    from refctl.develop.session import Options, running

    paths = find_project()
    config = load(paths.marker)
    options = Options(
        only=only.value if only else None, backend_port=backend_port, frontend_port=frontend_port
    )
    if context.dry_run:
        from refctl.workspace.ready import plan
        from refctl.workspace.setup import Wanted

        _, todo = plan(
            paths,
            config,
            Wanted(backend=options.wants("backend"), frontend=options.wants("frontend")),
        )
        lines = [
            line
            for step in todo
            for line in (f"{step.id}: {step.title}", *(f"    {a.describe()}" for a in step.actions))
        ]
        return Result(data={"plan": todo.as_json()}, lines=tuple(lines) or ("nothing to install",))
    if reset:
        start_over.reset(paths, context.console, yes=yes)
    reporter = Reporter(context.console, json=context.json)
    interactive = sys.stdin.isatty() and not os.environ.get("CI")
    with running(
        paths, config, context.console, options, reporter.event, ends_on_exit=not interactive
    ) as (supervisor, ready):
        reporter.event("ready", **ready)
        if open_ and ready["frontend"]:
            import webbrowser

            webbrowser.open(ready["frontend"])
        supervisor.watch()
    return Result(printed=True)
