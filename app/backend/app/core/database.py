"""The database: engine, sessions, and what every model shares."""

import select
import sqlite3
import time
from datetime import UTC, datetime
from functools import partial
from typing import Any

from sqlalchemy import (
    URL,
    DateTime,
    Dialect,
    Engine,
    MetaData,
    QueuePool,
    TypeDecorator,
    event,
    make_url,
)
from sqlalchemy.exc import DBAPIError, InvalidatePoolError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.pool import ConnectionPoolEntry

from app.core import sqlite
from app.core.config import Settings
from app.core.turns import Turns

IDLE_SINCE = "idle since"
PING_AFTER_SECONDS = 5.0


def utc_now() -> datetime:
    """Return the current time, aware and in UTC."""
    return datetime.now(UTC)


class UtcDateTime(TypeDecorator[datetime]):
    """A point in time that is aware and in UTC on both databases."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse naive times and convert the others to UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive datetime does not say when")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give SQLite's naive times their zone back; PostgreSQL's carry the session's."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """The base of all models."""

    # Alembic can only drop or alter a constraint that has a predictable name.
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class Database:
    """One engine and its sessions; connects at first use."""

    def __init__(self, settings: Settings) -> None:
        url = make_url(settings.database_url)
        self.engine = create_async_engine(
            url,
            pool_recycle=settings.database_pool_recycle_seconds,
            # Messages of errors are logged, and parameters are people's data.
            hide_parameters=True,
            connect_args=_connect_arguments(url, settings),
            **_pool_limits(url, settings),
        )
        if settings.is_sqlite:
            configure = partial(sqlite.configure, settings.database_busy_timeout_ms)
            event.listen(self.engine.sync_engine, "connect", configure)
        else:
            _replace_dead(self.engine.sync_engine)
        # Responses are built after the commit: expiring would read every row again.
        self.sessions = async_sessionmaker[AsyncSession](self.engine, expire_on_commit=False)
        # What only reads needs no transaction, whose two ends are round trips to a server.
        reading = {} if settings.is_sqlite else {"isolation_level": "AUTOCOMMIT"}
        self.readers = async_sessionmaker[AsyncSession](self.engine.execution_options(**reading))
        # All but one, which is left for what everybody waits for: events, and whether this works.
        connections = settings.database_pool_size + settings.database_max_overflow
        self.turns = Turns(max(1, connections - 1), settings.database_pool_timeout_seconds)

    async def dispose(self) -> None:
        """Close all connections."""
        await self.engine.dispose()


def is_unavailable(error: Exception) -> bool:
    """Tell a database that is gone or overloaded from one that was asked nonsense."""
    if isinstance(error, PoolTimeoutError):
        return True
    if not isinstance(error, DBAPIError):
        return False
    if isinstance(error.orig, sqlite3.Error):
        return sqlite.is_unavailable(error.orig)
    return error.connection_invalidated or isinstance(error, OperationalError)


def _pool_limits(url: URL, settings: Settings) -> dict[str, Any]:
    dialect: Any = url.get_dialect()  # the interface's type does not know the next method
    if not issubclass(dialect.get_pool_class(url), QueuePool):
        return {}  # a database in memory has one connection
    return {
        "pool_size": settings.database_pool_size,
        "max_overflow": settings.database_max_overflow,
        "pool_timeout": settings.database_pool_timeout_seconds,
    }


def _connect_arguments(url: URL, settings: Settings) -> dict[str, Any]:
    if settings.is_sqlite:
        return {"async_creator_fn": sqlite.Connection}
    arguments: dict[str, Any] = {"connect_timeout": settings.database_connect_timeout_seconds}
    if settings.database_statement_timeout_ms:
        # In front of the URL's own options, which therefore win.
        options = f"-c statement_timeout={settings.database_statement_timeout_ms}"
        own = url.query.get("options", "")
        arguments["options"] = f"{options} {own if isinstance(own, str) else own[-1]}".strip()
    return arguments


def _replace_dead(engine: Engine) -> None:
    """Replace a connection that died in the pool before a request notices.

    As the pool's own `pre_ping` does, but without a round trip for each request: a server that
    ends a connection says so, which makes its socket readable. Only one that has been idle for
    longer may have died without a word.
    """

    def note(_connection: Any, record: ConnectionPoolEntry) -> None:
        record.info[IDLE_SINCE] = time.monotonic()

    def ping(connection: Any, record: ConnectionPoolEntry, _proxy: Any) -> None:
        idle_since = record.info.get(IDLE_SINCE)
        if idle_since is None:
            return  # it is new
        try:
            if time.monotonic() - idle_since > PING_AFTER_SECONDS or _has_news(connection):
                engine.dialect.do_ping(connection)
        except engine.dialect.loaded_dbapi.Error as error:
            # The others that were there with it are as dead.
            raise InvalidatePoolError from error

    event.listen(engine, "checkin", note)
    event.listen(engine, "checkout", ping)


def _has_news(connection: Any) -> bool:
    if not hasattr(select, "poll"):  # Windows
        return True
    poll = select.poll()
    poll.register(connection.driver_connection.fileno(), select.POLLIN)
    return bool(poll.poll(0))
