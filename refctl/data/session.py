"""One run of a `refctl db` command: make ready, do the plan, hear what was said."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from refctl.core.errors import StepFailedError
from refctl.core.executor import PrintingExecutor, RealExecutor
from refctl.core.journal import Journal
from refctl.core.plan import Run
from refctl.core.progress import StepProgress
from refctl.core.result import Result
from refctl.tools.proc import Processes, ask
from refctl.workspace import ready
from refctl.workspace.setup import Wanted

if TYPE_CHECKING:
    from collections.abc import Callable

    from refctl.core.config import Config
    from refctl.core.console import Console
    from refctl.core.paths import Paths
    from refctl.core.plan import Plan
    from refctl.data.target import Target


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


def _wanted(target: Target) -> Wanted:
    return Wanted(frontend=False, database=False, env=target.is_local)


def make_ready(session: Session, target: Target) -> None:
    """Install what the command needs."""
    ready.make_ready(session.paths, session.config, session.console, _wanted(target))


def preview(session: Session, target: Target, todo: Plan, *, ready_first: bool = True) -> Result:
    """Return what would be done."""
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


def do(session: Session, todo: Plan) -> list[str]:
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


def ask_status(paths: Paths, target: Target) -> dict[str, Any]:
    """Return what the backend says of the database's revisions."""
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
