"""`refctl db migrate|revision|status|seed|reset|dump|restore`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from refctl.cli.command import application, command
from refctl.cli.options import ENVIRONMENT, YES, Context
from refctl.core.result import Result

if TYPE_CHECKING:
    from refctl.data.session import Session

app = application("db", "Migrate, fill, empty, save and restore the database.")


def _session(context: Context, environment: ENVIRONMENT, *, yes: bool = False) -> Session:
    from refctl.core.config import load
    from refctl.core.paths import find_project
    from refctl.data.session import Session

    paths = find_project()
    return Session(
        paths,
        load(paths.marker),
        context.console,
        environment=environment.value if environment else None,
        yes=yes,
        dry_run=context.dry_run,
    )


@command(app, name="status", example="refctl db status", effects=False)
def status(context: Context, environment: ENVIRONMENT = None) -> Result:
    """Show which migrations the database has and lacks."""
    from refctl.data import schema

    return schema.status(_session(context, environment))


@command(app, name="migrate", example="refctl db migrate --environment staging")
def migrate(context: Context, environment: ENVIRONMENT = None) -> Result:
    """Bring the schema to the newest revision."""
    from refctl.data import schema

    return schema.migrate(_session(context, environment))


@command(app, name="revision", example='refctl db revision -m "due dates" --autogenerate')
def revision(
    context: Context,
    message: Annotated[str, typer.Option("--message", "-m", help="What it does, in a few words.")],
    autogenerate: Annotated[
        bool, typer.Option("--autogenerate", help="Write what the models have and it has not.")
    ] = False,
    environment: ENVIRONMENT = None,
) -> Result:
    """Write a new migration."""
    from refctl.data import schema

    return schema.revision(_session(context, environment), message, autogenerate=autogenerate)


@command(app, name="seed", example="refctl db seed")
def seed(context: Context, environment: ENVIRONMENT = None) -> Result:
    """Add the demo user and todos; again changes nothing."""
    from refctl.data import contents

    return contents.seed(_session(context, environment))


@command(app, name="reset", example="refctl db reset --yes")
def reset(context: Context, environment: ENVIRONMENT = None, yes: YES = False) -> Result:
    """Remove all data, migrate and, but for staging and production, seed."""
    from refctl.data import contents

    return contents.reset(_session(context, environment, yes=yes))


@command(app, name="dump", example="refctl db dump before.dump")
def dump(
    context: Context,
    file: Annotated[str, typer.Argument(help="Where to, or - for stdout.")],
    environment: ENVIRONMENT = None,
    yes: YES = False,
) -> Result:
    """Save the whole database to a file that only its owner can read."""
    from refctl.data import dumps

    return dumps.dump(_session(context, environment, yes=yes), file, json_output=context.json)


@command(app, name="restore", example="refctl db restore before.dump --yes")
def restore(
    context: Context,
    file: Annotated[str, typer.Argument(help="What refctl db dump wrote.")],
    environment: ENVIRONMENT = None,
    yes: YES = False,
) -> Result:
    """Put a dump in the place of all data: all of it, or nothing."""
    from refctl.data import dumps

    return dumps.restore(_session(context, environment, yes=yes), file)
