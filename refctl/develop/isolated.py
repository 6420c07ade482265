"""The application for a test run: its own ports and its own empty database, gone afterwards."""

from __future__ import annotations

import hashlib
import tempfile
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from refctl.core.executor import RealExecutor
from refctl.core.journal import Journal
from refctl.core.plan import Plan, Run, Step
from refctl.develop import leftovers
from refctl.develop.services import Ports, services
from refctl.develop.supervisor import Supervisor
from refctl.tools import collector as collector_tool
from refctl.tools import port as port_tool
from refctl.tools.proc import Processes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from refctl.core.config import Config
    from refctl.core.console import Console
    from refctl.core.paths import Paths
    from refctl.workspace.facts import Facts

PORTS = {"backend": 8100, "frontend": 3100}


@contextmanager
def stack(paths: Paths, config: Config, facts: Facts, console: Console) -> Iterator[dict[str, str]]:
    """Start the application and give what Cypress is told; end it and drop its data afterwards.

    Call it only while holding the lock of the suite that it is for.
    """
    records = paths.state / "running-e2e"
    leftovers.end(records, PORTS)
    with ExitStack() as undo:
        folder = Path(undo.enter_context(tempfile.TemporaryDirectory(prefix="refctl-e2e-")))
        env = {
            "ENVIRONMENT": "development",
            # Beside a `refctl dev` of the same checkout, which locks the usual folder.
            "NEXT_DIST_DIR": ".next/e2e",
            "DATABASE_URL": f"sqlite:///{folder / 'e2e.db'}",
        }
        told: dict[str, str] = {}
        if missing := collector_tool.find_missing(paths.root):
            console.progress(f"  the journey that follows a trace will skip: {missing}")
            told["CYPRESS_TRACES_MISSING"] = missing
        else:
            # Before the application, so that it is there for the last spans too.
            name = f"refctl-e2e-{hashlib.sha256(str(paths.root).encode()).hexdigest()[:12]}"
            collector = undo.enter_context(collector_tool.running(folder, name=name))
            told["CYPRESS_TRACES"] = str(collector.traces)
            env |= {
                "OTEL_EXPORTER_OTLP_ENDPOINT": collector.endpoint,
                # Milliseconds until spans are sent.
                "OTEL_BSP_SCHEDULE_DELAY": "500",
            }
        python = str(paths.backend / ".venv" / "bin" / "python")
        migrate = Run((python, "-m", "alembic", "upgrade", "head"), cwd=paths.backend, env=env)
        RealExecutor(Processes(), console, lambda: Journal(folder / "journal.jsonl")).execute(
            Plan("e2e", (Step("migrate", "Migrate the journey's database", (migrate,)),))
        )
        sockets = {
            name: undo.enter_context(port_tool.claim(port, pinned=False, service=name))
            for name, port in PORTS.items()
        }
        ports = Ports(**{name: port_tool.port_of(claimed) for name, claimed in sockets.items()})
        supervisor = Supervisor(
            services(paths, facts, ports, name=config.project.name, env=env),
            sockets,
            on_log=lambda name, line: console.detail(f"{name:<8} │ {line}"),
            on_event=lambda _kind, _service, _fields: None,
            records=records,
            ends_on_exit=True,
        )
        undo.callback(supervisor.stop)
        supervisor.start()
        yield {"CYPRESS_BASE_URL": f"http://localhost:{ports.frontend}", **told}
