"""The backend's variables, as the backend reads them (`app/core/variables.py` there).

Read here as well, because refctl must know the database before the backend is installed.
"""

from __future__ import annotations

import contextlib
import os
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from refctl.core.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from refctl.core.paths import Paths

KNOWN = ("ENVIRONMENT", "DATABASE_URL", "JWT_SECRET_KEY", "DEMO_EMAIL", "DEMO_PASSWORD")
"""The backend's variables that matter here even where no `.env` names them."""

SECRET_WORDS = ("SECRET", "PASSWORD", "TOKEN", "KEY", "DATABASE_URL")

ENVIRONMENTS = ("development", "test", "staging", "production")
LOCAL = frozenset({"development", "test"})
"""Environments that nobody else relies on."""


def read_env(paths: Paths, environment: str | None = None) -> dict[str, str]:
    """Return the backend's variables, names in upper case; `environment` replaces ENVIRONMENT."""
    places = (paths.env, paths.backend / ".env")
    general = [_read(place) for place in places]
    named = [layer["ENVIRONMENT"] for layer in general if "ENVIRONMENT" in layer]
    chosen = environment or os.environ.get("ENVIRONMENT") or (named or ["development"])[-1]
    # A file that names its environment holds for that one alone.
    layers = [layer for layer in general if layer.get("ENVIRONMENT", chosen) == chosen]
    if chosen in ENVIRONMENTS:
        layers += [_read(place.with_name(f"{place.name}.{chosen}")) for place in places]
    values: dict[str, str] = {}
    for layer in layers:
        values.update(layer)
    given = {
        name: os.environ[name]
        for name in (*values, *KNOWN, *(f"{name}_FILE" for name in KNOWN))
        if name in os.environ
    }
    # The backend's commands run in its folder.
    return {**values, **_with_files(given, paths.backend), "ENVIRONMENT": chosen}


def _read(file: Path) -> dict[str, str]:
    from dotenv import dotenv_values

    try:
        found = dotenv_values(file) if file.is_file() else {}
    except UnicodeDecodeError as error:
        raise ConfigurationError(
            f"{file}: not UTF-8: {error.reason} at byte {error.start}",
            hint="save the file as UTF-8",
        ) from None
    return _with_files({name.upper(): value or "" for name, value in found.items()}, file.parent)


def _with_files(values: dict[str, str], folder: Path) -> dict[str, str]:
    """Add what NAME_FILE names; what cannot be read is the backend's to complain about."""
    for name in KNOWN:
        pointer = values.get(f"{name}_FILE")
        if pointer and not values.get(name):
            with contextlib.suppress(OSError, UnicodeDecodeError):
                text = (folder / pointer).read_text(encoding="utf-8")
                values[name] = text.removesuffix("\n").removesuffix("\r")
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


def database_name(paths: Paths, database: Path | None, env: Mapping[str, str]) -> str:
    """Return what people call the database: its place where it is not the usual file."""
    if database == paths.backend / "app.db":
        return "the database"
    if database is not None:
        return f"the database {database}"
    url = urlsplit(env["DATABASE_URL"])
    return f"the database {url.path.lstrip('/')} at {url.hostname or 'localhost'}"


def secrets_of(env: Mapping[str, str]) -> tuple[str, ...]:
    """Return the values that must not be printed (the demo password is meant to be)."""
    found = [
        value
        for name, value in env.items()
        if name != "DEMO_PASSWORD"
        and not name.endswith("_FILE")
        and any(word in name for word in SECRET_WORDS)
    ]
    password = urlsplit(env.get("DATABASE_URL", "")).password
    return (*found, *([password] if password else ()))
