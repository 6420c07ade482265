"""The largest body that a request may have."""

from fastapi import HTTPException, Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.core.errors import problem_response

TOO_LARGE = 413


class BodyLimitMiddleware:
    """Answers 413 to a body that is announced, or turns out, to be too large.

    FastAPI's own `max_body_size` notices an announced one only once the endpoint has run, and
    answers it in plain text. Neither closes the connection: the server throws away what still
    arrives, so that a client which sends before it reads gets its answer.
    """

    def __init__(self, app: ASGIApp, *, max_bytes: int) -> None:
        self.app = app
        self.max_bytes = max_bytes
        self.detail = f"The body may have {max_bytes} bytes at most."

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on unless it announces too much, and count what it sends."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        if _announced(scope) > self.max_bytes:
            response = problem_response(Request(scope), TOO_LARGE, self.detail)
            await response(scope, receive, send)
            return
        received = 0

        async def receive_within_limit() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > self.max_bytes:
                # Only this type passes FastAPI's reading of the body as it is.
                raise HTTPException(TOO_LARGE, self.detail)
            return message

        await self.app(scope, receive_within_limit, send)


def _announced(scope: Scope) -> int:
    for name, value in scope["headers"]:
        if name == b"content-length" and value.isdigit():
            return int(value)
    return 0
