"""Serves an ASGI application so that a restart costs only the application's own import.

Run by the backend's interpreter, by path: `python preload.py APP FD [MODULE …]`. It uses the
standard library and uvicorn alone. The parent imports the heavy libraries once and never the
application; every restart (SIGHUP) forks a child that imports the application and serves it on
the listening socket that was handed down as file descriptor FD. The old child serves until the
new one has imported the application, and goes on if that fails. When the child ends by itself,
so does the parent, with its exit code.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import os
import signal
import sys
import time
from pathlib import Path

SIGNALS = {signal.SIGHUP, signal.SIGINT, signal.SIGTERM, signal.SIGCHLD}
GRACE = 3.0
"""Seconds that an old child gets to finish its requests."""


def main() -> None:
    """Serve until told to stop."""
    app, fd, *modules = sys.argv[1:]
    sys.path[0] = str(Path.cwd())  # this file's folder is of no use to the application
    for module in modules:
        with contextlib.suppress(ImportError):
            importlib.import_module(module)
    gc.collect()
    gc.freeze()  # shared pages stay shared: the collector does not touch them in the children
    # Blocked, and taken one at a time by sigwait: no handler interrupts a half-done restart.
    signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)
    child, imported = start(app, int(fd))
    if not imported:
        sys.exit(exit_code(os.waitpid(child, 0)[1]))
    while True:
        number = signal.sigwait(SIGNALS)
        if number == signal.SIGCHLD:
            ended, status = os.waitpid(child, os.WNOHANG)
            if ended:
                sys.exit(exit_code(status))
        elif number == signal.SIGHUP:
            new, imported = start(app, int(fd))
            if imported:
                stop(child, signal.SIGTERM)
                child = new
            else:
                os.waitpid(new, 0)
                print("This change does not start: what ran before it goes on.", flush=True)
        else:
            stop(child, number)
            sys.exit(0)


def start(app: str, fd: int) -> tuple[int, bool]:
    """Fork a child that imports and serves the application.

    Returns its process id once it has imported the application or ended, and which of the two.
    """
    sys.stdout.flush()
    reader, writer = os.pipe()
    child = os.fork()
    if child:
        os.close(writer)
        with open(reader, "rb") as told:  # noqa: PTH123 - a file descriptor
            return child, told.read(1) == b"1"
    os.close(reader)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)
    # By name: refctl does not depend on it, the backend does.
    uvicorn = importlib.import_module("uvicorn")
    server = uvicorn.Server(uvicorn.Config(app, fd=fd, timeout_graceful_shutdown=2))
    server.config.load()
    os.write(writer, b"1")
    os.close(writer)
    server.run()
    sys.exit(0)


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
