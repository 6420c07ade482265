"""`[secrets]`: what is kept, and how long it is good."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from refctl.core.section import Section

Store = Literal["development", "staging", "production", "repository", "dependabot"]
PATTERN = r"^(?:[a-z0-9-]|\{project\}|\{environment\})+$"
Days = Annotated[int, Field(ge=1, le=3650)]


class Variable(Section):
    """`[secrets.variables.NAME]`: a secret that the application does not know of, or its term."""

    stores: list[Store] = Field(default=[])
    """Where it has to be; of the application's own secrets that is known."""
    rotate_days: Days | None = None


class Databases(Section):
    """`[secrets.databases]`: where DATABASE_URL leads, without the password."""

    staging: str = ""
    production: str = ""


class Kubernetes(Section):
    """`[secrets.kubernetes]`: which Secret; `{project}` and `{environment}` are replaced."""

    context: str = ""
    """Of the kubeconfig; not said, its current one."""
    namespace: Annotated[str, Field(pattern=PATTERN)] = "{project}-{environment}"
    name: Annotated[str, Field(pattern=PATTERN)] = "{project}-{environment}"


class Secrets(Section):
    """`[secrets]`."""

    rotate_days: Days = 90
    """After so many days a secret is due."""
    remind_days: Annotated[int, Field(ge=0)] = 14
    """So many days before, `check` says so."""
    overlap_minutes: Annotated[int, Field(ge=1)] = 60
    """How long a replaced key stays valid: longer than what it signed."""
    databases: Databases = Databases()
    kubernetes: Kubernetes = Kubernetes()
    variables: dict[Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9_]*$")], Variable] = Field(
        default={}
    )
