"""Executors do plans: the real one, the printing one (`--dry-run`), the recording one (tests).

The real one starts every step as soon as the steps it needs are done, so independent steps run at
once. It writes the journal around each step, tells `on_event` of its start and end, streams what
programs say to the console at `--verbose`, and on failure stops what is running and gives the
last lines of what failed.
"""

from __future__ import annotations

import contextlib
import errno
import shutil
from collections import deque
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from typing import TYPE_CHECKING, Protocol

from refctl.core.errors import InterruptedRunError, RefctlError, StepFailedError
from refctl.core.paths import write_atomically
from refctl.core.plan import Call, Remove, Rename, Run, WriteFile
from refctl.core.redact import Secret

if TYPE_CHECKING:
    from collections.abc import Callable

    from refctl.core.console import Console
    from refctl.core.journal import Journal
    from refctl.core.plan import Action, Plan, Step

TAIL = 25
"""Lines of a failing program that an error shows."""

NETWORK_SIGNS = (
    "dns error",
    "failed to fetch",
    "failed to lookup",
    "could not connect",
    "connection refused",
    "network is unreachable",
    "enotfound",
    "eai_again",
    "econnrefused",
    "etimedout",
    "tunnel error",
    "error sending request",
)


class Runner(Protocol):
    """Starts programs for an executor (tools/proc is the real one)."""

    def run(self, action: Run, on_line: Callable[[str], None]) -> int:
        """Run the program to its end, giving each line it prints; return its exit code."""
        ...

    def stop_all(self) -> None:
        """End every program under way."""
        ...


class Executor(Protocol):
    """Anything that can do a plan."""

    def execute(self, plan: Plan) -> None:
        """Do the plan, or raise the error of the step that failed."""
        ...


class RecordingExecutor:
    """Remembers plans and does nothing."""

    def __init__(self) -> None:
        self.plans: list[Plan] = []

    def execute(self, plan: Plan) -> None:
        """Remember the plan."""
        self.plans.append(plan)


class PrintingExecutor:
    """Says what would be done, in `lines`."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def execute(self, plan: Plan) -> None:
        """Add each step and its actions to the lines."""
        self.lines += plan.describe()


class RealExecutor:
    """Does the steps, independent ones at once."""

    def __init__(
        self,
        runner: Runner,
        console: Console,
        journal: Callable[[], Journal],
        *,
        skip: frozenset[str] = frozenset(),
        on_event: Callable[[Step, str], None] | None = None,
        on_call: Callable[[Call], object] | None = None,
    ) -> None:
        self._call = on_call
        self._runner = runner
        self._console = console
        self._open_journal = journal
        self._skip = skip
        self._on_event = on_event or (lambda _step, _status: None)

    def execute(self, plan: Plan) -> None:
        """Do the plan.

        Raises:
            StepFailedError: a step failed; steps that did not depend on it were stopped.
            InterruptedRunError: Ctrl-C.

        """
        todo = {step.id: step for step in plan if step.id not in self._skip}
        if not todo:
            return
        journal = self._open_journal()
        journal.write("run-started", plan=plan.as_json(), skipped=sorted(self._skip))
        done = {step.id for step in plan} - todo.keys()
        running: dict[Future[None], Step] = {}
        failure: RefctlError | None = None
        pool = ThreadPoolExecutor(max_workers=8, thread_name_prefix="step")
        try:
            while todo or running:
                ready = [] if failure else [s for s in todo.values() if done.issuperset(s.needs)]
                for step in ready:
                    del todo[step.id]
                    running[pool.submit(self._do, step, journal)] = step
                if not running:
                    break
                finished, _ = wait(running, return_when=FIRST_COMPLETED)
                for future in finished:
                    step = running.pop(future)
                    error = future.exception()
                    if error is None:
                        done.add(step.id)
                    elif failure is None:
                        failure = _as_step_failure(step, error)
                        self._runner.stop_all()
        except KeyboardInterrupt:
            self._runner.stop_all()
            journal.write("run-interrupted")
            raise InterruptedRunError(
                "stopped before everything was ready",
                hint="run the same command again: it goes on from here",
            ) from None
        finally:
            pool.shutdown(wait=True)
        if failure is not None:
            # On a full disk the journal cannot say so: what failed is told all the same.
            with contextlib.suppress(OSError):
                journal.write("run-failed", error=self._console.redact(failure.message))
            raise failure
        journal.write("run-done")

    def _do(self, step: Step, journal: Journal) -> None:
        journal.write("step-started", step=step.id)
        self._on_event(step, "started")
        try:
            for action in step.actions:
                self._act(step, action)
        except BaseException as error:  # Ctrl-C, too, belongs in the journal
            with contextlib.suppress(OSError):
                journal.write("step-failed", step=step.id, error=self._console.redact(str(error)))
            self._on_event(step, "failed")
            raise
        journal.write("step-done", step=step.id)
        self._on_event(step, "done")

    def _act(self, step: Step, action: Action) -> None:
        self._console.detail(f"    {action.describe()}")
        match action:
            case Run():
                self._run(step, action)
            case WriteFile():
                if not (action.keep and action.path.exists()):
                    content = action.content
                    text = content.reveal() if isinstance(content, Secret) else content
                    write_atomically(action.path, text, mode=action.mode)
            case Remove():
                if action.path.is_dir() and not action.path.is_symlink():
                    shutil.rmtree(action.path)
                else:
                    action.path.unlink(missing_ok=True)
            case Call():
                if self._call is None:
                    raise StepFailedError(f"{step.title}: no service to ask")
                self._call(action)
            case Rename():
                if action.target.is_dir():
                    shutil.rmtree(action.target)
                action.target.parent.mkdir(parents=True, exist_ok=True)
                action.source.rename(action.target)

    def _run(self, step: Step, action: Run) -> None:
        tail: deque[str] = deque(maxlen=TAIL)

        def keep(line: str) -> None:
            tail.append(self._console.redact(line))
            self._console.detail(f"    {line}")

        code = self._runner.run(action, keep)
        if code != 0:
            raise StepFailedError(
                f"{step.title}: {action.argv[0]} ended with exit code {code}",
                hint=hint_for("\n".join(tail), fetches=step.fetches) or step.hint,
                detail=tuple(tail),
            )


def hint_for(text: str, *, fetches: bool = False) -> str:
    """Return what to do about a program's last words, where they are of a known kind."""
    lowered = text.lower()
    if "no space left on device" in lowered or "enospc" in lowered:
        return "the disk is full: free some space, then run the same command again"
    if fetches and any(sign in lowered for sign in NETWORK_SIGNS):
        return (
            "the package registry could not be reached: check the network or proxy, then run again"
        )
    return ""


def hint_for_os(error: OSError) -> str:
    """Return what to do about an error of the operating system, where it is of a known kind."""
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return hint_for("no space left on device")
    if error.errno in {errno.EACCES, errno.EPERM, errno.EROFS}:
        return "this user may not write there: check who owns the checkout"
    return ""


def _as_step_failure(step: Step, error: BaseException) -> RefctlError:
    if isinstance(error, RefctlError):
        return error
    if isinstance(error, OSError):
        hint = hint_for_os(error) or step.hint
        where = f" ({error.filename})" if error.filename else ""
        return StepFailedError(f"{step.title}: {error.strerror or error}{where}", hint=hint)
    return StepFailedError(f"{step.title}: {error!r}", hint=step.hint)
