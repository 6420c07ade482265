"""Alembic: the newest revision in a folder, and the one a SQLite file is at, without starting it.

Alembic's own `current` and `heads` import SQLAlchemy and take a second; every `refctl dev` asks.
"""

from __future__ import annotations

import ast
import re
import sqlite3
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_ASSIGNMENT = re.compile(
    r"^(revision|down_revision)\b[^=\n]*=\s*(?:[\"']([^\"'\n]+)[\"']|(.+))$", re.MULTILINE
)


def heads(versions: Path) -> frozenset[str]:
    """Return the revisions that no other comes after."""
    revisions: set[str] = set()
    passed: set[str] = set()
    for file in versions.glob("*.py"):
        for name, quoted, other in _ASSIGNMENT.findall(file.read_text(encoding="utf-8")):
            values = {quoted} if quoted else set(re.findall(r"[\"']([^\"']+)[\"']", other))
            (revisions if name == "revision" else passed).update(values)
    return frozenset(revisions - passed)


def current(database: Path) -> frozenset[str]:
    """Return the revisions that a SQLite file is at; none for a new or foreign file."""
    if not database.is_file():
        return frozenset()
    try:
        connection = sqlite3.connect(f"{database.as_uri()}?mode=ro", uri=True, timeout=1)
        try:
            rows = connection.execute("SELECT version_num FROM alembic_version").fetchall()
        finally:
            connection.close()
    except sqlite3.Error:
        return frozenset()
    return frozenset(str(row[0]) for row in rows)


def revisions(versions: Path) -> frozenset[str]:
    """Return all revisions in a folder."""
    return frozenset(
        quoted
        for file in versions.glob("*.py")
        for name, quoted, _ in _ASSIGNMENT.findall(file.read_text(encoding="utf-8"))
        if name == "revision"
    )


def next_revision(versions: Path) -> str:
    """Return the number after the newest; nothing where revisions are not numbered."""
    known = revisions(versions)
    if not all(name.isdecimal() for name in known):
        return ""
    return f"{max((int(name) for name in known), default=0) + 1:04}"


def is_empty(file: Path) -> bool:
    """Return whether a migration does nothing."""
    functions = [
        node
        for node in ast.parse(file.read_text(encoding="utf-8")).body
        if isinstance(node, ast.FunctionDef)
    ]
    return all(isinstance(one, ast.Pass) for node in functions for one in node.body)
