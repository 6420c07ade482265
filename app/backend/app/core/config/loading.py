"""The settings of this process."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from pydantic import ValidationError

from app.core.config.settings import Settings
from app.core.config.source import ConfigurationError, VariablesSource
from app.core.variables import FILES, Found, Problem, collect

MASK = "[REDACTED]"


@dataclass(frozen=True, slots=True)
class Loaded:
    """Valid settings and where they came from."""

    settings: Settings
    found: Found


def load(*, environment: str | None = None, files: Sequence[Path] = FILES) -> Loaded:
    """Read and check everything, of another environment if one is named.

    Raises:
        ConfigurationError: with every problem at once.

    """
    found = collect(Settings.names(), os.environ, files, environment=environment)
    try:
        settings = Settings(_build_sources=((VariablesSource(Settings, found),), {}))
    except ValidationError as error:
        raise ConfigurationError(found, (*found.problems, *_problems(error, found))) from None
    if found.problems:
        raise ConfigurationError(found, found.problems)
    return Loaded(settings, found)


def _problems(error: ValidationError, found: Found) -> list[Problem]:
    problems = []
    for issue in error.errors(include_url=False, include_input=False):
        name = str(issue["loc"][0]).upper() if issue["loc"] else ""
        reason = issue["msg"].removeprefix("Value error, ")
        if name in Settings.names().secrets and name in found.variables:
            reason = reason.replace(found.variables[name].text or MASK, MASK)
        origin = found.origin(name) if name else "all together"
        problem = Problem(name, "not set" if origin == "default" else origin, reason)
        if problem not in problems:  # a list names itself once, not once an element
            problems.append(problem)
    return problems


@lru_cache
def load_process() -> Loaded:
    """Return what this process was configured with, or end it with what is wrong."""
    try:
        return load()
    except ConfigurationError as error:
        # Servers import the application: an exception would bury the message in their traceback.
        raise SystemExit(str(error)) from None


@lru_cache
def get_settings() -> Settings:
    """Return the settings of this process."""
    return load_process().settings
