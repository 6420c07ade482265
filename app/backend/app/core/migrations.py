"""Which migrations this code knows, read from their files: importing Alembic takes a second."""

import ast
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from app.core.config import BACKEND_DIR

VERSIONS_DIR = BACKEND_DIR / "alembic" / "versions"


@dataclass(frozen=True, slots=True)
class Revisions:
    """All revisions, and those that no other one follows."""

    known: frozenset[str]
    heads: frozenset[str]

    def cover(self, stored: frozenset[str]) -> bool:
        """Say whether a database at these revisions has all that this code needs.

        One that this code does not know is newer: while a release rolls out, the old replicas
        serve on a schema that the new ones have already changed.
        """
        return bool(stored) and (self.heads <= stored or not stored <= self.known)


@cache
def read_revisions(folder: Path = VERSIONS_DIR) -> Revisions:
    """Read the migrations of this release."""
    known: set[str] = set()
    followed: set[str] = set()
    for path in folder.glob("*.py"):
        names = _constants(ast.parse(path.read_text(encoding="utf-8")))
        known.add(names["revision"])
        down = names["down_revision"]
        followed.update(() if down is None else (down,) if isinstance(down, str) else down)
    return Revisions(frozenset(known), frozenset(known - followed))


def _constants(module: ast.Module) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for node in module.body:
        match node:
            case (
                ast.Assign(targets=[ast.Name(id=name)], value=value)
                | ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value)
            ) if name in {"revision", "down_revision"}:
                found[name] = ast.literal_eval(value)
    return found
