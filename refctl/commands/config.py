"""`refctl config show|validate|diff|schema`."""

from __future__ import annotations

from typing import Annotated

import typer

from refctl.cli.command import application, command
from refctl.cli.options import ENVIRONMENT, Context, Environment
from refctl.core.result import Result

app = application("config", "Show, check and compare the configuration.")


@command(app, name="show", example="refctl config show --environment production", effects=False)
def show(context: Context, environment: ENVIRONMENT = None) -> Result:
    """Show every value and where it comes from, secrets masked."""
    from refctl.configure import session
    from refctl.core.config import load
    from refctl.core.paths import find_project

    paths = find_project()
    return session.show(paths, load(paths.marker), context.console, environment)


@command(
    app, name="validate", example="refctl config validate --environment production", effects=False
)
def validate(context: Context, environment: ENVIRONMENT = None) -> Result:
    """Say what is wrong, if anything is (exit code 3)."""
    from refctl.configure import session
    from refctl.core.config import load
    from refctl.core.paths import find_project

    paths = find_project()
    return session.validate(paths, load(paths.marker), context.console, environment)


@command(app, name="diff", example="refctl config diff development production", effects=False)
def diff(
    context: Context,
    one: Annotated[Environment, typer.Argument(help="An environment.")],
    other: Annotated[Environment, typer.Argument(help="Another one.")],
) -> Result:
    """Show what differs between two environments."""
    from refctl.configure import session
    from refctl.core.config import load
    from refctl.core.paths import find_project

    paths = find_project()
    return session.diff(paths, load(paths.marker), context.console, one, other)


@command(app, name="schema", example="refctl config schema > settings.schema.json", effects=False)
def schema(context: Context) -> Result:
    """Print the JSON schema of the variables."""
    from refctl.configure import session
    from refctl.core.config import load
    from refctl.core.paths import find_project

    paths = find_project()
    return session.schema(paths, load(paths.marker), context.console)
