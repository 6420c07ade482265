"""The options that every command has, and those that several share."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from refctl.core.console import Console


@dataclass(frozen=True, slots=True)
class Context:
    """What a command gets beside its own parameters."""

    console: Console
    json: bool
    dry_run: bool


class Environment(StrEnum):
    """An environment of the application."""

    development = "development"
    test = "test"
    staging = "staging"
    production = "production"


ENVIRONMENT = Annotated[
    Environment | None,
    typer.Option("--environment", "-e", help="The environment, in place of ENVIRONMENT."),
]
YES = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")]
