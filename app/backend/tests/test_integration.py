"""What the database must guarantee, on SQLite and on PostgreSQL alike."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone

import pytest
from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient
from sqlalchemy import delete, event, func, insert, select, text
from sqlalchemy.exc import IntegrityError, StatementError

from app.api.deps import SessionDep
from app.core.config import Settings
from app.core.database import Database
from app.core.errors import NotFoundError, PreconditionFailedError
from app.models import IdempotencyKey, LoginAttempt, RefreshToken, Todo, User
from app.schemas.todo import TodoCreate, TodoQuery, TodoSort, TodoUpdate
from app.services import todo as service
from app.services.todo_list import describe_list, list_parameters, page_statement
from app.utils.cursors import write_cursor
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


@pytest.mark.parametrize(
    ("q", "found"),
    [
        ("ÉTÉ", ["Plans d'été"]),
        ("straße", ["Walk"]),
        ("50%", ["Save 50%"]),
        ("_", ["snake_case"]),
        ("\\", ["C:\\temp"]),
        ("/", ["a/b"]),
        ("'", ["Plans d'été"]),
        ("e", ["C:\\temp", "snake_case", "Save 50%", "Walk"]),
    ],
)
async def test_searching_ignores_case_and_knows_no_wildcards(
    ada: Member, q: str, found: list[str]
) -> None:
    for title, description in (
        ("Plans d'été", None),
        ("Walk", "Along the STRAßE"),
        ("Save 50%", None),
        ("snake_case", None),
        ("C:\\temp", None),
        ("a/b", None),
    ):
        body = {"title": title, "description": description}
        assert (await ada.client.post("/todos", json=body)).status_code == 201

    response = await ada.client.get("/todos", params={"q": q})

    assert [todo["title"] for todo in response.json()] == found
    assert response.headers["X-Total-Count"] == str(len(found))


FILTERS: list[dict[str, str]] = [
    {},
    {"completed": "true"},
    {"priority": "2"},
    {"completed": "false", "priority": "4"},
    {"q": "TODO 1"},
]


TITLES = ("Todo 1", "todo 1", "Todo 10", "Ärger Todo 12", "Todo 2", 'Todo 1 "quoted"')


async def add_todos(database: Database, user_id: int, numbers: range) -> None:
    rows = [
        {"user_id": user_id, "title": TITLES[n % 6], "priority": n % 5, "completed": n % 2 == 0}
        for n in numbers
    ]
    async with database.sessions.begin() as session:
        await session.execute(insert(Todo), rows)


@pytest.mark.parametrize("filters", FILTERS, ids=str)
async def test_cursors_walk_every_order_while_others_write(
    ada: Member, database: Database, filters: dict[str, str]
) -> None:
    user_id = ada.session["user"]["id"]
    for sort in TodoSort:
        async with database.sessions.begin() as session:
            await session.execute(delete(Todo))
        await add_todos(database, user_id, range(30))
        params = {**filters, "sort": sort.value}
        response = await ada.client.get("/todos", params=params)
        there_before = [todo["id"] for todo in response.json()]

        walked: list[int] = []
        params["limit"] = "5"
        response = await ada.client.get("/todos", params=params)
        while True:
            assert response.status_code == 200, response.text
            walked += [todo["id"] for todo in response.json()]
            if (cursor := response.headers.get("X-Next-Cursor")) is None:
                break
            if len(walked) <= 10:
                await add_todos(database, user_id, range(30))
            response = await ada.client.get("/todos", params=params | {"cursor": cursor})

        assert len(walked) == len(set(walked))
        assert [each for each in walked if each in set(there_before)] == there_before


@pytest.mark.parametrize("sort", TodoSort)
async def test_a_page_by_cursor_is_read_off_an_index(
    database: Database, user: User, sort: TodoSort
) -> None:
    others = User(email="eve@example.com", password_hash="-")
    async with database.sessions.begin() as session:
        session.add(others)
    for owner in (user, others):
        await add_todos(database, owner.id, range(2_000))
    place = {"id": (), "priority": (2,), "title": ("Todo 10",)}[sort.column]
    query = TodoQuery(sort=sort, limit=20, cursor=write_cursor(sort, (*place, 1_000)))
    engine = database.engine
    statement = page_statement(describe_list(query, engine.dialect.name))
    compiled = statement.params(list_parameters(user.id, query)).compile(
        engine.sync_engine, compile_kwargs={"literal_binds": True}
    )
    explain = "EXPLAIN QUERY PLAN" if engine.dialect.name == "sqlite" else "EXPLAIN"

    async with engine.connect() as connection:
        await connection.execute(text("ANALYZE"))
        rows = await connection.exec_driver_sql(f"{explain} {compiled}")
        plan = " | ".join(str(row[-1]) for row in rows)

    assert "USING INDEX ix_todos_user_id" in plan or "Index Scan" in plan, plan
    for costly in ("SCAN todos", "Seq Scan", "TEMP B-TREE", "Sort"):
        assert costly not in plan, plan
    if engine.dialect.name == "sqlite" and sort.column != "id":
        # All columns of the place are found in the index, not the first alone.
        assert f"{sort.column}=? AND id" in plan, plan


@pytest.mark.parametrize("todo_id", [2**31 - 1, 2**31, 2**53 - 1])
async def test_an_id_that_no_todo_can_have_is_no_failure(ada: Member, todo_id: int) -> None:
    response = await ada.client.get(f"/todos/{todo_id}")

    assert response.status_code in {404, 422}


async def test_a_page_beyond_the_end_is_empty_and_still_knows_the_total(ada: Member) -> None:
    for skip, total in ((0, "0"), (2**53 - 1, "0")):
        response = await ada.client.get("/todos", params={"skip": skip})
        assert (response.status_code, response.json()) == (200, [])
        assert response.headers["X-Total-Count"] == total

    await ada.client.post("/todos", json={"title": "x"})

    response = await ada.client.get("/todos", params={"skip": 1})
    assert (response.json(), response.headers["X-Total-Count"]) == ([], "1")


async def test_a_list_takes_two_statements_and_no_transaction_of_its_own(
    ada: Member, database: Database
) -> None:
    await ada.client.post("/todos", json={"title": "x"})
    statements: list[str] = []
    engine = database.engine.sync_engine

    @event.listens_for(engine, "before_cursor_execute")
    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        statements.append(statement)

    event.listen(engine, "commit", lambda _connection: statements.append("COMMIT"))

    response = await ada.client.get("/todos")

    assert response.json()[0]["title"] == "x"
    assert [statement.split()[0] for statement in statements] == ["SELECT", "SELECT"]
    assert "refresh_tokens" in statements[0]


async def test_of_changes_to_the_same_version_one_wins(ada: Member) -> None:
    path = f"/todos/{(await ada.client.post('/todos', json={'title': 'x'})).json()['id']}"

    async def patch(n: int) -> int:
        body = {"title": f"Title {n}"}
        response = await ada.client.patch(path, json=body, headers={"If-Match": '"1"'})
        return response.status_code

    assert sorted(await asyncio.gather(*(patch(n) for n in range(6)))) == [200] + [412] * 5
    assert (await ada.client.get(path)).json()["version"] == 2


async def test_a_version_that_goes_stale_after_it_was_read_is_refused(
    ada: Member, database: Database
) -> None:
    todo = (await ada.client.post("/todos", json={"title": "x"})).json()
    user_id, path = ada.session["user"]["id"], f"/todos/{todo['id']}"

    async def race(action: str) -> None:
        async with database.sessions() as session:
            stale = await service.get_todo(session, user_id, todo["id"])
            # Reading ends here, so that SQLite lets the other writer in.
            await session.commit()
            body = {"title": f"{action} meanwhile"}
            assert (await ada.client.patch(path, json=body)).status_code == 200
            if action == "update":
                stale.title = "too late"
            else:
                await session.delete(stale)
            with pytest.raises(PreconditionFailedError):
                await service.flush(session)

    await race("update")
    await race("delete")
    assert (await ada.client.get(path)).json()["title"] == "delete meanwhile"


async def test_changes_without_expectations_all_succeed(ada: Member) -> None:
    path = f"/todos/{(await ada.client.post('/todos', json={'title': 'x'})).json()['id']}"

    responses = await asyncio.gather(
        *(ada.client.patch(path, json={"title": f"Title {n}"}) for n in range(6)),
        *(ada.client.patch(path, json={"title": "x", "priority": 1}) for _ in range(2)),
    )

    assert {response.status_code for response in responses} == {200}
    versions = {response.json()["version"] for response in responses}
    assert (await ada.client.get(path)).json()["version"] == max(versions)


async def test_of_racing_deletions_one_finds_the_todo(ada: Member) -> None:
    for tag, losers in ((None, {404}), ('"1"', {404, 412})):
        path = f"/todos/{(await ada.client.post('/todos', json={'title': 'x'})).json()['id']}"
        headers = {"If-Match": tag} if tag else {}

        responses = await asyncio.gather(
            *(ada.client.delete(path, headers=headers) for _ in range(4))
        )

        statuses = sorted(response.status_code for response in responses)
        assert statuses[0] == 204
        assert set(statuses[1:]) <= losers


async def test_a_request_sent_several_times_at_once_creates_one_todo(
    ada: Member, database: Database
) -> None:
    async def post() -> tuple[int, int, bool]:
        response = await ada.client.post(
            "/todos", json={"title": "Buy milk"}, headers={"Idempotency-Key": "one"}
        )
        replayed = "Idempotency-Replayed" in response.headers
        return response.status_code, response.json()["id"], replayed

    answers = await asyncio.gather(*(post() for _ in range(6)))

    assert {(status, todo_id) for status, todo_id, _ in answers} == {(201, answers[0][1])}
    assert sorted(replayed for _, _, replayed in answers) == [False] + [True] * 5
    async with database.sessions() as session:
        for model in (Todo, IdempotencyKey):
            assert await session.scalar(select(func.count()).select_from(model)) == 1


async def test_racing_requests_with_keys_trim_without_waiting_for_one_another(
    ada: Member, database: Database
) -> None:
    user_id = ada.session["user"]["id"]
    old = datetime.now(UTC) - timedelta(days=3)
    async with database.sessions.begin() as session:
        session.add_all(
            IdempotencyKey(
                user_id=user_id, key=f"old {n}", fingerprint="-", response="-", created_at=old
            )
            for n in range(300)
        )

    responses = await asyncio.gather(
        *(
            ada.client.post(
                "/todos", json={"title": f"{n}"}, headers={"Idempotency-Key": f"new {n}"}
            )
            for n in range(8)
        )
    )

    assert {response.status_code for response in responses} == {201}
    async with database.sessions() as session:
        assert await session.scalar(select(func.count()).select_from(IdempotencyKey)) == 8


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
