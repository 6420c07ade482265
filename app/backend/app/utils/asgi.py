"""Pure ASGI middleware."""

from starlette.types import ASGIApp, Receive, Scope, Send


class TrailingSlashMiddleware:
    """Serves `/path/` as `/path`: a redirect would cost a round trip and lose its scheme
    behind a proxy.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Drop one trailing slash before routing."""
        if scope["type"] in {"http", "websocket"} and len(scope["path"]) > 1:
            scope = {**scope, "path": scope["path"].removesuffix("/")}
        await self.app(scope, receive, send)
