"""What the database must guarantee, on SQLite and on PostgreSQL alike."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone

import pytest
from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient
from sqlalchemy import delete, func, select
from sqlalchemy.exc import IntegrityError, StatementError

from app.api.deps import SessionDep
from app.core.config import Settings
from app.core.database import Database
from app.core.errors import NotFoundError
from app.models import LoginAttempt, RefreshToken, Todo, User
from app.schemas.todo import TodoCreate, TodoUpdate
from app.services import todo as service
from tests.conftest import PASSWORD, Member
from tests.databases import make_settings


@pytest.fixture(params=["sqlite", "postgresql"])
def settings(request: pytest.FixtureRequest) -> Settings:
    fixture = {"sqlite": "sqlite_url", "postgresql": "postgres_url"}[request.param]
    return make_settings(request.getfixturevalue(fixture))


@pytest.fixture
async def user(database: Database) -> User:
    async with database.sessions.begin() as session:
        user = User(email="ada@example.com", password_hash="-")
        session.add(user)
    return user


async def test_a_todo_lives_through_create_read_update_and_delete(
    database: Database, user: User
) -> None:
    async with database.sessions.begin() as session:
        created = await service.create_todo(
            session, user.id, TodoCreate(title="Buy milk", priority=3)
        )
    async with database.sessions.begin() as session:
        stored = await service.get_todo(session, user.id, created.id)
        assert (stored.title, stored.priority, stored.updated_at) == ("Buy milk", 3, None)
    async with database.sessions.begin() as session:
        await service.update_todo(session, user.id, created.id, TodoUpdate(completed=True))
    async with database.sessions.begin() as session:
        changed = await service.get_todo(session, user.id, created.id)
        assert changed.completed
        assert changed.updated_at is not None
        assert changed.updated_at >= changed.created_at
        await service.delete_todo(session, user.id, created.id)
    async with database.sessions() as session:
        with pytest.raises(NotFoundError):
            await service.get_todo(session, user.id, created.id)


async def test_a_failed_transaction_leaves_nothing_behind(database: Database, user: User) -> None:
    async def fail() -> None:
        async with database.sessions.begin() as session:
            await service.create_todo(session, user.id, TodoCreate(title="Lost"))
            raise RuntimeError("after the insert")

    with pytest.raises(RuntimeError):
        await fail()

    async with database.sessions() as session:
        assert await session.scalar(select(func.count()).select_from(Todo)) == 0


async def test_the_database_itself_refuses_a_priority_out_of_range(
    database: Database, user: User
) -> None:
    async with database.sessions() as session:
        session.add(Todo(user_id=user.id, title="x", priority=6))
        with pytest.raises(IntegrityError, match="ck_todos_priority_range"):
            await session.flush()


async def test_the_database_itself_refuses_a_todo_without_its_user(database: Database) -> None:
    async with database.sessions() as session:
        session.add(Todo(user_id=1_000, title="x"))
        with pytest.raises(IntegrityError):
            await session.flush()


async def test_deleting_a_user_deletes_what_belonged_to_it(ada: Member, database: Database) -> None:
    await ada.client.post("/todos", json={"title": "Buy milk"})

    async with database.sessions.begin() as session:
        await session.execute(delete(User))

    async with database.sessions() as session:
        for model in (Todo, RefreshToken):
            assert await session.scalar(select(func.count()).select_from(model)) == 0
    assert (await ada.client.get("/auth/me")).status_code == 401


async def test_times_come_back_aware_and_in_utc(database: Database, user: User) -> None:
    moment = datetime(2026, 7, 1, 12, 0, 0, 123456, timezone(timedelta(hours=2)))
    async with database.sessions.begin() as session:
        session.add(Todo(user_id=user.id, title="x", created_at=moment))

    async with database.sessions() as session:
        stored = await session.scalar(select(Todo.created_at))

    assert stored == moment
    assert stored.tzinfo is UTC


async def test_a_naive_time_is_refused(database: Database, user: User) -> None:
    async with database.sessions() as session:
        naive = datetime(2026, 7, 1)  # noqa: DTZ001  # the point of this test
        session.add(Todo(user_id=user.id, title="x", created_at=naive))
        with pytest.raises(StatementError, match="naive"):
            await session.flush()


async def test_a_commit_that_fails_is_not_reported_as_success(fresh_app: FastAPI) -> None:
    @fresh_app.post("/late")
    async def fail_at_commit(session: SessionDep) -> str:
        # Not flushed here: the insert happens, and fails, in the commit.
        session.add(Todo(user_id=1_000, title="x"))
        return "done"

    transport = ASGITransport(fresh_app, raise_app_exceptions=False)
    async with AsyncClient(transport=transport, base_url="http://test") as client:
        response = await client.post("/late")

    assert response.status_code == 500
    assert response.json()["detail"] == "Something went wrong on our side."


async def test_a_change_is_visible_as_soon_as_it_is_answered(
    ada: Member, database: Database
) -> None:
    todo = (await ada.client.post("/todos", json={"title": "Buy milk"})).json()

    async with database.sessions() as session:
        assert await session.get(Todo, todo["id"]) is not None


async def test_only_one_of_two_racing_registrations_wins(
    new_client: Callable[[], AsyncClient],
) -> None:
    body = {"email": "ada@example.com", "password": PASSWORD}

    async def register() -> int:
        async with new_client() as client:
            return (await client.post("/auth/register", json=body)).status_code

    assert sorted(await asyncio.gather(*(register() for _ in range(4)))) == [201, 409, 409, 409]


async def test_racing_refreshes_all_succeed_within_the_grace_period(ada: Member) -> None:
    body = {"refresh_token": ada.session["refresh_token"]}

    responses = await asyncio.gather(
        *(ada.client.post("/auth/refresh", json=body) for _ in range(4))
    )

    assert [response.status_code for response in responses] == [200] * 4
    assert len({response.json()["refresh_token"] for response in responses}) == 4


async def test_no_refresh_token_survives_a_logout_that_races_with_refreshes(
    ada: Member, database: Database
) -> None:
    body = {"refresh_token": ada.session["refresh_token"]}

    await asyncio.gather(
        *(ada.client.post("/auth/refresh", json=body) for _ in range(4)),
        ada.client.post("/auth/logout", json=body),
    )

    async with database.sessions() as session:
        alive = select(func.count()).where(RefreshToken.revoked_at.is_(None))
        assert await session.scalar(alive) == 0


async def test_concurrent_writers_wait_for_one_another(ada: Member) -> None:
    responses = await asyncio.gather(
        *(ada.client.post("/todos", json={"title": f"Todo {n}"}) for n in range(20))
    )

    assert {response.status_code for response in responses} == {201}
    assert (await ada.client.get("/todos")).headers["X-Total-Count"] == "20"


async def test_signing_in_drops_the_users_expired_tokens(ada: Member, database: Database) -> None:
    async with database.sessions.begin() as session:
        token = await session.scalar(select(RefreshToken))
        assert token is not None
        token.expires_at = datetime.now(UTC) - timedelta(days=1)
    body = {"refresh_token": ada.session["refresh_token"]}
    assert (await ada.client.post("/auth/refresh", json=body)).status_code == 401

    credentials = {"email": "ada@example.com", "password": PASSWORD}
    await ada.client.post("/auth/login", json=credentials)

    async with database.sessions() as session:
        assert await session.scalar(select(func.count()).select_from(RefreshToken)) == 1


async def test_guesses_that_race_in_two_processes_are_counted_together(
    ada: Member, client: AsyncClient, fresh_app: FastAPI, database: Database
) -> None:
    wrong = {"email": ada.session["user"]["email"], "password": "wrong"}
    transport = ASGITransport(fresh_app)
    async with AsyncClient(transport=transport, base_url="http://test/api/v1") as elsewhere:
        responses = await asyncio.gather(
            *(process.post("/auth/login", json=wrong) for process in [client, elsewhere] * 8)
        )

    assert sorted(response.status_code for response in responses) == [401] * 5 + [429] * 11
    async with database.sessions() as session:
        locked = select(LoginAttempt.failures).where(LoginAttempt.locked_until.is_not(None))
        assert (await session.scalars(locked)).all() == [5]


async def test_guesses_at_several_accounts_wait_for_one_another(
    client: AsyncClient, database: Database
) -> None:
    async with database.sessions.begin() as session:
        long_ago = datetime.now(UTC) - timedelta(days=1)
        session.add_all(
            LoginAttempt(subject=f"{n}", failures=1, last_failed_at=long_ago) for n in range(50)
        )

    responses = await asyncio.gather(
        *(
            client.post("/auth/login", json={"email": f"{n % 4}@example.com", "password": "wrong"})
            for n in range(16)
        )
    )

    assert {response.status_code for response in responses} == {401}
    async with database.sessions() as session:
        # Four pairs, four accounts, one address: and nothing of the day before.
        failures = (await session.scalars(select(LoginAttempt.failures))).all()
    assert sorted(failures) == [4] * 8 + [16]


async def test_no_sign_in_by_the_old_password_survives_its_change(
    ada: Member, client: AsyncClient
) -> None:
    credentials = {"email": ada.session["user"]["email"], "password": PASSWORD}
    change = {"current_password": PASSWORD, "new_password": "another horse battery"}

    responses = await asyncio.gather(
        *(client.post("/auth/login", json=credentials) for _ in range(4)),
        ada.client.post("/auth/password", json=change),
    )

    assert responses[-1].status_code == 204
    assert {response.status_code for response in responses[:-1]} <= {200, 401}
    (session,) = (await ada.client.get("/auth/sessions")).json()
    assert session["current"]


async def test_a_registration_that_fails_is_counted(
    ada: Member, client: AsyncClient, database: Database
) -> None:
    body = {"email": ada.session["user"]["email"], "password": PASSWORD}

    assert (await client.post("/auth/register", json=body)).status_code == 409

    async with database.sessions() as session:
        assert await session.scalar(select(LoginAttempt.failures)) == 2
