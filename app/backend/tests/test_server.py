"""`python -m app.server`: how it leaves, and the spans that it sends."""

import asyncio
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import pytest
from httpx import AsyncClient, HTTPError
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from app.core.config import BACKEND_DIR
from app.core.tracing import FLUSH_SECONDS
from tests.collectors import collecting
from tests.streams import watch

PASSWORD = "correct horse battery"
TRACE_ID = "4bf92f3577b34da6a3ce929d0e0e4736"
PARENT_ID = "00f067aa0ba902b7"


@asynccontextmanager
async def serving(
    database_url: str, **variables: str
) -> AsyncIterator[tuple[subprocess.Popen[bytes], AsyncClient]]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    environment = {
        **os.environ,
        "DATABASE_URL": database_url,
        "BACKEND_PORT": str(port),
        "ARGON2_TIME_COST": "1",
        "ARGON2_MEMORY_KIB": "8",
        "ARGON2_PARALLELISM": "1",
        **variables,
    }
    process = subprocess.Popen(  # noqa: ASYNC220  # starting it takes no time
        [sys.executable, "-m", "app.server"],
        cwd=BACKEND_DIR,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    base_url = f"http://127.0.0.1:{port}/api/v1"
    try:
        async with AsyncClient(base_url=base_url, timeout=20) as client:
            while True:
                try:
                    assert (await client.get("/health/startup")).status_code == 200
                    break
                except HTTPError:
                    assert process.poll() is None
                    await asyncio.sleep(0.05)
            yield process, client
    finally:
        process.kill()
        process.wait()


async def sign_up(client: AsyncClient, **headers: str) -> None:
    body = {"email": "ada@example.com", "password": PASSWORD}
    response = await client.post("/auth/register", json=body, headers=headers)
    assert response.status_code == 201, response.text
    client.headers["Authorization"] = f"Bearer {response.json()['access_token']}"


async def draining(client: AsyncClient) -> None:
    while (await client.get("/health/ready")).status_code == 200:  # noqa: ASYNC110  # in a process of its own
        await asyncio.sleep(0.02)


async def end_of(process: subprocess.Popen[bytes]) -> int:
    return await asyncio.to_thread(process.wait, 15)


async def test_it_stops_being_ready_before_it_stops_serving(sqlite_url: str) -> None:
    async with serving(sqlite_url, DRAIN_SECONDS="4") as (process, client):
        await sign_up(client)
        assert (await client.get("/health/ready")).status_code == 200

        process.send_signal(signal.SIGTERM)
        await draining(client)
        assert (await client.get("/todos")).status_code == 200

        assert await end_of(process) == 0


async def test_a_request_under_way_is_answered_and_a_stream_does_not_wait(
    sqlite_url: str,
) -> None:
    path = sqlite_url.removeprefix("sqlite:///")
    async with serving(sqlite_url) as (process, client):
        await sign_up(client)
        async with watch(client) as stream:
            assert (await stream.next()).event == "ready"
            with sqlite3.connect(path, isolation_level=None) as writer:
                writer.execute("BEGIN IMMEDIATE")
                slow = asyncio.create_task(client.post("/todos", json={"title": "Buy milk"}))
                await asyncio.sleep(1)  # until it waits for the lock
                process.send_signal(signal.SIGTERM)
                assert (await stream.next()).event == "bye"
                assert not slow.done()
                writer.execute("COMMIT")
            writer.close()
            assert (await slow).status_code == 201
        assert await end_of(process) == 0


async def test_a_second_signal_ends_it_at_once(sqlite_url: str) -> None:
    async with serving(sqlite_url, DRAIN_SECONDS="60") as (process, client):
        process.send_signal(signal.SIGTERM)
        await draining(client)
        began = time.monotonic()
        process.send_signal(signal.SIGTERM)

        assert await end_of(process) == -signal.SIGTERM
        assert time.monotonic() - began < 10


@pytest.fixture
def collector() -> Iterator[tuple[str, list[Span]]]:
    with collecting() as collector:
        yield collector


async def test_spans_lead_from_the_callers_to_the_statements(
    sqlite_url: str, collector: tuple[str, list[Span]]
) -> None:
    address, spans = collector
    async with serving(sqlite_url, OTEL_EXPORTER_OTLP_ENDPOINT=address) as (process, client):
        await sign_up(client, traceparent=f"00-{TRACE_ID}-{PARENT_ID}-01")
        assert (await client.get("/health/ready")).status_code == 200
        process.send_signal(signal.SIGTERM)
        assert await end_of(process) == 0

    ours = [span for span in spans if span.trace_id.hex() == TRACE_ID]
    (server,) = (span for span in ours if span.kind == Span.SPAN_KIND_SERVER)
    assert server.parent_span_id.hex() == PARENT_ID
    by_id = {span.span_id: span for span in ours}
    statements = [span for span in ours if span.kind == Span.SPAN_KIND_CLIENT]
    assert {"INSERT", "SELECT"} <= {span.name for span in statements}
    for span in statements:
        above = span
        while above.span_id != server.span_id:
            above = by_id[above.parent_span_id]
    assert not any("health" in str(span) for span in spans)
    assert "ada@example.com" not in str(spans)


@pytest.mark.parametrize("listens", [False, True], ids=["refuses", "never answers"])
async def test_a_collector_that_takes_nothing_does_not_keep_it(
    sqlite_url: str, *, listens: bool
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        if not listens:
            listener.close()
        address = f"http://127.0.0.1:{port}"
        async with serving(sqlite_url, OTEL_EXPORTER_OTLP_ENDPOINT=address) as (process, client):
            await sign_up(client)
            began = time.monotonic()
            process.send_signal(signal.SIGTERM)

            assert await end_of(process) == 0
            assert time.monotonic() - began < FLUSH_SECONDS + 4


def test_nothing_of_it_is_loaded_unless_it_is_wanted() -> None:
    code = "import sys, app.main; print([m for m in sys.modules if m.startswith(SDK)])"
    said = subprocess.run(  # noqa: S603  # this interpreter, on a literal
        [sys.executable, "-c", f"SDK = 'opentelemetry.sdk'; {code}"],
        cwd=BACKEND_DIR,
        capture_output=True,
        text=True,
        check=True,
    )
    assert said.stdout.strip() == "[]"
