"""One client's way through its user's events."""

import asyncio
import random
from collections import deque
from collections.abc import AsyncGenerator
from datetime import datetime
from typing import Protocol

from fastapi.sse import KEEPALIVE_COMMENT, format_sse_event
from loguru import logger
from pydantic import BaseModel
from sqlalchemy.exc import SQLAlchemyError

from app.core.config import Settings
from app.core.database import utc_now
from app.schemas.event import Bye, Ready, Reset
from app.services.events import PAGE_SIZE, Entry, Outbox

RETRY_MS = 2_000
# Clients that a stopping server sends away come back soon, but not all in the same instant.
RETRY_AFTER_SHUTDOWN_MS = (50, 1_000)
# A client that is not reading gets this long to take its last event.
LAST_PATIENCE = 0.5


class Hub(Protocol):
    """What a subscription needs to know of the broker."""

    closing: bool


class Subscription:
    """What one client has been sent, and what waits for it.

    Events are offered to it; when more wait than it may keep, it forgets them, and reads them
    from the outbox once its client takes more.
    """

    def __init__(
        self, hub: Hub, outbox: Outbox, settings: Settings, *, user_id: int, expires_at: datetime
    ) -> None:
        self.user_id = user_id
        self.position = 0
        self._hub = hub
        self._outbox = outbox
        self._settings = settings
        self._expires_at = expires_at
        self._greeting = b""
        self._waiting: deque[tuple[int, bytes]] = deque()
        self._behind = False
        self._gone = False
        self._woken = asyncio.Event()
        self._patience: asyncio.Timeout | None = None

    async def open(self, last_event_id: int | None) -> None:
        """Find where to begin, before anything is sent: from now on events are offered."""
        resumed, chunk, named = False, b"", last_event_id
        if last_event_id is None:
            named = self.position = await self._outbox.find_latest(self.user_id)
        else:
            self.position = last_event_id
            resumed, chunk = await self._catch_up()
            if not resumed:
                named = None
        ready = Ready(
            resumed=resumed,
            expires_at=self._expires_at,
            heartbeat_seconds=self._settings.stream_heartbeat_seconds,
        )
        self._greeting = encode("ready", ready, event_id=named, retry=RETRY_MS) + chunk

    def offer(self, event_id: int, chunk: bytes) -> None:
        """Keep an event for the client."""
        if self._behind:
            return
        if len(self._waiting) >= self._settings.stream_queue_size:
            self._waiting.clear()
            self._behind = True
        else:
            self._waiting.append((event_id, chunk))
        self._woken.set()

    def leave(self) -> None:
        """End because the client has gone."""
        self._gone = True
        self._woken.set()

    def hurry(self) -> None:
        """Notice at once that the broker is closing, even while the client takes nothing."""
        self._woken.set()
        if self._patience is not None:
            self._patience.reschedule(asyncio.get_running_loop().time() + LAST_PATIENCE)

    def be_patient(self) -> asyncio.Timeout:
        """Return the time in which the client has to take what is sent to it."""
        seconds = LAST_PATIENCE if self._hub.closing else self._settings.stream_stall_seconds
        self._patience = asyncio.timeout(seconds)
        return self._patience

    def be_calm(self) -> None:
        """Forget the time: the client took it."""
        self._patience = None

    async def stream(self) -> AsyncGenerator[bytes]:
        """Yield what the client is to be sent, until it leaves or has to."""
        loop = asyncio.get_running_loop()
        ends = loop.time() + (self._expires_at - utc_now()).total_seconds()
        yield self._greeting
        while not self._gone:
            if self._hub.closing:
                retry = random.randint(*RETRY_AFTER_SHUTDOWN_MS)  # noqa: S311  # not a secret
                yield encode("bye", Bye(reason="shutdown"), retry=retry)
                return
            if loop.time() >= ends:
                yield encode("bye", Bye(reason="expired"))
                return
            if self._behind:
                try:
                    _, chunk = await self._catch_up()
                except SQLAlchemyError as error:
                    # The answer has begun, so this is all that can be said.
                    logger.warning("A stream ends, the outbox is out of reach: {}", type(error))
                    yield encode("bye", Bye(reason="unavailable"))
                    return
            elif self._waiting:
                chunk = self._take()
            elif await self._wait(min(ends, loop.time() + self._settings.stream_heartbeat_seconds)):
                continue
            else:
                chunk = KEEPALIVE_COMMENT
            if chunk:
                yield chunk

    async def _catch_up(self) -> tuple[bool, bytes]:
        """Read the next page from the outbox; say whether the position was still known.

        Offers are taken from before the reading on: what it does not see yet is offered later,
        and what both bring is sent once.
        """
        self._waiting.clear()
        self._behind = False
        entries = await self._outbox.resume(self.user_id, self.position)
        if entries is None:
            self.position = await self._outbox.find_latest(self.user_id)
            return False, encode("reset", Reset(), event_id=self.position)
        if entries:
            self.position = entries[-1].id
        if len(entries) >= PAGE_SIZE:
            self._behind = True
        return True, b"".join(encode_entry(entry) for entry in entries)

    def _take(self) -> bytes:
        chunks = []
        while self._waiting:
            event_id, chunk = self._waiting.popleft()
            if event_id > self.position:
                self.position = event_id
                chunks.append(chunk)
        return b"".join(chunks)

    async def _wait(self, until: float) -> bool:
        """Wait for something to do; say whether there is."""
        self._woken.clear()
        try:
            async with asyncio.timeout_at(until):
                await self._woken.wait()
        except TimeoutError:
            return False
        return True


def encode_entry(entry: Entry) -> bytes:
    """Encode an event of the outbox."""
    return format_sse_event(event=entry.kind, id=str(entry.id), data_str=entry.payload)


def encode(
    event: str, data: BaseModel, *, event_id: int | None = None, retry: int | None = None
) -> bytes:
    """Encode an event of the stream itself."""
    return format_sse_event(
        event=event,
        id=None if event_id is None else str(event_id),
        retry=retry,
        data_str=data.model_dump_json(),
    )
