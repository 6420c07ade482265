"""The outbox: changes are recorded in it by their transaction, and read from it in their order."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Literal, NamedTuple

from pydantic import BaseModel
from sqlalchemy import Row, delete, func, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from app.core.database import Database, utc_now
from app.models import Event

NOTIFICATIONS = "todo_events"
# The first of the lock's two keys; it only has to differ from other locks of this application.
LOCK_CLASS = 0x0E7E
PAGE_SIZE = 500
TRIMMED_USERS = 1_000
LARGEST_ID = 2**63 - 1

_CHANGED_USERS = "users with new events"

Kind = Literal["todo.created", "todo.updated", "todo.deleted", "session.ended"]


class Entry(NamedTuple):
    """An event as it is read."""

    id: int
    kind: str
    payload: str


async def record(session: AsyncSession, user_id: int, kind: Kind, data: BaseModel) -> None:
    """Write an event that becomes visible, and is announced, with the session's commit.

    One user's events commit in the order of their ids: PostgreSQL's lock is held from before the
    id is drawn until the transaction has ended; SQLite has one writer at a time.
    """
    if session.get_bind().dialect.name == "postgresql":
        await session.execute(
            select(
                func.pg_advisory_xact_lock(LOCK_CLASS, user_id),
                func.pg_notify(NOTIFICATIONS, str(user_id)),
            )
        )
    else:
        session.info.setdefault(_CHANGED_USERS, set()).add(user_id)
    session.add(Event(user_id=user_id, kind=kind, payload=data.model_dump_json()))
    await session.flush()


def take_changed_users(session: AsyncSession) -> set[int]:
    """Return, once, whose events the session has written without the database announcing them."""
    users: set[int] = session.info.pop(_CHANGED_USERS, set())
    return users


class Outbox:
    """Reads events, each time with a connection that goes back to the pool at once."""

    def __init__(self, database: Database, retention: timedelta) -> None:
        self._database = database
        self._retention = retention

    @asynccontextmanager
    async def connect(self) -> AsyncIterator[AsyncConnection]:
        """Lend a connection on which every statement sees what was committed before it."""
        async with self._database.engine.connect() as connection:
            yield await connection.execution_options(isolation_level="AUTOCOMMIT")

    async def find_latest(self, user_id: int) -> int:
        """Return the id of the user's newest event; 0 if there has never been one."""
        async with self.connect() as connection:
            query = select(func.max(Event.id)).where(Event.user_id == user_id)
            return await connection.scalar(query) or 0

    async def read_after(
        self, connection: AsyncConnection, user_id: int, position: int
    ) -> Sequence[Entry]:
        """Return the first page of the user's events after a position that is known to be good."""
        query = (
            select(Event.id, Event.kind, Event.payload)
            .where(Event.user_id == user_id, Event.id > position)
            .order_by(Event.id)
            .limit(PAGE_SIZE)
        )
        return [Entry(*row) for row in await connection.execute(query)]

    async def resume(self, user_id: int, position: int) -> Sequence[Entry] | None:
        """Return the first page after a position that a client names; None if it is not known.

        It is known if its event is still there: one statement answers both, so that no trimming
        comes in between.
        """
        if not 0 <= position <= LARGEST_ID:
            return None
        query = (
            select(Event.id, Event.kind, Event.payload, Event.created_at)
            .where(Event.user_id == user_id, Event.id >= position)
            .order_by(Event.id)
            .limit(PAGE_SIZE + 1)
        )
        async with self.connect() as connection:
            rows = (await connection.execute(query)).all()
        entries = [Entry(*row[:3]) for row in rows]
        if position == 0:
            return entries[:PAGE_SIZE] if self._is_untrimmed(rows) else None
        if not entries or entries[0].id != position:
            return None
        return entries[1:]

    def _is_untrimmed(self, rows: Sequence[Row[*tuple[int, str, str, datetime]]]) -> bool:
        """Say whether these are all events that the user ever had: trimming keeps an old one."""
        return not rows or rows[0].created_at >= self._horizon()

    async def trim(self) -> int:
        """Delete events past their age, but never a user's newest: it is where clients go on.

        Each user loses a prefix of the ids, whatever the clocks of the writers said. Processes
        that trim at once do no harm.
        """
        old = (
            select(Event.user_id, func.max(Event.id))
            .where(Event.created_at < self._horizon())
            .group_by(Event.user_id)
            .having(func.count() > 1)
            .limit(TRIMMED_USERS)
        )
        async with self.connect() as connection:
            users = (await connection.execute(old)).all()
        for user_id, newest in users:
            async with self._database.engine.begin() as connection:
                before = (Event.user_id == user_id, Event.id < newest)
                await connection.execute(delete(Event).where(*before))
        return len(users)

    def _horizon(self) -> datetime:
        return utc_now() - self._retention
