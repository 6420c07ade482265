import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing

import pytest
from sqlalchemy import text

from app.core.database import Database
from app.core.listener import listen
from tests.databases import make_settings


@pytest.fixture
async def database(postgres_url: str) -> AsyncIterator[Database]:
    database = Database(make_settings(postgres_url))
    yield database
    await database.dispose()


async def execute(database: Database, statement: str) -> None:
    async with database.engine.begin() as connection:
        await connection.execute(text(statement))


async def test_it_listens_again_after_losing_its_connection_and_says_so(
    database: Database,
) -> None:
    async with asyncio.timeout(5), aclosing(listen(database.engine, "news")) as news:
        assert await anext(news) is None
        await execute(database, "NOTIFY news, '7'")
        assert await anext(news) == "7"
        await execute(
            database,
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE application_name = 'refapp-listener' AND datname = current_database()",
        )
        assert await anext(news) is None
        await execute(database, "NOTIFY news, '8'")
        assert await anext(news) == "8"
