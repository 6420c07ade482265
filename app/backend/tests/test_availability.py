"""What happens when the database is gone, slow or busy, and when it is back."""

import asyncio
import socket
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, closing

import pytest
from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient, Response
from sqlalchemy import text
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import create_async_engine

from app.api.deps import SessionDep
from app.core.config import Settings
from app.main import create_app
from tests.conftest import PASSWORD
from tests.databases import make_settings

CREDENTIALS = {"email": "ada@example.com", "password": PASSWORD}


@asynccontextmanager
async def serve(settings: Settings) -> AsyncIterator[tuple[FastAPI, AsyncClient]]:
    app = create_app(settings)
    transport = ASGITransport(app, raise_app_exceptions=False)
    async with (
        app.router.lifespan_context(app),
        AsyncClient(transport=transport, base_url="http://test/api/v1") as client,
    ):
        yield app, client


async def sign_up(client: AsyncClient) -> None:
    session = (await client.post("/auth/register", json=CREDENTIALS)).json()
    client.headers["Authorization"] = f"Bearer {session['access_token']}"


async def end_all_connections(settings: Settings) -> None:
    engine = create_async_engine(settings.database_url)
    async with engine.connect() as connection:
        ended = await connection.scalar(
            text(
                # Milliseconds to wait for its end: a connection dies a moment after it was told.
                "SELECT bool_and(pg_terminate_backend(pid, 10000)) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        )
        assert ended
    await engine.dispose()


def assert_unavailable(response: Response) -> None:
    assert response.status_code == 503, response.text
    assert response.headers["content-type"] == "application/problem+json"
    assert int(response.headers["Retry-After"]) > 0
    assert response.json()["title"] == "Service Unavailable"


def add_slow_route(app: FastAPI, between: Callable[[], Awaitable[None]]) -> None:
    @app.get("/api/v1/slow")
    async def slow(session: SessionDep) -> int | None:
        await session.execute(text("SELECT 1"))
        await between()
        answer: int | None = await session.scalar(text("SELECT 1"))
        return answer


async def test_no_server_at_all_is_answered_without_its_secrets(
    capfd: pytest.CaptureFixture[str],
) -> None:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    url = f"postgresql://ada:canary-password@127.0.0.1:{port}/todos"

    async with serve(make_settings(url)) as (_, client):
        response = await client.post("/auth/login", json=CREDENTIALS)

        assert_unavailable(response)
        assert (await client.get("/health")).status_code == 200
    printed = capfd.readouterr()
    assert "not available" in printed.out + printed.err
    assert "canary" not in printed.out + printed.err + response.text


async def test_connections_that_died_between_requests_go_unnoticed(postgres_url: str) -> None:
    settings = make_settings(postgres_url)
    async with serve(settings) as (_, client):
        await sign_up(client)
        await asyncio.gather(*(client.get("/todos") for _ in range(4)))

        await end_all_connections(settings)

        responses = await asyncio.gather(*(client.get("/todos") for _ in range(4)))
        assert {response.status_code for response in responses} == {200}


async def test_only_a_connection_that_was_idle_for_long_is_asked_whether_it_lives(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with serve(make_settings(postgres_url)) as (app, _):
        database = app.state.database
        pings: list[None] = []
        dialect = database.engine.dialect
        ping = dialect.do_ping

        def count(connection: object) -> bool:
            pings.append(None)
            answer: bool = ping(connection)
            return answer

        monkeypatch.setattr(dialect, "do_ping", count)
        for _ in range(3):  # a new one, then one that was in use a moment ago
            async with database.engine.connect() as connection:
                await connection.execute(text("SELECT 1"))
        assert not pings

        monkeypatch.setattr("app.core.database.PING_AFTER_SECONDS", 0)
        async with database.engine.connect() as connection:
            assert await connection.scalar(text("SELECT 1")) == 1
        assert len(pings) == 1


async def test_a_connection_that_dies_in_a_request_costs_only_that_request(
    postgres_url: str,
) -> None:
    settings = make_settings(postgres_url)
    async with serve(settings) as (app, client):
        deaths = 0

        async def die_once() -> None:
            nonlocal deaths
            deaths += 1
            if deaths == 1:
                await end_all_connections(settings)

        add_slow_route(app, die_once)

        assert_unavailable(await client.get("/slow"))
        assert (await client.get("/slow")).json() == 1


async def test_a_statement_that_takes_too_long_is_ended(postgres_url: str) -> None:
    settings = make_settings(postgres_url, database_statement_timeout_ms=50)
    async with serve(settings) as (app, client):

        @app.get("/api/v1/sleep")
        async def sleep(session: SessionDep, seconds: float) -> str:
            await session.execute(text("SELECT pg_sleep(:seconds)"), {"seconds": seconds})
            return "awake"

        assert_unavailable(await client.get("/sleep?seconds=5"))
        assert (await client.get("/sleep?seconds=0")).json() == "awake"


async def test_the_options_of_the_url_win(postgres_url: str) -> None:
    url = make_url(postgres_url).update_query_dict({"options": "-c statement_timeout=77"})
    settings = make_settings(url.render_as_string(hide_password=False))
    async with (
        serve(settings) as (app, _),
        app.state.database.sessions() as session,
    ):
        assert await session.scalar(text("SHOW statement_timeout")) == "77ms"


async def test_waiting_for_a_connection_ends(sqlite_url: str) -> None:
    settings = make_settings(
        sqlite_url,
        database_pool_size=1,
        database_max_overflow=0,
        database_pool_timeout_seconds=0.05,
    )
    async with serve(settings) as (app, client):
        await sign_up(client)
        async with app.state.database.engine.connect():
            assert_unavailable(await client.get("/todos"))
        assert (await client.get("/todos")).status_code == 200


async def test_who_has_no_token_waits_for_no_turn(sqlite_url: str) -> None:
    settings = make_settings(sqlite_url, database_pool_size=1, database_pool_timeout_seconds=0.05)
    async with serve(settings) as (app, client):
        guarded = [
            (method, path.replace("{todo_id}", "1").replace("{session_id}", "0" * 32))
            for path, operations in app.openapi()["paths"].items()
            for method, operation in operations.items()
            if operation.get("security")
        ]
        assert len(guarded) >= 10
        async with app.state.database.turns:
            for headers in ({}, {"Authorization": "Bearer made-up"}):
                for method, path in guarded:
                    response = await client.request(
                        method,
                        f"http://test{path}",
                        headers=headers,
                        json={
                            "title": "x",
                            "current_password": PASSWORD,
                            "new_password": PASSWORD,
                        }
                        if method in {"post", "patch"}
                        else None,
                    )
                    assert response.status_code == 401, (method, path, response.text)


async def test_requests_leave_a_connection_for_events_and_probes(postgres_url: str) -> None:
    settings = make_settings(postgres_url, database_pool_size=3, database_pool_timeout_seconds=0.2)
    async with serve(settings) as (app, client):
        started, over = asyncio.Semaphore(0), asyncio.Event()

        async def hold() -> None:
            started.release()
            await over.wait()

        add_slow_route(app, hold)
        slow = [asyncio.create_task(client.get("/slow")) for _ in range(2)]
        for _ in slow:
            await started.acquire()

        assert_unavailable(await client.get("/slow"))
        assert (await client.get("/health/ready")).status_code == 200

        over.set()
        assert [(await one).status_code for one in slow] == [200, 200]


async def test_waiting_for_sqlites_lock_ends(sqlite_url: str) -> None:
    settings = make_settings(sqlite_url, database_busy_timeout_ms=20)
    async with serve(settings) as (_, client):
        await sign_up(client)
        path = make_url(sqlite_url).database
        assert path is not None
        with closing(sqlite3.connect(path, isolation_level=None)) as writer:
            writer.execute("BEGIN IMMEDIATE")
            assert (await client.get("/todos")).status_code == 200
            assert_unavailable(await client.post("/todos", json={"title": "x"}))
            writer.execute("ROLLBACK")
        assert (await client.post("/todos", json={"title": "x"})).status_code == 201


@pytest.mark.parametrize("fixture", ["sqlite_url", "postgres_url"])
async def test_a_mistake_of_ours_is_not_blamed_on_the_database(
    request: pytest.FixtureRequest, fixture: str
) -> None:
    async with serve(make_settings(request.getfixturevalue(fixture))) as (app, client):

        @app.get("/api/v1/mistake")
        async def mistake(session: SessionDep) -> None:
            await session.execute(text("SELECT * FROM no_such_table"))

        assert (await client.get("/mistake")).status_code == 500
