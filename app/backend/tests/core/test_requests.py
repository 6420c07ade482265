import io
import json
import re
import sys
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from fastapi import APIRouter, FastAPI
from httpx import ASGITransport, AsyncClient
from loguru import logger
from opentelemetry import trace
from opentelemetry.trace import NonRecordingSpan, SpanContext

from app.core.config import Settings
from app.core.logging import configure_logging
from app.core.metrics import Metrics
from app.core.requests import RequestMiddleware
from app.main import create_app
from tests.conftest import TRUSTED_ORIGIN, Member
from tests.databases import make_settings
from tests.servers import serve

TRACE_ID = "4bf92f3577b34da6a3ce929d0e0e4736"
SPAN_ID = "00f067aa0ba902b7"
MADE_UP_ID = re.compile("[0-9a-f]{32}")

pytestmark = pytest.mark.usefixtures("restored_logging")


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> Callable[[], list[dict[str, Any]]]:
    """Return what was logged, without what the tests' own client says.

    After the fixture of an application: making one configures the logging, too.
    """
    written = io.StringIO()
    with monkeypatch.context() as patch:
        patch.setattr(sys, "stderr", written)
        configure_logging(make_settings(debug=True))

    def take() -> list[dict[str, Any]]:
        lines = map(json.loads, written.getvalue().splitlines())
        return [line for line in lines if not line["logger"].startswith("http")]

    return take


@pytest.fixture
def things_app(settings: Settings) -> FastAPI:
    app = create_app(settings)
    inner, outer = APIRouter(prefix="/{color}"), APIRouter(prefix="/things")

    @inner.get("/parts/{part}")
    async def show(color: str, part: int) -> str:
        logger.info("Shown")
        return f"{color} {part}"

    @inner.get("/broken")
    async def fail(color: str) -> None:
        raise RuntimeError(color)

    outer.include_router(inner)
    app.include_router(outer, prefix="/api/v1")
    return app


