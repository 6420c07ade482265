"""Brings the outbox's news to whoever watches this process."""

import asyncio
import random
from collections.abc import AsyncIterator, Coroutine, Iterable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from loguru import logger
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection

from app.core.config import Settings
from app.core.database import Database
from app.core.errors import TooManyStreamsError, UnavailableError
from app.core.listener import listen
from app.services.events import NOTIFICATIONS, PAGE_SIZE, Outbox
from app.services.subscription import Subscription, encode_entry

RETRY_SECONDS = 1.0
TRIM_SECONDS = 3_600.0
# Writers in another process do not wake this one on SQLite, a seed script for example.
SQLITE_SWEEP_SECONDS = 5.0


@dataclass(slots=True, eq=False)
class Channel:
    """One user's subscriptions, and the last event that was offered to them."""

    subscriptions: set[Subscription] = field(default_factory=set)
    # None until the first subscription has found where to begin.
    position: int | None = None


class Broker:
    """One for each process: told whose events are new, it reads them once for all that watch."""

    def __init__(self, database: Database, settings: Settings) -> None:
        self.closing = False
        self._database = database
        self._settings = settings
        self._outbox = Outbox(database, timedelta(days=settings.event_retention_days))
        self._channels: dict[int, Channel] = {}
        # A dictionary because it keeps the order: nobody is overtaken for ever.
        self._changed: dict[int, None] = {}
        self._woken = asyncio.Event()
        self._clients = 0
        self._tasks: list[asyncio.Task[None]] = []
        self._listener: asyncio.Task[None] | None = None

    @property
    def clients(self) -> int:
        """How many clients are subscribed."""
        return self._clients

    def start(self) -> None:
        """Begin to work; the listener waits for the first client."""
        self._start(self._deliver_for_ever())
        self._start(self._trim_for_ever())
        if self._settings.is_sqlite:
            self._start(self._sweep_for_ever())

    def close(self) -> None:
        """Send all clients away, and let no more in; calling it again does nothing."""
        self.closing = True
        for channel in self._channels.values():
            for subscription in channel.subscriptions:
                subscription.hurry()

    async def stop(self) -> None:
        """Close, and end what works in the background."""
        self.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._tasks.clear()

    def wake(self, user_ids: Iterable[int]) -> None:
        """Look for new events of these users, if anybody here watches."""
        for user_id in user_ids:
            if user_id in self._channels:
                self._changed[user_id] = None
                self._woken.set()

    @asynccontextmanager
    async def subscribe(
        self,
        user_id: int,
        *,
        session_id: str,
        last_event_id: int | None,
        expires_at: datetime,
    ) -> AsyncIterator[Subscription]:
        """Let a client in, or refuse it, before its answer begins."""
        self._check_room(user_id)
        subscription = Subscription(
            self,
            self._outbox,
            self._settings,
            user_id=user_id,
            session_id=session_id,
            expires_at=expires_at,
        )
        channel = self._channels.setdefault(user_id, Channel())
        channel.subscriptions.add(subscription)
        self._clients += 1
        try:
            self._listen_on_first_use()
            await subscription.open(last_event_id)
            if channel.position is None:
                channel.position = subscription.position
                # A change that came meanwhile had nowhere to start from.
                self.wake([user_id])
            yield subscription
        finally:
            self._clients -= 1
            channel.subscriptions.discard(subscription)
            if not channel.subscriptions:
                del self._channels[user_id]

    def _check_room(self, user_id: int) -> None:
        if self.closing:
            raise UnavailableError("The server is about to stop. Connect again.")
        if self._clients >= self._settings.stream_clients_total:
            raise UnavailableError("Too many clients are connected. Try again later.")
        channel = self._channels.get(user_id)
        limit = self._settings.stream_clients_per_user
        if channel is not None and len(channel.subscriptions) >= limit:
            raise TooManyStreamsError(f"You have {limit} streams open already. Close one first.")

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        self._tasks.append(asyncio.create_task(work))

    def _listen_on_first_use(self) -> None:
        if self._listener is None and not self._settings.is_sqlite:
            self._listener = asyncio.create_task(self._listen())
            self._tasks.append(self._listener)

    async def _listen(self) -> None:
        async for payload in listen(self._database.engine, NOTIFICATIONS):
            if payload is None:
                self._wake_all()
            else:
                self.wake([int(payload)])

    def _wake_all(self) -> None:
        self.wake(tuple(self._channels))

    async def _sweep_for_ever(self) -> None:
        while True:
            await asyncio.sleep(SQLITE_SWEEP_SECONDS)
            self._wake_all()

    async def _deliver_for_ever(self) -> None:
        while True:
            await self._woken.wait()
            self._woken.clear()
            try:
                async with self._outbox.connect() as connection:
                    while self._changed:
                        await self._deliver(connection, self._next_changed())
            except (SQLAlchemyError, OSError) as error:
                logger.warning("The outbox is out of reach, trying again: {}", type(error))
                await asyncio.sleep(RETRY_SECONDS)
                self._wake_all()

    def _next_changed(self) -> int:
        user_id = next(iter(self._changed))
        del self._changed[user_id]
        return user_id

    async def _deliver(self, connection: AsyncConnection, user_id: int) -> None:
        channel = self._channels.get(user_id)
        if channel is None or channel.position is None:
            return
        entries = await self._outbox.read_after(connection, user_id, channel.position)
        for entry in entries:
            # Encoded once; all that watch share these bytes.
            chunk = encode_entry(entry)
            for subscription in channel.subscriptions:
                subscription.offer(entry, chunk)
        if entries:
            channel.position = entries[-1].id
        if len(entries) == PAGE_SIZE:
            self.wake([user_id])

    async def _trim_for_ever(self) -> None:
        while True:
            # Spread, so that replicas started together do not all do the same work.
            await asyncio.sleep(TRIM_SECONDS * random.uniform(0.5, 1.5))  # noqa: S311  # not a secret
            with suppress(SQLAlchemyError):  # the next time will do
                await self._outbox.trim()
