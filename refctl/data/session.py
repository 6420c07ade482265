"""One run of a `refctl db` command: find the database, ask, lock, do the plan, tell the outcome."""

from __future__ import annotations

import json
import os
import shutil
import sys
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from refctl.core.confirm import confirm
from refctl.core.errors import ConfigurationError, StepFailedError, UsageError
from refctl.core.executor import PrintingExecutor, RealExecutor
from refctl.core.journal import Journal
from refctl.core.lock import hold
from refctl.core.plan import Run
from refctl.core.progress import StepProgress
from refctl.core.result import Result, Table
from refctl.data import plans
from refctl.data.target import find
from refctl.tools import alembic, postgres, sqlite
from refctl.tools.proc import Processes, ask, interrupts
from refctl.workspace import ready
from refctl.workspace.setup import Wanted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from refctl.core.config import Config
    from refctl.core.console import Console
    from refctl.core.paths import Paths
    from refctl.core.plan import Plan
    from refctl.data.target import Target

STDOUT = "-"
KINDS = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}


@dataclass(frozen=True, slots=True)
class Session:
    """What every `refctl db` command works with."""

    paths: Paths
    config: Config
    console: Console
    environment: str | None = None
    """The one that was named on the command line."""
    yes: bool = False
    dry_run: bool = False


def status(session: Session) -> Result:
    """Return the revisions that the database is at, and those that it lacks."""
    target = find(session.paths, session.environment)
    with interrupts():
        _ready(session, target)
        report = _ask_status(session.paths, target)
    pending = tuple((one["revision"], one["message"]) for one in report["pending"])
    lines = [
        f"Database  {KINDS[report['kind']]}, {target.name} ({target.environment})",
        f"Current   {', '.join(report['current']) or 'none'}",
        f"Newest    {', '.join(report['heads'])}",
    ]
    if report["unknown"]:
        lines.append(
            f"It is at a revision that this checkout lacks ({', '.join(report['unknown'])}):"
            " update the checkout, or restore a dump of this one's."
        )
    elif pending:
        lines.append(f"{len(pending)} pending: refctl db migrate")
    else:
        lines.append("Nothing is pending.")
    table = Table(("pending", "migration"), pending) if pending else None
    return Result(data={**report, "database": target.name}, table=table, lines=tuple(lines))


def migrate(session: Session) -> Result:
    """Bring the schema to the newest revision."""
    target = find(session.paths, session.environment)
    todo = plans.migrate(session.paths, target)
    if session.dry_run:
        return _preview(session, target, todo)
    with interrupts():
        _ready(session, target)
        before = _ask_status(session.paths, target)
        if before["unknown"]:
            raise ConfigurationError(
                f"{target.name} is at {', '.join(before['unknown'])}, which this checkout lacks",
                hint="update the checkout; refctl db status shows both",
            )
        if before["pending"]:
            _do(session, todo)
    applied = [f"{one['revision']} {one['message']}" for one in before["pending"]]
    lines = tuple(f"Applied {one}" for one in applied) or ("Nothing is pending.",)
    return Result(data={"applied": before["pending"], "database": target.name}, lines=lines)


def revision(session: Session, message: str, *, autogenerate: bool) -> Result:
    """Write a new migration."""
    target = find(session.paths, session.environment)
    versions = session.paths.backend / "alembic" / "versions"
    todo = plans.revision(
        session.paths,
        target,
        message,
        number=alembic.next_revision(versions),
        compare=autogenerate,
    )
    if session.dry_run:
        return _preview(session, target, todo)
    before = set(versions.glob("*.py"))
    with interrupts():
        _ready(session, target)
        _do(session, todo)
    (written,) = set(versions.glob("*.py")) - before
    shown = str(written.relative_to(session.paths.root))
    if autogenerate and alembic.is_empty(written):
        written.unlink()
        return Result(
            data={"file": None},
            lines=("The database is as the models say: no migration was written.",),
        )
    return Result(
        data={"file": shown}, lines=(f"Wrote {shown}: read it, then type refctl db migrate",)
    )


def seed(session: Session) -> Result:
    """Add the demo data."""
    target = find(session.paths, session.environment)
    if not target.is_local:
        raise ConfigurationError(
            f"demo data has no place in {target.environment}",
            hint="refctl db seed --environment development",
        )
    todo = plans.seed(session.paths, target)
    if session.dry_run:
        return _preview(session, target, todo)
    with interrupts():
        _ready(session, target)
        said = _do(session, todo)
    return Result(data={"database": target.name, "said": said}, lines=tuple(said))


