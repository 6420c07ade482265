"""Processes: argv only, never a shell; each in a group of its own, so that no orphan is left.

Children do not get the terminal's Ctrl-C (they are in other groups); whoever runs them forwards
it by `stop`, which asks with SIGINT or SIGTERM and insists with SIGKILL after a grace. `stop`
signals the whole group: a child's own children go too.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

from refctl.core.errors import MissingToolError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from refctl.core.plan import Run

GRACE = 5.0
"""Seconds between asking and insisting."""


class Process:
    """A running program whose output arrives line by line on a thread."""

    def __init__(
        self,
        argv: Sequence[str],
        *,
        cwd: Path,
        env: Mapping[str, str] | None = None,
        on_line: Callable[[str], None],
        pass_fds: Sequence[int] = (),
    ) -> None:
        try:
            self._popen = subprocess.Popen(
                list(argv),
                cwd=cwd,
                env={**os.environ, **(env or {})},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                pass_fds=pass_fds,
            )
        except (FileNotFoundError, PermissionError) as error:
            raise MissingToolError(f"cannot start {argv[0]}: {error.strerror}") from None
        self.pid = self._popen.pid
        self._on_line = on_line
        self._reader = threading.Thread(target=self._read, daemon=True, name=f"read-{self.pid}")
        self._reader.start()

    def _read(self) -> None:
        stream = self._popen.stdout
        if stream is None:
            return
        with stream:
            for raw in stream:
                self._on_line(raw.decode(errors="replace").rstrip("\r\n"))

    def poll(self) -> int | None:
        """Return the exit code, or None while it runs."""
        return self._popen.poll()

    def wait(self) -> int:
        """Wait for the end, and for the last line it printed; return the exit code."""
        code = self._popen.wait()
        # A grandchild may hold the pipe open: its words are not worth hanging for.
        self._reader.join(timeout=1.0)
        return code

    def send(self, number: int) -> None:
        """Send a signal to the program itself, not to its group."""
        self._popen.send_signal(number)

    def stop(self, *, with_signal: int = signal.SIGTERM, grace: float = GRACE) -> None:
        """End the whole group: ask, wait up to `grace` seconds, insist."""
        self._signal_group(with_signal)
        deadline = time.monotonic() + grace
        while time.monotonic() < deadline and self._group_lives():
            time.sleep(0.02)
        if self._group_lives():
            self._signal_group(signal.SIGKILL)
        self._popen.wait()
        self._reader.join(timeout=1.0)

    def _group_lives(self) -> bool:
        self._popen.poll()  # reap, or the dead leader keeps its group alive
        try:
            os.killpg(self.pid, 0)
        except (ProcessLookupError, PermissionError):
            return False
        return True

    def _signal_group(self, number: int) -> None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, number)


class Processes:
    """Runs the programs of a plan and can end all of them at once."""

    def __init__(self) -> None:
        self._running: set[Process] = set()
        self._lock = threading.Lock()
        self._stopped = False

    def run(self, action: Run, on_line: Callable[[str], None]) -> int:
        """Run to the end; return the exit code."""
        with self._lock:
            if self._stopped:
                return 130
            process = Process(action.argv, cwd=action.cwd, env=action.env, on_line=on_line)
            self._running.add(process)
        try:
            return process.wait()
        finally:
            # What the program left behind in its group goes with it.
            process.stop(grace=0)
            with self._lock:
                self._running.discard(process)

    def stop_all(self) -> None:
        """End every program under way; later ones are not started."""
        with self._lock:
            self._stopped = True
            running = tuple(self._running)
        threads = [threading.Thread(target=process.stop) for process in running]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()


def started_at(pid: int) -> str | None:
    """Return when that process started, in the system's own words; None when there is none."""
    stat = Path(f"/proc/{pid}/stat")
    if stat.parent.parent.joinpath("self").exists():
        try:
            # The name in parentheses may hold anything; field 22 counts from behind it.
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            return None
        return None if fields[0] == "Z" else fields[19]
    said = subprocess.run(
        ["/bin/ps", "-o", "lstart=", "-p", str(pid)], capture_output=True, text=True, check=False
    ).stdout
    return said.strip() or None


@contextlib.contextmanager
def interrupts() -> Iterator[None]:
    """Make SIGTERM and SIGHUP raise KeyboardInterrupt as SIGINT does: one path cleans up."""

    def interrupt(number: int, _frame: object) -> None:
        raise KeyboardInterrupt(number)

    before = {
        number: signal.signal(number, interrupt) for number in (signal.SIGTERM, signal.SIGHUP)
    }
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
