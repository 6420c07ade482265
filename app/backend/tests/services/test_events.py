"""The outbox's order and its trimming, on SQLite and on PostgreSQL."""

import asyncio
import random
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.core.config import Settings
from app.core.database import Database, utc_now
from app.models import Event, User
from app.schemas.event import TodoDeleted
from app.services import events
from app.services.events import Outbox
from tests.databases import make_settings


@pytest.fixture(params=["sqlite", "postgresql"])
def settings(request: pytest.FixtureRequest) -> Settings:
    fixture = {"sqlite": "sqlite_url", "postgresql": "postgres_url"}[request.param]
    return make_settings(request.getfixturevalue(fixture))


@pytest.fixture
async def users(database: Database) -> list[int]:
    async with database.sessions.begin() as session:
        users = [User(email=f"{name}@example.com", password_hash="-") for name in ("ada", "bob")]
        session.add_all(users)
    return [user.id for user in users]


async def read_ids(database: Database, user_id: int) -> list[int]:
    async with database.sessions() as session:
        query = select(Event.id).where(Event.user_id == user_id).order_by(Event.id)
        return list(await session.scalars(query))


async def write_old(database: Database, user_id: int, *ages: int) -> list[int]:
    """Write one event for each age in days."""
    written = [
        Event(
            user_id=user_id,
            kind="todo.deleted",
            payload="{}",
            created_at=utc_now() - timedelta(days=age),
        )
        for age in ages
    ]
    async with database.sessions.begin() as session:
        for event in written:
            session.add(event)
            await session.flush()
    return [event.id for event in written]


async def test_a_users_events_become_visible_in_the_order_of_their_ids(
    database: Database, users: list[int]
) -> None:
    writing = True
    views: list[list[int]] = []

    async def write() -> None:
        async with database.sessions.begin() as session:
            await asyncio.sleep(random.uniform(0, 0.02))  # noqa: S311  # not a secret
            await events.record(session, users[0], "todo.deleted", TodoDeleted(id=1))
            # Without the lock, later ids would overtake this one here.
            await asyncio.sleep(random.uniform(0, 0.02))  # noqa: S311  # not a secret

    async def look() -> None:
        while writing:
            views.append(await read_ids(database, users[0]))
            await asyncio.sleep(0.002)

    looking = asyncio.create_task(look())
    await asyncio.gather(*(write() for _ in range(10)))
    writing = False
    await looking

    final = await read_ids(database, users[0])
    assert len(final) == 10
    assert len({len(view) for view in views}) > 2, "nobody looked while they wrote"
    for view in views:
        assert view == final[: len(view)]


async def test_an_event_waits_for_an_earlier_transaction_of_its_user(
    database: Database, users: list[int]
) -> None:
    async with database.sessions() as first:
        await events.record(first, users[0], "todo.deleted", TodoDeleted(id=1))
        second = asyncio.create_task(_record_alone(database, users[0]))
        done, _ = await asyncio.wait([second], timeout=0.1)
        assert not done
        await first.commit()
    await second

    ids = await read_ids(database, users[0])
    async with database.sessions() as session:
        payloads = [(await session.get_one(Event, id_)).payload for id_ in ids]
    assert payloads == ['{"id":1}', '{"id":2}']


async def _record_alone(database: Database, user_id: int) -> None:
    async with database.sessions.begin() as session:
        await events.record(session, user_id, "todo.deleted", TodoDeleted(id=2))


async def test_an_event_that_is_rolled_back_was_never_there(
    database: Database, users: list[int]
) -> None:
    async with database.sessions() as session:
        await events.record(session, users[0], "todo.deleted", TodoDeleted(id=1))
        await session.rollback()

    assert await read_ids(database, users[0]) == []


async def test_trimming_takes_what_is_old_but_never_a_users_newest(
    database: Database, users: list[int]
) -> None:
    ada, bob = users
    hers = await write_old(database, ada, 20, 10, 9, 1)
    his = await write_old(database, bob, 30, 20)
    outbox = Outbox(database, timedelta(days=7))

    assert await outbox.trim() == 2
    assert await outbox.trim() == 0

    assert await read_ids(database, ada) == hers[2:]
    assert await read_ids(database, bob) == his[1:]
    assert await outbox.resume(ada, hers[1]) is None
    assert [entry.id for entry in await outbox.resume(ada, hers[2]) or ()] == hers[3:]
    assert await outbox.resume(bob, his[1]) == []


async def test_trimming_leaves_no_gap_when_the_writers_clocks_differ(
    database: Database, users: list[int]
) -> None:
    ids = await write_old(database, users[0], 9, 6, 9, 9, 1)

    await Outbox(database, timedelta(days=7)).trim()

    assert await read_ids(database, users[0]) == ids[3:]


async def test_processes_that_trim_at_once_do_no_harm(database: Database, users: list[int]) -> None:
    ids = [await write_old(database, user, *[9] * 5) for user in users]
    outbox = Outbox(database, timedelta(days=7))

    await asyncio.gather(*(outbox.trim() for _ in range(3)))

    assert [await read_ids(database, user) for user in users] == [each[-1:] for each in ids]
