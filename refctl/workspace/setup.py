"""The plan that makes a checkout ready. Pure: from facts to the steps that are missing."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from refctl.core.plan import Plan, Remove, Run, Step, WriteFile
from refctl.tools import node as node_tool
from refctl.tools import uv as uv_tool
from refctl.tools.actionlint import install_actionlint
from refctl.workspace.facts import SETUP, stamp
from refctl.workspace.variables import database_name

if TYPE_CHECKING:
    from pathlib import Path

    from refctl.core.paths import Paths
    from refctl.core.redact import Secret
    from refctl.workspace.facts import Facts


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the caller needs to be ready."""

    backend: bool = True
    frontend: bool = True
    database: bool = True
    checks: bool = False
    """The tools that only checks need."""
    mutation: tuple[str, ...] = ()
    """Whose mutants mutmut tests, in an environment of their own: `cli`, `backend`."""
    actionlint: bool = False
    """The one of them that Go builds."""
    env: bool = True
    """A `.env` with fresh secrets, where there is none."""
    reset: bool = False
    """Start over with an empty database."""


def plan(paths: Paths, facts: Facts, wanted: Wanted, *, env_file: Secret | None) -> Plan:
    """Return the steps that are missing; `env_file` is written where no `.env` exists."""
    steps: list[Step] = []
    if env_file is not None:
        steps.append(
            Step(
                "env",
                "Write .env with fresh secrets",
                (WriteFile(paths.env, env_file, mode=0o600, keep=True),),
            )
        )
    if wanted.backend:
        steps += _backend(paths, facts)
    if wanted.frontend:
        steps += _frontend(paths, facts)
    if wanted.checks:
        steps += _checks(paths, facts)
    for name in wanted.mutation:
        steps += _mutation(paths, facts, name)
    if wanted.actionlint and facts.actionlint is None:
        step = install_actionlint(paths.state / "tools")
        steps += [step] if step else []
    if wanted.backend and wanted.database:
        steps += _database(paths, facts, {step.id for step in steps}, reset=wanted.reset)
    return Plan(SETUP, tuple(steps))


def _current(facts: Facts, name: str) -> bool:
    return facts.stamps.get(name) == facts.digests[name] and name not in facts.interrupted


def _stamped(paths: Paths, facts: Facts, name: str) -> WriteFile:
    content = json.dumps({"digest": facts.digests[name]}) + "\n"
    return WriteFile(stamp(paths, name), content)


def _backend(paths: Paths, facts: Facts) -> list[Step]:
    if _current(facts, "backend") and "backend" in facts.present:
        return []
    # Half an installation is thrown away: from uv's cache a whole one takes a second.
    broken = (Remove(paths.backend / ".venv"),) if "backend" in facts.interrupted else ()
    return [
        Step(
            "backend",
            "Install the backend's dependencies",
            (
                Remove(stamp(paths, "backend")),
                *broken,
                Run(uv_tool.sync(facts.uv, python=facts.python), cwd=paths.backend),
                _stamped(paths, facts, "backend"),
            ),
            fetches=True,
        )
    ]


def _frontend(paths: Paths, facts: Facts) -> list[Step]:
    if facts.node is None or facts.pnpm is None:
        raise ValueError("facts were gathered without the frontend")
    steps: list[Step] = []
    tools = paths.state / "tools"
    if not facts.node.present:
        steps.append(node_tool.install_node(tools, facts.node, facts.uv, facts.python))
    if "pnpm" not in facts.present:
        steps.append(
            node_tool.install_pnpm(tools, facts.node, tuple(step.id for step in steps[-1:]))
        )
    if steps or not (_current(facts, "frontend") and "frontend" in facts.present):
        broken = (
            (Remove(paths.frontend / "node_modules"),) if "frontend" in facts.interrupted else ()
        )
        steps.append(
            Step(
                "frontend",
                "Install the frontend's dependencies",
                (
                    Remove(stamp(paths, "frontend")),
                    *broken,
                    Run(
                        (str(facts.pnpm), "install", "--frozen-lockfile", "--reporter=append-only"),
                        cwd=paths.frontend,
                        env={**node_tool.environment(facts.node), "CI": "true"},
                    ),
                    _stamped(paths, facts, "frontend"),
                ),
                needs=tuple(step.id for step in steps),
                fetches=True,
            )
        )
    return steps


def _checks(paths: Paths, facts: Facts) -> list[Step]:
    if _current(facts, "checks") and "checks" in facts.present:
        return []
    environment = paths.state / "tools" / "checks"
    return [
        Step(
            "checks",
            "Install what checks need",
            (
                Remove(stamp(paths, "checks")),
                Remove(environment),
                Run(
                    uv_tool.sync_group(facts.uv, "check", python=facts.python),
                    cwd=paths.root,
                    env={"UV_PROJECT_ENVIRONMENT": str(environment)},
                ),
                _stamped(paths, facts, "checks"),
            ),
            fetches=True,
        )
    ]


def mutation_environment(paths: Paths, name: str) -> Path:
    """Return where the environment is in which mutmut tests those mutants."""
    return paths.state / "tools" / f"mutation-{name}"


def _mutation(paths: Paths, facts: Facts, name: str) -> list[Step]:
    step = f"mutation-{name}"
    if _current(facts, step) and step in facts.present:
        return []
    environment = mutation_environment(paths, name)
    return [
        Step(
            step,
            f"Install mutmut beside the {name}'s dependencies",
            (
                Remove(stamp(paths, step)),
                Remove(environment),
                Run(
                    uv_tool.sync_with(facts.uv, "mutation", python=facts.python),
                    cwd=paths.root if name == "cli" else paths.backend,
                    env={"UV_PROJECT_ENVIRONMENT": str(environment)},
                ),
                _stamped(paths, facts, step),
            ),
            fetches=True,
        )
    ]


def _database(paths: Paths, facts: Facts, before: set[str], *, reset: bool) -> list[Step]:
    python = str(paths.backend / ".venv" / "bin" / "python")
    needs = tuple(step for step in ("env", "backend") if step in before)
    steps: list[Step] = []
    if reset and facts.database is not None:
        file = facts.database
        steps.append(
            Step(
                "reset",
                "Remove the database",
                (
                    Remove(stamp(paths, "seed")),
                    *(Remove(file.with_name(file.name + end)) for end in ("", "-wal", "-shm")),
                ),
                needs=needs,
            )
        )
    if steps or "schema" not in facts.present:
        steps.append(
            Step(
                "migrate",
                f"Migrate {database_name(paths, facts.database, facts.env)}",
                (Run((python, "-m", "alembic", "upgrade", "head"), cwd=paths.backend),),
                needs=(*needs, *(step.id for step in steps)),
                hint="correct the migration, or empty the database: refctl dev --reset",
            )
        )
    if reset or not (_current(facts, "seed") and "data" in facts.present):
        steps.append(
            Step(
                "seed",
                "Add the demo user and todos",
                (
                    Run((python, "-m", "scripts.seed"), cwd=paths.backend),
                    _stamped(paths, facts, "seed"),
                ),
                needs=(*needs, *(step.id for step in steps)),
            )
        )
    return steps
