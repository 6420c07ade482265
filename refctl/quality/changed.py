"""Which suites a diff touches: rules from paths to suites, and nothing else."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

RULES: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...] = (
    # The frontend's client is made from it.
    (("app/backend/openapi.json",), ("backend", "frontend", "e2e")),
    # The CLI's own tests migrate, configure and start a copy of the backend.
    (
        (
            *("app/backend/alembic*", "app/backend/scripts/*", "app/backend/app/core/config/*"),
            *("app/backend/pyproject.toml", "app/backend/uv.lock"),
        ),
        ("cli", "backend", "e2e"),
    ),
    # Written from the backend's settings, which a test of the backend's holds.
    (("docs/deployment/configuration.md", ".env.example"), ("backend",)),
    # The page that a run of the mutants writes; a test of the CLI's renders it again.
    (("docs/contributing/mutation.md",), ("cli",)),
    (("docs/*", "*.md", "LICENSE"), ()),
    (("app/backend/tests/*",), ("backend",)),
    (("app/backend/*",), ("backend", "e2e")),
    # What runs in Node there has tests of Jest's.
    (("app/frontend/cypress/tasks/*",), ("frontend", "e2e")),
    (("app/frontend/cypress/e2e/local/visual/*",), ("cli", "e2e")),
    (("app/frontend/cypress/*", "app/frontend/cypress.config.ts"), ("e2e",)),
    # Tests of `refctl check` copy them.
    (
        tuple(f"app/frontend/{n}" for n in ("eslint.config.mjs", "package.json", "tsconfig.json")),
        ("cli", "frontend", "e2e"),
    ),
    (("app/frontend/*.test.ts", "app/frontend/*.test.tsx"), ("frontend",)),
    (("app/frontend/*",), ("frontend", "e2e")),
    # It starts the application that the journeys visit.
    (
        ("refctl/develop/*", "refctl/workspace/*", "refctl/tools/collector.py"),
        ("cli", "e2e"),
    ),
    # Whatever else there is: the rules of the repository are tests of the CLI's.
    (("*",), ("cli",)),
)
"""The first whose pattern fits a path decides; `*` crosses folders."""


def touched(files: Iterable[str]) -> dict[str, list[str]]:
    """Return each suite that has to run, with the files that it has to run for."""
    reasons: dict[str, list[str]] = {}
    for file in files:
        for suite in _suites_of(file):
            reasons.setdefault(suite, []).append(file)
    return reasons


def explain(reasons: Mapping[str, list[str]], since: str) -> tuple[str, ...]:
    """Return a line a suite that says why it was chosen."""
    return tuple(
        f"{suite}: {files[0]}{f' and {len(files) - 1} more' if files[1:] else ''}"
        f" changed since {since}"
        for suite, files in reasons.items()
    )


def _suites_of(file: str) -> tuple[str, ...]:
    return next(
        suites
        for patterns, suites in RULES
        if any(fnmatchcase(file, pattern) for pattern in patterns)
    )
