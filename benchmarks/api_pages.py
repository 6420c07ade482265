"""The list of todos: the page at row 1,000,000 against those at its beginning.

Asks the application in its own process, over SQLite, as a user with 1,000,200 todos. All pages in
turn, so that a change in the machine's speed hits all alike. Prints the median of each, and as a
multiple of the first page that is asked for by cursor. The goal: by cursor, at most 1.2x.

    app/backend/.venv/bin/python benchmarks/api_pages.py
"""

from __future__ import annotations

import asyncio
import os
import sqlite3
import statistics
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import httpx

BACKEND = Path(__file__).parents[1] / "app" / "backend"
DEEP = 1_000_000
LIMIT = 100
ROWS = DEEP + 2 * LIMIT
ROUNDS = 41
SLOW_ROUNDS = 5
GOAL = 1.2
SORTS = ("-id", "-priority", "title")
CREDENTIALS = {"email": "ada@example.com", "password": "correct horse battery"}
INSERT = (
    "INSERT INTO todos (user_id, title, completed, priority, created_at, version)"
    " VALUES (1, ?, ?, ?, '2026-01-01 00:00:00.000000', 1)"
)


def main() -> int:
    """Seed, measure, print; exit 1 if the goal is missed."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "pages.db"
        os.environ |= {
            "DATABASE_URL": f"sqlite:///{path}",
            "ENVIRONMENT": "test",
            "LOG_LEVEL": "WARNING",
            "JWT_SECRET_KEY": "only-this-benchmark-signs-with-this-key-7319",
        }
        os.chdir(BACKEND)
        sys.path.insert(0, str(BACKEND))
        _migrate()
        return asyncio.run(_measure(path))


def _migrate() -> None:
    from alembic import command
    from alembic.config import Config

    command.upgrade(Config(BACKEND / "alembic.ini"), "head")


def _seed(path: Path) -> None:
    rows = ((f"Todo {n * 7919 % ROWS}", n % 2, n % 6) for n in range(ROWS))
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.executemany(INSERT, rows)


async def _measure(path: Path) -> int:
    import httpx
    from app.main import create_app

    app = create_app()
    transport = httpx.ASGITransport(app)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://test/api/v1") as client,
    ):
        session = (await client.post("/auth/register", json=CREDENTIALS)).json()
        client.headers["Authorization"] = f"Bearer {session['access_token']}"
        _seed(path)
        pages = {
            _name(sort, row): (await _find_page(client, sort, row), ROUNDS)
            for sort in SORTS
            for row in (LIMIT, DEEP)
        }
        pages["-id, page one, with its total"] = ({}, SLOW_ROUNDS)
        pages[f"-id, by skip={DEEP:,}, with its total"] = ({"skip": str(DEEP)}, SLOW_ROUNDS)
        medians = await _time_all(client, pages)
    return _report(medians)


async def _find_page(client: httpx.AsyncClient, sort: str, row: int) -> dict[str, str]:
    """Return the parameters of the page behind a row."""
    place = {"sort": sort, "skip": str(row - LIMIT), "limit": str(LIMIT)}
    response = await client.get("/todos", params=place)
    return {"sort": sort, "cursor": response.headers["X-Next-Cursor"]}


async def _time_all(
    client: httpx.AsyncClient, pages: dict[str, tuple[dict[str, str], int]]
) -> dict[str, float]:
    times: dict[str, list[float]] = {name: [] for name in pages}
    for turn in range(-2, ROUNDS):  # the first turns warm the caches
        for name, (parameters, rounds) in pages.items():
            if turn >= rounds:
                continue
            began = time.perf_counter()
            response = await client.get("/todos", params={"limit": str(LIMIT), **parameters})
            elapsed = time.perf_counter() - began
            if len(response.raise_for_status().json()) != LIMIT:
                raise RuntimeError(f"{name}: not a whole page")
            if turn >= 0:
                times[name].append(elapsed)
    return {name: statistics.median(each) for name, each in times.items()}


def _report(medians: dict[str, float]) -> int:
    base = next(iter(medians.values()))
    for name, median in medians.items():
        print(f"{name:<42}{median * 1000:9.2f} ms {median / base:8.2f}x")
    missed = False
    for sort in SORTS:
        ratio = medians[_name(sort, DEEP)] / medians[_name(sort, LIMIT)]
        missed |= ratio > GOAL
        print(f"{sort:<10} row {DEEP:,} / row {LIMIT}: {ratio:.2f}x (goal {GOAL}x)")
    return int(missed)


def _name(sort: str, row: int) -> str:
    return f"{sort}, by cursor behind row {row:,}"


if __name__ == "__main__":
    sys.exit(main())
