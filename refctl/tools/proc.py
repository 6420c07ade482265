"""Processes: argv only, never a shell; each in a group of its own, so that no orphan is left.

Children do not get the terminal's Ctrl-C (they are in other groups). Whoever runs them ends them
by `stop`: the program itself is asked first, then what is left of its group is, and after a grace
the group is killed.

Neither pathlib nor dataclasses are imported here: they cost more than starting git does, and
`refctl release plan` waits for no more than that.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import threading
import time

from refctl.core.errors import MissingToolError
from refctl.core.record import Record
from refctl.core.redact import Secret

TYPE_CHECKING = False  # importing typing takes too long: see core/record
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path
    from typing import IO

    from refctl.core.plan import Run

GRACE = 5.0
"""Seconds between asking and insisting."""

DROPPED = frozenset(
    {
        *("VIRTUAL_ENV", "PYTHONPATH", "PYTHONHOME", "NODE_ENV"),
        *("UV_PROJECT", "UV_PROJECT_ENVIRONMENT", "UV_PYTHON", "UV_NO_DEV"),
    }
)
"""Variables of the caller's own work that would send a tool to another place or mode."""

PLAIN: Mapping[str, str | None] = {
    "NO_COLOR": "1",
    **dict.fromkeys(("FORCE_COLOR", "CLICOLOR_FORCE", "MYPY_FORCE_COLOR", "PY_COLORS")),
}
"""What keeps colour out of an answer: many tools colour in a pipe, too, where `CI` is set."""


def environment(extra: Mapping[str, str | Secret | None] | None = None) -> dict[str, str]:
    """Return the environment for a child: the caller's, less what would lead it astray."""
    kept = {name: value for name, value in os.environ.items() if name not in DROPPED}
    for name, value in (extra or {}).items():
        if value is None:
            kept.pop(name, None)
        else:
            kept[name] = value.reveal() if isinstance(value, Secret) else value
    return kept


class Process:
    """A running program whose output arrives line by line on a thread."""

    def __init__(
        self,
        argv: Sequence[str],
        *,
        cwd: Path,
        env: Mapping[str, str | Secret | None] | None = None,
        on_line: Callable[[str], None],
        on_error: Callable[[str], None] | None = None,
        pass_fds: Sequence[int] = (),
    ) -> None:
        try:
            self._popen = subprocess.Popen(
                list(argv),
                cwd=cwd,
                env=environment(env),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                # One pipe keeps the order of both; two keep them apart.
                stderr=subprocess.PIPE if on_error else subprocess.STDOUT,
                start_new_session=True,
                pass_fds=pass_fds,
            )
        except OSError as error:
            raise MissingToolError(f"cannot start {argv[0]}: {error.strerror}") from None
        self.pid = self._popen.pid
        self._readers = [
            threading.Thread(
                target=_read, args=(stream, tell), daemon=True, name=f"read-{self.pid}"
            )
            for stream, tell in ((self._popen.stdout, on_line), (self._popen.stderr, on_error))
            if stream is not None and tell is not None
        ]
        for reader in self._readers:
            reader.start()

    def poll(self) -> int | None:
        """Return the exit code, or None while it runs."""
        return self._popen.poll()

    def wait(self) -> int:
        """Wait for the end, and for the last line it printed; return the exit code."""
        code = self._popen.wait()
        # A grandchild may hold the pipe open: its words are not worth hanging for.
        self._join()
        return code

    def send(self, number: int) -> None:
        """Send a signal to the program itself, not to its group."""
        self._popen.send_signal(number)

    def stop(self, *, with_signal: int = signal.SIGTERM, grace: float = GRACE) -> None:
        """End the program and whatever it started: ask, wait up to `grace` seconds, insist."""
        far = descendants(self.pid) if self._popen.poll() is None else {}
        self.send(with_signal)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._popen.wait(timeout=grace)
        # Asked by its program or not, the rest of the group has a moment of its own.
        end_group(self.pid, grace=min(grace, 1.0), reap=self.poll)
        self._popen.wait()
        for pid, since in far.items():
            # In a group of its own, and forgotten by what started it.
            if since is not None and started_at(pid) == since:
                with contextlib.suppress(ProcessLookupError, PermissionError):
                    os.kill(pid, signal.SIGKILL)
        self._join()

    def _join(self) -> None:
        for reader in self._readers:
            reader.join(timeout=1.0)


def _read(stream: IO[bytes], tell: Callable[[str], None]) -> None:
    with stream:
        for raw in stream:
            tell(raw.decode(errors="replace").rstrip("\r\n"))


def end_group(pid: int, *, grace: float, reap: Callable[[], object] = lambda: None) -> None:
    """End every process of a group: SIGTERM, up to `grace` seconds, SIGKILL.

    `reap` is called while waiting: a dead child that nobody has waited for keeps its group alive.
    """
    with contextlib.suppress(ProcessLookupError, PermissionError):
        reap()
        os.killpg(pid, signal.SIGTERM)
        deadline = time.monotonic() + grace
        while time.monotonic() < deadline:
            reap()
            os.killpg(pid, 0)
            time.sleep(0.02)
        os.killpg(pid, signal.SIGKILL)


def group_lives(pid: int) -> bool:
    """Return whether any process of the group is left."""
    try:
        os.killpg(pid, 0)
    except (ProcessLookupError, PermissionError):
        return False
    return True


