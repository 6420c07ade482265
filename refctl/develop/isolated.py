"""The application for a test run: its own ports and its own empty database, gone afterwards.

It runs as deployments run it: a journey may kill the backend and find its port closed, and visits
the pages that ship.
"""

from __future__ import annotations

import hashlib
import shutil
import threading
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from refctl.core.errors import RefctlError, StepFailedError
from refctl.core.executor import RealExecutor
from refctl.core.journal import Journal
from refctl.core.plan import Plan, Run, Step
from refctl.develop import built, leftovers
from refctl.develop.services import HOST, Ports, services
from refctl.develop.supervisor import Supervisor
from refctl.tools import collector as collector_tool
from refctl.tools import port as port_tool
from refctl.tools.proc import Processes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from refctl.core.config import Config
    from refctl.core.console import Console
    from refctl.core.paths import Paths
    from refctl.develop.services import Service
    from refctl.workspace.facts import Facts

PORTS = {"backend": 8100, "frontend": 3100}


START_REQUEST = "backend.start"
"""The file by which a journey asks for the backend that it has killed."""
POLL = 0.05
ENDPOINT = "OTEL_EXPORTER_OTLP_ENDPOINT"


@contextmanager
def stack(
    paths: Paths,
    config: Config,
    facts: Facts,
    console: Console,
    *,
    log: Callable[[str, str], None],
) -> Iterator[Mapping[str, str]]:
    """Start the application and give what Cypress is told; end it and drop its data afterwards.

    `log` gets the name of a service and a line of it.

    Call it only while holding the lock of the suite that it is for.
    """
    if facts.node is None:
        raise ValueError("facts were gathered without the frontend")
    records = paths.state / "running-e2e"
    leftovers.end(records, PORTS)
    (records / START_REQUEST).unlink(missing_ok=True)

    def tell(name: str, line: str) -> None:
        console.detail(f"{name:<8} │ {line}")
        log(name, line)

    # What a run that was killed has left.
    folder = records / "data"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    with ExitStack() as undo:
        undo.callback(shutil.rmtree, folder, ignore_errors=True)
        env = {
            "ENVIRONMENT": "development",
            "DATABASE_URL": f"sqlite:///{folder / 'e2e.db'}",
        }
        told = _collect_traces(undo, paths, folder, console)
        if endpoint := told.pop(ENDPOINT, ""):
            # Milliseconds until spans are sent.
            env |= {ENDPOINT: endpoint, "OTEL_BSP_SCHEDULE_DELAY": "500"}
        python = str(paths.backend / ".venv" / "bin" / "python")
        migrate = Run((python, "-m", "alembic", "upgrade", "head"), cwd=paths.backend, env=env)
        steps = (
            *built.build(paths, facts.node, built.digest(paths.frontend)),
            Step("migrate", "Migrate the journeys' database", (migrate,)),
        )
        RealExecutor(
            Processes(),
            console,
            lambda: Journal(folder / "journal.jsonl"),
        ).execute(Plan("e2e", steps))
        sockets = {
            name: undo.enter_context(port_tool.claim(port, pinned=False, service=name))
            for name, port in PORTS.items()
        }
        ports = Ports(**{name: port_tool.port_of(claimed) for name, claimed in sockets.items()})
        supervisor = Supervisor(
            [
                _as_deployed(one) if one.name == "backend" else built.served(one)
                for one in services(paths, facts, ports, name=config.project.name, env=env)
            ],
            sockets,
            on_log=tell,
            on_event=lambda _kind, _service, _fields: None,
            records=records,
            ends_on_exit=True,
        )
        undo.callback(supervisor.stop)
        supervisor.start()
        undo.enter_context(
            start_on_request(supervisor, "backend", records / START_REQUEST, console)
        )
        yield {
            "CYPRESS_BASE_URL": f"http://localhost:{ports.frontend}",
            "CYPRESS_SERVICES": str(records),
            **told,
        }


def _collect_traces(
    undo: ExitStack, paths: Paths, folder: Path, console: Console
) -> dict[str, str]:
    """Start a collector, before the application, so that it is there for the last spans too.

    Give its endpoint for the application and, for the journey, its file or what is missing.
    """
    missing = collector_tool.find_missing(paths.root)
    if not missing:
        name = f"refctl-e2e-{hashlib.sha256(str(paths.root).encode()).hexdigest()[:12]}"
        try:
            collector = undo.enter_context(collector_tool.running(folder, name=name))
        except StepFailedError as error:
            missing = ": ".join((error.message, *error.detail[-1:]))
        else:
            return {ENDPOINT: collector.endpoint, "CYPRESS_TRACES": str(collector.traces)}
    console.progress(f"  the journey that follows a trace will skip: {missing}")
    return {"CYPRESS_TRACES_MISSING": missing}


def _as_deployed(backend: Service) -> Service:
    """Return it as one process that binds its port itself: killed, it leaves nothing listening."""
    return replace(
        backend,
        argv=(backend.argv[0], "-m", "app.server"),
        env={**backend.env, "BACKEND_HOST": HOST, "BACKEND_PORT": str(backend.port)},
        on_change="restart",
    )


@contextmanager
def start_on_request(
    supervisor: Supervisor, name: str, request: Path, console: Console
) -> Iterator[None]:
    """Start a service again whenever the file is there; one that crashes stays down."""
    over = threading.Event()

    def serve() -> None:
        while not over.wait(POLL):
            if request.exists():
                request.unlink()
                try:
                    supervisor.restart(name)
                except (RefctlError, OSError) as error:
                    console.error(f"{name} was not started again: {error}")

    thread = threading.Thread(target=serve, daemon=True, name="start-on-request")
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
