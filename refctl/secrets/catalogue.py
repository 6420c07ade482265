"""Which secrets there have to be, and how each is made: pure.

The application's own come from its settings' schema, which says what must not be shown.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

from refctl.core.errors import ConfigurationError
from refctl.core.redact import Secret

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from refctl.core.config import Config

STORES = ("development", "staging", "production", "repository", "dependabot")
"""Three environments of the application; GitHub's own for all workflows, and for Dependabot."""
ENVIRONMENTS = STORES[:3]
PREVIOUS = "_PREVIOUS"
PLACEHOLDERS = (
    *("change", "placeholder", "example", "replace", "your-", "your_", "todo", "insecure"),
    *("dummy", "secret", "password", "default", "xxxx", "<", "${"),
)
KEY_BYTES = 48
PASSWORD_BYTES = 24


@dataclass(frozen=True, slots=True)
class Kind:
    """One secret that has to be in some stores."""

    name: str
    stores: tuple[str, ...]
    rotate_days: int
    make: str = ""
    """How it is made: `key`, `password`, `url`, or not at all: it comes from elsewhere."""
    overlaps: bool = False
    """The application takes the one before, too, as NAME_PREVIOUS."""
    about: str = ""


def kinds(
    schema: Mapping[str, Any], config: Config, workflows: Iterable[str] = ()
) -> tuple[Kind, ...]:
    """Return the secrets of the application, of the workflows and of the configuration."""
    own = {name: one for name, one in schema["properties"].items() if one.get("writeOnly")}
    extra = config.secrets.variables
    found = {}
    for name, one in own.items():
        if name.endswith(PREVIOUS) and name.removesuffix(PREVIOUS) in own:
            continue  # there while its key is being replaced
        more = extra.get(name)
        found[name] = Kind(
            name,
            tuple(more.stores) if more and more.stores else _stores(name),
            (more.rotate_days if more else None) or config.secrets.rotate_days,
            make=_how(name),
            overlaps=name + PREVIOUS in own,
            about=" ".join(str(one.get("description", "")).split()),
        )
    for name in workflows:
        if name not in found and name != "GITHUB_TOKEN" and not name.endswith(PREVIOUS):
            found[name] = Kind(name, ("repository",), config.secrets.rotate_days)
    for name, more in extra.items():
        if name not in own:
            days = more.rotate_days or config.secrets.rotate_days
            found[name] = Kind(name, tuple(more.stores) or ("repository",), days)
    return tuple(found.values())


def _stores(name: str) -> tuple[str, ...]:
    if name.startswith("DEMO_"):  # seeded in development alone
        return ("development",)
    if name.endswith("_URL"):  # in development a file beside the backend
        return ("staging", "production")
    return ENVIRONMENTS


def _how(name: str) -> str:
    if name.endswith("_URL"):
        return "url"
    return "password" if name.endswith("PASSWORD") else "key"


def make(kind: Kind, store: str, config: Config) -> Secret:
    """Return a new value of the kind, for that store.

    Raises:
        ConfigurationError: the database's address in refctl.toml is none, or has a password.

    """
    if kind.make != "url":
        return Secret(_random(PASSWORD_BYTES if kind.make == "password" else KEY_BYTES))
    name = config.project.name
    given = getattr(config.secrets.databases, store, "")
    address = given or f"postgresql://{name}@database:5432/{name}"
    return with_password(address, store, _random(PASSWORD_BYTES))


def _random(size: int) -> str:
    """Return a random value in which nobody can read a placeholder, which chance also writes."""
    while is_placeholder(made := secrets.token_urlsafe(size)):
        pass
    return made


def is_placeholder(value: str) -> bool:
    """Return whether a value stands for one that somebody has yet to write."""
    lowered = value.lower()
    return any(one in lowered for one in PLACEHOLDERS)


def with_password(address: str, store: str, password: str) -> Secret:
    """Return the address of a database with a password in it."""
    parts = urlsplit(address)
    if not parts.scheme.startswith("postgres") or not parts.username or not parts.hostname:
        raise ConfigurationError(
            f"refctl.toml: secrets.databases.{store}: not postgresql://USER@HOST/DATABASE",
            hint="write the user, the host and the database",
        )
    if parts.password is not None:
        raise ConfigurationError(
            f"refctl.toml: secrets.databases.{store}: a password, in a file that everybody reads",
            hint="take it out, replace it, and keep the new one: "
            f"refctl secrets set DATABASE_URL -e {store}",
        )
    host = parts.netloc.rpartition("@")[2]
    login = f"{parts.username}:{quote(password, safe='')}"
    return Secret(parts._replace(netloc=f"{login}@{host}").geturl())
