"""One question about the configuration, answered by the backend's own `scripts.config`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from refctl.core.errors import ConfigurationError
from refctl.core.result import Result, Table
from refctl.workspace.settings import answer

if TYPE_CHECKING:
    from refctl.core.config import Config
    from refctl.core.console import Console
    from refctl.core.paths import Paths


def show(paths: Paths, config: Config, console: Console, environment: str | None) -> Result:
    """Return every value and where it comes from, secrets masked."""
    report = answer(paths, config, console, "show", "--json", *_of(environment))
    rows = tuple((row["name"], written(row["value"]), row["source"]) for row in report["values"])
    lines = (
        f"Environment: {report['environment']}",
        *(f"error: {problem}" for problem in _told(report["problems"])),
        *_remarks(report),
    )
    return Result(data=report, table=Table(("variable", "value", "from"), rows), lines=lines)


def validate(paths: Paths, config: Config, console: Console, environment: str | None) -> Result:
    """Return that all is well.

    Raises:
        ConfigurationError: it is not; with every problem.

    """
    report = answer(paths, config, console, "validate", "--json", *_of(environment))
    name = report["environment"]
    if report["valid"]:
        return Result(
            data=report,
            lines=(f"The configuration of {name} is valid.", *_remarks(report)),
        )
    for line in _remarks(report):
        console.progress(line)
    raise ConfigurationError(
        "\n".join(_told(report["problems"])),
        hint=f"correct these, or see where each value comes from: refctl config show -e {name}",
    )


def diff(paths: Paths, config: Config, console: Console, one: str, other: str) -> Result:
    """Return what differs between two environments."""
    report = answer(paths, config, console, "diff", one, other)
    rows = tuple(
        (row["name"], *(f"{written(row[e]['value'])} ({row[e]['source']})" for e in (one, other)))
        for row in report["differences"]
    )
    shared = tuple(
        f"warning: {name} is the same in both: give each environment a secret of its own"
        for name in report["shared_secrets"]
    )
    lines = (*shared, *(f"note: {note}" for note in report["notes"]))
    return Result(data=report, table=Table(("variable", one, other), rows), lines=lines)


def schema(paths: Paths, config: Config, console: Console) -> Result:
    """Return the JSON schema of the variables."""
    document = answer(paths, config, console, "schema")
    return Result(data=document, lines=tuple(json.dumps(document, indent=2).splitlines()))


def written(value: Any) -> str:
    """Return a value as a `.env` file has it."""
    if isinstance(value, list):
        return ",".join(str(one) for one in value)
    if isinstance(value, bool):
        return str(value).lower()
    return "" if value is None else str(value)


def _of(environment: str | None) -> tuple[str, ...]:
    return ("--environment", environment) if environment else ()


def _told(problems: list[dict[str, str]]) -> list[str]:
    return [f"{one['variable'] or 'file'} ({one['source']}): {one['reason']}" for one in problems]


def _remarks(report: dict[str, Any]) -> tuple[str, ...]:
    warnings = (f"warning: {warning}" for warning in _told(report["warnings"]))
    return (*warnings, *(f"note: {note}" for note in report["notes"]))
