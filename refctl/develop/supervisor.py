"""Keeps services running: one log, restarts on change, an end that leaves nothing behind.

A service that dies before it was ever ready ends the run with its last lines. One that dies later
waits for a change of its sources and starts again then; where nobody watches (CI), it ends the
run as well.

Signals that ask to stop become events of the same queue as all else: none can strike between the
start of a process and the moment it is known.
"""

from __future__ import annotations

import http.client
import os
import queue
import signal
import threading
import time
from collections import deque
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlsplit

from refctl.core.errors import InterruptedRunError, StepFailedError
from refctl.core.executor import TAIL, hint_for
from refctl.develop import leftovers
from refctl.tools.proc import Process, on_stop_signals

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

    from refctl.develop.services import Service

READY_WITHIN = 180.0
"""Seconds for a service to answer; the first page of a cold Next.js takes the longest."""


class Event(NamedTuple):
    """What happened (`ready`, `late`, `exited`, `changed`, `notice`, `stop`), and to which."""

    kind: str
    supervised: Any
    value: Any = None
    """The exit code, or the notice's message."""


class Supervised:
    """One service and what has happened to it."""

    def __init__(
        self,
        service: Service,
        claimed: socket.socket,
        events: queue.SimpleQueue[Event],
        on_log: Callable[[str, str], None],
        records: Path,
    ) -> None:
        self.service = service
        self.tail: deque[str] = deque(maxlen=TAIL)
        self.process: Process | None = None
        self.ready = False
        self._claimed = claimed
        self._events = events
        self._on_log = on_log
        self._records = records

    def start(self) -> None:
        """Start (or start again), and tell when it answers and when it ends."""
        inherits = "{fd}" in self.service.argv
        fd = self._claimed.fileno()
        if not inherits:
            self._claimed.close()  # the service binds the port itself, now
        self.tail.clear()
        process = Process(
            [str(fd) if part == "{fd}" else part for part in self.service.argv],
            cwd=self.service.cwd,
            env=self.service.env,
            on_line=self._line,
            pass_fds=(fd,) if inherits else (),
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
            self.tail.clear()  # a later end has nothing to do with what was said before
            self.process.send(signal.SIGHUP)
            return True
        self.stop()
        self.start()
        return True

    def stop(self) -> None:
        """End the service and everything it started."""
        if self.process is not None:
            process, self.process = self.process, None
            process.stop()
        leftovers.forget(self._records, self.service.name)

    def close(self) -> None:
        """End the service and free its port."""
        self.stop()
        self._claimed.close()

    def _line(self, line: str) -> None:
        self.tail.append(line)
        self._on_log(self.service.name, line)

    def _await_end(self, process: Process) -> None:
        code = process.wait()
        if process is self.process:
            self._events.put(Event("exited", self, code))

    def _await_ready(self, process: Process) -> None:
        deadline = time.monotonic() + READY_WITHIN
        while process is self.process and process.poll() is None:
            left = deadline - time.monotonic()
            if left <= 0:
                self._events.put(Event("late", self))
                return
            if _answers(self.service.probe, timeout=left) and process.poll() is None:
                self._events.put(Event("ready", self))
                return
            time.sleep(0.02)


class Supervisor:
    """Runs services until it is told to stop."""

    def __init__(
        self,
        services: Iterable[Service],
        claimed: Mapping[str, socket.socket],
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
        self._supervised = [
            Supervised(service, claimed[service.name], self._events, on_log, records)
            for service in services
        ]

    def start(self) -> None:
        """Start every service at once and return when all answer.

        Raises:
            StepFailedError: one ended, or did not answer in time.
            InterruptedRunError: a signal asked to stop.

        """
        with on_stop_signals(self._ask_to_stop):
            for supervised in self._supervised:
                supervised.start()
            while not all(supervised.ready for supervised in self._supervised):
                kind, supervised, value = self._events.get()
                if kind == "stop":
                    raise InterruptedRunError("stopped")
                if kind == "ready":
                    supervised.ready = True
                    self._on_event("up", supervised.service, {})
                elif kind == "exited":
                    raise _ended(supervised.service, value, list(supervised.tail))
                elif kind == "late":
                    raise StepFailedError(
                        f"the {supervised.service.name} did not answer {supervised.service.probe}"
                        f" within {READY_WITHIN:.0f} s",
                        detail=tuple(supervised.tail),
                    )

    def watch(self) -> None:
        """Restart what changes or has died, until told to stop.

        Raises:
            StepFailedError: a service ended where nobody is there to correct it.
            InterruptedRunError: a signal asked to stop.

        """
        with on_stop_signals(self._ask_to_stop):
            self._start_watching()
            while True:
                self._handle(self._events.get())

    def restart(self, name: str) -> None:
        """Start a service again, whether or not it still runs."""
        for supervised in self._supervised:
            if supervised.service.name == name:
                supervised.restart()

    def stop(self) -> None:
        """End all services at once. A second Ctrl-C does not cut that short."""
        with on_stop_signals(self._ask_to_stop):
            self._watch_stop.set()
            threads = [threading.Thread(target=one.close) for one in self._supervised]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()

    def _handle(self, event: Event) -> None:
        kind, supervised, value = event
        if kind == "stop":
            raise InterruptedRunError("stopped")
        service = supervised.service
        if kind == "exited":
            tail = list(supervised.tail)
            supervised.stop()  # what it had started goes with it
            fields = {"code": value, "tail": tail, "ends": self._ends_on_exit}
            self._on_event("exited", service, fields)
            if self._ends_on_exit:
                raise _ended(service, value, tail)
        elif kind == "changed" and supervised.restart():
            self._on_event("restarted", service, {})
        elif kind == "notice":
            self._on_event("notice", service, {"message": value})
        elif kind == "ready":
            self._on_event("up", service, {})

    def _ask_to_stop(self, _number: int) -> None:
        # SimpleQueue.put may be called from a signal handler: it is reentrant.
        self._events.put(Event("stop", None))

    def _start_watching(self) -> None:
        paths = {
            path for one in self._supervised for path in (*one.service.watch, *one.service.notices)
        }
        folders = {path for path in paths if path.is_dir()}
        # A file is watched through its folder: editors put a new file in its place.
        parents = {path.parent for path in paths - folders if path.parent.is_dir()}
        for watched, recursive in ((folders, True), (parents, False)):
            if watched:
                threading.Thread(
                    target=self._report_changes,
                    args=(watched,),
                    kwargs={"recursive": recursive},
                    daemon=True,
                ).start()

    def _report_changes(self, watched: set[Path], *, recursive: bool) -> None:
        from watchfiles import watch

        try:
            for found in watch(
                *watched, debounce=50, step=25, stop_event=self._watch_stop, recursive=recursive
            ):
                changes = [path for _, path in found]
                for supervised in self._supervised:
                    if any(_within(changes, root) for root in supervised.service.watch):
                        self._events.put(Event("changed", supervised))
                    for root, message in supervised.service.notices.items():
                        if _within(changes, root):
                            self._events.put(Event("notice", supervised, message))
        except (OSError, RuntimeError) as error:
            message = f"changes are not seen any more: {error}"
            self._events.put(Event("notice", self._supervised[0], message))


def _within(changes: list[str], root: Path) -> bool:
    return any(path == str(root) or path.startswith(f"{root}{os.sep}") for path in changes)


def _ended(service: Service, code: int, tail: list[str]) -> StepFailedError:
    last = "its last lines are above: correct the cause" if tail else "it said nothing before"
    return StepFailedError(
        f"the {service.name} ended with exit code {code}",
        hint=hint_for("\n".join(tail)) or last,
        detail=tuple(tail),
    )


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
