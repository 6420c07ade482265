"""The backend's speed: against bare Starlette, bare FastAPI and itself, in one run.

All with the same uvicorn, one worker, JSON logs on and discarded. Rounds go through all targets
in turn, so that a change in the machine's speed hits all alike; the best round counts. Needs
`wrk` on PATH and an installed checkout.

    app/backend/.venv/bin/python benchmarks/api.py
"""

from __future__ import annotations

import argparse
import asyncio
import http.client
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

BACKEND = Path(__file__).parents[1] / "app" / "backend"
TODOS = 20
TICKS = os.sysconf("SC_CLK_TCK")
UNITS = {"us": 1e-3, "ms": 1.0, "s": 1e3}
ENTITIES = "/entities"


@dataclass
class Target:
    """One thing that is asked again and again."""

    name: str
    server: str
    path: str
    rate: float = 0.0
    cpu_us: float = float("inf")
    p99_ms: dict[int, float] = field(default_factory=dict)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=2)
    parser.add_argument("--starts", type=int, default=7)
    parser.add_argument("--serve", nargs=2, metavar=("NAME", "PORT"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.serve:
        _serve(options.serve[0], int(options.serve[1]))
        return
    if shutil.which("wrk") is None:
        sys.exit("wrk is not on PATH: apt install wrk, or brew install wrk")

    targets = [
        Target("bare Starlette", "starlette", "/"),
        Target("bare FastAPI", "fastapi", "/"),
        Target("/api/v1/health", "ours", "/api/v1/health"),
        Target(f"{TODOS} todos", "ours", "/api/v1/todos"),
        Target(f"{TODOS} todos by entities", "ours", ENTITIES),
    ]
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        os.environ.update(
            ENVIRONMENT="test",  # JSON lines, as in production
            DATABASE_URL=f"sqlite:///{folder}/bench.db",
            JWT_SECRET_KEY="a-key-that-only-the-benchmark-knows",
        )
        token = asyncio.run(_fill())
        servers = {
            name: stack.enter_context(_running(name)) for name in ("starlette", "fastapi", "ours")
        }
        for _ in range(options.rounds):
            for target in targets:
                for connections in (16, 200):
                    _load(target, servers[target.server], connections, options.seconds, token)
    starts = _measure_starts(options.starts)

    floor = targets[0].rate
    print(f"{'':<24}{'req/s':>9}{'ratio':>8}{'CPU/req':>11}{'p99, 16':>11}{'p99, 200':>11}")
    for target in targets:
        print(
            f"{target.name:<24}{target.rate:9.0f}{target.rate / floor:7.2f}x"
            f"{target.cpu_us:8.0f} µs"
            + "".join(f"{target.p99_ms[connections]:8.1f} ms" for connections in (16, 200))
        )
    by_name = {target.name: target for target in targets}
    health, bare = by_name["/api/v1/health"], by_name["bare FastAPI"]
    columns, entities = by_name[f"{TODOS} todos"], by_name[f"{TODOS} todos by entities"]
    print(f"health over bare FastAPI   {health.rate / bare.rate:.2f}x (goal 0.9)")
    print(f"columns over entities      {columns.rate / entities.rate:.2f}x (goal 1.5)")
    for name, seconds in starts.items():
        print(f"cold start, {name:<12} {seconds * 1000:6.0f} ms")


def _load(
    target: Target, server: tuple[int, int], connections: int, seconds: int, token: str
) -> None:
    pid, port = server
    before = _cpu_seconds(pid)
    result = subprocess.run(
        [
            *("wrk", "--latency", "-t1", f"-c{connections}", f"-d{seconds}"),
            *("-H", f"Authorization: Bearer {token}", f"http://127.0.0.1:{port}{target.path}"),
        ],
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    used = _cpu_seconds(pid) - before
    if "Non-2xx" in result or "Socket errors" in result:
        raise RuntimeError(f"{target.name} failed under load:\n{result}")
    number, unit = re.search(r"99%\s+([\d.]+)(us|ms|s)", result).groups()
    p99 = float(number) * UNITS[unit]
    target.p99_ms[connections] = min(p99, target.p99_ms.get(connections, float("inf")))
    if connections == 16:
        requests = int(re.search(r"(\d+) requests in", result)[1])
        target.rate = max(target.rate, float(re.search(r"Requests/sec:\s+([\d.]+)", result)[1]))
        target.cpu_us = min(target.cpu_us, used / requests * 1e6)


def _measure_starts(rounds: int) -> dict[str, float]:
    best = dict.fromkeys(("fastapi", "ours"), float("inf"))
    for _ in range(rounds):
        for name in best:
            began = time.perf_counter()
            with _running(name):
                best[name] = min(best[name], time.perf_counter() - began)
    return best


@contextmanager
def _running(name: str) -> Iterator[tuple[int, int]]:
    """Run one server until it answers; yield its process id and its port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, __file__, "--serve", name, str(port)],
        cwd=BACKEND,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _await_answer(process, port, "/api/v1/health" if name == "ours" else "/")
        yield process.pid, port
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait()


def _await_answer(process: subprocess.Popen[bytes], port: int, path: str) -> None:
    while process.poll() is None:
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", path)
            connection.getresponse().read()
        except OSError:
            time.sleep(0.005)
        else:
            return
    raise RuntimeError("a server ended before it answered")


def _cpu_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


async def _fill() -> str:
    """Create the database, a user and todos; return an access token."""
    subprocess.run(
        [sys.executable, "-m", "alembic", "upgrade", "head"],
        cwd=BACKEND,
        check=True,
        capture_output=True,
    )
    sys.path.insert(0, str(BACKEND))
    from app.core.config import Settings
    from app.core.database import Database
    from app.core.security import create_access_token
    from app.models import Todo, User

    settings = Settings()
    database = Database(settings)
    async with database.sessions.begin() as session:
        user = User(email="ada@example.com", name=None, password_hash="-")
        session.add(user)
        await session.flush()
        session.add_all(
            Todo(user_id=user.id, title=f"Todo {number}", description="Words " * 10, priority=2)
            for number in range(TODOS)
        )
        token = create_access_token(user.id, settings)
    await database.dispose()
    return token


def _serve(name: str, port: int) -> None:
    import uvicorn

    app = {"starlette": _starlette, "fastapi": _fastapi, "ours": _ours}[name]()
    uvicorn.run(app, port=port, ws="none", access_log=False, log_config=None)


def _starlette() -> Any:
    from starlette.applications import Starlette
    from starlette.responses import JSONResponse
    from starlette.routing import Route

    async def answer(_request: object) -> JSONResponse:
        return JSONResponse({"status": "healthy"})

    return Starlette(routes=[Route("/", answer)])


def _fastapi() -> Any:
    from fastapi import FastAPI

    app = FastAPI()

    @app.get("/")
    async def answer() -> dict[str, str]:
        return {"status": "healthy"}

    return app


def _ours() -> Any:
    sys.path.insert(0, str(BACKEND))
    from app.main import app

    _add_entities(app)
    return app


def _add_entities(app: Any) -> None:
    """Add the list as most applications write it: entities in, response model out."""
    from sqlalchemy import func, select

    from app.api.deps import CurrentUser, SessionDep
    from app.models import Todo
    from app.schemas.todo import TodoResponse

    async def list_entities(session: SessionDep, user: CurrentUser) -> Any:
        query = select(Todo).where(Todo.user_id == user.id)
        await session.scalar(select(func.count()).select_from(query.subquery()))
        return (await session.scalars(query.order_by(Todo.id.desc()).limit(100))).all()

    # Its annotations are names of this function, which FastAPI cannot look up.
    list_entities.__annotations__ = {"session": SessionDep, "user": CurrentUser, "return": Any}
    app.get(ENTITIES, response_model=list[TodoResponse])(list_entities)


if __name__ == "__main__":
    main()
