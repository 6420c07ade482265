"""What is true of this checkout now: the only input, besides configuration, of its plan."""

from __future__ import annotations

import hashlib
import json
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

from refctl.core.journal import Journal
from refctl.tools import alembic
from refctl.tools.actionlint import find_actionlint
from refctl.tools.node import Node, find_node, pnpm
from refctl.tools.uv import find_uv
from refctl.workspace.variables import database_file, read_env

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from refctl.core.paths import Paths

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
    """Which of `pnpm`, `backend`, `frontend`, `checks`, `mutation-…` are installed, and whether the
    database has the newest `schema` and any `data`."""
    interrupted: frozenset[str]
    """Steps that the last run began and did not end."""
    actionlint: Path | None = None
    """The program, if it is here."""


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
        **{
            name: (tools / name / "pyvenv.cfg").exists()
            for name in ("checks", "mutation-cli", "mutation-backend")
        },
        # Another database than a file is asked by migrating it: nothing to do takes a second.
        "schema": database is not None
        and alembic.current(database) == alembic.heads(versions) != frozenset(),
        "data": database is None or database.exists(),
    }
    root = digest((paths.root / "pyproject.toml", paths.root / "uv.lock"), sys.version)
    backend = digest((paths.backend / "pyproject.toml", paths.backend / "uv.lock"), sys.version)
    return Facts(
        uv=find_uv(),
        python=sys.executable,
        node=node,
        pnpm=pnpm(tools) if frontend else None,
        env=env,
        database=database,
        digests={
            "backend": backend,
            "frontend": digest(
                (
                    paths.frontend / "package.json",
                    paths.frontend / "pnpm-lock.yaml",
                    paths.frontend / "pnpm-workspace.yaml",
                ),
                str(node.bin) if node else "",
            ),
            "checks": root,
            "mutation-cli": root,
            "mutation-backend": backend,
            "seed": digest((), env.get("DATABASE_URL", "")),
        },
        stamps=read_stamps(paths),
        present=frozenset(name for name, there in present.items() if there),
        interrupted=Journal.unfinished_steps(paths.state / "runs", SETUP),
        actionlint=find_actionlint(tools),
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
    for name in ("backend", "frontend", "checks", "mutation-cli", "mutation-backend", "seed"):
        try:
            stamps[name] = str(json.loads(stamp(paths, name).read_text())["digest"])
        except (OSError, ValueError, KeyError, TypeError):
            continue  # absent or torn: the step runs again
    return stamps
