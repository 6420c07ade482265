"""Cross-origin requests (CORS)."""

from starlette.middleware.cors import CORSMiddleware
from starlette.types import Message, Receive, Scope, Send

VARY = (b"vary", b"Origin")


class CrossOriginMiddleware(CORSMiddleware):
    """Starlette's, which does as much for requests that no page of another origin sent.

    Those, from proxies and programs, are most: they are only told that the answer varies.
    """

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, the short way if it names no origin."""
        if scope["type"] == "http" and any(name == b"origin" for name, _ in scope["headers"]):
            await super().__call__(scope, receive, send)
            return

        async def send_with_vary(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", ()), VARY]
            await send(message)

        await self.app(scope, receive, send_with_vary)
