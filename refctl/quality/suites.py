"""The suites as data: pure functions from what is here to what runs."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from refctl.core.errors import UsageError
from refctl.core.redact import REDACTOR, Secret
from refctl.quality import coverage
from refctl.quality.plugins.refctl_shard import divide
from refctl.tools import node as node_tool

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from refctl.core.paths import Paths
    from refctl.workspace.facts import Facts

PLUGINS = Path(__file__).with_name("plugins")
"""Where pytest finds ours: in the backend's environment there is no refctl."""
NAMES = ("cli", "backend", "frontend", "e2e")
LOCAL = "cypress/e2e/local/"
"""Journeys that need the services at hand, to kill one or to read what it writes."""
VISUAL = f"{LOCAL}visual.cy.ts"
"""The journey that holds how pages look against the pictures in `SNAPSHOTS`."""
SNAPSHOTS = f"{LOCAL}visual"
SMOKE = "cypress/e2e/smoke/"
"""Journeys that change nothing."""


@dataclass(frozen=True, slots=True)
class Shard:
    """One part of every suite, for machines that share the work."""

    index: int
    of: int

    def __str__(self) -> str:
        return f"{self.index}/{self.of}"


def parse_shard(text: str) -> Shard:
    """Return the part that `2/3` names.

    Raises:
        UsageError: it is none.

    """
    index, _, of = text.partition("/")
    if index.isdecimal() and of.isdecimal() and 1 <= int(index) <= int(of):
        return Shard(int(index), int(of))
    raise UsageError(f"--shard {text}: not a part like 2/3", hint="refctl test --shard 1/2")


def parse_url(text: str) -> str:
    """Return an address without its last slash.

    Raises:
        UsageError: it is none that a browser visits.

    """
    parts = urlsplit(text)
    if parts.password:
        for password in {parts.password, unquote(parts.password)}:
            REDACTOR.add(password)
    if parts.scheme in {"http", "https"} and parts.hostname and not (parts.query or parts.fragment):
        return text.rstrip("/")
    raise UsageError(
        f"--url {text}: not an address",
        hint="refctl test e2e --url https://app.example.com",
    )


@dataclass(frozen=True, slots=True)
class Filters:
    """Which tests, and how."""

    keyword: str = ""
    last_failed: bool = False
    coverage: bool = False
    shard: Shard | None = None
    url: str = ""
    """Where the application runs that the journeys visit; empty to start one."""
    smoke: bool = False
    """Only journeys that change nothing."""
    update_snapshots: bool = False
    """Only the journey of how pages look, and what it sees is right."""

    @property
    def named(self) -> bool:
        """Whether tests are chosen by name, so that there may be none in a suite."""
        return bool(self.keyword or self.last_failed)

    @property
    def plain(self) -> bool:
        """Whether nothing was asked for."""
        return self == Filters()

    @property
    def whole(self) -> bool:
        """Whether every test runs, so that coverage and time tell of the suite."""
        part = self.named or self.shard or self.url or self.smoke or self.update_snapshots
        return not part


@dataclass(frozen=True, slots=True)
class Suite:
    """One test runner's run. `skip` says what is missing and how to get it."""

    name: str
    argv: tuple[str, ...] = ()
    cwd: Path = Path()
    env: Mapping[str, str | Secret] = field(default_factory=dict)
    junit: Path = Path()
    """Its JUnit XML: a file, or a folder of them."""
    coverage: Path | None = None
    """Where the runner writes its coverage as JSON."""
    least: float = 0.0
    """The per cent that has to be covered."""
    skip: str = ""
    needs_stack: bool = False
    """It runs against the application, started for it."""
    evidence: Path | None = None
    """The folder for what is worth a look when it has failed."""


@dataclass(frozen=True, slots=True)
class Given:
    """What the runners are told of the checkout."""

    reports: Path
    python: str
    """The interpreter of the CLI's own tests."""
    cypress: str | None
    """Cypress's program, if it is here."""
    specs: Sequence[str] = ()
    """The journeys' files, from the frontend's folder."""
    least: Mapping[str, float] = field(default_factory=dict)
    """The coverage that is enough."""
    failed_specs: Sequence[str] = ()
    """The journeys' files that failed last time."""


def plan(
    paths: Paths, facts: Facts, names: tuple[str, ...], filters: Filters, given: Given
) -> tuple[Suite, ...]:
    """Return the suites in the order of `names`."""
    backend = str(paths.backend / ".venv" / "bin" / "python")
    build = {
        "cli": lambda: _pytest("cli", given.python, paths.root, filters, given),
        "backend": lambda: _pytest("backend", backend, paths.backend, filters, given),
        "frontend": lambda: _jest(paths, facts, filters, given),
        "e2e": lambda: _cypress(paths, facts, filters, given),
    }
    planned = tuple(build[name]() for name in names)
    if not filters.whole:  # a part of the tests covers a part
        return planned
    return tuple(
        replace(suite, least=given.least.get(suite.name, 0.0)) if suite.coverage else suite
        for suite in planned
    )


