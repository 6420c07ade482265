"""`refctl changelog`."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from refctl.cli.command import application, command
from refctl.cli.options import Context
from refctl.core.result import Result

app = application()


class Format(StrEnum):
    """How a changelog is written."""

    md = "md"
    json = "json"


@command(app, name="changelog", example="refctl changelog --from v1.0.0 --to v1.2.0", effects=False)
def changelog(
    context: Context,
    after: Annotated[
        str, typer.Option("--from", metavar="TAG", help="Only what came after this release.")
    ] = "",
    until: Annotated[
        str, typer.Option("--to", metavar="TAG", help="Only up to this release.")
    ] = "",
    form: Annotated[Format, typer.Option("--format", help="Markdown or JSON.")] = Format.md,
) -> Result:
    """Show what changed, release by release, from the commits; no file is read or written."""
    from refctl.release import record

    as_data = context.json or form is Format.json
    result = record.changelog(str(Path.cwd()), after=after, until=until, as_data=as_data)
    if form is Format.json and not context.json:
        context.console.json(dict(result.data))
        return Result(printed=True)
    return result
