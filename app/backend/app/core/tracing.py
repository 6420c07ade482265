"""Tracing with OpenTelemetry, off unless `OTEL_EXPORTER_OTLP_ENDPOINT` says where to.

FastAPI makes the spans of requests itself; the SDK is imported only when tracing is on.
"""

import asyncio
import os
import threading
from collections.abc import Collection, MutableMapping
from typing import TYPE_CHECKING, Any

from fastapi.telemetry import TelemetryConfig
from loguru import logger
from sqlalchemy import Engine, event

from app import __version__
from app.core.config import Settings

if TYPE_CHECKING:
    from opentelemetry.context import Context
    from opentelemetry.sdk.trace import Span as SdkSpan
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.trace import Span

ENDPOINTS = ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT")
PROTOCOLS = ("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "OTEL_EXPORTER_OTLP_PROTOCOL")
PROTOCOL = "http/protobuf"
EXPORTER = "otlp"
FLUSH_SECONDS = 3.0
# Nothing but traces: logs and metrics leave in other ways.
OFF: TelemetryConfig = {"tracing": False, "metrics": False, "logs": False, "auto_configure": False}


class Tracing:
    """The spans of one application and their way to the collector."""

    def __init__(self, settings: Settings) -> None:
        self._provider = _create_provider(settings) if is_wanted() else None

    def telemetry(self, excluded: Collection[str]) -> TelemetryConfig:
        """Return what FastAPI is told; paths that begin like an excluded one leave no spans."""
        if self._provider is None:
            return OFF

        prefixes = tuple(excluded)

        def exclude(scope: MutableMapping[str, Any]) -> bool:
            path: str = scope["path"]
            return path.startswith(prefixes)

        return {
            **OFF,
            "tracing": True,
            "tracer_provider": self._provider,
            # One span for each dependency would say little and cost much.
            "operation_spans": False,
            "exclude": exclude,
        }

    def follow(self, engine: Engine) -> None:
        """Make a span of each statement that a traced request sends to this engine."""
        if self._provider is not None:
            _trace_statements(engine, self._provider)

    async def shut_down(self) -> None:
        """Send what is left; without a collector, give up soon."""
        if self._provider is None:
            return
        # The SDK's own limits do not end a request under way, nor its repetitions. A thread of
        # asyncio's would be waited for when the process ends; this one is not.
        sending = threading.Thread(target=self._provider.shutdown, daemon=True)
        sending.start()
        await asyncio.to_thread(sending.join, FLUSH_SECONDS)
        if sending.is_alive():
            logger.warning("The last spans did not reach the collector")


def is_wanted() -> bool:
    """Say whether the standard variables ask for traces."""
    if os.environ.get("OTEL_SDK_DISABLED", "").lower() == "true":
        return False
    if not any(os.environ.get(name) for name in ENDPOINTS):
        return False
    # An empty variable counts as unset, here as in OpenTelemetry's specification.
    exporter = os.environ.get("OTEL_TRACES_EXPORTER") or EXPORTER
    if exporter != EXPORTER:
        if exporter != "none":
            logger.warning("Tracing is off: only {} exports, not {}", EXPORTER, exporter)
        return False
    protocol = next((value for name in PROTOCOLS if (value := os.environ.get(name))), PROTOCOL)
    if protocol != PROTOCOL:
        logger.warning("Tracing is off: only {} is supported, not {}", PROTOCOL, protocol)
        return False
    return True


def _create_provider(settings: Settings) -> "TracerProvider":
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.resources import OTELResourceDetector, Resource
    from opentelemetry.sdk.trace import SpanProcessor, TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    class WithoutQueries(SpanProcessor):
        """A query may hold what someone searches for. A span's attributes cannot be removed."""

        def on_start(self, span: "SdkSpan", parent_context: "Context | None" = None) -> None:
            if span.attributes and "url.query" in span.attributes:
                span.set_attribute("url.query", "REDACTED")

    named = Resource.create(
        {
            "service.name": "backend",
            "service.version": __version__,
            "deployment.environment.name": settings.environment,
        }
    )
    # The variables win over what the code says.
    provider = TracerProvider(
        resource=named.merge(OTELResourceDetector().detect()), shutdown_on_exit=False
    )
    provider.add_span_processor(WithoutQueries())
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    return provider


def _trace_statements(engine: Engine, provider: "TracerProvider") -> None:
    """Listen to the engine.

    OpenTelemetry's own instrumentation does not support SQLAlchemy 2.1 and is one for the whole
    process; this is what we need of it.
    """
    from opentelemetry.trace import SpanKind, StatusCode, get_current_span

    tracer = provider.get_tracer("app.database", __version__)
    system = "postgresql" if engine.dialect.name == "postgresql" else engine.dialect.name

    def before(
        _connection: Any, _cursor: Any, statement: str, _parameters: Any, context: Any, _many: Any
    ) -> None:
        if not get_current_span().is_recording():
            # Of a probe or of background work: a trace for each would bury the others.
            return
        # The text has placeholders: values, which may be secrets, stay out.
        operation = statement.split(maxsplit=1)[0].upper()
        context.span = tracer.start_span(
            operation,
            kind=SpanKind.CLIENT,
            attributes={
                "db.system.name": system,
                "db.namespace": engine.url.database or "",
                "db.operation.name": operation,
                "db.query.text": statement,
            },
        )

    def after(
        _connection: Any, _cursor: Any, _statement: str, _parameters: Any, context: Any, _many: Any
    ) -> None:
        if (span := getattr(context, "span", None)) is not None:
            span.end()

    def fail(failure: Any) -> None:
        span: Span | None = getattr(failure.execution_context, "span", None)
        if span is not None:
            span.set_attribute("error.type", type(failure.original_exception).__qualname__)
            span.set_status(StatusCode.ERROR)
            span.end()

    event.listen(engine, "before_cursor_execute", before)
    event.listen(engine, "after_cursor_execute", after)
    event.listen(engine, "handle_error", fail)