def journeys(specs: Sequence[str], filters: Filters, failed: Sequence[str] = ()) -> list[str]:
    """Return the files of the journeys that can run there, and are asked for.

    A journey is one story: names choose whole files.
    """
    found = [
        spec
        for spec in sorted(specs)
        if filters.keyword.lower() in Path(spec).name.lower()
        and not (filters.last_failed and spec not in failed)
        and not (filters.url and spec.startswith(LOCAL))
        and not (filters.smoke and not spec.startswith(SMOKE))
        and not (filters.update_snapshots and spec != VISUAL)
    ]
    if filters.shard is None:
        return found
    return divide(dict.fromkeys(found, 1), filters.shard.of)[filters.shard.index - 1]


def _address(url: str) -> str | Secret:
    """Return the address; one with a password in it is a secret whole."""
    return Secret(url) if urlsplit(url).password else url


def _no_journey(filters: Filters) -> str:
    if filters.shard:
        return f"no journey in part {filters.shard}"
    if filters.last_failed:
        return "no journey failed last time"
    return f"no journey's file matches -k {filters.keyword}" if filters.keyword else "no journey"


def _pytest(name: str, python: str, cwd: Path, filters: Filters, given: Given) -> Suite:
    reports = given.reports
    argv = [python, "-m", "pytest", "-q", "--color=no", f"--junitxml={reports / name}.xml"]
    if filters.keyword:
        argv += ["-k", filters.keyword]
    env = {}
    if filters.last_failed:
        argv += ["--last-failed", "--last-failed-no-failures=none", "-p", "refctl_last_failed"]
        env["PYTHONPATH"] = str(PLUGINS)
    if filters.shard:
        argv += ["-p", "refctl_shard", "--refctl-shard", str(filters.shard)]
        env["PYTHONPATH"] = str(PLUGINS)
    if filters.coverage:
        argv += ["--cov", "--cov-report=term"]
        argv += [f"--cov-report=html:{coverage.folder(reports, name)}"]
        argv += [f"--cov-report=json:{coverage.totals(reports, name)}"]
    return Suite(
        name,
        tuple(argv),
        cwd,
        env=env,
        junit=reports / f"{name}.xml",
        coverage=coverage.totals(reports, name) if filters.coverage else None,
    )


def _jest(paths: Paths, facts: Facts, filters: Filters, given: Given) -> Suite:
    if facts.node is None:
        raise ValueError("facts were gathered without the frontend")
    reports = given.reports
    junit = reports / "frontend.xml"
    argv = [str(facts.node.bin / "node"), "node_modules/jest/bin/jest.js", "--ci"]
    argv += ["--reporters=default", "--reporters=jest-junit"]
    if filters.keyword:
        argv += ["-t", filters.keyword]
    if filters.keyword or filters.shard:
        argv += ["--passWithNoTests"]
    if filters.last_failed:
        # Nothing that failed is nothing to do, as it is for pytest.
        argv += ["--onlyFailures", "--passWithNoTests"]
    if filters.shard:
        argv += [f"--shard={filters.shard}"]
    if filters.coverage:
        argv += ["--coverage", "--coverageReporters=text", "--coverageReporters=json-summary"]
        argv += ["--coverageReporters=html"]
        argv += [f"--coverageDirectory={coverage.folder(reports, 'frontend')}"]
    return Suite(
        "frontend",
        tuple(argv),
        paths.frontend,
        env={**node_tool.environment(facts.node), "JEST_JUNIT_OUTPUT_FILE": str(junit)},
        junit=junit,
        coverage=coverage.totals(reports, "frontend") if filters.coverage else None,
    )


def _cypress(paths: Paths, facts: Facts, filters: Filters, given: Given) -> Suite:
    if facts.node is None:
        raise ValueError("facts were gathered without the frontend")
    if given.cypress is None:
        return Suite(
            "e2e",
            skip="Cypress is not installed: cd app/frontend && npx cypress install",
        )
    chosen = journeys(given.specs, filters, given.failed_specs)
    if not chosen:
        return Suite("e2e", skip=_no_journey(filters))
    junit = given.reports / "e2e"
    evidence = given.reports / "e2e-failure"
    return Suite(
        "e2e",
        (
            *(str(facts.node.bin / "node"), "node_modules/cypress/bin/cypress", "run"),
            *("--reporter", "junit", "--reporter-options"),
            # Skipped tests are tests, too.
            f"mochaFile={junit}/[hash].xml,includePending=true",
            *(() if filters.whole else ("--spec", ",".join(chosen))),
        ),
        paths.frontend,
        env={
            **node_tool.environment(facts.node),
            # Letters of one colour look the same on every screen and in every picture.
            "ELECTRON_EXTRA_LAUNCH_ARGS": "--disable-lcd-text",
            "CYPRESS_VIDEO": "true",
            "CYPRESS_SCREENSHOTS_FOLDER": str(evidence / "screenshots"),
            "CYPRESS_VIDEOS_FOLDER": str(evidence / "videos"),
            **({"CYPRESS_BASE_URL": _address(filters.url)} if filters.url else {}),
            **({"CYPRESS_UPDATE_SNAPSHOTS": "true"} if filters.update_snapshots else {}),
        },
        junit=junit,
        needs_stack=not filters.url,
        evidence=evidence,
    )
