"""What is known about the request being served, for everything that logs."""

from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(slots=True)
class RequestContext:
    """Facts about one request, filled in as they become known."""

    request_id: str
    trace_id: str | None = None
    span_id: str | None = None
    user_id: int | None = None


# One object for the whole request rather than a variable a fact: what a dependency learns in a
# thread or task of its own must reach the access log.
current_request: ContextVar[RequestContext | None] = ContextVar("current_request", default=None)


def identify(user_id: int) -> None:
    """Say whose request it is."""
    if (request := current_request.get()) is not None:
        request.user_id = user_id
