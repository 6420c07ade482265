"""What a command returns, and the one envelope in which `--json` prints it."""

from __future__ import annotations

from types import MappingProxyType

from refctl.core.record import Record

TYPE_CHECKING = False  # importing typing takes too long: see core/record
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from refctl.core.errors import RefctlError

SCHEMA = 1


# Records, not dataclasses: importing those takes a third of the time of `refctl release plan`.
class Table(Record):
    """Rows to show to a person; renderers decide how."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


class Result(Record):
    """The outcome of a command: `data` for programs, `lines` and `table` for people."""

    ok: bool = True
    data: Mapping[str, Any] = MappingProxyType({})
    lines: tuple[str, ...] = ()
    table: Table | None = None
    printed: bool = False
    """The command already printed what there is to see (a stream of events)."""


def envelope(
    command: str, *, ok: bool, data: Mapping[str, Any], errors: tuple[RefctlError, ...] = ()
) -> dict[str, Any]:
    """Return the versioned envelope of `--json`."""
    return {
        "schema": SCHEMA,
        "ok": ok,
        "command": command,
        "data": dict(data),
        "errors": [error.as_json() for error in errors],
    }
