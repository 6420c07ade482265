"""One run of `refctl dev`: ready the checkout, choose ports, supervise, report."""

from __future__ import annotations

import os
import shlex
import sys
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from refctl.core.errors import ConfigurationError, InterruptedRunError, RefctlError
from refctl.core.lock import hold
from refctl.core.result import Result
from refctl.develop import leftovers
from refctl.develop.report import Reporter
from refctl.develop.services import Ports, services
from refctl.develop.supervisor import Supervisor
from refctl.tools import port as port_tool
from refctl.tools.proc import interrupts
from refctl.workspace.ready import make_ready, plan
from refctl.workspace.setup import Wanted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from refctl.core.config import Config
    from refctl.core.console import Console
    from refctl.core.paths import Paths
    from refctl.core.plan import Step
    from refctl.develop.services import Service
    from refctl.workspace.facts import Facts

BACKEND_PORT = 8000
FRONTEND_PORT = 3000


@dataclass(frozen=True, slots=True)
class Options:
    """What the command line asked for."""

    only: str | None = None
    backend_port: int | None = None
    frontend_port: int | None = None
    open: bool = False
    json: bool = False

    def wants(self, service: str) -> bool:
        """Return whether the service is to run."""
        return self.only in {None, service}

    def wanted(self) -> Wanted:
        """Return what must be ready for that."""
        return Wanted(backend=self.wants("backend"), frontend=self.wants("frontend"))


def preview(paths: Paths, config: Config, options: Options) -> Result:
    """Return what would be installed and run, without doing it."""
    facts, todo = plan(paths, config, options.wanted())
    ports = choose_ports(config, options, lambda *_, **__: None)
    running = services(paths, facts, ports)
    lines = todo.describe()
    lines += [f"{one.name}: {shlex.join(one.argv)}  (in {one.cwd})" for one in running]
    data = {
        "plan": todo.as_json(),
        "services": [{"name": one.name, "argv": list(one.argv), "url": one.url} for one in running],
    }
    return Result(data=data, lines=tuple(lines))


def run(paths: Paths, config: Config, console: Console, options: Options) -> None:
    """Run until stopped, telling what happens.

    Raises:
        RefctlError: it ended by itself; with `json`, the stream of events has said so.

    """
    reporter = Reporter(console, json=options.json)
    attended = sys.stdin.isatty() and not os.environ.get("CI")
    try:
        with running(
            paths, config, console, options, reporter.event, ends_on_exit=not attended
        ) as (supervisor, ready):
            reporter.event("ready", **ready)
            if options.open and ready["frontend"]:
                import webbrowser

                webbrowser.open(ready["frontend"])
            supervisor.watch()
    except RefctlError as error:
        if options.json:
            reporter.error(error)
            error.told = True
        raise


def choose_ports(config: Config, options: Options, report: Callable[..., None]) -> Ports:
    """Return free ports; a pinned one (flag or refctl.toml) is exact or an error."""
    chosen: dict[str, int | None] = {"backend": None, "frontend": None}
    for name, default in (("backend", BACKEND_PORT), ("frontend", FRONTEND_PORT)):
        if not options.wants(name):
            continue
        pinned = getattr(options, f"{name}_port") or getattr(config.dev, f"{name}_port")
        taken = frozenset(port for port in chosen.values() if port)
        wanted = pinned or default
        chosen[name] = port_tool.choose(
            wanted, pinned=pinned is not None, service=name, taken=taken
        )
        if chosen[name] != wanted:
            report("port", service=name, wanted=wanted, port=chosen[name])
    return Ports(**chosen)


def login_of(facts: Facts) -> dict[str, str]:
    """Return the demo login that was seeded."""
    return {
        "email": facts.env.get("DEMO_EMAIL", "demo@example.com"),
        "password": facts.env.get("DEMO_PASSWORD", ""),
    }


@contextmanager
def running(  # noqa: PLR0913 - each is a separate decision of the caller
    paths: Paths,
    config: Config,
    console: Console,
    options: Options,
    report: Callable[..., None],
    *,
    env: Mapping[str, str] | None = None,
    ends_on_exit: bool,
) -> Iterator[tuple[Supervisor, dict[str, Any]]]:
    """Make ready, start, and give the supervisor with the `ready` event; stop at the end."""
    if os.environ.get("ENVIRONMENT", "development") not in {"development", "test"}:
        raise ConfigurationError(
            f"ENVIRONMENT={os.environ['ENVIRONMENT']}: refctl dev runs development only",
            hint="unset ENVIRONMENT",
        )
    with ExitStack() as stack:
        for name in ("backend", "frontend"):
            if options.wants(name):
                stack.enter_context(
                    hold(paths.state / "locks", f"dev-{name}", purpose=f"running the {name}")
                )

        records = paths.state / "running"
        for name in leftovers.end(records, filter(options.wants, ("backend", "frontend"))):
            console.progress(f"Ended a {name} that a killed run had left behind.")

        def step_event(step: Step, status: str) -> None:
            report("step", step=step.id, title=step.title, status=status)

        facts = make_ready(paths, config, console, options.wanted(), on_event=step_event)
        ports = choose_ports(config, options, report)

        def service_event(kind: str, service: Service, fields: dict[str, Any]) -> None:
            report(kind, service=service.name, **fields)

        stack.enter_context(interrupts())
        supervisor = Supervisor(
            services(paths, facts, ports, env=env),
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
