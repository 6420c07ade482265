"""The suites as data: pure functions from what is here to what runs."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from refctl.core.paths import Paths
    from refctl.workspace.facts import Facts

from refctl.tools import node as node_tool

PLUGINS = Path(__file__).with_name("plugins")
"""Where pytest finds ours: in the backend's environment there is no refctl."""
NAMES = ("cli", "backend", "frontend", "e2e")


@dataclass(frozen=True, slots=True)
class Filters:
    """Which tests, and how."""

    keyword: str = ""
    last_failed: bool = False
    coverage: bool = False


@dataclass(frozen=True, slots=True)
class Suite:
    """One test runner's run. `skip` says what is missing and how to get it."""

    name: str
    argv: tuple[str, ...] = ()
    cwd: Path = Path()
    env: Mapping[str, str] = field(default_factory=dict)
    junit: Path = Path()
    """Its JUnit XML: a file, or a folder of them."""
    coverage: Path | None = None
    """Where the runner writes its coverage as JSON."""
    skip: str = ""
    needs_stack: bool = False
    """It runs against the application, started for it."""


def plan(
    paths: Paths,
    facts: Facts,
    names: tuple[str, ...],
    filters: Filters,
    *,
    reports: Path,
    python: str,
    cypress: str | None,
) -> tuple[Suite, ...]:
    """Return the suites in the order of `names`."""
    build = {
        "cli": lambda: _pytest("cli", python, paths.root, filters, reports),
        "backend": lambda: _pytest(
            "backend",
            str(paths.backend / ".venv" / "bin" / "python"),
            paths.backend,
            filters,
            reports,
        ),
        "frontend": lambda: _jest(paths, facts, filters, reports),
        "e2e": lambda: _cypress(paths, facts, reports, cypress),
    }
    return tuple(build[name]() for name in names)


def _pytest(name: str, python: str, cwd: Path, filters: Filters, reports: Path) -> Suite:
    argv = [python, "-m", "pytest", "-q", "--color=no", f"--junitxml={reports / name}.xml"]
    if filters.keyword:
        argv += ["-k", filters.keyword]
    env = {}
    if filters.last_failed:
        argv += ["--last-failed", "--last-failed-no-failures=none", "-p", "refctl_last_failed"]
        env["PYTHONPATH"] = str(PLUGINS)
    if filters.coverage:
        argv += ["--cov", "--cov-report=term", f"--cov-report=json:{reports / name}-coverage.json"]
    return Suite(
        name,
        tuple(argv),
        cwd,
        env=env,
        junit=reports / f"{name}.xml",
        coverage=reports / f"{name}-coverage.json" if filters.coverage else None,
    )


def _jest(paths: Paths, facts: Facts, filters: Filters, reports: Path) -> Suite:
    if facts.node is None:
        raise ValueError("facts were gathered without the frontend")
    junit = reports / "frontend.xml"
    argv = [str(facts.node.bin / "node"), "node_modules/jest/bin/jest.js", "--ci"]
    argv += ["--reporters=default", "--reporters=jest-junit"]
    if filters.keyword:
        argv += ["-t", filters.keyword, "--passWithNoTests"]
    if filters.last_failed:
        argv += ["--onlyFailures"]
    if filters.coverage:
        argv += ["--coverage", "--coverageReporters=text", "--coverageReporters=json-summary"]
        argv += [f"--coverageDirectory={reports / 'frontend'}"]
    return Suite(
        "frontend",
        tuple(argv),
        paths.frontend,
        env={**node_tool.environment(facts.node), "JEST_JUNIT_OUTPUT_FILE": str(junit)},
        junit=junit,
        coverage=reports / "frontend" / "coverage-summary.json" if filters.coverage else None,
    )


def _cypress(paths: Paths, facts: Facts, reports: Path, cypress: str | None) -> Suite:
    if facts.node is None:
        raise ValueError("facts were gathered without the frontend")
    if cypress is None:
        return Suite(
            "e2e",
            skip="Cypress is not installed: cd app/frontend && pnpm exec cypress install",
        )
    junit = reports / "e2e"
    return Suite(
        "e2e",
        (
            *(str(facts.node.bin / "node"), "node_modules/cypress/bin/cypress", "run"),
            *("--reporter", "junit", "--reporter-options"),
            # Skipped tests are tests, too.
            f"mochaFile={junit}/[hash].xml,includePending=true",
        ),
        paths.frontend,
        env=node_tool.environment(facts.node),
        junit=junit,
        needs_stack=True,
    )
