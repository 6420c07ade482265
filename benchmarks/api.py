"""What a request costs: health and a list of 20 todos, against bare Starlette and bare FastAPI.

Each application is one process of uvicorn (uvloop, httptools, one worker) with its log in a file;
a client process of its own keeps 16 connections busy over loopback. All applications take turns
in every round, so that a change in the machine's speed hits all alike; medians of the rounds
count. `CPU` is the server's processor time for a request, which other load hardly changes.
Latencies are those of 16 and of 200 busy connections: the time in the queue is in them, so that
200 take 200/16 times as long at the same rate; a p99 near the p50 means that they take turns.

    app/backend/.venv/bin/python benchmarks/api.py [--rounds 5] [--seconds 1]

Goals: health at least 0.9x of a bare FastAPI route, with everything on; the list at least 1.5x of
the same list through ORM entities and a response model; its p99 at 200 connections at most twice
its median. Exits with 1 if one is missed.
"""

from __future__ import annotations

import argparse
import asyncio
import http.client
import json
import os
import secrets
import socket
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from databases import create_database

if TYPE_CHECKING:
    from collections.abc import Iterator

BENCHMARKS = Path(__file__).parent
BACKEND = BENCHMARKS.parent / "app" / "backend"
HEALTH = "/api/v1/health"
LIST = "/api/v1/todos?limit=20"
BUSY, MANY = 16, 200
WARMING_SECONDS = 0.7
SETTLING_SECONDS = 0.1
STARTS = 5
PATIENCE = 60.0
HEALTH_GOAL, LIST_GOAL, TAIL_GOAL = 0.9, 1.5, 2.0
INSERT = (
    "INSERT INTO todos (user_id, title, description, completed, priority, created_at, version)"
    " VALUES (1, '{title}', 'What it takes', {completed}, {priority},"
    " '2026-01-02 03:04:05.678901', 1)"
)


class Case(NamedTuple):
    """One line of a table: an application, and what it is asked."""

    name: str
    application: str
    path: str


Results = dict[tuple[str, int], list[dict[str, float]]]
"""The figures of each round, by application and connections."""

OURS = "app.server"
APPLICATIONS = {
    "Starlette": "api_bare:starlette",
    "FastAPI": "api_bare:fastapi",
    "entities": "api_entities:entities",
    "refctl's": OURS,
}


