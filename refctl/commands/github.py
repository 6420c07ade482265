"""`refctl github setup|protect|environments|labels`."""

from __future__ import annotations

from refctl.cli.command import application, command
from refctl.cli.options import Context
from refctl.core.result import Result

app = application("github", "Configure the repository on GitHub.")


@command(app, name="setup", example="refctl github setup --dry-run")
def setup(context: Context) -> Result:
    """Do all of it: how it merges, rules, environments, labels."""
    return _run(context, "settings", "rulesets", "environments", "labels")


@command(app, name="protect", example="refctl github protect --dry-run")
def protect(context: Context) -> Result:
    """Protect the default branch and release tags by rules that nobody bypasses."""
    return _run(context, "settings", "rulesets")


@command(app, name="environments", example="refctl github environments --json")
def environments(context: Context) -> Result:
    """Set who may deploy to development, staging and production, when and from where."""
    return _run(context, "environments")


@command(app, name="labels", example="refctl github labels")
def labels(context: Context) -> Result:
    """Create the labels that forms and refctl.toml name."""
    return _run(context, "labels")


def _run(context: Context, *areas: str) -> Result:
    from refctl.core.config import load
    from refctl.core.paths import find_project
    from refctl.govern import session

    paths = find_project()
    return session.run(paths, load(paths.marker), context.console, areas, dry_run=context.dry_run)
