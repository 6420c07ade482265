"""Synchronous tests: Alembic's environment starts an event loop of its own."""

import sqlite3
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine, text

from tests.databases import Postgres, alembic_config


@pytest.fixture(params=["sqlite", "postgresql"])
def config(request: pytest.FixtureRequest, tmp_path: Path) -> Config:
    if request.param == "sqlite":
        return alembic_config(f"sqlite:///{tmp_path / 'empty.db'}")
    postgres: Postgres = request.getfixturevalue("postgres")
    return alembic_config(postgres.create_empty())


def test_migrations_go_up_and_down_and_up_again(config: Config) -> None:
    command.upgrade(config, "head")
    command.downgrade(config, "base")
    command.upgrade(config, "head")


def test_models_and_migrations_agree(config: Config) -> None:
    command.upgrade(config, "head")

    command.check(config)  # raises if a migration would have something to do


def test_an_older_database_upgrades_with_its_data(config: Config) -> None:
    command.upgrade(config, "0001")
    engine = create_engine(config.attributes["database_url"].replace("+aiosqlite", ""))
    with engine.begin() as connection:
        connection.execute(
            text("INSERT INTO users VALUES (1, 'a@example.com', NULL, '-', '2026-01-01 00:00:00')")
        )
        connection.execute(
            text(
                "INSERT INTO todos VALUES"
                " (1, 1, 'Buy milk', NULL, false, 0, '2026-01-01 00:00:00', NULL)"
            )
        )

    command.upgrade(config, "head")

    with engine.connect() as connection:
        assert connection.execute(text("SELECT title, version FROM todos")).all() == [
            ("Buy milk", 1)
        ]
    engine.dispose()


def test_migrations_can_be_printed_as_sql(
    config: Config, capsys: pytest.CaptureFixture[str]
) -> None:
    command.upgrade(config, "head", sql=True)

    assert "CREATE TABLE todos" in capsys.readouterr().out


def test_rebuilding_a_parent_table_keeps_its_children(tmp_path: Path) -> None:
    path = tmp_path / "app.db"
    config = alembic_config(f"sqlite:///{path}")
    command.upgrade(config, "head")
    with sqlite3.connect(path) as connection:
        connection.execute("INSERT INTO users VALUES (1, 'a@example.com', NULL, '-', '2026-01-01')")
        connection.execute(
            "INSERT INTO todos VALUES (1, 1, 'Buy milk', NULL, 0, 0, '2026-01-01', NULL, 1)"
        )
    connection.close()
    # A migration as a later version could bring it: batch mode copies and drops `users`.
    versions = tmp_path / "versions"
    versions.mkdir()
    (versions / "later.py").write_text(
        "import sqlalchemy as sa\n"
        "from alembic import op\n"
        "revision, down_revision = 'later', '0003'\n"
        "def upgrade():\n"
        "    with op.batch_alter_table('users', recreate='always') as batch:\n"
        "        batch.alter_column('name', type_=sa.String(200))\n"
    )
    script_location = config.get_main_option("script_location")
    config.set_main_option("version_locations", f"{script_location}/versions:{versions}")

    command.upgrade(config, "head")

    with sqlite3.connect(path) as connection:
        assert connection.execute("SELECT title FROM todos").fetchall() == [("Buy milk",)]
    connection.close()