class Server(NamedTuple):
    """A running application."""

    port: int
    pid: int


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=1.0, help="of each round of each case")
    parser.add_argument("--load", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.load:
        _run_client(json.loads(arguments.load))
        return 0
    missed = False
    for kind in ("sqlite", "postgresql"):
        with ExitStack() as stack:
            url = create_database(stack, kind)
            if url is None:
                print(f"{kind}: skipped, pgserver is not installed")
                continue
            missed |= _measure(stack, kind, url, arguments.rounds, arguments.seconds)
    _measure_starts()
    return int(missed)


def _measure(stack: ExitStack, kind: str, url: str, rounds: int, seconds: float) -> bool:
    environment = _environment(url)
    folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
    _migrate(environment)
    servers = {
        name: stack.enter_context(_serving(target, environment, folder / f"{number}.log"))
        for number, (name, target) in enumerate(APPLICATIONS.items())
    }
    token = _sign_up(servers["refctl's"].port)
    _seed(url)
    _check_same(servers, token)
    health = [name for name in servers if name != "entities"]
    missed = False
    if kind == "sqlite":  # health touches no database
        results = _compare(f"GET {HEALTH}", HEALTH, health, servers, token, rounds, seconds)
        ratio = _ratio(results, "FastAPI")
        print(f"  health against bare FastAPI: {ratio:.2f}x (goal {HEALTH_GOAL}x)\n")
        missed |= ratio < HEALTH_GOAL
    results = _compare(f"GET {LIST}, {kind}", LIST, list(servers), servers, token, rounds, seconds)
    ratio = _ratio(results, "entities")
    tail = statistics.median(one["p99"] / one["p50"] for one in results["refctl's", MANY])
    print(f"  the list against ORM entities: {ratio:.2f}x (goal {LIST_GOAL}x)")
    print(f"  its p99 at {MANY} connections: {tail:.1f} medians (goal {TAIL_GOAL})\n")
    return missed or ratio < LIST_GOAL or tail > TAIL_GOAL


def _compare(
    title: str,
    path: str,
    names: list[str],
    servers: dict[str, Server],
    token: str,
    rounds: int,
    seconds: float,
) -> Results:
    """Print a table of medians, and return what it is made of."""
    results: Results = {}
    for name in names:
        _load(servers[name], path, token, BUSY, WARMING_SECONDS)
    for _ in range(rounds):
        for connections in (BUSY, MANY):
            for name in names:
                before = _cpu_seconds(servers[name].pid)
                result = _load(servers[name], path, token, connections, seconds)
                result["cpu"] = (_cpu_seconds(servers[name].pid) - before) / result["requests"]
                results.setdefault((name, connections), []).append(result)

    def median(name: str, connections: int, figure: str) -> float:
        return statistics.median(each[figure] for each in results[name, connections])

    base, cheapest = median(names[0], BUSY, "rate"), median(names[0], BUSY, "cpu")
    print(f"{title:<44}{'requests/s':>11}{'CPU':>16}{'p50/p99 ms at 16':>25}{'at 200':>15}")
    for name in names:
        rate, cost = median(name, BUSY, "rate"), median(name, BUSY, "cpu")
        print(
            f"  {name:<42}{rate:>11,.0f}{rate / base:>6.2f}x"
            f"{cost * 1e6:>6.0f} µs{cost / cheapest:>6.1f}x"
            f"{median(name, BUSY, 'p50'):>10.1f} /{median(name, BUSY, 'p99'):>6.1f}"
            f"{median(name, MANY, 'p50'):>8.1f} /{median(name, MANY, 'p99'):>6.1f}"
        )
    return results


def _ratio(results: Results, name: str) -> float:
    """Return how ours compares: in the median round, since the machine's speed changes."""
    rounds = zip(results["refctl's", BUSY], results[name, BUSY], strict=True)
    return statistics.median(ours["rate"] / other["rate"] for ours, other in rounds)


def _measure_starts() -> None:
    """Print how long each takes from nothing to its first answer."""
    times: dict[str, list[float]] = {"FastAPI": [], "refctl's": []}
    with tempfile.TemporaryDirectory() as folder:
        environment = _environment(f"sqlite:///{folder}/start.db")
        _migrate(environment)
        for _ in range(STARTS):
            for name, each in times.items():
                began = time.perf_counter()
                with _serving(APPLICATIONS[name], environment, Path(folder) / "log"):
                    each.append(time.perf_counter() - began)
    floor = min(times["FastAPI"])
    print("from start to the first answer, best and median")
    for name, each in times.items():
        best, median = min(each), statistics.median(each)
        print(f"  {name:<42}{best * 1000:>8.0f} ms{median * 1000:>8.0f} ms{best / floor:>6.2f}x")


def _environment(url: str) -> dict[str, str]:
    return {
        **os.environ,
        "ENVIRONMENT": "test",
        "DATABASE_URL": url,
        "JWT_SECRET_KEY": secrets.token_urlsafe(48),
        "LOG_LEVEL": "INFO",
        "PYTHONPATH": str(BENCHMARKS),
    }


def _migrate(environment: dict[str, str]) -> None:
    migrate = [sys.executable, "-m", "alembic", "upgrade", "head"]
    subprocess.run(migrate, cwd=BACKEND, env=environment, check=True, capture_output=True)


def _seed(url: str) -> None:
    rows = [
        INSERT.format(
            title=f"Todo {number}",
            completed="true" if number % 2 == 0 else "false",
            priority=number % 6,
        )
        for number in range(1, 21)
    ]
    if url.startswith("sqlite"):
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as connection, connection:
            for row in rows:
                connection.execute(row)
        return
    import psycopg

    with psycopg.connect(url) as server:
        for row in rows:
            server.execute(row)  # type: ignore[arg-type]  # built here


def _check_same(servers: dict[str, Server], token: str) -> None:
    answers = {name: _get(server.port, LIST, token) for name, server in servers.items()}
    if any(answer != answers["Starlette"] for answer in answers.values()):
        raise SystemExit("the applications list different things")


@contextmanager
def _serving(target: str, environment: dict[str, str], log: Path) -> Iterator[Server]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    argv = [sys.executable, "-m", "uvicorn", target, "--port", str(port), "--no-access-log"]
    if target == OURS:
        argv = [sys.executable, "-m", target]
    with log.open("wb") as file:
        process = subprocess.Popen(
            argv,
            cwd=BACKEND,
            env={**environment, "BACKEND_PORT": str(port)},
            stdout=file,
            stderr=file,
        )
    try:
        deadline = time.monotonic() + PATIENCE
        while not _answers(port):
            if process.poll() is not None or time.monotonic() > deadline:
                raise SystemExit(f"{target} does not start:\n{log.read_text()}")
            time.sleep(0.005)
        yield Server(port, process.pid)
    finally:
        process.terminate()
        process.wait()


def _answers(port: int) -> bool:
    try:
        _request(port, "GET", HEALTH)
    except OSError:
        return False
    return True


def _sign_up(port: int) -> str:
    body = {"email": "ada@example.com", "password": secrets.token_urlsafe(12)}
    token: str = _request(port, "POST", "/api/v1/auth/register", body=body)["access_token"]
    return token


def _get(port: int, path: str, token: str) -> Any:
    return _request(port, "GET", path, token=token)


def _request(
    port: int, method: str, path: str, *, token: str = "", body: dict[str, str] | None = None
) -> Any:
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)) as connection:
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {token}"}
        connection.request(method, path, body and json.dumps(body), headers)
        return json.loads(connection.getresponse().read())


