import http.client
import json
import os
import queue
import signal
import socket
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from refctl.core.console import Console
from refctl.core.errors import StepFailedError
from refctl.core.paths import write_atomically
from refctl.develop.isolated import start_on_request
from refctl.develop.services import Service
from refctl.develop.supervisor import Supervisor
from refctl.tools.port import claim, port_of

SERVER = """
import socket, sys, pathlib
from http.server import BaseHTTPRequestHandler, HTTPServer

class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        body = pathlib.Path("source/text").read_bytes()
        head = b"HTTP/1.0 200 OK\\r\\nContent-Length: %d\\r\\n\\r\\n" % len(body)
        self.wfile.write(head + body)

server = HTTPServer(("127.0.0.1", 0), Handler, bind_and_activate=False)
server.socket = socket.socket(fileno=int(sys.argv[1]))
print("serving", flush=True)
server.serve_forever()
"""


@pytest.fixture
def claimed() -> Iterator[socket.socket]:
    with claim(18000, pinned=False, service="backend") as found:
        yield found


def service(folder: Path, code: str, port: int) -> Service:
    (folder / "source").mkdir(exist_ok=True)
    (folder / "source" / "text").write_text("one")
    return Service(
        name="backend",
        argv=(sys.executable, "-c", code, "{fd}"),
        cwd=folder,
        env={},
        url=f"http://127.0.0.1:{port}",
        probe=f"http://127.0.0.1:{port}/",
        watch=(folder / "source",),
        on_change="restart",
        port=port,
    )


class Log:
    def __init__(self) -> None:
        self.events: queue.SimpleQueue[str] = queue.SimpleQueue()

    def log(self, name: str, line: str) -> None:
        pass

    def event(self, kind: str, _service: Service, _fields: dict[str, Any]) -> None:
        self.events.put(kind)

    def await_(self, kind: str) -> None:
        while self.events.get(timeout=20) != kind:
            pass


def supervise(
    one: Service, claimed: socket.socket, log: Log, folder: Path, *, ends_on_exit: bool = False
) -> Supervisor:
    return Supervisor(
        [one],
        {"backend": claimed},
        on_log=log.log,
        on_event=log.event,
        records=folder / "records",
        ends_on_exit=ends_on_exit,
    )


def get(one: Service) -> str:
    with urllib.request.urlopen(one.probe, timeout=20) as response:  # noqa: S310 - our own server
        return str(response.read().decode())


def test_a_change_restarts_and_no_connection_is_refused(
    tmp_path: Path, claimed: socket.socket
) -> None:
    one = service(tmp_path, SERVER, port_of(claimed))
    log = Log()
    supervisor = supervise(one, claimed, log, tmp_path)
    try:
        supervisor.start()
        threading.Thread(target=supervisor.watch, daemon=True).start()
        assert get(one) == "one"
        answers = []
        stop = threading.Event()

        def load() -> None:
            while not stop.is_set():
                try:
                    answers.append(get(one))
                except (ConnectionResetError, http.client.HTTPException):
                    answers.append("cut")  # in flight when the old process ended

        loader = threading.Thread(target=load)
        loader.start()
        log.await_("up")
        for _ in range(50):  # the watcher needs a moment before it sees changes
            # In one piece: the server reads the file at any moment.
            write_atomically(tmp_path / "source" / "text", "two")
            try:
                assert log.events.get(timeout=0.3) == "restarted"
                break
            except queue.Empty:
                continue
        log.await_("up")
        stop.set()
        loader.join()
        assert {"two"} <= set(answers) <= {"one", "two", "cut"}
        assert get(one) == "two"
    finally:
        supervisor.stop()
    with pytest.raises(OSError, match="refused"):
        get(one)


def test_what_a_journey_kills_stays_down_until_it_is_asked_for(
    tmp_path: Path, claimed: socket.socket
) -> None:
    code = SERVER.replace("socket.socket(fileno=int(sys.argv[1]))", "socket.socket()")
    code = code.replace("print(", "server.server_bind(); server.server_activate(); print(", 1)
    port = port_of(claimed)
    code = code.replace('("127.0.0.1", 0)', f'("127.0.0.1", {port})')
    one = replace(service(tmp_path, code, port), argv=(sys.executable, "-c", code))
    supervisor = supervise(one, claimed, Log(), tmp_path)
    request = tmp_path / "start"
    try:
        supervisor.start()
        with start_on_request(supervisor, "backend", request, Console()):
            pid = json.loads((tmp_path / "records" / "backend.json").read_text())["pid"]
            os.kill(pid, signal.SIGKILL)
            await_that(lambda: not answers(one))
            time.sleep(0.3)
            assert not answers(one)
            request.touch()
            await_that(lambda: answers(one))
            assert not request.exists()
    finally:
        supervisor.stop()
    assert not answers(one)


def await_that(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def answers(one: Service) -> bool:
    try:
        return get(one) == "one"
    except OSError:
        return False


def test_a_service_that_dies_at_start_ends_the_run_with_its_last_words(
    tmp_path: Path, claimed: socket.socket
) -> None:
    one = service(tmp_path, "print('broken import'); raise SystemExit(3)", port_of(claimed))
    log = Log()
    supervisor = supervise(one, claimed, log, tmp_path)
    try:
        with pytest.raises(StepFailedError, match="backend ended with exit code 3") as caught:
            supervisor.start()
        assert caught.value.detail == ("broken import",)
    finally:
        supervisor.stop()


def test_a_service_that_died_starts_again_when_a_source_changes(
    tmp_path: Path, claimed: socket.socket
) -> None:
    one = service(tmp_path, SERVER, port_of(claimed))
    log = Log()
    supervisor = supervise(one, claimed, log, tmp_path)
    try:
        supervisor.start()
        threading.Thread(target=supervisor.watch, daemon=True).start()
        record = json.loads((tmp_path / "records" / "backend.json").read_text())
        os.kill(record["pid"], signal.SIGKILL)
        log.await_("exited")
        while True:  # the watcher needs a moment before it sees changes
            (tmp_path / "source" / "text").write_text("two")
            try:
                assert log.events.get(timeout=0.5) == "restarted"
                break
            except queue.Empty:
                continue
        assert get(one) == "two"
    finally:
        supervisor.stop()
