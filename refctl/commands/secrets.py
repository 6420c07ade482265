"""`refctl secrets init|set|list|rotate|sync|check|scan`."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from refctl.cli.command import application, command
from refctl.cli.options import Context
from refctl.core.result import Result

if TYPE_CHECKING:
    from refctl.secrets.session import Session

app = application("secrets", "Keep, check, replace and send secrets.")


class Store(StrEnum):
    """Where secrets are kept apart."""

    development = "development"
    staging = "staging"
    production = "production"
    repository = "repository"
    dependabot = "dependabot"


class Target(StrEnum):
    """Where secrets are sent."""

    github = "github"
    aws = "aws"
    kubernetes = "kubernetes"
    swarm = "swarm"


ONE = Annotated[
    Store,
    typer.Option(
        "--environment", "-e", help="An environment, or GitHub's own: repository, dependabot."
    ),
]
SOME = Annotated[
    Store | None,
    typer.Option("--environment", "-e", help="One alone. Without it: all."),
]


def _session(context: Context) -> Session:
    from refctl.core.config import load
    from refctl.core.paths import find_project
    from refctl.secrets.session import Session

    paths = find_project()
    return Session(paths, load(paths.marker), context.console, dry_run=context.dry_run)


def _names(environment: Store | None) -> tuple[str, ...]:
    return (environment.value,) if environment else tuple(one.value for one in Store)


@command(app, name="init", example="refctl secrets init -e production")
def init(context: Context, environment: SOME = None) -> Result:
    """Make an identity and strong values for all that is missing."""
    from refctl.secrets import keeping
    from refctl.secrets.catalogue import ENVIRONMENTS

    names = (environment.value,) if environment else ENVIRONMENTS
    return keeping.init(_session(context), names)


@command(app, name="set", example="refctl secrets set API_TOKEN -e production < token.txt")
def set_(
    context: Context,
    environment: ONE,
    name: Annotated[str, typer.Argument(help="The secret's name.")],
    extra: Annotated[list[str] | None, typer.Argument(hidden=True)] = None,
    file: Annotated[
        Path | None, typer.Option("--file", metavar="FILE", help="A file that holds the value.")
    ] = None,
) -> Result:
    """Keep a value that comes by a pipe, a prompt or a file."""
    from refctl.secrets import intake, keeping

    secret = intake.check_name(name, extra)
    session = _session(context)
    return keeping.put(session, environment.value, secret, intake.read_value(secret, file))


@command(app, name="list", example="refctl secrets list", effects=False)
def list_(context: Context, environment: SOME = None) -> Result:
    """Show what is kept, how old it is and when it is due; no values."""
    from refctl.secrets import keeping

    return keeping.listing(_session(context), _names(environment))


@command(app, name="rotate", example="refctl secrets rotate JWT_SECRET_KEY -e production")
def rotate(
    context: Context,
    environment: ONE,
    name: Annotated[str, typer.Argument(help="The secret's name.")],
    at_once: Annotated[
        bool, typer.Option("--at-once", help="Without overlap: the old one is shut, after a leak.")
    ] = False,
) -> Result:
    """Replace a secret, a step a call where the old one stays valid for a while."""
    from refctl.secrets import intake, keeping

    secret = intake.check_name(name, None)
    return keeping.rotate(_session(context), environment.value, secret, at_once=at_once)


@command(app, name="sync", example="refctl secrets sync -e production --to github")
def sync(
    context: Context,
    environment: ONE,
    to: Annotated[Target, typer.Option("--to", help="Where to.")] = Target.github,
) -> Result:
    """Send what is kept to where it is used."""
    from refctl.secrets import aws, github, kubernetes, swarm

    targets = {
        Target.github: github.sync,
        Target.aws: aws.sync,
        Target.kubernetes: kubernetes.sync,
        Target.swarm: swarm.sync,
    }
    return targets[to](_session(context), environment.value)


@command(app, name="scan", example="refctl secrets scan --history")
def scan(
    context: Context,
    history: Annotated[
        bool, typer.Option("--history", help="Also look at every commit: what was removed, too.")
    ] = False,
) -> Result:
    """Look for keys, tokens and passwords in the files that git has."""
    from refctl.core.config import load
    from refctl.core.paths import find_project
    from refctl.quality import inspection

    paths = find_project()
    names = ("secrets", "history") if history else ("secrets",)
    result = inspection.run(
        paths,
        load(paths.marker),
        context.console,
        inspection.Options(names=names),
        dry_run=context.dry_run,
    )
    # Who asks for this alone takes nothing found for nothing there: then it must have looked.
    looked = context.dry_run or all(one["status"] != "skipped" for one in result.data["checks"])
    return result._replace(ok=result.ok and looked)


@command(app, name="check", example="refctl secrets check -e production", effects=False)
def check(
    context: Context,
    environment: SOME = None,
    database: Annotated[
        bool,
        typer.Option("--database", help="Also ask the database whether it takes its password."),
    ] = False,
) -> Result:
    """Say what is missing, weak, a placeholder or too old (exit code 1)."""
    from refctl.secrets import checking

    return checking.check(_session(context), _names(environment), database=database)
