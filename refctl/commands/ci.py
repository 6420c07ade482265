"""`refctl ci list|lint|run`."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from refctl.cli.command import application, command
from refctl.cli.options import Context
from refctl.core.result import Result

app = application("ci", "List, check and run the workflows here.")


class Event(StrEnum):
    """An event that starts workflows."""

    push = "push"
    pull_request = "pull_request"
    release = "release"


@command(app, name="list", example="refctl ci list", effects=False)
def list_(context: Context) -> Result:  # noqa: ARG001 - every command has one
    """Show the workflows, their jobs, and what starts them."""
    from refctl.automate import listing
    from refctl.core.paths import find_project
    from refctl.workspace import workflows

    return listing.listing(workflows.read(find_project()))


@command(app, name="lint", example="refctl ci lint --json", effects=False)
def lint(
    context: Context,  # noqa: ARG001 - every command has one
    offline: Annotated[
        bool, typer.Option("--offline", help="Ask nothing of GitHub, though GH_TOKEN is set.")
    ] = False,
) -> Result:
    """Check the workflows with actionlint, zizmor and our own rules (exit code 1 on findings)."""
    from refctl.automate import lint as linting
    from refctl.cli.summary import summarise
    from refctl.core.paths import find_project

    result = linting.lint(find_project(), offline=offline)
    summarise("refctl ci lint", result.table)
    return result


@command(app, name="run", example="refctl ci run backend --host")
def run(
    context: Context,
    job: Annotated[
        str | None, typer.Argument(help="One job. Without it: all of the test workflow.")
    ] = None,
    workflow: Annotated[
        str | None, typer.Option("--workflow", "-w", help="A workflow, by name or file.")
    ] = None,
    event: Annotated[Event, typer.Option(help="What starts it.")] = Event.push,
    matrix: Annotated[
        list[str] | None, typer.Option(help="Only this part of a matrix: key:value.")
    ] = None,
    host: Annotated[
        bool, typer.Option("--host", help="Run the steps on this machine instead of in images.")
    ] = False,
    image: Annotated[
        str | None, typer.Option(help="An image for Ubuntu's jobs, in place of act's usual one.")
    ] = None,
    local_action: Annotated[
        list[str] | None,
        typer.Option(help="Use a folder for an action: owner/name@ref=path."),
    ] = None,
) -> Result:
    """Run a workflow's jobs on this machine with act."""
    from refctl.automate import session
    from refctl.automate.plans import Request
    from refctl.core.paths import find_project

    return session.run(
        find_project(),
        context.console,
        Request(
            job=job,
            workflow=workflow,
            event=event.value,
            matrix=tuple(matrix or ()),
            local_actions=tuple(local_action or ()),
            host=host,
            image=image,
        ),
        dry_run=context.dry_run,
    )