def reset(session: Session) -> Result:
    """Empty the database, migrate it and, where it is local, seed it."""
    target = find(session.paths, session.environment)
    todo = plans.reset(session.paths, target)
    if session.dry_run:
        return _preview(session, target, todo)
    _require_named(session, target, "reset")
    _confirm_loss(session, target, "Start over?")
    with interrupts(), _unused(session.paths, target, "emptying the database"):
        _ready(session, target)
        _do(session, todo)
    filled = " and filled with the demo data" if target.is_local else ""
    return Result(
        data={"database": target.name}, lines=(f"{target.name} is empty, migrated{filled}.",)
    )


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
        return _preview(session, target, todo, ready_first=False)
    if path.exists():
        confirm(session.console, f"{path} exists", "Overwrite it?", yes=session.yes)
    with interrupts(), _removed_after(fresh, *([path] if file == STDOUT else [])):
        _do(session, todo)
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
        return _preview(session, target, todo, ready_first=False)
    _require_named(session, target, "restore FILE")
    _confirm_loss(session, target, f"Restore {path.name}?")
    with (
        interrupts(),
        _unused(session.paths, target, "restoring the database"),
        _removed_after(script),
    ):
        _do(session, todo)
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


def _require_named(session: Session, target: Target, command: str) -> None:
    """Raise if others rely on the database and only a variable says that it is the one."""
    if not target.is_local and session.environment is None:
        raise UsageError(
            f"ENVIRONMENT={target.environment}: its data is lost only where it is named",
            hint=f"refctl db {command} --environment {target.environment}",
        )


def _confirm_loss(session: Session, target: Target, question: str) -> None:
    if target.file is not None and not target.file.exists():
        return
    loss = f"This removes all data in {target.name} ({target.environment})"
    confirm(session.console, loss, question, yes=session.yes)


@contextmanager
def _unused(paths: Paths, target: Target, purpose: str) -> Iterator[None]:
    """Keep `refctl dev` from serving the database meanwhile, or raise because it does."""
    with ExitStack() as stack:
        if target.is_local:
            stack.enter_context(hold(paths.state / "locks", "dev-backend", purpose=purpose))
        yield


@contextmanager
def _removed_after(*files: Path) -> Iterator[None]:
    """Remove what is only there in passing, whatever happens."""
    try:
        yield
    finally:
        for file in files:
            file.unlink(missing_ok=True)


def _wanted(target: Target) -> Wanted:
    return Wanted(frontend=False, database=False, env=target.is_local)


def _ready(session: Session, target: Target) -> None:
    ready.make_ready(session.paths, session.config, session.console, _wanted(target))


def _preview(session: Session, target: Target, todo: Plan, *, ready_first: bool = True) -> Result:
    printing = PrintingExecutor()
    if ready_first:
        printing.execute(ready.plan(session.paths, session.config, _wanted(target))[1])
    printing.execute(todo)
    return Result(
        data={"plan": todo.as_json(), "database": target.name}, lines=tuple(printing.lines)
    )


class _Heard:
    """Runs programs and keeps what they said."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self._processes = Processes()

    def run(self, action: Run, on_line: Callable[[str], None]) -> int:
        """Run to the end."""

        def hear(line: str) -> None:
            self.lines.append(line)
            on_line(line)

        return self._processes.run(action, hear)

    def stop_all(self) -> None:
        """End what runs."""
        self._processes.stop_all()


def _do(session: Session, todo: Plan) -> list[str]:
    """Do the plan; return what its programs said."""
    runner = _Heard()
    with StepProgress(session.console) as show:
        RealExecutor(
            runner,
            session.console,
            lambda: Journal.begin(session.paths.state / "runs", "db"),
            on_event=show,
        ).execute(todo)
    return runner.lines


def _ask_status(paths: Paths, target: Target) -> dict[str, Any]:
    said = ask(
        Run(
            (str(paths.backend_python), "-m", "scripts.database", "status"),
            cwd=paths.backend,
            env={"ENVIRONMENT": target.environment},
        )
    )
    if said.code != 0:
        raise StepFailedError(
            f"{target.name} did not say where it is",
            hint="see that it runs, and which one it is: refctl config show "
            f"--environment {target.environment}",
            detail=tuple(said.err.splitlines()[-25:]),
        )
    answer: dict[str, Any] = json.loads(said.out)
    return answer
