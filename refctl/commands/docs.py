"""`refctl docs openapi`."""

from __future__ import annotations

from typing import Annotated

import typer

from refctl.cli.command import application, command
from refctl.cli.options import Context
from refctl.core.result import Result

app = application("docs", "Bring what is generated from the code up to date.")


@command(app, name="openapi", example="refctl docs openapi --check")
def openapi(
    context: Context,
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; exit 1 with what differs.")
    ] = False,
) -> Result:
    """Write openapi.json from the code, and the frontend's client from it."""
    from refctl.core.config import load
    from refctl.core.paths import find_project
    from refctl.document import openapi as document

    paths = find_project()
    return document.write(
        paths, load(paths.marker), context.console, check=check, dry_run=context.dry_run
    )
