"""What browsers are told to refuse."""

import base64
import hashlib
import re

from starlette.types import ASGIApp, Message, Receive, Scope, Send

Headers = list[tuple[bytes, bytes]]

API_POLICY = b"default-src 'none'; frame-ancestors 'none'"
INLINE_SCRIPT = re.compile(rb"<script(?![^>]*\ssrc\s*=)[^>]*>(.*?)</script>", re.DOTALL)
# The documentation and what it redirects to; everything else is data.
PAGES = ("/docs", "/redoc")

COMMON: Headers = [
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-resource-policy", b"same-origin"),
]
STRICT_TRANSPORT = (b"strict-transport-security", b"max-age=31536000")
NOT_STORED = (b"cache-control", b"no-store")


def page_policy(page: bytes) -> bytes:
    """Return the policy of a documentation page: files of its own origin, and its own scripts.

    Swagger UI and ReDoc write styles into their elements, embed pictures as data, and ReDoc
    starts its search as a worker that it has composed itself.
    """
    digests = (hashlib.sha256(script).digest() for script in INLINE_SCRIPT.findall(page))
    scripts = b"".join(b" 'sha256-" + base64.b64encode(digest) + b"'" for digest in digests)
    return (
        b"default-src 'none'; script-src 'self'" + scripts + b"; style-src 'self' 'unsafe-inline'; "
        b"img-src 'self' data:; font-src 'self' data:; connect-src 'self'; worker-src blob:; "
        b"base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )


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
        page: Message | None = None
        content = b""

        async def send_with_headers(message: Message) -> None:
            nonlocal page, content
            if message["type"] == "http.response.start":
                if path.startswith(PAGES) and _is_html(message):
                    page = message  # until its text is known
                    return
                _complete(message, [*headers, (b"content-security-policy", API_POLICY)])
            elif page is not None:
                content += message.get("body", b"")
                if message.get("more_body", False):
                    return
                policy = (b"content-security-policy", page_policy(content))
                _complete(page, [*headers, policy])
                await send(page)
                message = {"type": "http.response.body", "body": content}
            await send(message)

        await self.app(scope, receive, send_with_headers)


def _complete(message: Message, headers: Headers) -> None:
    present = list(message.get("headers", ()))
    names = {name.lower() for name, _ in present}
    message["headers"] = present + [header for header in headers if header[0] not in names]


def _is_html(message: Message) -> bool:
    return any(
        name.lower() == b"content-type" and value.startswith(b"text/html")
        for name, value in message.get("headers", ())
    )
