"""`refctl.toml`: read once, checked by pydantic, errors named by their path in the file."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING, Annotated

from pydantic import Field, ValidationError

from refctl.core.config_github import GitHub
from refctl.core.config_release import Release
from refctl.core.config_secrets import Secrets
from refctl.core.errors import ConfigurationError
from refctl.core.section import Section as _Section

if TYPE_CHECKING:
    from pathlib import Path

Percent = Annotated[float, Field(ge=0, le=100)]
Port = Annotated[int, Field(ge=1, le=65535)]


class Project(_Section):
    """`[project]`."""

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,38}$")] = "refapp"


class Dev(_Section):
    """`[dev]`: ports are pinned by writing them here."""

    backend_port: Port | None = None
    frontend_port: Port | None = None


class Coverage(_Section):
    """`[test.coverage]`: the per cent of each suite's sources that its tests have to run."""

    cli: Percent = 90
    backend: Percent = 90
    frontend: Percent = 85


class Accepted(_Section):
    """`[[test.mutation.accepted]]`: mutants that no test has to notice, and why."""

    file: str
    """A pattern of paths from the root, where `*` crosses folders."""
    change: str
    """A pattern of what the report shows of the change."""
    reason: Annotated[str, Field(min_length=1)]


class Mutation(_Section):
    """`[test.mutation]`."""

    score: Percent = 80
    """The per cent of each room's mutants that its tests have to notice."""
    accepted: list[Accepted] = Field(default=[])


class Test(_Section):
    """`[test]`."""

    reports: str = "reports"
    coverage: Coverage = Coverage()
    mutation: Mutation = Mutation()


class Check(_Section):
    """`[check]`."""

    first_load_kb: Annotated[int, Field(ge=1)] = 195
    """Gzip kilobytes of scripts that the first load of a page may cost."""
    made_up_secrets: list[str] = Field(default=[])
    """Passwords of tests and examples, which guard nothing."""


class Config(_Section):
    """The whole of `refctl.toml`."""

    project: Project = Project()
    dev: Dev = Dev()
    test: Test = Test()
    check: Check = Check()
    release: Release = Release()
    github: GitHub = GitHub()
    secrets: Secrets = Secrets()


def load(path: Path) -> Config:
    """Read and check the file.

    Raises:
        ConfigurationError: not TOML, an unknown key or a wrong value; each named with its path.

    """
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigurationError(
            f"{path.name}: not valid TOML: {error}", hint=f"edit {path} at that place"
        ) from None
    except OSError as error:
        raise ConfigurationError(f"{path.name}: {error.strerror}") from None
    try:
        return Config.model_validate(document)
    except ValidationError as error:
        problems = []
        for issue in error.errors():
            where = ".".join(str(part) for part in issue["loc"])
            if issue["type"] == "extra_forbidden":
                problems.append(f"{path.name}: {where}: no such key")
            else:
                problems.append(f"{path.name}: {where} = {issue['input']!r}: {issue['msg']}")
        raise ConfigurationError("\n".join(problems), hint=f"edit {path}") from None
