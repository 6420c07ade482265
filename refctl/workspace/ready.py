"""Brings a checkout to what a command needs: gather, plan, execute, under the set-up lock."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from refctl.core.errors import ConfigurationError
from refctl.core.executor import RealExecutor
from refctl.core.journal import Journal
from refctl.core.lock import hold
from refctl.core.paths import templates
from refctl.core.plan import WriteFile
from refctl.core.progress import StepProgress
from refctl.core.redact import REDACTOR, Secret
from refctl.tools.proc import Processes, interrupts
from refctl.workspace import setup
from refctl.workspace.facts import SETUP, Facts, gather
from refctl.workspace.variables import LOCAL, secrets_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from refctl.core.config import Config
    from refctl.core.console import Console
    from refctl.core.paths import Paths
    from refctl.core.plan import Plan, Step

WAIT = 900.0
"""Seconds to wait for another refctl that installs into the same checkout."""


def plan(paths: Paths, config: Config, wanted: setup.Wanted) -> tuple[Facts, Plan]:
    """Return what is true now and what is missing."""
    for needed, wants in ((paths.backend, wanted.backend), (paths.frontend, wanted.frontend)):
        if wants and not needed.is_dir():
            raise ConfigurationError(f"{needed} is missing: this checkout is not whole")
    facts = gather(paths, frontend=wanted.frontend)
    for value in secrets_of(facts.env):
        REDACTOR.add(value)
    environment = facts.env.get("ENVIRONMENT", "development")
    if wanted.database and environment not in LOCAL:
        raise ConfigurationError(
            f"ENVIRONMENT={environment}: this would migrate and fill a database that is not for "
            "development",
            hint="unset ENVIRONMENT, or correct it in .env",
        )
    write = wanted.env and not paths.env.exists()
    content = render_env(config.project.name) if write else None
    return facts, setup.plan(paths, facts, wanted, env_file=content)


def make_ready(
    paths: Paths,
    config: Config,
    console: Console,
    wanted: setup.Wanted,
    *,
    on_event: Callable[[Step, str], None] | None = None,
    on_notice: Callable[[str], None] | None = None,
) -> Facts:
    """Do what is missing and return the facts as they are then.

    Raises:
        StepFailedError: a step failed; the next call goes on from there.

    """
    facts, todo = plan(paths, config, wanted)
    if not todo.steps:
        return facts
    with hold(
        paths.state / "locks",
        SETUP,
        purpose="installing",
        wait=WAIT,
        on_wait=on_notice or console.progress,
    ):
        # Whoever held the lock may have done it all.
        facts, todo = plan(paths, config, wanted)
        if facts.interrupted:
            (on_notice or console.progress)(
                f"The last run stopped at: {', '.join(sorted(facts.interrupted))}. Repairing."
            )
        _mask(todo)
        with interrupts(), StepProgress(console) as show:

            def tell(step: Step, status: str) -> None:
                show(step, status)
                if on_event is not None:
                    on_event(step, status)

            RealExecutor(
                Processes(),
                console,
                lambda: Journal.begin(paths.state / "runs", SETUP),
                on_event=tell,
            ).execute(todo)
    return gather(paths, frontend=wanted.frontend)


def _mask(todo: Plan) -> None:
    """Mask the secrets that the plan is about to write."""
    for step in todo:
        for action in step.actions:
            if isinstance(action, WriteFile) and isinstance(action.content, Secret):
                for line in action.content.reveal().splitlines():
                    name, _, value = line.partition("=")
                    for secret in secrets_of({name: value}):
                        REDACTOR.add(secret)


def render_env(name: str) -> Secret:
    """Return the content of a new `.env` with strong random secrets."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    engine = Environment(
        loader=FileSystemLoader(templates()),
        undefined=StrictUndefined,
        keep_trailing_newline=True,
        autoescape=False,  # noqa: S701 - a .env file, not HTML
    )
    return Secret(
        engine.get_template("env.j2").render(
            name=name,
            jwt_secret_key=secrets.token_urlsafe(48),
            demo_password=f"demo-{secrets.token_hex(4)}",
        )
    )
