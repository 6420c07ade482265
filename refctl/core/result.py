"""What a command returns, and the one envelope in which `--json` prints it."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from refctl.core.errors import RefctlError

SCHEMA = 1


# Tuples, not dataclasses: importing those costs a third of the time that `refctl release plan` has.
class Table(NamedTuple):
    """Rows to show to a person; renderers decide how."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


class Result(NamedTuple):
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