def access_lines(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [line for line in lines if line["logger"] == "app.access"]


@pytest.mark.parametrize(
    ("method", "path", "headers", "status"),
    [
        ("GET", "/health", {}, 200),
        ("GET", "/nowhere", {}, 404),
        ("PUT", "/health", {}, 405),
        ("GET", "/todos", {}, 401),
        ("POST", "/auth/login", {}, 422),
        ("POST", "/auth/login", {"Content-Length": "99999999"}, 413),
        (
            "OPTIONS",
            "/todos",
            {"Origin": TRUSTED_ORIGIN, "Access-Control-Request-Method": "POST"},
            200,
        ),
        (
            "OPTIONS",
            "/todos",
            {"Origin": "https://evil", "Access-Control-Request-Method": "X"},
            400,
        ),
        ("GET", "/health/", {}, 200),
    ],
)
async def test_every_answer_has_the_id_of_its_request(
    client: AsyncClient,
    read: Callable[[], list[dict[str, Any]]],
    method: str,
    path: str,
    headers: dict[str, str],
    status: int,
) -> None:
    given = await client.request(method, path, headers=headers | {"X-Request-ID": "given:1.2_3-4"})
    made = await client.request(method, path, headers=headers)

    assert (given.status_code, made.status_code) == (status, status)
    assert given.headers.get_list("x-request-id") == ["given:1.2_3-4"]
    (made_id,) = made.headers.get_list("x-request-id")
    assert MADE_UP_ID.fullmatch(made_id)
    lines = access_lines(read())
    assert [line["request_id"] for line in lines] == ["given:1.2_3-4", made_id]
    assert [line["status"] for line in lines] == [status, status]


@pytest.mark.parametrize(
    "given", ["", "a" * 129, "two words", "a\tb", 'x"}', "é", "a/b", "${jndi}"]
)
async def test_an_id_that_could_do_harm_is_replaced(client: AsyncClient, given: str) -> None:
    response = await client.get("/health", headers=[(b"X-Request-ID", given.encode())])

    assert MADE_UP_ID.fullmatch(response.headers["x-request-id"])


async def test_no_two_requests_get_the_same_id(client: AsyncClient) -> None:
    ids = {(await client.get("/health")).headers["x-request-id"] for _ in range(20)}

    assert len(ids) == 20


async def test_a_page_of_a_trusted_origin_may_send_and_read_the_id(client: AsyncClient) -> None:
    preflight = await client.options(
        "/todos",
        headers={
            "Origin": TRUSTED_ORIGIN,
            "Access-Control-Request-Method": "GET",
            "Access-Control-Request-Headers": "x-request-id, traceparent",
        },
    )
    response = await client.get("/health", headers={"Origin": TRUSTED_ORIGIN})

    assert preflight.status_code == 200
    assert "X-Request-ID" in response.headers["access-control-expose-headers"]


def test_an_unforeseen_failure_can_be_found_by_the_id_of_its_answer(
    things_app: FastAPI, read: Callable[[], list[dict[str, Any]]]
) -> None:
    with serve(things_app) as address:
        response = httpx.get(f"{address}/api/v1/things/red/broken")

    assert response.status_code == 500
    (request_id,) = response.headers.get_list("x-request-id")
    lines = read()
    found = [line for line in lines if line.get("request_id") == request_id]
    access, failure = sorted(found, key=lambda line: line["logger"])
    assert (access["logger"], access["level"], access["status"]) == ("app.access", "WARNING", 500)
    assert access["path"] == "/api/v1/things/{color}/broken"
    assert (failure["logger"], failure["level"]) == ("uvicorn.error", "ERROR")
    assert "RuntimeError: red" in failure["exception"]
    # uvicorn's own lines would say the same again.
    assert not [line for line in lines if line["logger"] == "uvicorn.access"]


@pytest.mark.parametrize(
    ("method", "path", "template"),
    [
        ("GET", "/api/v1/things/red/parts/7?page=2", "/api/v1/things/{color}/parts/{part}"),
        ("GET", "/api/v1/things/red/parts/7/", "/api/v1/things/{color}/parts/{part}"),
        ("GET", "/api/v1/things/red/parts/seven", "/api/v1/things/{color}/parts/{part}"),
        ("GET", "/api/v1/todos/7", "/api/v1/todos/{todo_id}"),
        ("PUT", "/api/v1/todos/7", "/api/v1/todos/{todo_id}"),
        ("GET", "/api/v1/health", "/api/v1/health"),
        ("GET", "/metrics", "/metrics"),
        ("GET", "/openapi.json", "/openapi.json"),
        ("GET", "/docs/assets/swagger-ui.css", "/docs/assets/{name}"),
        ("GET", "/api/v1/nowhere/7", "unmatched"),
        ("GET", "/", "unmatched"),
    ],
)
async def test_a_request_is_known_by_the_template_of_its_route(
    things_app: FastAPI,
    read: Callable[[], list[dict[str, Any]]],
    method: str,
    path: str,
    template: str,
) -> None:
    async with AsyncClient(transport=ASGITransport(things_app), base_url="http://test") as client:
        await client.request(method, path)

    (line,) = access_lines(read())
    assert (line["method"], line["path"]) == (method, template)


@pytest.mark.parametrize("method", ["BREW", "get", "PROPFIND", "TRACE", "CONNECT"])
async def test_a_method_that_clients_make_up_is_other(
    client: AsyncClient, read: Callable[[], list[dict[str, Any]]], method: str
) -> None:
    # httpx writes methods in upper case by itself.
    request = client.build_request("GET", "/health")
    request.method = method
    await client.send(request)

    (line,) = access_lines(read())
    assert line["method"] == "OTHER"


async def test_one_access_line_tells_all_about_a_request(
    ada: Member, read: Callable[[], list[dict[str, Any]]]
) -> None:
    response = await ada.client.get("/todos/1", params={"secret": "hunter2"})

    (line,) = access_lines(read())
    duration = line.pop("duration_ms")
    assert 0 < duration < 10_000
    del line["timestamp"]
    assert line == {
        "level": "INFO",
        "logger": "app.access",
        "message": "GET /api/v1/todos/{todo_id} 404",
        "method": "GET",
        "path": "/api/v1/todos/{todo_id}",
        "status": 404,
        "request_id": response.headers["x-request-id"],
        "trace_id": None,
        "span_id": None,
        "user_id": ada.session["user"]["id"],
    }


async def test_a_cookie_says_whose_request_it_is_and_nobody_is_nobody(
    browser: AsyncClient, client: AsyncClient, read: Callable[[], list[dict[str, Any]]]
) -> None:
    me = (await browser.get("/auth/me")).json()
    await client.get("/auth/me")

    signed_in, nobody = access_lines(read())
    assert signed_in["user_id"] == me["id"]
    assert nobody["user_id"] is None


@pytest.mark.parametrize(
    "path", ["/health/live", "/health/ready", "/health/startup", "http://test/metrics"]
)
async def test_what_machines_ask_for_all_the_time_is_logged_when_debugging_only(
    client: AsyncClient, read: Callable[[], list[dict[str, Any]]], path: str
) -> None:
    await client.get(path)

    (line,) = access_lines(read())
    assert line["level"] == ("WARNING" if line["status"] >= 500 else "DEBUG")


async def test_what_a_request_logs_is_found_under_the_trace_of_its_caller(
    things_app: FastAPI, read: Callable[[], list[dict[str, Any]]]
) -> None:
    headers = {"traceparent": f"00-{TRACE_ID}-{SPAN_ID}-01", "X-Request-ID": "mine"}
    async with AsyncClient(transport=ASGITransport(things_app), base_url="http://test") as client:
        await client.get("/api/v1/things/red/parts/7", headers=headers)

    shown, access = (line for line in read() if line["logger"] in {"app.access", __name__})
    assert shown["message"] == "Shown"
    for line in (shown, access):
        # The span is the caller's: none of this request's own exists.
        assert (line["request_id"], line["trace_id"], line["span_id"]) == ("mine", TRACE_ID, None)


@pytest.mark.parametrize(
    "traceparent",
    [
        "",
        "garbage",
        f"00-{'0' * 32}-{SPAN_ID}-01",
        f"00-{TRACE_ID}-{'0' * 16}-01",
        f"00-{TRACE_ID.upper()}-{SPAN_ID}-01",
        f"ff-{TRACE_ID}-{SPAN_ID}-01",
        f"00-{TRACE_ID}-{SPAN_ID}-01-more",
    ],
)
async def test_a_traceparent_that_is_none_is_ignored(
    client: AsyncClient, read: Callable[[], list[dict[str, Any]]], traceparent: str
) -> None:
    response = await client.get("/health", headers={"traceparent": traceparent})

    assert response.status_code == 200
    assert [line["trace_id"] for line in access_lines(read())] == [None]


async def test_a_span_of_the_request_itself_comes_before_the_callers_word(
    client: AsyncClient, read: Callable[[], list[dict[str, Any]]]
) -> None:
    span = NonRecordingSpan(SpanContext(trace_id=0xABC, span_id=0xDEF, is_remote=False))

    with trace.use_span(span):
        await client.get("/health", headers={"traceparent": f"00-{TRACE_ID}-{SPAN_ID}-01"})

    (line,) = access_lines(read())
    assert (line["trace_id"], line["span_id"]) == (f"{0xABC:032x}", f"{0xDEF:016x}")


async def test_what_is_no_request_passes_untouched() -> None:
    seen: list[str] = []

    async def inner(scope: Any, _receive: Any, _send: Any) -> None:
        seen.append(scope["type"])

    async def nothing(*_: Any) -> Any:
        pytest.fail("nobody sends or receives")

    metrics = Metrics(environment="test", pool=lambda: pytest.fail("nobody scrapes"))
    await RequestMiddleware(inner, metrics)({"type": "lifespan"}, nothing, nothing)

    assert seen == ["lifespan"]
    assert metrics._requests == {}
