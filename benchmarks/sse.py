"""The event stream: how soon an event reaches everybody, and what a client costs.

Each case starts real servers (`uvicorn app.main:app`, one worker each), opens the streams from a
process of its own on raw sockets, and writes todos over HTTP. An event carries the time at which
its request was sent; its delay ends when a client has read it, so the delay contains the write.
Memory is the growth of the servers' resident set, divided by the clients.

    app/backend/.venv/bin/python benchmarks/sse.py [--clients 2000] [--users 1]
"""

from __future__ import annotations

import argparse
import asyncio
import http.client
import json
import os
import resource
import secrets
import socket
import statistics
import subprocess
import sys
import time
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, cast

from databases import create_database

if TYPE_CHECKING:
    from collections.abc import Iterator

BACKEND = Path(__file__).parents[1] / "app" / "backend"
EVENTS = 20
INTERVAL = 0.25
CONNECTING_AT_ONCE = 64
PATIENCE = 120.0
SPARE_FILES = 256


class Case(NamedTuple):
    """One line of the table."""

    name: str
    database: str
    replicas: int


CASES = (
    Case("SQLite, one worker", "sqlite", 1),
    Case("PostgreSQL, one worker", "postgresql", 1),
    Case("PostgreSQL, two replicas", "postgresql", 2),
)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--clients", type=int, default=500)
    parser.add_argument("--users", type=int, default=1, help="who share the clients and events")
    parser.add_argument("--read", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    _allow_files(arguments.clients + SPARE_FILES)
    if arguments.read:
        asyncio.run(_read_streams(**json.loads(arguments.read)))
        return
    print(f"{arguments.clients} clients of {arguments.users} user(s), {EVENTS} events each user")
    print(f"{'':<26}{'connects/s':>11}{'KiB/client':>11}{'lost':>6}{'p50':>9}{'p99':>9}{'max':>9}")
    for case in CASES:
        with ExitStack() as stack:
            url = create_database(stack, case.database)
            if url is None:
                print(f"{case.name:<26}  skipped: pgserver is not installed")
                continue
            _measure(case, stack, url, arguments.clients, arguments.users)


def _measure(case: Case, stack: ExitStack, url: str, clients: int, users: int) -> None:
    environment = {
        **os.environ,
        "ENVIRONMENT": "test",
        "DATABASE_URL": url,
        "JWT_SECRET_KEY": secrets.token_urlsafe(48),
        "STREAM_CLIENTS_PER_USER": str(clients),
        "STREAM_CLIENTS_TOTAL": str(clients),
    }
    migrate = [sys.executable, "-m", "alembic", "upgrade", "head"]
    subprocess.run(migrate, cwd=BACKEND, env=environment, check=True, capture_output=True)
    servers = [stack.enter_context(_serving(environment)) for _ in range(case.replicas)]
    ports = [port for port, _ in servers]
    tokens = [_register(ports[0], number) for number in range(users)]
    for port in ports:
        _create(port, tokens[0], "warm")
    before = [_resident_kib(pid) for _, pid in servers]
    plan = json.dumps({"ports": ports, "tokens": tokens, "clients": clients, "events": EVENTS})
    with subprocess.Popen(
        [sys.executable, __file__, "--clients", str(clients), "--read", plan],
        stdout=subprocess.PIPE,
        text=True,
    ) as reader:
        lines = iter(reader.stdout or ())
        connected = json.loads(next(lines))
        time.sleep(0.5)
        grown = sum(_resident_kib(pid) for _, pid in servers) - sum(before)
        for _ in range(EVENTS):
            for token in tokens:
                _create(ports[0], token, str(time.monotonic_ns()))
            time.sleep(INTERVAL)
        result = json.loads(next(lines))
    print(
        f"{case.name:<26}{clients / connected['seconds']:>11.0f}{grown / clients:>11.1f}"
        f"{result['lost']:>6}{result['p50']:>6.1f} ms{result['p99']:>6.1f} ms"
        f"{result['max']:>6.1f} ms"
    )


def _allow_files(count: int) -> None:
    """Raise the limit of open files; children inherit it."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < count:
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(count, hard), hard))


@contextmanager
def _serving(environment: dict[str, str]) -> Iterator[tuple[int, int]]:
    """Run a server; yield its port and its process id."""
    with socket.create_server(("127.0.0.1", 0), backlog=1024) as listener:
        argv = [sys.executable, "-m", "uvicorn", "app.main:app", "--fd", str(listener.fileno())]
        process = subprocess.Popen(
            [*argv, "--no-access-log"],
            cwd=BACKEND,
            env=environment,
            pass_fds=[listener.fileno()],
            stderr=subprocess.DEVNULL,
        )
        port = listener.getsockname()[1]
    try:
        deadline = time.monotonic() + PATIENCE
        while not _healthy(port):
            if process.poll() is not None or time.monotonic() > deadline:
                raise SystemExit("the server does not start")
            time.sleep(0.05)
        yield port, process.pid
    finally:
        process.terminate()
        process.wait()


def _healthy(port: int) -> bool:
    try:
        _request(port, "GET", "/health")
    except OSError:
        return False
    return True


def _register(port: int, number: int) -> str:
    body = {"email": f"user{number}@example.com", "password": secrets.token_urlsafe(12)}
    return _request(port, "POST", "/auth/register", body=body)["access_token"]


def _create(port: int, token: str, title: str) -> None:
    _request(port, "POST", "/todos", token=token, body={"title": title})


def _request(
    port: int, method: str, path: str, *, token: str = "", body: dict[str, str] | None = None
) -> dict[str, str]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    try:
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {token}"}
        connection.request(method, f"/api/v1{path}", body and json.dumps(body), headers)
        response = connection.getresponse()
        answer = json.loads(response.read())
        if not http.client.OK <= response.status < http.client.MULTIPLE_CHOICES:
            raise SystemExit(f"{method} {path}: {answer}")
        return answer
    finally:
        connection.close()


def _resident_kib(pid: int) -> int:
    status = Path(f"/proc/{pid}/status")
    if not status.exists():
        raise SystemExit(f"no {status}: this needs Linux")
    (resident,) = (line for line in status.read_text().splitlines() if line.startswith("VmRSS:"))
    return int(resident.split()[1])


class _Stream(asyncio.Protocol):
    """Reads one stream, and notes how late each event was."""

    def __init__(self, token: str, delays: list[float]) -> None:
        self.ready = asyncio.get_running_loop().create_future()
        self._token = token
        self._delays = delays
        self._rest = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        cast("asyncio.Transport", transport).write(
            b"GET /api/v1/stream HTTP/1.1\r\nHost: localhost\r\n"
            b"Authorization: Bearer %s\r\n\r\n" % self._token.encode()
        )

    def data_received(self, data: bytes) -> None:
        now = time.monotonic_ns()
        *blocks, self._rest = (self._rest + data).split(b"\n\n")
        for block in blocks:
            if b"event: todo.created" in block:
                sent = block.partition(b'"title":"')[2].partition(b'"')[0]
                self._delays.append((now - int(sent)) / 1e6)
            elif b"event: ready" in block and not self.ready.done():
                self.ready.set_result(None)

    def connection_lost(self, _error: Exception | None) -> None:
        if not self.ready.done():
            self.ready.set_exception(ConnectionError(f"refused: {self._rest[:200]!r}"))


async def _read_streams(ports: list[int], tokens: list[str], clients: int, events: int) -> None:
    """Be the clients: say when all are connected, and how late everything was."""
    delays: list[float] = []
    gate = asyncio.Semaphore(CONNECTING_AT_ONCE)

    async def connect(number: int) -> None:
        async with gate:
            token = tokens[number % len(tokens)]
            _, stream = await asyncio.get_running_loop().create_connection(
                lambda: _Stream(token, delays), "127.0.0.1", ports[number % len(ports)]
            )
            await stream.ready

    began = time.monotonic()
    async with asyncio.timeout(PATIENCE):
        await asyncio.gather(*(connect(number) for number in range(clients)))
    print(json.dumps({"seconds": time.monotonic() - began}), flush=True)

    expected = clients * events
    deadline = time.monotonic() + PATIENCE
    while len(delays) < expected and time.monotonic() < deadline:  # noqa: ASYNC110  # 0.1 s is fine
        await asyncio.sleep(0.1)
    await asyncio.sleep(0.5)  # what is repeated would come now
    cuts = statistics.quantiles(delays, n=100)
    summary = {"p50": cuts[49], "p99": cuts[98], "max": max(delays)}
    print(json.dumps(summary | {"lost": expected - len(delays)}), flush=True)


if __name__ == "__main__":
    main()
