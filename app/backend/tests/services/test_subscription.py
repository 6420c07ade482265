"""What a subscription does when its reading and the broker's offers cross."""

from collections.abc import AsyncIterator, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from datetime import timedelta

import pytest

from app.core.config import Settings
from app.core.database import Database, utc_now
from app.models import User
from app.schemas.event import TodoDeleted
from app.services import events
from app.services.events import Entry, Outbox
from app.services.subscription import Subscription, encode_entry


@dataclass
class OpenHub:
    closing: bool = False


class CrossingOutbox(Outbox):
    """Its answer arrives after the broker has offered the same, and one more."""

    subscription: Subscription

    async def resume(self, user_id: int, position: int) -> Sequence[Entry] | None:
        entries = await super().resume(user_id, position)
        assert entries is not None
        for entry in [*entries, Entry(entries[-1].id + 1, "todo.deleted", "{}")]:
            self.subscription.offer(entry, encode_entry(entry))
        return entries


@pytest.fixture
async def user_id(database: Database) -> int:
    async with database.sessions.begin() as session:
        user = User(email="ada@example.com", password_hash="-")
        session.add(user)
        await session.flush()
        for number in range(3):
            await events.record(session, user.id, "todo.deleted", TodoDeleted(id=number))
    return user.id


@pytest.fixture
def outbox(database: Database) -> CrossingOutbox:
    return CrossingOutbox(database, timedelta(days=7))


@pytest.fixture
async def subscription(outbox: CrossingOutbox, settings: Settings, user_id: int) -> Subscription:
    expires_at = utc_now() + timedelta(minutes=1)
    outbox.subscription = Subscription(
        OpenHub(), outbox, settings, user_id=user_id, session_id="-", expires_at=expires_at
    )
    return outbox.subscription


def offer(subscription: Subscription, event_id: int) -> None:
    entry = Entry(event_id, "todo.deleted", "{}")
    subscription.offer(entry, encode_entry(entry))


def ids(chunk: bytes) -> list[int]:
    return [int(line[4:]) for line in chunk.split(b"\n") if line.startswith(b"id: ")]


async def read(stream: AsyncIterator[bytes], chunks: int) -> list[int]:
    return [id_ for _ in range(chunks) for id_ in ids(await anext(stream))]


async def test_what_is_both_read_and_offered_is_sent_once(subscription: Subscription) -> None:
    await subscription.open(1)

    async with aclosing(subscription.stream()) as stream:
        assert await read(stream, 2) == [1, 2, 3, 4]


async def test_nothing_but_the_position_remembers_what_was_sent(
    subscription: Subscription,
) -> None:
    await subscription.open(1)
    for event_id in (5, 6):
        offer(subscription, event_id)

    async with aclosing(subscription.stream()) as stream:
        assert await read(stream, 2) == [1, 2, 3, 4, 5, 6]
        offer(subscription, 6)
        offer(subscription, 7)
        assert await read(stream, 1) == [7]
