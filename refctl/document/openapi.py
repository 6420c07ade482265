"""The OpenAPI document and the client that is generated from it: written, or compared."""

from __future__ import annotations

from typing import TYPE_CHECKING

from refctl.core.executor import PrintingExecutor, RealExecutor
from refctl.core.journal import Journal
from refctl.core.plan import Plan, Run, Step
from refctl.core.progress import StepProgress
from refctl.core.result import Result
from refctl.tools import node as node_tool
from refctl.tools.proc import Processes, ask, interrupts
from refctl.workspace import ready
from refctl.workspace.setup import Wanted

if TYPE_CHECKING:
    from refctl.core.config import Config
    from refctl.core.console import Console
    from refctl.core.paths import Paths
    from refctl.workspace.facts import Facts

WANTED = Wanted(database=False, env=False)
FIX = "refctl docs openapi"


def plan(paths: Paths, facts: Facts, *, check: bool) -> Plan:
    """Return the plan that writes both, or that says what differs."""
    if facts.node is None:
        raise ValueError("facts were gathered without the frontend")
    document = Run(
        (str(paths.backend_python), "-m", "scripts.openapi", *(["--check"] if check else [])),
        cwd=paths.backend,
    )
    client = Run(
        (str(facts.pnpm), "run", "generate:check" if check else "generate"),
        cwd=paths.frontend,
        env=node_tool.environment(facts.node),
    )
    return Plan(
        "docs",
        (
            Step("openapi", "Write app/backend/openapi.json", (document,)),
            Step("client", "Generate the frontend's client", (client,), needs=("openapi",)),
        ),
    )


def write(paths: Paths, config: Config, console: Console, *, check: bool, dry_run: bool) -> Result:
    """Write both; with `check`, return what differs instead."""
    if dry_run:
        facts, todo = ready.plan(paths, config, WANTED)
        printing = PrintingExecutor()
        doing = plan(paths, facts, check=check)
        printing.execute(todo)
        printing.execute(doing)
        return Result(data={"plan": doing.as_json()}, lines=tuple(printing.lines))
    with interrupts():
        facts = ready.make_ready(paths, config, console, WANTED)
        doing = plan(paths, facts, check=check)
        if check:
            return compare(doing)
        with StepProgress(console) as show:
            RealExecutor(
                Processes(),
                console,
                lambda: Journal.begin(paths.state / "runs", "docs"),
                on_event=show,
            ).execute(doing)
    return Result(
        data={"written": ["app/backend/openapi.json", "app/frontend/src/lib/api-client"]},
        lines=("The document and the client are as the code says.",),
    )


def compare(doing: Plan) -> Result:
    """Return what the checks of a plan say differs."""
    differs: dict[str, list[str]] = {}
    for step in doing:
        for action in step.actions:
            if isinstance(action, Run):
                said = ask(action)
                if said.code != 0:
                    differs[step.id] = [*said.out.splitlines(), *said.err.splitlines()]
    if not differs:
        return Result(
            data={"differs": {}}, lines=("The document and the client are as the code says.",)
        )
    lines = [line for some in differs.values() for line in some if line.strip()]
    return Result(ok=False, data={"differs": differs}, lines=(*lines, f"Write them anew: {FIX}"))
