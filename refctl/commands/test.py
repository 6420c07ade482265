"""`refctl test`."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from refctl.cli.command import application, command
from refctl.cli.options import Context
from refctl.core.errors import UsageError
from refctl.core.result import Result

app = application()


class Name(StrEnum):
    """A suite, or all of them."""

    all = "all"
    cli = "cli"
    backend = "backend"
    frontend = "frontend"
    e2e = "e2e"


class Mutation(StrEnum):
    """What is mutated."""

    core = "core"


@command(app, name="test", example="refctl test backend -k auth")
def test(
    context: Context,
    suite: Annotated[Name, typer.Argument(help="Which suite.")] = Name.all,
    keyword: Annotated[str, typer.Option("-k", help="Only tests whose names match.")] = "",
    last_failed: Annotated[
        bool, typer.Option("--last-failed", help="Only what failed last time.")
    ] = False,
    changed: Annotated[
        bool,
        typer.Option(
            "--changed", help="Only suites that your work touches, compared with the main branch."
        ),
    ] = False,
    shard: Annotated[
        str, typer.Option(metavar="I/N", help="Only part I of N, for machines that share the work.")
    ] = "",
    repeat: Annotated[
        int, typer.Option(min=1, help="Run so many times and name the flaky tests.")
    ] = 1,
    coverage: Annotated[
        bool, typer.Option("--coverage", help="Measure coverage and hold its thresholds.")
    ] = False,
    mutation: Annotated[
        Mutation | None,
        typer.Option(help="Try faults in what decides, for minutes: do tests notice?"),
    ] = None,
    write_docs: Annotated[
        bool, typer.Option("--write-docs", help="With --mutation: keep the results in docs.")
    ] = False,
    url: Annotated[
        str, typer.Option(help="Run the journeys of e2e against the application at this address.")
    ] = "",
    smoke: Annotated[
        bool, typer.Option("--smoke", help="With --url: only journeys that change nothing.")
    ] = False,
    update_snapshots: Annotated[
        bool,
        typer.Option(
            "--update-snapshots", help="Take the pictures of e2e anew, and name those that changed."
        ),
    ] = False,
) -> Result:
    """Run the suites and report."""
    from refctl.cli.summary import summarise
    from refctl.core.config import load
    from refctl.core.paths import find_project
    from refctl.develop.isolated import stack
    from refctl.quality import verdict
    from refctl.quality.suites import Filters, parse_shard, parse_url

    filters = Filters(
        keyword=keyword,
        last_failed=last_failed,
        coverage=coverage,
        shard=parse_shard(shard) if shard else None,
        url=parse_url(url) if url else "",
        smoke=smoke,
        update_snapshots=update_snapshots,
    )
    if url and suite is not Name.e2e:
        raise UsageError("--url is for the journeys", hint="refctl test e2e --url URL")
    if smoke and not url:
        raise UsageError("--smoke needs --url", hint="refctl test e2e --url URL --smoke")
    if update_snapshots:
        _refuse_snapshots(suite, url=url, shard=shard)
    if write_docs and mutation is None:
        raise UsageError(
            "--write-docs needs --mutation", hint="refctl test --mutation core --write-docs"
        )
    paths = find_project()
    config = load(paths.marker)
    only = None if suite is Name.all else suite.value
    if mutation is not None:
        from refctl.quality.mutation import session

        if not filters.plain or changed or repeat > 1:
            raise UsageError(
                "--mutation runs all of a room: no other option chooses from it",
                hint="refctl test backend --mutation core",
            )
        result = session.run(
            paths,
            config,
            context.console,
            session.Request(
                only=only,
                write_docs=write_docs,
                dry_run=context.dry_run,
            ),
        )
        summarise("refctl test --mutation", result.table)
        return result
    result = verdict.run(
        paths,
        config,
        context.console,
        verdict.Request(
            only=only,
            filters=filters,
            changed=changed,
            repeat=repeat,
            dry_run=context.dry_run,
        ),
        stack=lambda facts, log: stack(paths, config, facts, context.console, log=log),
    )
    summarise("refctl test", result.table)
    return result


def _refuse_snapshots(suite: Name, *, url: str, shard: str) -> None:
    import platform

    if suite is not Name.e2e or url or shard:
        raise UsageError(
            "--update-snapshots is for the journeys, started here and not in parts",
            hint="refctl test e2e --update-snapshots",
        )
    if (platform.system(), platform.machine()) != ("Linux", "x86_64"):
        raise UsageError(
            "--update-snapshots: the pictures are of Cypress's browser on Linux (x86-64)",
            hint="let CI fail and take the *.actual.png of its artifact e2e",
        )
