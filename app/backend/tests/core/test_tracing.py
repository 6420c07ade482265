import os
import sqlite3
from collections.abc import Iterator

import pytest
from httpx import ASGITransport, AsyncClient
from loguru import logger
from opentelemetry.proto.trace.v1.trace_pb2 import Span, Status
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError

from app.core.tracing import Tracing, is_wanted
from app.main import create_app
from tests.collectors import attributes_of, collecting
from tests.databases import make_settings

CANARY = "canary of the spans"
ADDRESS = "http://collector.test:4318"


@pytest.fixture(autouse=True)
def _unset(monkeypatch: pytest.MonkeyPatch) -> None:

    for name in os.environ:
        if name.startswith("OTEL_"):
            monkeypatch.delenv(name)


@pytest.fixture
def warnings() -> Iterator[list[str]]:
    lines: list[str] = []
    handler = logger.add(lines.append, format="{message}", level="WARNING")
    yield lines
    logger.remove(handler)


@pytest.fixture
def spans(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Span]]:
    with collecting() as (address, spans):
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", address)
        yield spans


@pytest.mark.parametrize(
    ("variables", "wanted"),
    [
        ({}, False),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": ""}, False),
        ({"OTEL_TRACES_EXPORTER": "otlp"}, False),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": ADDRESS}, True),
        ({"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": f"{ADDRESS}/v1/traces"}, True),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": ADDRESS, "OTEL_SDK_DISABLED": "True"}, False),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": ADDRESS, "OTEL_SDK_DISABLED": "false"}, True),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": ADDRESS, "OTEL_TRACES_EXPORTER": "none"}, False),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": ADDRESS, "OTEL_TRACES_EXPORTER": "otlp"}, True),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": ADDRESS, "OTEL_TRACES_EXPORTER": ""}, True),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": ADDRESS, "OTEL_EXPORTER_OTLP_PROTOCOL": ""}, True),
        (
            {
                "OTEL_EXPORTER_OTLP_ENDPOINT": ADDRESS,
                "OTEL_EXPORTER_OTLP_PROTOCOL": "http/protobuf",
            },
            True,
        ),
        (
            {
                "OTEL_EXPORTER_OTLP_ENDPOINT": ADDRESS,
                "OTEL_EXPORTER_OTLP_PROTOCOL": "grpc",
                "OTEL_EXPORTER_OTLP_TRACES_PROTOCOL": "http/protobuf",
            },
            True,
        ),
    ],
)
def test_opentelemetrys_own_variables_decide(
    monkeypatch: pytest.MonkeyPatch, warnings: list[str], variables: dict[str, str], *, wanted: bool
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)

    assert is_wanted() is wanted
    assert not warnings


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("OTEL_TRACES_EXPORTER", "zipkin"),
        ("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc"),
        ("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "http/json"),
    ],
)
def test_what_is_not_supported_is_named(
    monkeypatch: pytest.MonkeyPatch, warnings: list[str], name: str, value: str
) -> None:
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", ADDRESS)
    monkeypatch.setenv(name, value)

    assert not is_wanted()
    (warning,) = warnings
    assert value in warning


async def test_a_statement_that_fails_is_marked_and_its_values_stay_here(
    spans: list[Span],
) -> None:
    tracing = Tracing(make_settings())
    engine = create_engine("sqlite://")
    tracing.follow(engine)
    provider = tracing.telemetry(excluded=())["tracer_provider"]
    assert provider is not None

    with (
        provider.get_tracer("test").start_as_current_span("request"),
        engine.connect() as connection,
    ):
        with pytest.raises(DBAPIError) as failure:
            connection.execute(
                text("SELECT name FROM missing WHERE name = :name"), {"name": CANARY}
            )
        connection.execute(text("SELECT :name"), {"name": CANARY})
    engine.dispose()
    await tracing.shut_down()

    assert isinstance(failure.value.orig, sqlite3.OperationalError)
    parent = next(span for span in spans if span.name == "request")
    failed, succeeded = (span for span in spans if span.name == "SELECT")
    assert failed.parent_span_id == succeeded.parent_span_id == parent.span_id
    assert failed.status.code == Status.STATUS_CODE_ERROR
    assert succeeded.status.code == Status.STATUS_CODE_UNSET
    assert attributes_of(failed) == {
        "db.system.name": "sqlite",
        "db.namespace": "",
        "db.operation.name": "SELECT",
        "db.query.text": "SELECT name FROM missing WHERE name = ?",
        "error.type": "OperationalError",
    }
    assert CANARY not in str(spans)


async def test_a_statement_outside_of_a_traced_request_leaves_no_span(spans: list[Span]) -> None:
    tracing = Tracing(make_settings())
    engine = create_engine("sqlite://")
    tracing.follow(engine)

    with engine.connect() as connection:
        connection.execute(text("SELECT 1"))
    engine.dispose()
    await tracing.shut_down()

    assert not spans


async def test_what_people_search_for_is_in_no_span(spans: list[Span], sqlite_url: str) -> None:
    app = create_app(make_settings(sqlite_url))
    transport = ASGITransport(app)
    async with (
        app.router.lifespan_context(app),
        AsyncClient(transport=transport, base_url="http://test/api/v1") as client,
    ):
        body = {"email": "ada@example.com", "password": "correct horse battery"}
        session = (await client.post("/auth/register", json=body)).json()
        client.headers["Authorization"] = f"Bearer {session['access_token']}"
        response = await client.get("/todos", params={"search": "canary", "q": "canary"})
        await client.get("/todos?canary")
        await client.get("/todos/")

    assert response.status_code == 200
    lists = [attributes_of(span) for span in spans if span.name == "GET /api/v1/todos"]
    assert [each.get("url.query") for each in lists] == ["REDACTED", "REDACTED", None]
    assert "canary" not in str(spans)
    assert any(span.name == "SELECT" for span in spans)
