"""Starting over with an empty development database."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from refctl.core.errors import ConfigurationError, UsageError
from refctl.core.lock import hold
from refctl.workspace.facts import database_file, read_env, stamp

if TYPE_CHECKING:
    from refctl.core.console import Console
    from refctl.core.paths import Paths


def reset(paths: Paths, console: Console, *, yes: bool) -> None:
    """Remove the SQLite database, so that the next set-up migrates and seeds a new one.

    Raises:
        ConfigurationError: the database is not a SQLite file: it is not refctl's to empty.
        UsageError: nobody can be asked and `--yes` is not given.

    """
    file = database_file(paths, read_env(paths.env))
    if file is None:
        raise ConfigurationError(
            "--reset empties SQLite databases only, and DATABASE_URL names another",
            hint="empty that database with its own tools",
        )
    if not yes and file.exists():
        if not sys.stdin.isatty():
            raise UsageError("--reset removes all data and nobody can be asked", hint="add --yes")
        console.error(f"This removes every user and todo in {file}.")
        if input("Start over? [y/N] ").strip().lower() not in {"y", "yes"}:
            raise UsageError("nothing was removed")
    with hold(paths.state / "locks", "dev-backend", purpose="emptying the database"):
        for suffix in ("", "-wal", "-shm"):
            file.with_name(file.name + suffix).unlink(missing_ok=True)
        stamp(paths, "seed").unlink(missing_ok=True)
