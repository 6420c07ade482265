"""uv: the one that comes with refctl, else the one on PATH."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from refctl.core.errors import MissingToolError


def find_uv() -> str:
    """Return the path of uv.

    Raises:
        MissingToolError: neither refctl's own environment nor PATH has it.

    """
    own = Path(sys.executable).parent / "uv"
    if own.is_file():
        return str(own)
    found = shutil.which("uv")
    if found is None:
        raise MissingToolError(
            "uv is not here",
            hint=f"{sys.executable} -m pip install uv, or see https://docs.astral.sh/uv",
        )
    return found


def sync(uv: str, *, python: str) -> tuple[str, ...]:
    """Return the argv that installs a project exactly as its lock says."""
    return (uv, "sync", "--quiet", "--frozen", "--python", python)


def sync_with(uv: str, group: str, *, python: str) -> tuple[str, ...]:
    """Return the argv that installs a project's lock with one group more, but not the project."""
    return (*sync(uv, python=python), "--group", group, "--no-install-project")


def sync_group(uv: str, group: str, *, python: str) -> tuple[str, ...]:
    """Return the argv that installs one group of a project's lock, and nothing else.

    Only what comes built: a package that would build itself may fetch from anywhere.
    """
    return (
        *(uv, "sync", "--quiet", "--frozen", "--python", python),
        *("--only-group", group, "--no-install-project", "--no-build"),
    )
