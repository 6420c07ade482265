"""Whether this process has started, and whether it should be sent requests."""

import asyncio
import time

from loguru import logger
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection

from app.core.config import Settings
from app.core.database import Database, is_unavailable
from app.core.migrations import read_revisions

CACHE_SECONDS = 1.0


class Probes:
    """What orchestrators ask for; each answer about the database holds for a second."""

    def __init__(self, database: Database, settings: Settings) -> None:
        self.started = False
        self.draining = False
        self._database = database
        self._timeout = settings.readiness_timeout_seconds
        self._lock = asyncio.Lock()
        self._failed: tuple[str, ...] = ()
        self._valid_until = 0.0

    async def find_failures(self) -> tuple[str, ...]:
        """Return the names of the checks that fail."""
        if self.draining:
            return ("draining",)
        async with self._lock:  # many may ask at once: one looks
            if time.monotonic() >= self._valid_until:
                self._failed = await self._check_database()
                self._valid_until = time.monotonic() + CACHE_SECONDS
        return self._failed

    async def _check_database(self) -> tuple[str, ...]:
        connecting = self._database.engine.connect()
        try:
            async with asyncio.timeout(self._timeout), connecting as connection:
                await connection.execute(text("SELECT 1"))
                return () if await _is_migrated(connection) else ("migrations",)
        except (SQLAlchemyError, OSError, TimeoutError) as error:
            # Its text may name hosts and users.
            logger.warning("The database does not answer: {}", type(error).__name__)
            return ("database",)


async def _is_migrated(connection: AsyncConnection) -> bool:
    try:
        stored = await connection.scalars(text("SELECT version_num FROM alembic_version"))
    except DBAPIError as error:
        if is_unavailable(error):
            raise
        return False  # there is no such table
    return read_revisions().cover(frozenset(stored))
