"""What `refctl dev` runs, as data: pure functions from facts and ports to services."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from refctl.develop import preload
from refctl.tools import node as node_tool

if TYPE_CHECKING:
    from collections.abc import Mapping

    from refctl.core.paths import Paths
    from refctl.workspace.facts import Facts

HOST = "127.0.0.1"

PRELOADED = (
    "uvicorn.logging",
    "uvicorn.loops.auto",
    "uvicorn.protocols.http.auto",
    "uvicorn.lifespan.on",
    "fastapi",
    "fastapi.openapi.utils",
    "sqlalchemy.ext.asyncio",
    "sqlalchemy.dialects.sqlite.aiosqlite",
    "pydantic_settings",
    "email_validator",
    "jwt",
    "loguru",
    "pwdlib.hashers.argon2",
)
"""The libraries whose import takes most of the backend's start; absent ones are passed over."""

START_AGAIN = "stop and start refctl dev to take it up"

OnChange = Literal["signal", "restart", "nothing"]
"""SIGHUP to it; a new process; it sees changes by itself."""


@dataclass(frozen=True, slots=True)
class Service:
    """A long-running program of the application."""

    name: str
    argv: tuple[str, ...]
    cwd: Path
    env: Mapping[str, str]
    url: str
    probe: str
    """The URL that answers, with no server error, when the service is ready."""
    watch: tuple[Path, ...]
    """Source folders whose changes restart it."""
    on_change: OnChange
    """What a change of its sources calls for while it runs. A dead one is always started."""
    port: int
    notices: Mapping[Path, str] = field(default_factory=dict)
    """Files whose change a running service cannot take up, and what to do about it."""


@dataclass(frozen=True, slots=True)
class Ports:
    """The ports in use; None for a service that does not run."""

    backend: int | None
    frontend: int | None


def services(
    paths: Paths,
    facts: Facts,
    ports: Ports,
    *,
    name: str,
    env: Mapping[str, str] | None = None,
) -> tuple[Service, ...]:
    """Return the services for these ports, each told where the other is.

    Browsers share the cookies of all ports of a host: `name` and port make those of several
    projects and checkouts differ.
    """
    found: list[Service] = []
    extra = dict(env or {})
    prefix = {"COOKIE_PREFIX": f"{name}_{ports.frontend}"} if ports.frontend else {}
    if ports.backend is not None:
        origins = [f"http://{host}:{ports.frontend}" for host in ("localhost", HOST)]
        found.append(
            Service(
                name="backend",
                # The socket is refctl's own and handed down as a file descriptor, so that during
                # a restart connections wait in its queue and none is refused.
                argv=(
                    str(paths.backend / ".venv" / "bin" / "python"),
                    *(str(Path(preload.__file__)), "app.main:app", "{fd}", *PRELOADED),
                ),
                cwd=paths.backend,
                env={
                    **prefix,
                    **({"BACKEND_CORS_ORIGINS": _json(origins)} if ports.frontend else {}),
                    "PYTHONUNBUFFERED": "1",
                    **extra,
                },
                url=f"http://{HOST}:{ports.backend}",
                probe=f"http://{HOST}:{ports.backend}/api/v1/health",
                watch=(paths.backend / "app", paths.env),
                on_change="signal",
                port=ports.backend,
                notices={
                    paths.backend / "alembic" / "versions": "a migration changed: " + START_AGAIN,
                    paths.backend / "uv.lock": "the backend's lock changed: " + START_AGAIN,
                },
            )
        )
    if ports.frontend is not None and facts.node is not None:
        backend = {"BACKEND_URL": f"http://{HOST}:{ports.backend}"} if ports.backend else {}
        found.append(
            Service(
                name="frontend",
                argv=(
                    str(facts.node.bin / "node"),
                    *("node_modules/next/dist/bin/next", "dev"),
                    *("--port", str(ports.frontend), "--hostname", HOST),
                ),
                cwd=paths.frontend,
                env={
                    **node_tool.environment(facts.node),
                    **prefix,
                    **backend,
                    "PORT": str(ports.frontend),
                    **extra,
                },
                url=f"http://localhost:{ports.frontend}",
                probe=f"http://{HOST}:{ports.frontend}/login",
                watch=(paths.frontend / "src", paths.frontend / "next.config.ts"),
                on_change="nothing",
                port=ports.frontend,
                notices={
                    paths.frontend / "pnpm-lock.yaml": "the frontend's lock changed: " + START_AGAIN
                },
            )
        )
    return tuple(found)


def _json(values: list[str]) -> str:
    import json

    return json.dumps(values)
