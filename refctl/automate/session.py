"""One run of `refctl ci run`."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from refctl.automate import plans
from refctl.automate.narrator import Narrator
from refctl.core.errors import MissingToolError, StepFailedError
from refctl.core.executor import PrintingExecutor, RealExecutor
from refctl.core.journal import Journal
from refctl.core.lock import hold
from refctl.core.plan import Run
from refctl.core.redact import REDACTOR
from refctl.core.result import Result, Table
from refctl.tools import act, port
from refctl.tools.proc import Processes, ask, interrupts
from refctl.workspace import workflows
from refctl.workspace.variables import read_env

if TYPE_CHECKING:
    from collections.abc import Iterable

    from refctl.automate.plans import Here, Request
    from refctl.core.console import Console
    from refctl.core.paths import Paths
    from refctl.workspace.workflows import Workflow

UNFETCHED = "Unable to clone"
"""What act says of an action that it cannot get."""
STAND_IN = (
    "an action could not be fetched; a folder can stand in for it: "
    "refctl ci run --local-action OWNER/NAME@REF=FOLDER"
)
NOT_CHECKED = (
    "act does not look at filters, permissions, concurrency, time-outs and environments, nor at "
    "services on the host: refctl ci lint does"
)
ARTIFACT_PORT = 34567
PREFIX = "run-"


def run(paths: Paths, console: Console, request: Request, *, dry_run: bool) -> Result:
    """Run the workflow, or one job of it, and return the table of its jobs."""
    workflow = plans.choose(workflows.read(paths), request)
    state = paths.state / "act"
    if dry_run:
        doing = plans.plan(
            paths, workflow, request, gather(paths, ARTIFACT_PORT), act.Private(state / PREFIX)
        )
        printing = PrintingExecutor()
        printing.execute(doing)
        return Result(
            data={"plan": doing.as_json()}, lines=(*printing.lines, *remarks(workflow, paths))
        )
    narrator = Narrator(Processes(), console)
    with interrupts(), hold(paths.state / "locks", "ci", purpose="running workflows"):
        state.mkdir(parents=True, exist_ok=True)
        # A killed run could not remove its secrets; under the lock none is in use.
        for left in state.glob(f"{PREFIX}*"):
            shutil.rmtree(left)
        # Released just before act binds it: act takes a number, not a socket.
        with port.claim(ARTIFACT_PORT, pinned=False, service="artifacts") as claimed:
            here = gather(paths, port.port_of(claimed))
        if not request.host:
            require_docker(paths)
        with tempfile.TemporaryDirectory(prefix=PREFIX, dir=state) as private:
            doing = plans.plan(paths, workflow, request, here, act.Private(Path(private)))
            for value in plans.given(workflow, "secrets", here.values).values():
                REDACTOR.add(value)
            executor = RealExecutor(
                narrator, console, lambda: Journal.begin(paths.state / "runs", "ci")
            )
            failure = None
            try:
                executor.execute(doing)
            except StepFailedError as error:
                # A job that failed is an answer; act that could not begin is an error.
                if not any(one.status == "failed" for one in narrator.outcomes.values()):
                    raise
                failure = error
    return report(narrator, failure, quiet=console.quiet, notes=remarks(workflow, paths))


def report(
    narrator: Narrator, failure: StepFailedError | None, *, quiet: bool, notes: Iterable[str]
) -> Result:
    """Return the table of the jobs; where nobody saw the log, the end of a failed one's."""
    outcomes = list(narrator.outcomes.values())
    failed = [one for one in outcomes if one.status == "failed"]
    logs = tuple(f"{one.job} │ {line}" for one in failed for line in one.log) if quiet else ()
    if not outcomes and failure is None:
        notes = ("no job ran: refctl ci list shows what starts which", *notes)
    if any(UNFETCHED in line for one in failed for line in one.log):
        notes = (STAND_IN, *notes)
    return Result(
        ok=bool(outcomes) and not failed and failure is None,
        data={
            "jobs": [
                {
                    "job": one.job,
                    "result": one.status,
                    "seconds": round(one.seconds, 1),
                    "log": [REDACTOR(line) for line in one.log] if one in failed else [],
                }
                for one in outcomes
            ]
        },
        table=Table(
            ("job", "result", "time"),
            tuple((one.job, one.status, f"{one.seconds:.1f} s") for one in outcomes),
        ),
        lines=(*logs, *notes),
    )


def gather(paths: Paths, artifact_port: int) -> Here:
    """Look at the machine and the checkout."""
    said = ask(Run(("git", "rev-parse", "--abbrev-ref", "HEAD"), cwd=paths.root))
    return plans.Here(
        act=act.find(),
        branch=said.out.strip() if said.code == 0 else "main",
        artifact_port=artifact_port,
        values=values(paths),
        ours=frozenset(read_env(paths)),
        around=frozenset(os.environ),
    )


def values(paths: Paths) -> dict[str, str]:
    """Return where secrets and variables come from: the configuration, and what is exported.

    GitHub's own token stays out: a workflow that runs here must not act on the real repository.
    """
    found = {**os.environ, **read_env(paths)}
    return {name: value for name, value in found.items() if name != "GITHUB_TOKEN"}


def remarks(workflow: Workflow, paths: Paths) -> tuple[str, ...]:
    """Return what people should know of a run here."""
    absent = ", ".join(plans.absent(workflow, values(paths)))
    missing = (f"without a value here: {absent} (export it, or add it to .env)",) if absent else ()
    return (*missing, NOT_CHECKED)


def require_docker(paths: Paths) -> None:
    """Make sure that there is something to run images with.

    Raises:
        MissingToolError: there is not.

    """
    hint = "start Docker, or run the steps on this machine itself: refctl ci run --host"
    if shutil.which("docker") is None:
        raise MissingToolError("Docker is not on PATH", hint=hint)
    said = ask(Run(("docker", "version", "--format", "{{.Server.Version}}"), cwd=paths.root))
    if said.code != 0:
        raise MissingToolError(
            "Docker does not answer", hint=hint, detail=tuple(said.err.splitlines()[-5:])
        )
