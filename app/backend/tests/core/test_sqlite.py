"""The connection to SQLite that is asked in one trip a statement."""

import asyncio
import sqlite3
import threading
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from app.core.sqlite import Connection

trips: list[str] = []


class Counted(Connection):
    """Notes each trip to the connection's thread."""

    async def _execute(self, fn: Any, *args: Any, **kwargs: Any) -> Any:
        trips.append(getattr(fn, "__name__", str(fn)))
        return await super()._execute(fn, *args, **kwargs)  # type: ignore[no-untyped-call]


@pytest.fixture
async def engine(tmp_path: Path) -> AsyncIterator[AsyncEngine]:
    """Give a database with three numbers on a pool of one connection."""
    engine = create_async_engine(
        f"sqlite+aiosqlite:///{tmp_path}/numbers.db",
        pool_size=1,
        max_overflow=0,
        connect_args={"async_creator_fn": Counted},
    )
    async with engine.begin() as connection:
        await connection.execute(text("CREATE TABLE numbers (number INTEGER PRIMARY KEY)"))
        insert = text("INSERT INTO numbers VALUES (:number)")
        done = await connection.execute(insert, [{"number": 1}, {"number": 2}, {"number": 3}])
        assert done.rowcount == 3
    trips.clear()
    yield engine
    await engine.dispose()


async def numbers(engine: AsyncEngine) -> list[int]:
    async with engine.connect() as connection:
        return list((await connection.scalars(text("SELECT number FROM numbers"))).all())


async def test_what_only_reads_takes_one_trip_a_statement(engine: AsyncEngine) -> None:
    assert await numbers(engine) == [1, 2, 3]
    assert len(trips) == 1, trips


async def test_what_was_not_committed_is_rolled_back(engine: AsyncEngine) -> None:
    async with engine.connect() as connection:
        await connection.execute(text("INSERT INTO numbers VALUES (4)"))
    assert await numbers(engine) == [1, 2, 3]


async def test_a_statement_that_failed_says_why_and_leaves_nothing_open(
    engine: AsyncEngine,
) -> None:
    async with engine.connect() as connection:
        await connection.execute(text("INSERT INTO numbers VALUES (4)"))
        with pytest.raises(IntegrityError, match="UNIQUE"):
            await connection.execute(text("INSERT INTO numbers VALUES (1)"))
    assert await numbers(engine) == [1, 2, 3]


async def test_a_connection_whose_user_went_away_rolls_back_what_began_meanwhile(
    tmp_path: Path,
) -> None:
    entered, leave = threading.Event(), threading.Event()

    def pause() -> int:
        entered.set()
        leave.wait(10)
        return 0

    connection = Connection(str(tmp_path / "numbers.db"))
    await connection
    try:
        await connection.cursor().execute("CREATE TABLE numbers (number)")
        await connection.commit()
        await connection.create_function("pause", 0, pause)
        busy = asyncio.create_task(connection.cursor().execute("SELECT pause()"))
        await asyncio.to_thread(entered.wait, 10)
        # It waits for the thread, where Python will open its transaction.
        insert = "INSERT INTO numbers VALUES (4)"
        asking = asyncio.create_task(connection.cursor().execute(insert))
        await asyncio.sleep(0)
        asking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asking
        ending = asyncio.create_task(connection.rollback())
        await asyncio.sleep(0)
        leave.set()
        await ending
        await busy
        assert not connection.in_transaction
        cursor = await connection.cursor().execute("SELECT count(*) FROM numbers")
        assert await cursor.fetchone() == (0,)
    finally:
        leave.set()
        await connection.close()


async def test_rows_come_singly_in_parts_and_whole(tmp_path: Path) -> None:
    connection = Connection(str(tmp_path / "numbers.db"))
    async with connection:
        cursor = connection.cursor()
        await cursor.execute("VALUES (1), (2), (3), (4), (5)")
        assert cursor.description[0][0] == "column1"
        assert await cursor.fetchone() == (1,)
        assert await cursor.fetchmany(2) == [(2,), (3,)]
        assert await cursor.fetchall() == [(4,), (5,)]
        assert (await cursor.fetchone(), await cursor.fetchall()) == (None, [])
        with pytest.raises(sqlite3.OperationalError):
            await cursor.execute("SELECT * FROM nowhere")


async def test_rows_can_be_streamed(engine: AsyncEngine) -> None:
    async with engine.connect() as connection:
        rows = await connection.stream(text("SELECT number FROM numbers"))
        assert [row.number async for row in rows] == [1, 2, 3]
