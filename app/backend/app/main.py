"""The application."""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from starlette.types import ASGIApp

from app import __version__
from app.api import v1
from app.api.docs import install_docs
from app.api.metrics import METRICS_PATH, install_metrics
from app.core.config import Settings, get_settings, load_process
from app.core.database import Database
from app.core.errors import install_error_handlers
from app.core.logging import configure_logging
from app.core.metrics import Metrics
from app.core.probes import Probes
from app.core.requests import REQUEST_ID_HEADER, RequestMiddleware
from app.core.security import Passwords
from app.core.signals import call_on_stop
from app.core.tracing import Tracing
from app.services.broker import Broker
from app.utils import openapi
from app.utils.asgi import TrailingSlashMiddleware
from app.utils.body_limit import BodyLimitMiddleware
from app.utils.cross_origin import CrossOriginMiddleware
from app.utils.security_headers import SecurityHeadersMiddleware


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    """Deliver events while the server runs; close the database, and send the last spans, then."""
    app.state.broker.start()
    app.state.probes.started = True
    with call_on_stop(app.state.broker.close):
        yield
    await app.state.broker.stop()
    await app.state.database.dispose()
    await app.state.tracing.shut_down()


class Application(FastAPI):
    """FastAPI, with something around even the answers to unforeseen failures."""

    def build_middleware_stack(self) -> ASGIApp:
        """Put the headers outside of what answers 500, which no added middleware surrounds."""
        settings: Settings = self.state.settings
        return SecurityHeadersMiddleware(
            super().build_middleware_stack(),
            api_prefix=settings.api_v1_prefix,
            is_deployed=settings.is_deployed,
        )


def create_app(settings: Settings | None = None) -> FastAPI:
    """Build an application; it connects to nothing until the first request."""
    given = settings
    settings = given or get_settings()
    configure_logging(settings)
    if given is None:
        for warning in load_process().found.warnings:
            logging.getLogger(__name__).warning("%s", warning)
    tracing = Tracing(settings)
    health = settings.api_v1_prefix + "/health"

    app = Application(
        title=settings.app_name,
        version=__version__,
        **openapi.ABOUT,
        docs_url=None,
        redoc_url=None,
        telemetry=tracing.telemetry(excluded=(health, METRICS_PATH)),
        lifespan=lifespan,
        redirect_slashes=False,
        generate_unique_id_function=openapi.operation_id,
    )
    app.state.settings = settings
    app.state.database = Database(settings)
    app.state.passwords = Passwords(settings)
    app.state.broker = Broker(app.state.database, settings)
    app.state.probes = Probes(app.state.database, settings)
    app.state.metrics = Metrics(
        environment=settings.environment, pool=lambda: app.state.database.engine.pool
    )
    app.state.tracing = tracing
    tracing.follow(app.state.database.engine.sync_engine)
    app.state.metrics.watch_sse_clients(lambda: app.state.broker.clients)

    app.add_middleware(BodyLimitMiddleware, max_bytes=settings.request_body_max_bytes)
    app.add_middleware(
        CrossOriginMiddleware,
        allow_origins=settings.backend_cors_origins,
        allow_credentials=True,
        allow_methods=["GET", "POST", "PATCH", "DELETE"],
        allow_headers=[
            "Authorization",
            "Content-Type",
            "Idempotency-Key",
            "If-Match",
            "If-None-Match",
            "Last-Event-ID",
            REQUEST_ID_HEADER,
            "traceparent",
        ],
        expose_headers=[
            "X-Total-Count",
            "X-Next-Cursor",
            "Link",
            "Location",
            "ETag",
            "Idempotency-Replayed",
            "Retry-After",
            REQUEST_ID_HEADER,
        ],
    )
    # Around all of the above, so that it measures them and its id is on every answer; what
    # copies the scope goes around it.
    app.add_middleware(
        RequestMiddleware,
        metrics=app.state.metrics,
        # What machines ask for every few seconds.
        quiet=(f"{health}/live", f"{health}/ready", f"{health}/startup", METRICS_PATH),
    )
    app.add_middleware(TrailingSlashMiddleware)
    install_error_handlers(app)
    v1.install(app, settings.api_v1_prefix)
    install_docs(app)
    if settings.metrics_enabled:
        install_metrics(app)
    app.openapi = openapi.document(app)  # type: ignore[method-assign]  # FastAPI's documented way
    return app


app = create_app()
