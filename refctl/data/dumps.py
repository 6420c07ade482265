"""Files that hold a whole database."""

from __future__ import annotations

import os
import shutil
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from refctl.core.confirm import confirm
from refctl.core.errors import ConfigurationError, UsageError
from refctl.core.result import Result
from refctl.data import plans
from refctl.data.loss import confirm_loss, require_named, unused
from refctl.data.session import do, preview
from refctl.data.target import KINDS, find
from refctl.tools import alembic, postgres, sqlite
from refctl.tools.proc import interrupts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from refctl.core.paths import Paths
    from refctl.data.session import Session
    from refctl.data.target import Target

STDOUT = "-"


def dump(session: Session, file: str, *, json_output: bool) -> Result:
    """Save the database to a file, or to stdout."""
    target = find(session.paths, session.environment)
    if file == STDOUT:
        if json_output:
            raise UsageError(
                "stdout cannot hold both the dump and JSON", hint="refctl db dump FILE --json"
            )
        if sys.stdout.isatty() and not session.dry_run:
            raise UsageError("a dump is not for a terminal", hint="refctl db dump FILE")
        path = session.paths.state / f"dump-{os.getpid()}"
    else:
        path = Path(file).absolute()
        if path.is_dir() or not path.parent.is_dir():
            problem = "is a folder" if path.is_dir() else "is in a folder that does not exist"
            raise UsageError(f"{path} {problem}", hint="name a file in a folder that exists")
    if target.file is not None and not target.file.exists():
        raise ConfigurationError(
            f"there is no database yet: {target.file}", hint="refctl db migrate"
        )
    fresh = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    todo = plans.dump(session.paths, target, path, fresh)
    if session.dry_run:
        return preview(session, target, todo, ready_first=False)
    if path.exists():
        confirm(session.console, f"{path} exists", "Overwrite it?", yes=session.yes)
    with interrupts(), _removed_after(fresh, *([path] if file == STDOUT else [])):
        do(session, todo)
        if file == STDOUT:
            with path.open("rb") as saved:
                shutil.copyfileobj(saved, sys.stdout.buffer)
            sys.stdout.buffer.flush()
            return Result(printed=True)
    size = path.stat().st_size
    return Result(
        data={"file": str(path), "bytes": size, "database": target.name},
        lines=(f"Saved {target.name} to {path} ({size:,} bytes).",),
    )


def restore(session: Session, file: str) -> Result:
    """Put a dump in the place of all data."""
    target = find(session.paths, session.environment)
    path = Path(file).absolute()
    if not path.is_file():
        raise UsageError(f"there is no file {path}", hint="name one that refctl db dump wrote")
    _check_dump(session.paths, target, path)
    script = session.paths.state / f"restore-{os.getpid()}.sql"
    todo = plans.restore(session.paths, target, path, script)
    if session.dry_run:
        return preview(session, target, todo, ready_first=False)
    require_named(session, target, "restore FILE")
    confirm_loss(session, target, f"Restore {path.name}?")
    with (
        interrupts(),
        unused(session.paths, target, "restoring the database"),
        _removed_after(script),
    ):
        do(session, todo)
    return Result(
        data={"file": str(path), "database": target.name},
        lines=(
            f"Restored {path} into {target.name}.",
            "A dump that is older than the code is brought up by: refctl db migrate",
        ),
    )


def _check_dump(paths: Paths, target: Target, path: Path) -> None:
    """Raise unless the file is a dump for this database."""
    kind = (
        "sqlite" if sqlite.is_database(path) else "postgresql" if postgres.is_dump(path) else None
    )
    wanted = "sqlite" if target.file is not None else "postgresql"
    if kind is None:
        raise ConfigurationError(
            f"{path} is not a dump", hint="name a file that refctl db dump wrote"
        )
    if kind != wanted:
        raise ConfigurationError(
            f"{path} is a dump of {KINDS[kind]}, and {target.environment} uses {KINDS[wanted]}",
            hint="name the environment that it is for: --environment, or set DATABASE_URL",
        )
    if kind == "sqlite":
        at = alembic.current(path)
        if not at:
            raise ConfigurationError(
                f"{path} is not a dump of this application: it names no migration",
                hint="name a file that refctl db dump wrote",
            )
        unknown = at - alembic.revisions(paths.backend / "alembic" / "versions")
        if unknown:
            raise ConfigurationError(
                f"{path} is at {', '.join(sorted(unknown))}, which this checkout lacks",
                hint="update the checkout, then restore it",
            )


@contextmanager
def _removed_after(*files: Path) -> Iterator[None]:
    """Remove what is only there in passing, whatever happens."""
    try:
        yield
    finally:
        for file in files:
            file.unlink(missing_ok=True)