def descendants(pid: int) -> dict[int, str | None]:
    """Return the processes that come from that one, and when each started."""
    parents: dict[int, list[int]] = {}
    try:
        argv = ["/bin/ps", "-A", "-o", "pid=,ppid="]
        said = subprocess.run(argv, capture_output=True, text=True, check=False).stdout
    except OSError:  # a small container may lack it
        return {}
    for line in said.splitlines():
        child, parent = map(int, line.split())
        parents.setdefault(parent, []).append(child)
    found: list[int] = []
    ahead = [pid]
    while ahead:
        children = parents.get(ahead.pop(), [])
        found += children
        ahead += children
    return {one: started_at(one) for one in found}


def started_at(pid: int) -> str | None:
    """Return when that process started, in the system's own words; None when there is none."""
    if os.path.exists("/proc/self"):  # noqa: PTH110 - see the head of this module
        try:
            # The name in parentheses may hold anything; field 22 counts from behind it.
            with open(f"/proc/{pid}/stat", encoding="utf-8", errors="replace") as stat:  # noqa: PTH123 - the same
                fields = stat.read().rpartition(")")[2].split()
        except OSError:
            return None
        return None if fields[0] == "Z" else fields[19]
    said = subprocess.run(
        ["/bin/ps", "-o", "lstart=", "-p", str(pid)],
        capture_output=True,
        text=True,
        check=False,
        env={"LC_ALL": "C"},
    ).stdout
    return said.strip() or None


class Said(Record):
    """How a program ended, and what it said on each stream."""

    code: int
    out: str
    err: str


TOO_LATE = 124
"""The exit code of a program that did not answer in time, as `timeout` of GNU has it."""


class Question:
    """A program whose output is the answer: it runs while its asker does something else."""

    def __init__(
        self,
        argv: Sequence[str],
        *,
        cwd: Path | str,
        env: Mapping[str, str | Secret | None] | None = None,
    ) -> None:
        try:
            self._popen = subprocess.Popen(
                list(argv),
                cwd=cwd,
                env=environment({**PLAIN, **(env or {})}),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                start_new_session=True,
            )
        except OSError as error:
            raise MissingToolError(f"cannot start {argv[0]}: {error.strerror}") from None

    def answer(self, *, timeout: float | None = None) -> Said:
        """Wait for the end. Interrupted, or after `timeout` seconds, the program is ended."""
        process = self._popen
        with process:  # closes its pipes, however this ends
            try:
                out, err = process.communicate(timeout=timeout)
            except BaseException as error:  # Ctrl-C, too, must leave nothing running
                end_group(process.pid, grace=1.0, reap=process.poll)
                if isinstance(error, subprocess.TimeoutExpired):
                    return Said(TOO_LATE, "", f"no answer in {timeout:g} s")
                raise
        return Said(process.returncode, out.decode(errors="replace"), err.decode(errors="replace"))


def ask(action: Run, *, timeout: float | None = None) -> Said:
    """Run a program whose output is the answer.

    Interrupted, or after `timeout` seconds, it is ended.
    """
    return Question(action.argv, cwd=action.cwd, env=action.env).answer(timeout=timeout)


class Processes:
    """Runs the programs of a plan and can end all of them at once."""

    def __init__(self) -> None:
        self._running: set[Process] = set()
        self._lock = threading.Lock()
        self._stopped = threading.Event()

    def run(self, action: Run, on_line: Callable[[str], None]) -> int:
        """Run to the end; return the exit code (130 once everything is to stop)."""
        return self._run(action, on_line, None)

    def ask(self, action: Run) -> Said:
        """Run a program whose output is the answer; everything stopped, it ends with 130."""
        out: list[str] = []
        err: list[str] = []
        from dataclasses import replace

        plain = replace(action, env={**PLAIN, **action.env})
        code = self._run(plain, out.append, err.append)
        return Said(code, "\n".join(out), "\n".join(err))

    def _run(
        self,
        action: Run,
        on_line: Callable[[str], None],
        on_error: Callable[[str], None] | None,
    ) -> int:
        with self._lock:
            if self._stopped.is_set():
                return 130
            process = Process(
                action.argv, cwd=action.cwd, env=action.env, on_line=on_line, on_error=on_error
            )
            self._running.add(process)
        try:
            code = process.wait()
        finally:
            # What the program left behind in its group goes with it.
            process.stop()
            with self._lock:
                self._running.discard(process)
        return 130 if self._stopped.is_set() else code

    def stop_all(self) -> None:
        """End every program under way; later ones are not started."""
        with self._lock:
            self._stopped.set()
            running = tuple(self._running)
        threads = [threading.Thread(target=process.stop) for process in running]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()


STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@contextlib.contextmanager
def on_stop_signals(handle: Callable[[int], None]) -> Iterator[None]:
    """Call `handle` with the number of each signal that asks the process to end.

    A signal that is ignored stays ignored (nohup). Only the main thread can set handlers;
    elsewhere this does nothing.
    """
    before: dict[int, object] = {}
    if threading.current_thread() is threading.main_thread():
        for number in STOPPING:
            if signal.getsignal(number) is not signal.SIG_IGN:
                before[number] = signal.signal(number, lambda got, _frame: handle(got))
    try:
        yield
    finally:
        for set_before, handler in before.items():
            signal.signal(set_before, handler)  # type: ignore[arg-type]  # what `signal` gave


@contextlib.contextmanager
def interrupts() -> Iterator[None]:
    """Make SIGTERM and SIGHUP raise KeyboardInterrupt as SIGINT does: one path cleans up."""

    def interrupt(number: int) -> None:
        raise KeyboardInterrupt(number)

    with on_stop_signals(interrupt):
        yield
