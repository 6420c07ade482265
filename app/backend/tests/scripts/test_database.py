import json
from pathlib import Path
from typing import Any

import psycopg
import pytest

from scripts import database
from tests.databases import make_settings


def status(url: str, capsys: pytest.CaptureFixture[str]) -> Any:
    assert database.main(["status"], make_settings(url)) == 0
    return json.loads(capsys.readouterr().out)


@pytest.mark.parametrize("fixture", ["sqlite_url", "postgres_url"])
def test_a_migrated_database_has_nothing_pending(
    fixture: str, request: pytest.FixtureRequest, capsys: pytest.CaptureFixture[str]
) -> None:
    report = status(request.getfixturevalue(fixture), capsys)

    assert report["kind"] == fixture.removesuffix("_url").replace("postgres", "postgresql")
    assert report["current"] == report["heads"] != []
    assert report["pending"] == report["unknown"] == []


def test_a_new_database_has_everything_pending_and_asking_does_not_create_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    report = status(f"sqlite:///{tmp_path / 'new.db'}", capsys)

    assert report["current"] == []
    assert report["pending"][0]["revision"] == "0001"
    assert report["pending"][-1]["revision"] == report["heads"][0]
    assert list(tmp_path.iterdir()) == []


def test_a_revision_of_another_checkout_is_named(
    postgres_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with psycopg.connect(postgres_url) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")

    report = status(postgres_url, capsys)

    assert report["unknown"] == ["9999"]


def test_emptying_leaves_nothing_but_the_schema(
    postgres_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with psycopg.connect(postgres_url) as connection:
        connection.execute("CREATE TYPE mood AS ENUM ('well')")
        connection.execute('CREATE TABLE "Odd one" (m mood, id int GENERATED ALWAYS AS IDENTITY)')
        connection.execute('CREATE VIEW v AS SELECT m FROM "Odd one"')
        connection.execute("CREATE SEQUENCE s")
        connection.execute("CREATE FUNCTION f(a int) RETURNS int LANGUAGE sql AS 'SELECT a'")

    assert database.main(["empty", "--yes"], make_settings(postgres_url)) == 0

    report = status(postgres_url, capsys)
    assert report["current"] == []
    with psycopg.connect(postgres_url) as connection:
        left = connection.execute(
            "SELECT (SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace)"
            " + (SELECT count(*) FROM pg_type WHERE typnamespace = 'public'::regnamespace)"
            " + (SELECT count(*) FROM pg_proc WHERE pronamespace = 'public'::regnamespace)"
        ).fetchone()
    assert left == (0,)


def test_a_sqlite_database_is_not_emptied(
    sqlite_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert database.main(["empty", "--yes"], make_settings(sqlite_url)) == 1
    assert "removing its file" in capsys.readouterr().err


def test_a_database_that_cannot_be_reached_is_an_error_without_a_password(
    capsys: pytest.CaptureFixture[str],
) -> None:
    settings = make_settings("postgresql://u:canary@127.0.0.1:9/d")

    assert database.main(["status"], settings) == 1

    said = capsys.readouterr().err
    assert said.startswith("The database cannot be used: ")
    assert "canary" not in said
