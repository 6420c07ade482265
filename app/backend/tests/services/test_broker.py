"""What the broker does in the background."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from loguru import logger
from sqlalchemy import func, select

from app.core.config import Settings
from app.core.database import Database, utc_now
from app.models import Event, User
from app.schemas.event import TodoDeleted
from app.services import broker as module
from app.services import events
from app.services.broker import Broker
from app.services.subscription import Subscription
from tests.databases import make_settings
from tests.streams import until


@pytest.fixture
async def user_id(database: Database) -> int:
    async with database.sessions.begin() as session:
        user = User(email="ada@example.com", password_hash="-")
        session.add(user)
    return user.id


@pytest.fixture
async def broker(
    request: pytest.FixtureRequest,
    database: Database,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
) -> AsyncIterator[Broker]:
    for name in request.param:
        monkeypatch.setattr(module, name, 0.01)
    broker = Broker(database, settings)
    broker.start()
    yield broker
    await broker.stop()


@pytest.fixture
async def subscription(broker: Broker, user_id: int) -> AsyncIterator[Subscription]:
    expires_at = utc_now() + timedelta(minutes=1)
    async with broker.subscribe(
        user_id, session_id="-", last_event_id=None, expires_at=expires_at
    ) as opened:
        yield opened


async def write(database: Database, user_id: int) -> None:
    async with database.sessions.begin() as session:
        await events.record(session, user_id, "todo.deleted", TodoDeleted(id=1))


@pytest.mark.parametrize("broker", [["SQLITE_SWEEP_SECONDS"]], indirect=True)
async def test_what_another_process_writes_to_sqlite_is_noticed(
    database: Database, user_id: int, subscription: Subscription
) -> None:
    await write(database, user_id)

    await until(lambda: len(subscription._waiting) == 1)


@pytest.mark.parametrize("broker", [["RETRY_SECONDS"]], indirect=True)
async def test_delivery_goes_on_once_the_database_is_back(
    database: Database, broker: Broker, user_id: int, subscription: Subscription
) -> None:
    lost = Database(make_settings("sqlite:////no/such/folder/app.db"))
    broker._outbox._database = lost
    warnings: list[str] = []
    sink = logger.add(warnings.append, level="WARNING")
    broker.wake([user_id])
    await until(lambda: warnings)
    await write(database, user_id)
    assert not subscription._waiting

    broker._outbox._database = database

    await until(lambda: len(subscription._waiting) == 1)
    logger.remove(sink)
    await lost.dispose()


@pytest.mark.parametrize("broker", [["TRIM_SECONDS"]], indirect=True)
@pytest.mark.usefixtures("broker")
async def test_it_trims_the_outbox_now_and_then(database: Database, user_id: int) -> None:
    async with database.sessions.begin() as session:
        old = utc_now() - timedelta(days=8)
        session.add_all(
            Event(user_id=user_id, kind="todo.deleted", payload="{}", created_at=old)
            for _ in range(3)
        )
    left = 3

    while left > 1:
        async with database.sessions() as session:
            left = await session.scalar(select(func.count()).select_from(Event)) or 0

    assert left == 1
