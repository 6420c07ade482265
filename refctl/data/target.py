"""The database that a command is about."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from refctl.core.errors import ConfigurationError
from refctl.core.redact import REDACTOR, Secret
from refctl.tools import postgres
from refctl.workspace.variables import LOCAL, database_file, read_env, secrets_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from refctl.core.paths import Paths

KINDS = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}


@dataclass(frozen=True, slots=True)
class Target:
    """One environment's database."""

    environment: str
    file: Path | None
    """The SQLite file; None for PostgreSQL."""
    uri: str = ""
    """PostgreSQL's address, without the password."""
    password: Mapping[str, Secret] = field(default_factory=dict)
    """The variable that PostgreSQL's programs take it from."""

    @property
    def is_local(self) -> bool:
        """Whether nobody else relies on it."""
        return self.environment in LOCAL

    @property
    def name(self) -> str:
        """What to call it."""
        return str(self.file) if self.file is not None else self.uri


def find(paths: Paths, environment: str | None) -> Target:
    """Return the database of an environment (default: the current one).

    Raises:
        ConfigurationError: it would be a file on SQLite, and the environment is not local: its own
            is not configured, and what is there is somebody else's.

    """
    env = read_env(paths, environment)
    for secret in secrets_of(env):
        REDACTOR.add(secret)
    file = database_file(paths, env)
    if file is not None:
        target = Target(env["ENVIRONMENT"], file)
        if not target.is_local:
            raise ConfigurationError(
                f"{target.environment} needs PostgreSQL, and its DATABASE_URL leads to {file}",
                hint=f"refctl config validate --environment {target.environment}",
            )
        return target
    uri, password = postgres.connection(env["DATABASE_URL"])
    return Target(env["ENVIRONMENT"], None, uri, password)