def _cpu_seconds(pid: int) -> float:
    """Return the processor time that a process has used; 0 where there is no /proc."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except FileNotFoundError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _load(
    server: Server, path: str, token: str, connections: int, seconds: float
) -> dict[str, float]:
    """Keep connections busy from another process, and return what it saw."""
    plan = json.dumps(
        {
            "port": server.port,
            "path": path,
            "token": token,
            "connections": connections,
            "seconds": seconds,
        }
    )
    done = subprocess.run(
        [sys.executable, __file__, "--load", plan], stdout=subprocess.PIPE, check=True
    )
    result: dict[str, float] = json.loads(done.stdout)
    return result


def _run_client(plan: dict[str, Any]) -> None:
    import uvloop

    print(json.dumps(uvloop.run(_keep_busy(**plan))))


class _Connection(asyncio.Protocol):
    """Asks again as soon as it was answered."""

    def __init__(self, request: bytes, delays: list[float]) -> None:
        self.done = asyncio.get_running_loop().create_future()
        self._request = request
        self._delays = delays
        self._until = 0.0
        self._sent = 0.0
        self._rest = b""
        self._transport: Any = None

    def start(self, until: float) -> None:
        self._until = until
        self._ask()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._rest += data
        head, found, body = self._rest.partition(b"\r\n\r\n")
        if not found:
            return
        if not head.startswith(b"HTTP/1.1 200"):
            self._fail(head)
            return
        length = head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0]
        if len(body) < int(length):
            return
        self._rest = b""
        now = time.perf_counter()
        self._delays.append(now - self._sent)
        if now < self._until:
            self._ask()
        elif not self.done.done():
            self.done.set_result(None)
            self._transport.close()

    def connection_lost(self, _error: Exception | None) -> None:
        self._fail(b"the server closed a connection")

    def _ask(self) -> None:
        self._sent = time.perf_counter()
        self._transport.write(self._request)

    def _fail(self, why: bytes) -> None:
        if not self.done.done():
            self.done.set_exception(ConnectionError(why.decode(errors="replace")))


async def _keep_busy(
    port: int, path: str, token: str, connections: int, seconds: float
) -> dict[str, float]:
    request = (
        f"GET {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\n\r\n"
    ).encode()
    delays: list[float] = []
    loop = asyncio.get_running_loop()
    clients = []
    for _ in range(connections):
        _, client = await loop.create_connection(
            lambda: _Connection(request, delays), "127.0.0.1", port
        )
        clients.append(client)
    await asyncio.sleep(SETTLING_SECONDS)  # until the server has taken them all
    began = time.perf_counter()
    for client in clients:
        client.start(began + seconds)
    async with asyncio.timeout(PATIENCE):
        await asyncio.gather(*(client.done for client in clients))
    elapsed = time.perf_counter() - began
    cuts = statistics.quantiles(delays, n=100)
    return {
        "requests": len(delays),
        "rate": len(delays) / elapsed,
        "p50": cuts[49] * 1000,
        "p99": cuts[98] * 1000,
    }


if __name__ == "__main__":
    sys.exit(main())
