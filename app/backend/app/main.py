"""The application."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

from app import __version__
from app.api import v1
from app.api.docs import install_docs
from app.api.metrics import METRICS_PATH, install_metrics
from app.core.config import Settings, get_settings
from app.core.database import Database
from app.core.errors import install_error_handlers
from app.core.logging import configure_logging
from app.core.metrics import Metrics
from app.core.probes import Probes
from app.core.requests import REQUEST_ID_HEADER, RequestMiddleware
from app.core.security import Passwords
from app.core.tracing import Tracing
from app.utils import openapi
from app.utils.asgi import TrailingSlashMiddleware


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    """Close the database, and send the last spans, when the server stops."""
    app.state.probes.started = True
    yield
    await app.state.database.dispose()
    await app.state.tracing.shut_down()


def create_app(settings: Settings | None = None) -> FastAPI:
    """Build an application; it connects to nothing until the first request."""
    settings = settings or get_settings()
    configure_logging(settings)
    tracing = Tracing(settings)
    health = settings.api_v1_prefix + "/health"

    app = FastAPI(
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
    app.state.probes = Probes(app.state.database, settings)
    app.state.metrics = Metrics(
        environment=settings.environment, pool=lambda: app.state.database.engine.pool
    )
    app.state.tracing = tracing
    tracing.follow(app.state.database.engine.sync_engine)

    app.add_middleware(
        CORSMiddleware,
        allow_origins=settings.backend_cors_origins,
        allow_credentials=True,
        allow_methods=["GET", "POST", "PATCH", "DELETE"],
        allow_headers=["Authorization", "Content-Type", REQUEST_ID_HEADER, "traceparent"],
        expose_headers=["X-Total-Count", "Link", "Location", REQUEST_ID_HEADER],
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
    app.include_router(v1.router, prefix=settings.api_v1_prefix)
    install_docs(app)
    if settings.metrics_enabled:
        install_metrics(app)
    app.openapi = openapi.document(app)  # type: ignore[method-assign]  # FastAPI's documented way
    return app


app = create_app()
