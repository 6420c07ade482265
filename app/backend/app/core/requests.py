"""Every request gets an id, is measured, and leaves one line in the log."""

import os
import re
from collections.abc import Iterable
from http import HTTPStatus
from time import perf_counter

from opentelemetry import trace
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.core.context import RequestContext, current_request
from app.core.logging import log_access
from app.core.metrics import Metrics

REQUEST_ID_HEADER = "X-Request-ID"
SANE_REQUEST_ID = re.compile(rb"[A-Za-z0-9._:-]{1,128}")
TRACEPARENT = re.compile(rb"00-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}")

# What clients make up must not become a label: both sets are closed.
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
OTHER_METHOD = "OTHER"
UNMATCHED = "unmatched"


class RequestMiddleware:
    """Goes around everything that answers, and inside whatever replaces the scope: the route is
    known only to the scope that the router saw.
    """

    def __init__(self, app: ASGIApp, metrics: Metrics, quiet: Iterable[str] = ()) -> None:
        self.app = app
        self._metrics = metrics
        self._quiet = frozenset(quiet)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        started = perf_counter()
        context = _read_context(scope)
        # Never reset: the server logs an exception after leaving here, in the same task.
        current_request.set(context)
        header = (b"x-request-id", context.request_id.encode())
        status = 0

        async def send_with_id(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message.get("headers", ()), header]
            await send(message)

        metrics = self._metrics
        metrics.in_progress += 1
        try:
            await self.app(scope, receive, send_with_id)
        finally:
            metrics.in_progress -= 1
            duration = perf_counter() - started
            # Without an answer of its own it becomes the error handler's, outside of here.
            status = status or HTTPStatus.INTERNAL_SERVER_ERROR.value
            method = scope["method"] if scope["method"] in METHODS else OTHER_METHOD
            path = route_template(scope)
            metrics.observe(method, path, status, duration)
            log_access(method, path, status, duration, quiet=path in self._quiet)


def route_template(scope: Scope) -> str:
    """Return the whole template of the route, such as `/api/v1/todos/{todo_id}`."""
    # The route alone does not know the prefixes of the routers that include it.
    included = scope.get("fastapi", {}).get("effective_route_context")
    route = scope.get("route") if included is None else included
    if route is None and (endpoint := scope.get("endpoint")) is not None:
        # Starlette's own routes, such as /metrics, leave nothing else.
        routes = scope["app"].router.routes
        route = next((each for each in routes if getattr(each, "endpoint", None) is endpoint), None)
    template: str = getattr(route, "path_format", UNMATCHED)
    return template


def _read_context(scope: Scope) -> RequestContext:
    request_id = traceparent = None
    for name, value in scope["headers"]:
        if name == b"x-request-id" and SANE_REQUEST_ID.fullmatch(value):
            request_id = value.decode()
        elif name == b"traceparent":
            traceparent = value
    context = RequestContext(request_id or os.urandom(16).hex())

    span = trace.get_current_span().get_span_context()
    if span.is_valid:
        context.trace_id = f"{span.trace_id:032x}"
        context.span_id = f"{span.span_id:016x}"
    elif traceparent is not None and (match := TRACEPARENT.fullmatch(traceparent)):
        # Not traced here, yet the lines must be found under the caller's trace.
        context.trace_id = match[1].decode()
    return context
