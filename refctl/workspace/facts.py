"""What is true of this checkout now: the only input, besides configuration, of its plan."""

from __future__ import annotations

import hashlib
import json
import os
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from refctl.core.errors import ConfigurationError
from refctl.core.journal import Journal
from refctl.tools import alembic
from refctl.tools.node import Node, find_node, pnpm
from refctl.tools.uv import find_uv

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from refctl.core.paths import Paths

KNOWN = ("ENVIRONMENT", "DATABASE_URL", "JWT_SECRET_KEY", "DEMO_EMAIL", "DEMO_PASSWORD")
"""The backend's variables that matter here even where no `.env` names them."""

SECRET_WORDS = ("SECRET", "PASSWORD", "TOKEN", "KEY", "DATABASE_URL")

SETUP = "setup"
"""The name of the run, its journal and its lock."""


@dataclass(frozen=True, slots=True)
class Facts:
    """The state of a checkout."""

    uv: str
    python: str
    node: Node | None
    pnpm: Path | None
    env: Mapping[str, str]
    database: Path | None
    """The SQLite file; None for another database."""
    digests: Mapping[str, str]
    stamps: Mapping[str, str]
    present: frozenset[str]
    """Which of `pnpm`, `backend`, `frontend` are installed, and whether the database has the newest
    `schema` and any `data`."""
    interrupted: frozenset[str]
    """Steps that the last run began and did not end."""


def gather(paths: Paths, *, frontend: bool = True) -> Facts:
    """Look at the checkout."""
    tools = paths.state / "tools"
    node = find_node(tools) if frontend else None
    env = read_env(paths)
    database = database_file(paths, env)
    versions = paths.backend / "alembic" / "versions"
    present = {
        "pnpm": pnpm(tools).exists(),
        "backend": (paths.backend / ".venv" / "pyvenv.cfg").exists(),
        "frontend": (paths.frontend / "node_modules").is_dir(),
        # Another database than a file is asked by migrating it: nothing to do takes a second.
        "schema": database is not None
        and alembic.current(database) == alembic.heads(versions) != frozenset(),
        "data": database is None or database.exists(),
    }
    return Facts(
        uv=find_uv(),
        python=sys.executable,
        node=node,
        pnpm=pnpm(tools) if frontend else None,
        env=env,
        database=database,
        digests={
            "backend": digest(
                (paths.backend / "pyproject.toml", paths.backend / "uv.lock"), sys.version
            ),
            "frontend": digest(
                (
                    paths.frontend / "package.json",
                    paths.frontend / "pnpm-lock.yaml",
                    paths.frontend / "pnpm-workspace.yaml",
                ),
                str(node.bin) if node else "",
            ),
            "seed": digest((), env.get("DATABASE_URL", "")),
        },
        stamps=read_stamps(paths),
        present=frozenset(name for name, there in present.items() if there),
        interrupted=Journal.unfinished_steps(paths.state / "runs", SETUP),
    )


def digest(files: Iterable[Path], salt: str) -> str:
    """Return a digest of these files' names and contents."""
    total = hashlib.sha256(salt.encode())
    for file in files:
        total.update(file.name.encode())
        total.update(file.read_bytes() if file.exists() else b"\0absent")
    return total.hexdigest()[:32]


def stamp(paths: Paths, name: str) -> Path:
    """Return where the digest of the last good run of a step is kept."""
    return paths.state / "stamps" / f"{name}.json"


def read_stamps(paths: Paths) -> dict[str, str]:
    """Return the digests of the last good runs."""
    stamps = {}
    for name in ("backend", "frontend", "seed"):
        try:
            stamps[name] = str(json.loads(stamp(paths, name).read_text())["digest"])
        except (OSError, ValueError, KeyError, TypeError):
            continue  # absent or torn: the step runs again
    return stamps


def read_env(paths: Paths) -> dict[str, str]:
    """Return the backend's variables as the backend reads them, names in upper case.

    The environment wins over `app/backend/.env`, which wins over the project's `.env`.
    """
    from dotenv import dotenv_values

    values: dict[str, str] = {}
    for file in (paths.env, paths.backend / ".env"):
        try:
            found = dotenv_values(file) if file.is_file() else {}
        except UnicodeDecodeError as error:
            raise ConfigurationError(
                f"{file}: not UTF-8: {error.reason} at byte {error.start}",
                hint="save the file as UTF-8",
            ) from None
        values.update({name.upper(): value or "" for name, value in found.items()})
    for name in (*values, *KNOWN):
        if name in os.environ:
            values[name] = os.environ[name]
    return values


def database_file(paths: Paths, env: Mapping[str, str]) -> Path | None:
    """Return the SQLite file that the backend uses, or None for another database.

    Raises:
        ConfigurationError: SQLite in memory, which would be empty at every start.

    """
    url = env.get("DATABASE_URL", "")
    if not url:
        return paths.backend / "app.db"
    scheme, _, rest = url.partition("://")
    if not scheme.startswith("sqlite"):
        return None
    name = rest.removeprefix("/").partition("?")[0]
    if name in {"", ":memory:"} or "mode=memory" in rest:
        raise ConfigurationError(
            "DATABASE_URL names a database in memory, which is empty at every start",
            hint="name a file: DATABASE_URL=sqlite:///./app.db",
        )
    return (paths.backend / name).resolve()


def database_name(paths: Paths, facts: Facts) -> str:
    """Return what people call the database: its place where it is not the usual file."""
    if facts.database == paths.backend / "app.db":
        return "the database"
    if facts.database is not None:
        return f"the database {facts.database}"
    url = urlsplit(facts.env["DATABASE_URL"])
    return f"the database {url.path.lstrip('/')} at {url.hostname or 'localhost'}"


def secrets_of(env: Mapping[str, str]) -> tuple[str, ...]:
    """Return the values that must not be printed (the demo password is meant to be)."""
    found = [
        value
        for name, value in env.items()
        if name != "DEMO_PASSWORD" and any(word in name for word in SECRET_WORDS)
    ]
    password = urlsplit(env.get("DATABASE_URL", "")).password
    return (*found, *([password] if password else ()))
