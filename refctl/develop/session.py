"""One run of `refctl dev`: ready the checkout, claim ports, supervise, report."""

from __future__ import annotations

import os
import shlex
import sys
import threading
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from refctl.core.errors import InterruptedRunError
from refctl.core.executor import PrintingExecutor
from refctl.core.lock import hold
from refctl.core.result import Result
from refctl.develop import leftovers
from refctl.develop.reset import confirm_reset
from refctl.develop.services import Ports, services
from refctl.develop.supervisor import Supervisor
from refctl.tools import port as port_tool
from refctl.tools.proc import interrupts
from refctl.workspace.ready import make_ready, plan
from refctl.workspace.setup import Wanted

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable, Iterator

    from refctl.core.config import Config
    from refctl.core.console import Console
    from refctl.core.paths import Paths
    from refctl.core.plan import Step
    from refctl.develop.services import Service
    from refctl.workspace.facts import Facts

DEFAULT_PORTS = {"backend": 8000, "frontend": 3000}


@dataclass(frozen=True, slots=True)
class Options:
    """What the command line asked for."""

    only: str | None = None
    backend_port: int | None = None
    frontend_port: int | None = None
    open: bool = False
    reset: bool = False
    yes: bool = False

    def wants(self, service: str) -> bool:
        """Return whether the service is to run."""
        return self.only in {None, service}

    def wanted(self) -> Wanted:
        """Return what must be ready for that."""
        return Wanted(
            backend=self.wants("backend"), frontend=self.wants("frontend"), reset=self.reset
        )


def preview(paths: Paths, config: Config, options: Options) -> Result:
    """Return what would be installed and run, without doing it."""
    facts, todo = plan(paths, config, options.wanted())
    with claimed_ports(config, options, lambda *_, **__: None) as sockets:
        running = services(paths, facts, _ports(sockets), name=config.project.name)
    printing = PrintingExecutor()
    printing.execute(todo)
    lines = [f"{one.name}: {shlex.join(one.argv)}  (in {one.cwd})" for one in running]
    data = {
        "plan": todo.as_json(),
        "services": [{"name": one.name, "argv": list(one.argv), "url": one.url} for one in running],
    }
    return Result(data=data, lines=(*printing.lines, *lines))


def run(
    paths: Paths, config: Config, console: Console, options: Options, report: Callable[..., None]
) -> None:
    """Run until stopped, telling what happens.

    Raises:
        RefctlError: it ended by itself, or was stopped.

    """
    if options.reset:
        confirm_reset(paths, console, yes=options.yes)
    attended = sys.stdin.isatty() and not os.environ.get("CI")
    with running(paths, config, console, options, report, ends_on_exit=not attended) as (
        supervisor,
        ready,
    ):
        report("ready", **ready)
        if options.open and ready["frontend"]:
            import webbrowser

            # A text browser would not return.
            threading.Thread(target=webbrowser.open, args=(ready["frontend"],), daemon=True).start()
        supervisor.watch()


@contextmanager
def claimed_ports(
    config: Config, options: Options, report: Callable[..., None]
) -> Iterator[dict[str, socket.socket]]:
    """Hold the ports of the wanted services; a pinned one (flag or refctl.toml) exactly."""
    with ExitStack() as stack:
        sockets: dict[str, socket.socket] = {}
        for name in filter(options.wants, DEFAULT_PORTS):
            pinned = getattr(options, f"{name}_port") or getattr(config.dev, f"{name}_port")
            wanted = pinned or DEFAULT_PORTS[name]
            claimed = port_tool.claim(wanted, pinned=pinned is not None, service=name)
            sockets[name] = stack.enter_context(claimed)
            port = port_tool.port_of(claimed)
            if port != wanted:
                report("port", service=name, wanted=wanted, port=port)
        yield sockets


def login_of(facts: Facts) -> dict[str, str]:
    """Return the demo login that was seeded."""
    return {
        "email": facts.env.get("DEMO_EMAIL", "demo@example.com"),
        "password": facts.env.get("DEMO_PASSWORD", "demo-password"),
    }


@contextmanager
def running(
    paths: Paths,
    config: Config,
    console: Console,
    options: Options,
    report: Callable[..., None],
    *,
    ends_on_exit: bool,
) -> Iterator[tuple[Supervisor, dict[str, Any]]]:
    """Make ready, start, and give the supervisor with the `ready` event; stop at the end."""
    names = tuple(filter(options.wants, DEFAULT_PORTS))
    with ExitStack() as stack:
        # Between the supervisor's own phases, so that no signal ends refctl alone.
        stack.enter_context(interrupts())
        for name in names:
            stack.enter_context(
                hold(paths.state / "locks", f"dev-{name}", purpose=f"running the {name}")
            )

        def notice(message: str) -> None:
            report("notice", service=None, message=message)

        records = paths.state / "running"
        for name in leftovers.end(records, names):
            notice(f"Ended a {name} that a killed run had left behind.")

        def step_event(step: Step, status: str) -> None:
            report("step", step=step.id, title=step.title, status=status)

        def service_event(kind: str, service: Service, fields: dict[str, Any]) -> None:
            report(kind, service=service.name, **fields)

        facts = make_ready(
            paths, config, console, options.wanted(), on_event=step_event, on_notice=notice
        )
        sockets = stack.enter_context(claimed_ports(config, options, report))
        ports = _ports(sockets)
        supervisor = Supervisor(
            services(paths, facts, ports, name=config.project.name),
            sockets,
            on_log=lambda name, line: report("log", service=name, line=line),
            on_event=service_event,
            records=records,
            ends_on_exit=ends_on_exit,
        )
        try:
            supervisor.start()
            backend = f"http://127.0.0.1:{ports.backend}" if ports.backend else None
            yield (
                supervisor,
                {
                    "backend": backend,
                    "frontend": f"http://localhost:{ports.frontend}" if ports.frontend else None,
                    "docs": f"{backend}/docs" if backend else None,
                    "login": login_of(facts),
                },
            )
        except KeyboardInterrupt:
            raise InterruptedRunError("stopped") from None
        finally:
            supervisor.stop()


def _ports(sockets: dict[str, socket.socket]) -> Ports:
    numbers = {name: port_tool.port_of(claimed) for name, claimed in sockets.items()}
    return Ports(backend=numbers.get("backend"), frontend=numbers.get("frontend"))
