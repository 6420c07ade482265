"""PostgreSQL's notifications."""

import asyncio
import random
from collections.abc import AsyncGenerator

from loguru import logger
from sqlalchemy.ext.asyncio import AsyncEngine

FIRST_DELAY = 0.1
LONGEST_DELAY = 5.0
LISTENER_NAME = "refapp-listener"
# A peer that vanished without a word is noticed within half a minute.
KEEPALIVES = {
    "connect_timeout": 5,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
}


async def listen(engine: AsyncEngine, channel: str) -> AsyncGenerator[str | None]:
    """Yield each notification's payload, and None on every connecting: some may have been missed.

    It has a connection of its own, and for good: one from the pool would be missing there.
    """
    # Imported late: SQLite does without.
    import psycopg
    from psycopg.sql import SQL, Identifier

    arguments, options = engine.dialect.create_connect_args(engine.url)
    options = {**options, **KEEPALIVES, "application_name": LISTENER_NAME}
    delay = FIRST_DELAY
    while True:
        try:
            async with await psycopg.AsyncConnection.connect(
                *arguments, **options, autocommit=True
            ) as connection:
                await connection.execute(SQL("LISTEN {}").format(Identifier(channel)))
                delay = FIRST_DELAY
                yield None
                async for notification in connection.notifies():
                    yield notification.payload
        except psycopg.OperationalError as error:
            reason = str(error).partition("\n")[0]
            logger.warning("Not listening to the database, trying again: {}", reason)
        # Replicas that lost the server together do not all come back at once.
        await asyncio.sleep(delay * random.uniform(0.5, 1))  # noqa: S311  # not a secret
        delay = min(delay * 2, LONGEST_DELAY)
