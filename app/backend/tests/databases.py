"""Databases that tests run against: migrated once, copied for each test."""

import itertools
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy.engine import make_url

from app.core.config import BACKEND_DIR, Settings


def make_settings(database_url: str = "sqlite://", **changes: Any) -> Settings:
    values: dict[str, Any] = {
        "environment": "test",
        "database_url": database_url,
        "jwt_secret_key": "a-secret-that-only-the-tests-know".ljust(64, "0"),
        # The cheapest that argon2 allows: its strength is not what is tested.
        "argon2_time_cost": 1,
        "argon2_memory_kib": 8,
        "argon2_parallelism": 1,
    }
    return Settings(_env_file=None, **(values | changes))


def alembic_config(database_url: str) -> Config:
    config = Config(BACKEND_DIR / "alembic.ini")
    config.attributes["database_url"] = make_settings(database_url).database_url
    return config


class Postgres:
    """A PostgreSQL server of the tests' own."""

    def __init__(self, server: Any) -> None:
        self._server = server
        # Nothing here needs to survive a power cut.
        server.psql("ALTER SYSTEM SET fsync = off;")
        server.psql("SELECT pg_reload_conf();")
        self._numbers = itertools.count()
        self._template = self.create_empty()
        command.upgrade(alembic_config(self._template), "head")

    def create_empty(self) -> str:
        return self._create("template0")

    def create_migrated(self) -> str:
        name = make_url(self._template).database
        assert name is not None
        return self._create(name)

    def _create(self, template: str) -> str:
        name = f"test_{next(self._numbers)}"
        self._server.psql(f"CREATE DATABASE {name} TEMPLATE {template};")
        url = make_url(self._server.get_uri())
        return url.set(database=name).render_as_string(hide_password=False)
