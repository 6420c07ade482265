"""Serves an ASGI application so that a restart costs only the application's own start.

Run by the backend's interpreter, by path: `python preload.py APP FD [MODULE …]`. It uses the
standard library and uvicorn alone. The parent imports the heavy libraries once and never the
application; every restart (SIGHUP) forks a candidate that imports the application, starts it and
serves it on the listening socket that was handed down as file descriptor FD. The child before it
serves until the candidate has started, and goes on if that fails. When the serving child ends by
itself, so does the parent, with its exit code.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import os
import select
import signal
import sys
import time
from pathlib import Path

SIGNALS = {signal.SIGHUP, signal.SIGINT, signal.SIGTERM, signal.SIGCHLD}
GRACE = 3.0
"""Seconds that an old child gets to finish its requests."""
POLL = 0.02
"""Seconds between looks at the signals while a candidate starts."""


class Candidate:
    """A child that has not yet said that it serves."""

    def __init__(self, app: str, fd: int) -> None:
        sys.stdout.flush()
        reader, writer = os.pipe()
        self.reader = reader
        self.pid = os.fork()
        if self.pid == 0:
            os.close(reader)
            serve(app, fd, writer)
        os.close(writer)

    def outcome(self) -> bool | None:
        """Return whether it serves; None while it has not said. Ended ones do not."""
        if not select.select([self.reader], [], [], POLL)[0]:
            return None
        serves = os.read(self.reader, 1) == b"1"
        os.close(self.reader)
        return serves

    def drop(self) -> None:
        """End it before it has said anything."""
        os.close(self.reader)
        stop(self.pid, signal.SIGKILL)


def main() -> None:
    """Serve until told to stop."""
    # Blocked from the first line and taken one at a time: no signal finds a half-done restart.
    # macOS discards SIGCHLD unless it has a handler.
    signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)
    signal.signal(signal.SIGCHLD, lambda _number, _frame: None)
    app, fd, *modules = sys.argv[1:]
    sys.path[0] = str(Path.cwd())  # this file's folder is of no use to the application
    for module in modules:
        with contextlib.suppress(ImportError):
            importlib.import_module(module)
    gc.collect()
    gc.freeze()  # shared pages stay shared: the collector does not touch them in the children
    Parent(app, int(fd)).run()


class Parent:
    """Replaces the serving child by each candidate that starts."""

    def __init__(self, app: str, fd: int) -> None:
        self.app = app
        self.fd = fd
        self.serving: int | None = None
        self.candidate: Candidate | None = None

    def run(self) -> None:
        """Go on until told to stop, or until nothing serves any more."""
        self.propose()
        while True:
            if self.candidate is not None and not signal.sigpending() & SIGNALS:
                self.hear(self.candidate)
                continue
            number = signal.sigwait(SIGNALS)
            if number == signal.SIGCHLD:
                self.reap()
            elif number == signal.SIGHUP:
                self.propose()
            else:
                self.end()

    def propose(self) -> None:
        """Start a candidate, in place of one that is still starting an earlier change."""
        if self.candidate is not None:
            self.candidate.drop()
        self.candidate = Candidate(self.app, self.fd)

    def hear(self, candidate: Candidate) -> None:
        """Give the candidate a moment to say whether it serves."""
        serves = candidate.outcome()
        if serves is None:
            return
        self.candidate = None
        if serves:
            if self.serving is not None:
                stop(self.serving, signal.SIGTERM)
            self.serving = candidate.pid
            return
        code = exit_code(os.waitpid(candidate.pid, 0)[1])
        if self.serving is None:
            sys.exit(code or 1)
        print("This change does not start: what ran before it goes on.", flush=True)

    def reap(self) -> None:
        """See whether the serving child has ended; without a candidate that is the end."""
        if self.serving is None:
            return
        ended, status = os.waitpid(self.serving, os.WNOHANG)
        if ended:
            self.serving = None
            if self.candidate is None:
                sys.exit(exit_code(status))

    def end(self) -> None:
        """Stop what runs and exit."""
        if self.candidate is not None:
            self.candidate.drop()
        if self.serving is not None:
            stop(self.serving, signal.SIGTERM)
        sys.exit(0)


def serve(app: str, fd: int, writer: int) -> None:
    """Import, start and serve the application in this child; say so on the pipe; then exit."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)
    # By name: refctl does not depend on it, the backend does.
    uvicorn = importlib.import_module("uvicorn")
    server = uvicorn.Server(uvicorn.Config(app, fd=fd, timeout_graceful_shutdown=2))
    start = server.startup

    async def startup(*arguments: object, **options: object) -> None:
        await start(*arguments, **options)
        if server.started:
            os.write(writer, b"1")
        os.close(writer)

    server.startup = startup
    with contextlib.suppress(KeyboardInterrupt):
        server.run()
    sys.exit(0 if server.started else 3)


def stop(child: int, number: int) -> None:
    """Ask the child to end, and insist after the grace."""
    with contextlib.suppress(ProcessLookupError, ChildProcessError):
        os.kill(child, number)
        deadline = time.monotonic() + GRACE
        while time.monotonic() < deadline:
            if os.waitpid(child, os.WNOHANG)[0]:
                return
            time.sleep(0.01)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)


def exit_code(status: int) -> int:
    """Return the exit code as a shell counts it: 128 + n for signal n."""
    code = os.waitstatus_to_exitcode(status)
    return code if code >= 0 else 128 - code


if __name__ == "__main__":
    main()
