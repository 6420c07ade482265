"""What browsers are told to refuse."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

Headers = list[tuple[bytes, bytes]]

# Everything is data but the pages of the documentation, which bring a policy of their own.
API_POLICY = b"default-src 'none'; frame-ancestors 'none'"

COMMON: Headers = [
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-resource-policy", b"same-origin"),
]
STRICT_TRANSPORT = (b"strict-transport-security", b"max-age=31536000")
NOT_STORED = (b"cache-control", b"no-store")


class SecurityHeadersMiddleware:
    """Adds the headers to every answer, where the endpoint has not set them itself."""

    def __init__(self, app: ASGIApp, *, api_prefix: str, is_deployed: bool) -> None:
        self.app = app
        self.headers = [*COMMON, STRICT_TRANSPORT] if is_deployed else COMMON
        self.api_prefix = api_prefix + "/"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and complete its answer."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        path = scope["path"].removeprefix(scope.get("root_path", ""))
        # What the API says is somebody's own or of the moment, errors included.
        headers = [*self.headers, NOT_STORED] if path.startswith(self.api_prefix) else self.headers

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                _complete(message, [*headers, (b"content-security-policy", API_POLICY)])
            await send(message)

        await self.app(scope, receive, send_with_headers)


def _complete(message: Message, headers: Headers) -> None:
    present = list(message.get("headers", ()))
    names = {name.lower() for name, _ in present}
    message["headers"] = present + [header for header in headers if header[0] not in names]
