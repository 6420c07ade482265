"""One client's way through its user's events."""

import asyncio
import json
import random
from collections import deque
from collections.abc import AsyncGenerator, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Literal, Protocol

from fastapi.sse import KEEPALIVE_COMMENT, format_sse_event
from loguru import logger
from pydantic import BaseModel
from sqlalchemy.exc import SQLAlchemyError

from app.core.config import Settings
from app.core.database import utc_now
from app.schemas.event import Bye, Ready, Reset
from app.services.events import PAGE_SIZE, Entry, Outbox

RETRY_MS = 2_000
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
        self,
        hub: Hub,
        outbox: Outbox,
        settings: Settings,
        *,
        user_id: int,
        session_id: str,
        expires_at: datetime,
    ) -> None:
        self.user_id = user_id
        self.session_id = session_id
        self.position = 0
        self._hub = hub
        self._outbox = outbox
        self._settings = settings
        self._expires_at = expires_at
        self._greeting = b""
        self._waiting: deque[tuple[int, bytes]] = deque()
        self._behind = False
        self._over = False
        self._session_ended = False
        self._woken = asyncio.Event()
        self._loop = asyncio.get_running_loop()
        self._ends = self._loop.time() + (expires_at - utc_now()).total_seconds()
        self._silent_since = self._loop.time()
        self._sending_since: float | None = None
        self._lifetime: asyncio.Timeout | None = None
        self._timer: asyncio.TimerHandle | None = None

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

    def offer(self, entry: Entry, chunk: bytes) -> None:
        """Keep an event for the client."""
        self._notice(entry)
        if self._behind:
            return
        if len(self._waiting) >= self._settings.stream_queue_size:
            self._waiting.clear()
            self._behind = True
        else:
            self._waiting.append((entry.id, chunk))
        self._woken.set()

    def _notice(self, entry: Entry) -> None:
        if entry.kind == "session.ended" and json.loads(entry.payload)["id"] == self.session_id:
            self._session_ended = True

    def leave(self) -> None:
        """End because the client has gone."""
        self._over = True
        self._woken.set()

    def hurry(self) -> None:
        """Notice at once that the broker is closing, even while the client takes nothing."""
        self._woken.set()
        self._look_at_clock()

    @contextmanager
    def limit(self, lifetime: asyncio.Timeout) -> Iterator[None]:
        """Watch the clock, and end the given time when the client stalls."""
        self._lifetime = lifetime
        self._look_at_clock()
        try:
            yield
        finally:
            self._lifetime = None
            if self._timer is not None:
                self._timer.cancel()

    async def stream(self) -> AsyncGenerator[bytes]:
        """Yield what the client is to be sent, until it leaves or has to."""
        chunk = self._greeting
        while True:
            if chunk:
                self._sending_since = self._loop.time()
                yield chunk
                self._sending_since, self._silent_since = None, self._loop.time()
            if self._over:
                return
            chunk = await self._next_chunk()

    async def _next_chunk(self) -> bytes:
        """Return what comes next; nothing, if something may have changed meanwhile."""
        if self._hub.closing:
            # Clients that are sent away come back soon, but not all in the same instant.
            retry = random.randint(*RETRY_AFTER_SHUTDOWN_MS)  # noqa: S311  # not a secret
            return self._end("shutdown", retry)
        now = self._loop.time()
        if self._session_ended or now >= self._ends:
            return self._end("session_ended" if self._session_ended else "expired")
        if self._behind:
            return await self._read_page()
        if self._waiting:
            return self._take()
        if now >= self._silent_since + self._settings.stream_heartbeat_seconds:
            return KEEPALIVE_COMMENT
        self._woken.clear()
        await self._woken.wait()
        return b""

    def _end(
        self,
        reason: Literal["shutdown", "expired", "session_ended", "unavailable"],
        retry: int | None = None,
    ) -> bytes:
        self._over = True
        return encode("bye", Bye(reason=reason), retry=retry)

    async def _read_page(self) -> bytes:
        try:
            return (await self._catch_up())[1]
        except SQLAlchemyError as error:
            # The answer has begun, so this is all that can be said.
            logger.warning("A stream ends, the outbox is out of reach: {}", type(error))
            return self._end("unavailable")

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
        for entry in entries:
            self._notice(entry)
            self.position = entry.id
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

    def _look_at_clock(self) -> None:
        """Do what is due, and come back when something may be.

        One timer that is late to learn of changes, rather than one for each event: setting and
        dropping those would cost as much as sending the event.
        """
        if self._lifetime is None:
            return
        if self._timer is not None:
            self._timer.cancel()
        now = self._loop.time()
        patience = LAST_PATIENCE if self._hub.closing else self._settings.stream_stall_seconds
        if self._sending_since is not None and now >= self._sending_since + patience:
            self._lifetime.reschedule(now)
            self._lifetime = None
            return
        heartbeat = self._settings.stream_heartbeat_seconds
        beat = self._silent_since + heartbeat
        if now >= min(self._ends, beat):
            self._woken.set()
        # Whatever is past was just dealt with, and happens again a period from now at the soonest.
        due = min(
            beat if beat > now else now + heartbeat,
            self._ends if self._ends > now else now + heartbeat,
            (self._sending_since or now) + patience,
        )
        self._timer = self._loop.call_at(due, self._look_at_clock)


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
