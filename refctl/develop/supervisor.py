"""Keeps services running: one log, restarts on change, an end that leaves nothing behind.

A service that dies before it was ever ready ends the run with its last lines. One that dies later
waits for a change of its sources and starts again then; where nobody watches (CI), it ends the
run as well.
"""

from __future__ import annotations

import contextlib
import http.client
import os
import queue
import signal
import socket
import threading
import time
from collections import deque
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from refctl.core.errors import StepFailedError
from refctl.core.executor import TAIL, hint_for
from refctl.develop import leftovers
from refctl.tools.proc import Process

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from refctl.develop.services import Service

READY_WITHIN = 180.0
"""Seconds for a service to answer; the first page of a cold Next.js takes the longest."""


class Supervised:
    """One service and what has happened to it."""

    def __init__(
        self,
        service: Service,
        events: queue.SimpleQueue[Any],
        on_log: Callable[[str, str], None],
        records: Path,
    ) -> None:
        self._records = records
        self.service = service
        self.tail: deque[str] = deque(maxlen=TAIL)
        self.process: Process | None = None
        self.ready = False
        self._events = events
        self._on_log = on_log
        self._socket = _listen(service.port) if "{fd}" in service.argv else None

    def start(self) -> None:
        """Start (or start again), and tell when it answers and when it ends."""
        fd = self._socket.fileno() if self._socket else None
        argv = [str(fd) if part == "{fd}" else part for part in self.service.argv]
        self.tail.clear()
        process = Process(
            argv,
            cwd=self.service.cwd,
            env=self.service.env,
            on_line=self._line,
            pass_fds=() if fd is None else (fd,),
        )
        self.process = process
        leftovers.remember(self._records, self.service.name, process.pid)
        for target in (self._await_end, self._await_ready):
            threading.Thread(target=target, args=(process,), daemon=True).start()

    def restart(self) -> bool:
        """Do what a change of sources calls for; return whether that was anything."""
        if self.process is not None and self.service.on_change == "nothing":
            return False
        if self.process is not None and self.service.on_change == "signal":
            self.process.send(signal.SIGHUP)
            return True
        self.stop()
        self.start()
        return True

    def stop(self) -> None:
        """End the service and everything it started."""
        if self.process is not None:
            process, self.process = self.process, None
            process.stop(with_signal=signal.SIGINT, grace=4.0)
        leftovers.forget(self._records, self.service.name)

    def close(self) -> None:
        """End the service and free its port."""
        self.stop()
        if self._socket is not None:
            self._socket.close()

    def _line(self, line: str) -> None:
        self.tail.append(line)
        self._on_log(self.service.name, line)

    def _await_end(self, process: Process) -> None:
        code = process.wait()
        if process is self.process:
            self._events.put(("exited", self, code))

    def _await_ready(self, process: Process) -> None:
        deadline = time.monotonic() + READY_WITHIN
        while process is self.process and process.poll() is None:
            left = deadline - time.monotonic()
            if left <= 0:
                self._events.put(("late", self, None))
                return
            if _answers(self.service.probe, timeout=left):
                self._events.put(("ready", self, None))
                return
            time.sleep(0.02)


Event = tuple[str, Any, Any]
"""What happened, to which `Supervised`, and the exit code or message that goes with it."""


class Supervisor:
    """Runs services until it is told to stop."""

    def __init__(
        self,
        services: Iterable[Service],
        *,
        on_log: Callable[[str, str], None],
        on_event: Callable[[str, Service, dict[str, Any]], None],
        records: Path,
        ends_on_exit: bool,
    ) -> None:
        self._events: queue.SimpleQueue[Event] = queue.SimpleQueue()
        self._on_event = on_event
        self._ends_on_exit = ends_on_exit
        self._watch_stop = threading.Event()
        self._supervised: list[Supervised] = []
        with contextlib.ExitStack() as undo:
            for service in services:
                supervised = Supervised(service, self._events, on_log, records)
                undo.callback(supervised.close)
                self._supervised.append(supervised)
            undo.pop_all()

    def start(self) -> None:
        """Start every service at once and return when all answer.

        Raises:
            StepFailedError: one ended, or did not answer in time.

        """
        for supervised in self._supervised:
            supervised.start()
        while not all(supervised.ready for supervised in self._supervised):
            kind, supervised, code = self._events.get()
            if kind == "ready":
                supervised.ready = True
                self._on_event("up", supervised.service, {})
            elif kind == "exited":
                raise _ended(supervised, code)
            elif kind == "late":
                raise StepFailedError(
                    f"the {supervised.service.name} did not answer {supervised.service.probe}"
                    f" within {READY_WITHIN:.0f} s",
                    detail=tuple(supervised.tail),
                )

    def watch(self) -> None:
        """Restart what changes or has died, until KeyboardInterrupt.

        Raises:
            StepFailedError: a service ended where nobody is there to correct it.

        """
        threading.Thread(target=self._report_changes, daemon=True).start()
        while True:
            try:
                kind, supervised, value = self._events.get(timeout=0.5)
            except queue.Empty:
                continue
            service = supervised.service
            if kind == "exited":
                supervised.process = None
                self._on_event("exited", service, {"code": value, "tail": list(supervised.tail)})
                if self._ends_on_exit:
                    raise _ended(supervised, value)
            elif kind == "changed" and supervised.restart():
                self._on_event("restarted", service, {})
            elif kind == "notice":
                self._on_event("notice", service, {"message": value})
            elif kind == "ready":
                self._on_event("up", service, {})

    def stop(self) -> None:
        """End all services at once."""
        self._watch_stop.set()
        threads = [threading.Thread(target=one.close) for one in self._supervised]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def _report_changes(self) -> None:
        from watchfiles import watch

        services = [one.service for one in self._supervised]
        watched = {path for one in services for path in (*one.watch, *one.notices) if path.exists()}
        for found in watch(*watched, debounce=50, step=25, stop_event=self._watch_stop):
            changes = [path for _, path in found]
            for supervised in self._supervised:
                if any(_within(changes, root) for root in supervised.service.watch):
                    self._events.put(("changed", supervised, None))
                for root, message in supervised.service.notices.items():
                    if _within(changes, root):
                        self._events.put(("notice", supervised, message))


def _within(changes: list[str], root: Path) -> bool:
    return any(path == str(root) or path.startswith(f"{root}{os.sep}") for path in changes)


def _ended(supervised: Supervised, code: int) -> StepFailedError:
    return StepFailedError(
        f"the {supervised.service.name} ended with exit code {code}",
        hint=hint_for("\n".join(supervised.tail)) or "its last lines are above: correct the cause",
        detail=tuple(supervised.tail),
    )


def _listen(port: int) -> socket.socket:
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listening.bind(("127.0.0.1", port))
    listening.listen(2048)
    listening.set_inheritable(True)
    return listening


def _answers(url: str, *, timeout: float) -> bool:
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=timeout)
    try:
        connection.request("GET", parts.path)
        return connection.getresponse().status < http.client.INTERNAL_SERVER_ERROR
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
