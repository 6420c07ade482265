import os

# Before the first import of the application: a developer's .env must not decide here.
os.environ.update(ENVIRONMENT="test", DATABASE_URL="sqlite://", JWT_SECRET_KEY="k" * 40)

import shutil
import tempfile
import warnings
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient

from app.core.config import Settings
from app.core.database import Database
from app.core.probes import Probes
from app.core.security import Passwords
from app.main import create_app
from tests.databases import Postgres, alembic_config, make_settings

TRUSTED_ORIGIN = "http://localhost:3000"
PASSWORD = "correct horse battery"


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # without XDG_RUNTIME_DIR its import warns
        pgserver = pytest.importorskip(
            "pgserver", reason="pgserver is not installed: uv sync with Python 3.11 or 3.12"
        )
    # Not in pytest's folder: the server runs as another user where this one is root, and each new
    # pytest closes that folder to others.
    folder = tempfile.mkdtemp(prefix="refapp-postgres-")
    server = pgserver.get_server(folder, cleanup_mode="delete")
    yield Postgres(server)
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def migrated_sqlite_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("database") / "template.db"
    command.upgrade(alembic_config(f"sqlite:///{path}"), "head")
    return path


@pytest.fixture
def sqlite_url(migrated_sqlite_file: Path, tmp_path: Path) -> str:
    path = tmp_path / "test.db"
    shutil.copy(migrated_sqlite_file, path)
    return f"sqlite:///{path}"


@pytest.fixture
def postgres_url(postgres: Postgres) -> str:
    return postgres.create_migrated()


@pytest.fixture
def settings(sqlite_url: str) -> Settings:
    return make_settings(sqlite_url)


@pytest.fixture
async def database(settings: Settings) -> AsyncIterator[Database]:
    database = Database(settings)
    yield database
    await database.dispose()


@pytest.fixture(scope="session")
def shared_app() -> FastAPI:
    return create_app(make_settings())


@pytest.fixture
def app(shared_app: FastAPI, settings: Settings, database: Database) -> FastAPI:
    # FastAPI prepares its routes at the first request, which takes longer than most tests:
    # one application serves them all, with the state of each.
    shared_app.state.settings = settings
    shared_app.state.database = database
    shared_app.state.passwords = Passwords(settings)
    shared_app.state.probes = Probes(database, settings)
    return shared_app


@pytest.fixture
async def fresh_app(settings: Settings) -> AsyncIterator[FastAPI]:
    """An application of the test's own, to add routes to."""
    app = create_app(settings)
    async with app.router.lifespan_context(app):
        yield app


@pytest.fixture
def new_client(app: FastAPI) -> Callable[[], AsyncClient]:
    # An exception must become the answer that a client would see.
    transport = ASGITransport(app, raise_app_exceptions=False)
    return lambda: AsyncClient(transport=transport, base_url="http://test/api/v1")


@pytest.fixture
async def client(new_client: Callable[[], AsyncClient]) -> AsyncIterator[AsyncClient]:
    async with new_client() as client:
        yield client


@dataclass(frozen=True, slots=True)
class Member:
    """A registered user and the client that acts for it."""

    client: AsyncClient
    session: dict[str, Any]


@pytest.fixture
async def join(
    new_client: Callable[[], AsyncClient],
) -> AsyncIterator[Callable[[str], Awaitable[Member]]]:
    """Registers users that send a bearer token."""
    clients: list[AsyncClient] = []

    async def register(email: str) -> Member:
        client = new_client()
        clients.append(client)
        body = {"email": email, "password": PASSWORD}
        response = await client.post("/auth/register", json=body)
        assert response.status_code == 201, response.text
        session = response.json()
        client.headers["Authorization"] = f"Bearer {session['access_token']}"
        return Member(client, session)

    yield register
    for client in clients:
        await client.aclose()


@pytest.fixture
async def ada(join: Callable[[str], Awaitable[Member]]) -> Member:
    return await join("ada@example.com")


@pytest.fixture
async def browser(new_client: Callable[[], AsyncClient]) -> AsyncIterator[AsyncClient]:
    """A signed-in browser on the application's own origin: cookies, no bearer token."""
    async with new_client() as client:
        client.headers["Sec-Fetch-Site"] = "same-origin"
        body = {"email": "bob@example.com", "password": PASSWORD, "transport": "cookie"}
        response = await client.post("/auth/register", json=body)
        assert response.status_code == 201, response.text
        yield client
