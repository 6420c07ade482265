"""`refctl test`."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from refctl.cli.command import application, command
from refctl.cli.options import Context
from refctl.core.result import Result

app = application()


class Name(StrEnum):
    """A suite, or all of them."""

    all = "all"
    cli = "cli"
    backend = "backend"
    frontend = "frontend"
    e2e = "e2e"


@command(app, name="test", example="refctl test backend -k auth")
def test(
    context: Context,
    suite: Annotated[Name, typer.Argument(help="Which suite.")] = Name.all,
    keyword: Annotated[str, typer.Option("-k", help="Only tests whose names match.")] = "",
    last_failed: Annotated[
        bool, typer.Option("--last-failed", help="Only what failed last time.")
    ] = False,
    coverage: Annotated[
        bool, typer.Option("--coverage", help="Measure coverage and hold its thresholds.")
    ] = False,
) -> Result:
    """Run the suites and report."""
    from refctl.cli.summary import summarise
    from refctl.core.config import load
    from refctl.core.paths import find_project
    from refctl.develop.isolated import stack
    from refctl.quality import verdict
    from refctl.quality.suites import Filters

    paths = find_project()
    config = load(paths.marker)
    result = verdict.run(
        paths,
        config,
        context.console,
        None if suite is Name.all else suite.value,
        Filters(keyword=keyword, last_failed=last_failed, coverage=coverage),
        stack=lambda facts: stack(paths, config, facts, context.console),
        dry_run=context.dry_run,
    )
    summarise("refctl test", result.table)
    return result
