"""The rooms whose mutants are tested, as data: pure functions from what is here to what runs.

Which modules a room mutates, and with which tests, is said where its tool reads it: `[tool.mutmut]`
in pyproject.toml and in app/backend/pyproject.toml, and app/frontend/stryker.config.mjs.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from refctl.core.plan import Run
from refctl.tools import node as node_tool
from refctl.workspace.setup import mutation_environment

if TYPE_CHECKING:
    from refctl.core.paths import Paths
    from refctl.workspace.facts import Facts

NAMES = ("cli", "backend", "frontend")
PYTHON = ("cli", "backend")
"""Those whose tool is mutmut; the others' is Stryker."""
READER = Path(__file__).parents[1] / "plugins" / "refctl_mutants.py"
"""Run beside mutmut, where there is no refctl."""


@dataclass(frozen=True, slots=True)
class Room:
    """One tool's run."""

    name: str
    source: Path
    """The project that holds the modules and their tests."""
    work: Path
    """Where the mutants are: never in the source."""
    run: Run
    """What makes the mutants and tests each."""
    read: Run | None = None
    """What then prints them, for a tool that leaves no report of its own."""
    report: Path | None = None
    """The tool's own report."""


def plan(paths: Paths, facts: Facts, names: tuple[str, ...], reports: Path) -> tuple[Room, ...]:
    """Return the rooms in the order of `names`."""
    return tuple(
        _mutmut(paths, name) if name in PYTHON else _stryker(paths, facts, name, reports)
        for name in names
    )


def _mutmut(paths: Paths, name: str) -> Room:
    tools = mutation_environment(paths, name) / "bin"
    work = paths.state / "mutation" / name
    return Room(
        name,
        paths.root if name == "cli" else paths.backend,
        work,
        run=Run((str(tools / "mutmut"), "run"), cwd=work),
        read=Run((str(tools / "python"), str(READER)), cwd=work),
    )


def _stryker(paths: Paths, facts: Facts, name: str, reports: Path) -> Room:
    if facts.node is None:
        raise ValueError("facts were gathered without the frontend")
    work = paths.state / "mutation" / name
    own = reports / "mutation" / "stryker"
    return Room(
        name,
        paths.frontend,
        work,
        run=Run(
            (
                *(str(facts.node.bin / "node"), "node_modules/@stryker-mutator/core/bin/stryker"),
                *("run", "stryker.config.mjs", "--reporters", "json,html,progress-append-only"),
            ),
            cwd=paths.frontend,
            env={
                **node_tool.environment(facts.node),
                "STRYKER_REPORTS": str(own),
                "STRYKER_WORK": str(work),
            },
        ),
        report=own / "mutation.json",
    )
