import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Self, cast

import pytest
from alembic.script import ScriptDirectory
from fastapi import FastAPI
from httpx import AsyncClient
from loguru import logger
from sqlalchemy import TextClause, text
from sqlalchemy.exc import OperationalError, ProgrammingError

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


class Connecting:
    """A connection that is made, or not, and answers what it is told."""

    def __init__(self, answer: Exception | list[str], *, hangs: bool = False) -> None:
        self.answer = answer
        self.hangs = hangs
        self.asked: list[str] = []

    async def __aenter__(self) -> Self:
        if self.hangs:
            await asyncio.sleep(60)
        return self

    async def __aexit__(self, *_raised: object) -> None: ...

    async def execute(self, statement: TextClause) -> None:
        self.asked.append(str(statement))

    async def scalars(self, statement: TextClause) -> list[str]:
        self.asked.append(str(statement))
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


def probing(connecting: Connecting, **changes: Any) -> Probes:
    engine = SimpleNamespace(connect=lambda: connecting)
    return Probes(cast("Database", SimpleNamespace(engine=engine)), make_settings(**changes))


@pytest.fixture
def warned() -> Iterator[list[str]]:
    lines: list[str] = []
    output = logger.add(lines.append, format="{level}: {message}", filter="app.core.probes")
    yield lines
    logger.remove(output)


async def test_a_process_begins_neither_started_nor_draining() -> None:
    probes = probing(Connecting(list(read_revisions().heads)))

    assert (probes.started, probes.draining) == (False, False)
    assert await probes.find_failures() == ()


async def test_a_database_that_hangs_is_given_up(warned: list[str]) -> None:
    probes = probing(Connecting([], hangs=True), readiness_timeout_seconds=0.02)

    async with asyncio.timeout(5):
        assert await probes.find_failures() == ("database",)
    assert warned == ["WARNING: The database does not answer: TimeoutError\n"]


@pytest.mark.parametrize(
    ("error", "failure", "words"),
    [
        (OperationalError("", None, OSError("canary")), "database", ["OperationalError"]),
        (ProgrammingError("", None, ValueError("no such table")), "migrations", []),
    ],
)
async def test_a_database_that_goes_away_is_told_from_one_without_tables(
    warned: list[str], error: Exception, failure: str, words: list[str]
) -> None:
    assert await probing(Connecting(error)).find_failures() == (failure,)
    assert warned == [f"WARNING: The database does not answer: {word}\n" for word in words]


async def test_the_database_is_asked_for_its_revision() -> None:
    connecting = Connecting(["0001"])
    assert await probing(connecting).find_failures() == ("migrations",)
    assert connecting.asked == ["SELECT 1", "SELECT version_num FROM alembic_version"]


async def test_an_answer_holds_for_a_second_and_no_longer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    times = iter([0.0, 0.0, 0.5, 0.999, 1.0, 1.25, 2.0, 2.25])
    monkeypatch.setattr(module, "time", SimpleNamespace(monotonic=lambda: next(times)))
    connecting = Connecting(list(read_revisions().heads))
    probes = probing(connecting)
    looked = []

    for _ in range(5):
        assert await probes.find_failures() == ()
        looked.append(connecting.asked.count("SELECT 1"))

    assert looked == [1, 1, 1, 2, 2]
    probes.draining = True
    assert await probes.find_failures() == ("draining",)
