"""Asking before an empty development database takes the place of a full one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from refctl.core.confirm import confirm
from refctl.core.errors import ConfigurationError
from refctl.workspace.variables import database_file, read_env

if TYPE_CHECKING:
    from refctl.core.console import Console
    from refctl.core.paths import Paths


def confirm_reset(paths: Paths, console: Console, *, yes: bool) -> None:
    """Return if the database may be removed.

    Raises:
        ConfigurationError: the database is not a SQLite file: it is not refctl's to empty.
        UsageError: the answer was no, or nobody can be asked and `--yes` is not given.

    """
    file = database_file(paths, read_env(paths))
    if file is None:
        raise ConfigurationError(
            "--reset empties SQLite databases only, and DATABASE_URL names another",
            hint="refctl db reset empties that one as well",
        )
    if file.exists():
        confirm(console, f"--reset removes every user and todo in {file}", "Start over?", yes=yes)
