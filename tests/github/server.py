"""GitHub's REST API on loopback, written from its documentation: it refuses what GitHub refuses.

What every request meets is here: tokens, versions, the body's form, pages, etags, limits. What the
routes do is in `routes`.
"""

from __future__ import annotations

import hashlib
import threading
import time
from collections import deque
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import parse_qsl, urlsplit

from tests.github.messages import Reply, Request
from tests.github.routes import Routes
from tests.github.schemas import RefusedError

if TYPE_CHECKING:
    from collections.abc import Callable

TOKEN = "ghp_canaryCanaryCanaryCanaryCanaryCanary"
VERSIONS = {"2022-11-28", "2026-03-10"}
LIMIT = 5000
LISTS = ("environments", "secrets", "branch_policies", "workflow_runs")


@dataclass(slots=True)
class Fault:
    """What the next request that it matches gets in place of its answer."""

    status: int
    body: dict[str, Any] | str = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    method: str = ""
    path: str = ""
    after: bool = False
    """The request is done all the same: only its answer is lost."""
    drop: bool = False
    """The connection ends without an answer."""


class GitHub:
    """A server with one repository, `octo/app`, until the block ends."""

    def __init__(self) -> None:
        self.routes = Routes()
        self.requests: list[Request] = []
        self.faults: deque[Fault] = deque()
        self.used = 0
        self.scopes = "repo"
        self.on_request: Callable[[Request], None] = lambda _: None
        """Told of each request before it is answered."""
        self._lock = threading.Lock()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_: object) -> None:
                pass

            def handle_any(self) -> None:
                length = int(self.headers.get("Content-Length") or 0)
                raw = self.rfile.read(length)
                with outer._lock:
                    reply = outer.answer(self.command, self.path, dict(self.headers.items()), raw)
                if reply is None:
                    self.close_connection = True
                    return
                self.send_response(reply.status)
                for name, value in reply.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(reply.raw)))
                self.end_headers()
                self.wfile.write(reply.raw)

            do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = handle_any  # noqa: N815 - http.server's names

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        self.routes.url = self.url
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def fail(self, status: int, body: dict[str, Any] | str = "", **fields: Any) -> None:
        """Let the next request that matches fail so."""
        self.faults.append(Fault(status, body, **fields))

    def limit(self, *, retry_after: int | None = None, status: int = 403, **fields: Any) -> None:
        """Let the next request meet a secondary limit."""
        headers = {} if retry_after is None else {"Retry-After": str(retry_after)}
        message = "You have exceeded a secondary rate limit. Please wait a few minutes."
        self.fail(status, {"message": message}, headers=headers, **fields)

    def writes(self) -> list[str]:
        """Return what was asked to be changed, in order."""
        return [f"{one.method} {one.path}" for one in self.requests if one.method != "GET"]

    def answer(self, method: str, target: str, headers: dict[str, str], raw: bytes) -> Reply | None:
        """Return what GitHub would answer."""
        url = urlsplit(target)
        heads = {name.lower(): value for name, value in headers.items()}
        request = Request(method, url.path, dict(parse_qsl(url.query)), heads, raw)
        self.requests.append(request)
        self.on_request(request)
        fault = next(
            (
                one
                for one in self.faults
                if one.method in {"", method} and url.path.endswith(one.path)
            ),
            None,
        )
        if fault is not None:
            self.faults.remove(fault)
            if fault.after:
                self._serve(request)
            if fault.drop:
                return None
            return Reply(fault.status, fault.body, {**self._limits(), **fault.headers})
        return self._serve(request)

    def _serve(self, request: Request) -> Reply:
        try:
            self._admit(request)
            reply = self.routes.serve(request)
        except RefusedError as no:
            return Reply(no.status, no.body, {**self._limits(), **no.headers})
        if request.method == "GET" and reply.status == 200:
            reply = self._page(request, reply)
            # Another token sees another page: the tag is of what this one sees.
            tag = f'W/"{hashlib.sha256(reply.raw).hexdigest()}"'
            if request.headers.get("if-none-match") == tag:
                return Reply(304, "", {**self._limits(), "ETag": tag})  # and costs nothing
            reply.headers["ETag"] = tag
        self.used += 1
        reply.headers.update(self._limits())
        return reply

    def _limits(self) -> dict[str, str]:
        return {
            "X-RateLimit-Limit": str(LIMIT),
            "X-RateLimit-Remaining": str(max(LIMIT - self.used, 0)),
            "X-RateLimit-Reset": str(int(time.time()) + 1800),
            "X-RateLimit-Used": str(self.used),
            "X-RateLimit-Resource": "core",
            "X-OAuth-Scopes": self.scopes,
        }

    def _admit(self, request: Request) -> None:
        heads = request.headers
        if not heads.get("user-agent"):
            raise RefusedError(
                403,
                "Request forbidden by administrative rules. Please make sure your request has "
                "a User-Agent header",
            )
        kind, _, token = heads.get("authorization", "").partition(" ")
        if kind == "Basic":
            raise RefusedError(
                401,
                "Must specify two-factor authentication OTP code.",
                X_GitHub_OTP="required; app",
            )
        if not token:
            raise RefusedError(401, "Requires authentication")
        if kind not in {"Bearer", "token"} or token != TOKEN:
            raise RefusedError(401, "Bad credentials")
        if self.used >= LIMIT:
            raise RefusedError(403, "API rate limit exceeded for user ID 1.")
        if heads.get("x-github-api-version", "2022-11-28") not in VERSIONS:
            raise RefusedError(400, "The API version is not supported.")
        if not any(kind in heads.get("accept", "*/*") for kind in ("json", "*/*", "octet-stream")):
            raise RefusedError(415, "Must accept 'application/json'")

    def _page(self, request: Request, reply: Reply) -> Reply:
        key = next((one for one in LISTS if one in reply), None)
        items = reply.body if isinstance(reply.body, list) else reply.body[key] if key else None
        if items is None or not isinstance(items, list):
            return reply
        size = min(int(request.query.get("per_page", 30)), 100)
        page, last = int(request.query.get("page", 1)), max(-(-len(items) // size), 1)
        part = items[(page - 1) * size : page * size]
        rest = "&".join(f"{k}={v}" for k, v in request.query.items() if k != "page")
        where = f"{self.url}{request.path}?{rest}{'&' if rest else ''}page="
        links = []
        if page > 1:
            links += [f'<{where}{page - 1}>; rel="prev"', f'<{where}1>; rel="first"']
        if page < last:
            links += [f'<{where}{page + 1}>; rel="next"', f'<{where}{last}>; rel="last"']
        body = {**reply.body, key: part} if key else part
        return Reply(200, body, {"Link": ", ".join(links)} if links else {})
