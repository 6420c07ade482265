"""Serves the application as deployments want it: `python -m app.server`."""

import gc
import signal
import socket
import sys
import time
from types import FrameType

import uvicorn
from fastapi import FastAPI
from uvicorn.server import HANDLED_SIGNALS

from app.core.config import Settings, get_settings


class Server(uvicorn.Server):
    """Leaves in order: no longer ready, then no longer accepting, then gone."""

    def __init__(self, app: FastAPI, settings: Settings) -> None:
        super().__init__(
            uvicorn.Config(
                app,
                host=settings.backend_host,
                port=settings.backend_port,
                ws="none",
                log_config=None,
                access_log=False,
                server_header=False,
                proxy_headers=True,
                forwarded_allow_ips=settings.forwarded_allow_ips,
                timeout_graceful_shutdown=settings.shutdown_grace_seconds,
            )
        )
        self._app = app
        self._drain_seconds = settings.drains_for
        self._leave_at = 0.0

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Begin to leave; a second signal ends the process as if nothing handled it.

        Not remembered for uvicorn to raise again at the end: leaving in order is a success.
        """
        if self.should_exit:
            signal.signal(sig, signal.SIG_DFL)
            signal.raise_signal(sig)
        self._app.state.probes.draining = True
        self._leave_at = time.monotonic() + self._drain_seconds
        self.should_exit = True

    async def on_tick(self, counter: int) -> bool:
        """Serve on until load balancers have had the time to notice."""
        return await super().on_tick(counter) and time.monotonic() >= self._leave_at

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, and take the signals back: the application ends its streams at the first one.

        Their clients would come back at once, to a server that is about to leave.
        """
        await super().startup(sockets)
        for number in HANDLED_SIGNALS:
            signal.signal(number, self.handle_exit)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Accept nobody new, end what would never end by itself, then wait for the rest."""
        for server in self.servers:
            server.close()
        self._app.state.broker.close()
        await super().shutdown(sockets)


def main() -> int:
    """Serve until told to stop."""
    # Only now: it creates the application.
    from app.main import app

    server = Server(app, get_settings())
    # What is loaded now stays: the collector need not look through it again and again, during
    # which nobody is answered.
    gc.collect()
    gc.freeze()
    server.run()
    return 0 if server.started else 3


if __name__ == "__main__":
    sys.exit(main())
