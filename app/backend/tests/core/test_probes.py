from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory
from fastapi import FastAPI
from httpx import AsyncClient
from sqlalchemy import text

from app.core import probes as module
from app.core.config import Settings
from app.core.database import Database
from app.core.migrations import Revisions, read_revisions
from app.core.probes import Probes
from tests.databases import alembic_config, make_settings


@pytest.fixture(params=["sqlite", "postgresql"])
def settings(request: pytest.FixtureRequest) -> Settings:
    fixture = {"sqlite": "sqlite_url", "postgresql": "postgres_url"}[request.param]
    return make_settings(request.getfixturevalue(fixture))


async def set_revision(database: Database, revision: str) -> None:
    async with database.engine.begin() as connection:
        await connection.execute(
            text("UPDATE alembic_version SET version_num = :revision"), {"revision": revision}
        )


async def test_a_migrated_database_is_ready(client: AsyncClient) -> None:
    for probe, status in (("live", "alive"), ("ready", "ready")):
        response = await client.get(f"/health/{probe}")
        assert (response.status_code, response.json()) == (200, {"status": status})


@pytest.mark.parametrize(
    ("revision", "failures"), [("0001", ("migrations",)), ("from-the-next-release", ())]
)
async def test_an_older_database_is_not_ready_and_a_newer_one_is(
    database: Database, settings: Settings, revision: str, failures: tuple[str, ...]
) -> None:
    await set_revision(database, revision)

    assert await Probes(database, settings).find_failures() == failures


async def test_the_answer_names_what_fails_and_nothing_else(
    client: AsyncClient, database: Database
) -> None:
    await set_revision(database, "0001")

    response = await client.get("/health/ready")

    assert response.status_code == 503
    assert response.json()["detail"] == "Not ready: migrations"


async def test_a_database_without_any_migration_is_not_ready(tmp_path: Path) -> None:
    empty = make_settings(f"sqlite:///{tmp_path / 'empty.db'}")
    database = Database(empty)

    assert await Probes(database, empty).find_failures() == ("migrations",)
    await database.dispose()


@pytest.fixture
async def unreachable() -> AsyncIterator[Database]:
    database = Database(make_settings("postgresql://nobody@127.0.0.1:9/nothing"))
    yield database
    await database.dispose()


async def test_a_database_that_is_not_there_is_said_to_be_missing(unreachable: Database) -> None:
    probes = Probes(unreachable, make_settings(readiness_timeout_seconds=1))

    assert await probes.find_failures() == ("database",)


async def test_an_answer_about_the_database_holds_for_a_moment(
    database: Database, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    probes = Probes(database, settings)
    assert await probes.find_failures() == ()
    await set_revision(database, "0001")
    assert await probes.find_failures() == ()

    monkeypatch.setattr(module, "CACHE_SECONDS", 0.0)
    later = Probes(database, settings)
    assert await later.find_failures() == ("migrations",)


async def test_a_process_that_drains_is_not_ready(app: FastAPI, client: AsyncClient) -> None:
    app.state.probes.draining = True

    response = await client.get("/health/ready")

    assert (response.status_code, response.json()["detail"]) == (503, "Not ready: draining")
    assert (await client.get("/health/live")).status_code == 200


async def test_starting_is_over_when_it_is_over(app: FastAPI, client: AsyncClient) -> None:
    assert (await client.get("/health/startup")).status_code == 503
    app.state.probes.started = True
    assert (await client.get("/health/startup")).json() == {"status": "started"}


def test_the_known_migrations_are_alembics() -> None:
    script = ScriptDirectory.from_config(alembic_config("sqlite://"))

    assert read_revisions() == Revisions(
        known=frozenset(revision.revision for revision in script.walk_revisions()),
        heads=frozenset(script.get_heads()),
    )
