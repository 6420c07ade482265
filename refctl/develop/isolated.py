"""The application for a test run: its own ports and its own empty database, gone afterwards."""

from __future__ import annotations

import tempfile
from collections import deque
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from refctl.core.errors import StepFailedError
from refctl.core.executor import TAIL
from refctl.core.plan import Run
from refctl.develop.services import Ports, services
from refctl.develop.supervisor import Supervisor
from refctl.tools import port as port_tool
from refctl.tools.proc import Processes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from refctl.core.console import Console
    from refctl.core.paths import Paths
    from refctl.workspace.facts import Facts

BACKEND_PORT = 8100
FRONTEND_PORT = 3100


@contextmanager
def stack(paths: Paths, facts: Facts, console: Console) -> Iterator[str]:
    """Start the application and give the frontend's URL; end it and drop its data afterwards."""
    backend = port_tool.choose(BACKEND_PORT, pinned=False, service="backend")
    frontend = port_tool.choose(FRONTEND_PORT, pinned=False, service="frontend")
    with tempfile.TemporaryDirectory(prefix="refctl-e2e-") as folder:
        env = {
            # Beside a `refctl dev` of the same checkout, which locks the usual folder.
            "NEXT_DIST_DIR": ".next/e2e",
            "DATABASE_URL": f"sqlite:///{Path(folder) / 'e2e.db'}",
        }
        tail: deque[str] = deque(maxlen=TAIL)
        python = str(paths.backend / ".venv" / "bin" / "python")
        migrate = Run((python, "-m", "alembic", "upgrade", "head"), cwd=paths.backend, env=env)
        if Processes().run(migrate, tail.append) != 0:
            raise StepFailedError("the test database could not be migrated", detail=tuple(tail))
        supervisor = Supervisor(
            services(paths, facts, Ports(backend, frontend), env=env),
            on_log=lambda name, line: console.detail(f"{name:<8} │ {line}"),
            on_event=lambda _kind, _service, _fields: None,
            records=Path(folder),
            ends_on_exit=True,
        )
        try:
            supervisor.start()
            yield f"http://localhost:{frontend}"
        finally:
            supervisor.stop()
