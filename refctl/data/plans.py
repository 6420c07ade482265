"""What is done to a database, as data: pure functions from the target to a plan."""

from __future__ import annotations

from typing import TYPE_CHECKING

from refctl.core.plan import Plan, Remove, Rename, Run, Step, WriteFile
from refctl.tools import postgres, sqlite

if TYPE_CHECKING:
    from pathlib import Path

    from refctl.core.paths import Paths
    from refctl.data.target import Target

PRIVATE = 0o600
"""A dump holds everything that the database does."""


def migrate(paths: Paths, target: Target) -> Plan:
    """Return the plan that brings the schema to the newest revision."""
    return Plan("db", (_migrate(paths, target),))


def revision(paths: Paths, target: Target, message: str, *, number: str, compare: bool) -> Plan:
    """Return the plan that writes a new migration, from the models if it is to `compare` them."""
    argv = ["alembic", "revision", "--message", message]
    argv += ["--rev-id", number] if number else []
    argv += ["--autogenerate"] if compare else []
    run = _python(paths, target, *argv)
    hint = "bring the database to the newest revision first: refctl db migrate"
    return Plan("db", (Step("revision", "Write the migration", (run,), hint=hint),))


def seed(paths: Paths, target: Target) -> Plan:
    """Return the plan that adds the demo data."""
    return Plan("db", (_seed(paths, target),))


def reset(paths: Paths, target: Target) -> Plan:
    """Return the plan that empties the database, migrates it and, where local, seeds it."""
    actions: tuple[Remove, ...] | tuple[Run, ...]
    if target.file is None:
        actions = (_python(paths, target, "scripts.database", "empty", "--yes"),)
    else:
        file = target.file
        actions = tuple(Remove(file.with_name(file.name + end)) for end in ("", "-wal", "-shm"))
    steps = [
        Step("empty", "Empty the database", actions),
        _migrate(paths, target, needs=("empty",)),
    ]
    if target.is_local:
        steps.append(_seed(paths, target, needs=("migrate",)))
    return Plan("db", tuple(steps))


def dump(paths: Paths, target: Target, file: Path, fresh: Path) -> Plan:
    """Return the plan that writes the database to `fresh` and puts that in the place of `file`."""
    if target.file is not None:
        run = Run(sqlite.copy(target.file, fresh, dump=True), cwd=paths.root)
    else:
        run = Run(postgres.dump(target.uri, fresh), cwd=paths.root, env=target.password)
    # Made before there is anything in it to read.
    actions = (WriteFile(fresh, "", mode=PRIVATE), run, Rename(fresh, file))
    hint = "see that the database runs, and which one it is: refctl db status"
    return Plan("db", (Step("dump", f"Save the database to {file}", actions, hint=hint),))


def restore(paths: Paths, target: Target, file: Path, script: Path) -> Plan:
    """Return the plan that puts a dump in the place of all data; `script` is written in passing."""
    hint = "nothing was changed: choose another dump"
    if target.file is not None:
        run = Run(sqlite.copy(file, target.file, dump=False), cwd=paths.root)
        step = Step("restore", f"Restore {file}", (run,), hint=hint)
        return Plan("db", (step,))
    empty = paths.backend / "scripts" / "empty.sql"
    read = Step(
        "read",
        f"Read {file}",
        (
            WriteFile(script, "", mode=PRIVATE),
            Run(postgres.script(file, script), cwd=paths.root),
        ),
        hint=hint,
    )
    execute = Run(postgres.execute(target.uri, empty, script), cwd=paths.root, env=target.password)
    write = Step(
        "restore",
        f"Restore {file}",
        (execute, Remove(script)),
        needs=("read",),
        hint="nothing was changed: correct what its last lines name",
    )
    return Plan("db", (read, write))


def _migrate(paths: Paths, target: Target, needs: tuple[str, ...] = ()) -> Step:
    return Step(
        "migrate",
        "Migrate the database",
        (_python(paths, target, "alembic", "upgrade", "head"),),
        needs=needs,
        hint="correct the migration, then type refctl db migrate again",
    )


def _seed(paths: Paths, target: Target, needs: tuple[str, ...] = ()) -> Step:
    return Step(
        "seed",
        "Add the demo user and todos",
        (_python(paths, target, "scripts.seed"),),
        needs=needs,
        hint="bring the database to the newest revision first: refctl db migrate",
    )


def _python(paths: Paths, target: Target, module: str, *arguments: str) -> Run:
    return Run(
        (str(paths.backend_python), "-m", module, *arguments),
        cwd=paths.backend,
        env={"ENVIRONMENT": target.environment},
    )
