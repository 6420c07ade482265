from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient
from prometheus_client import Metric
from prometheus_client.openmetrics.parser import (
    text_string_to_metric_families as parse_open_metrics,
)
from prometheus_client.parser import text_string_to_metric_families as parse

from app import __version__
from app.core.config import Settings
from app.core.metrics import BUCKETS, Metrics
from app.main import create_app
from tests.databases import make_settings
from tests.streams import serve, until, watch


@pytest.fixture
async def open_client(fresh_app: FastAPI) -> AsyncIterator[AsyncClient]:
    """A client of an application that nobody has asked anything yet."""
    async with connect(fresh_app) as client:
        yield client


@asynccontextmanager
async def connect(app: FastAPI) -> AsyncIterator[AsyncClient]:
    transport = ASGITransport(app, raise_app_exceptions=False)
    async with AsyncClient(transport=transport, base_url="http://test") as client:
        yield client


async def scrape(client: AsyncClient) -> dict[str, Metric]:
    response = await client.get("/metrics")
    assert response.status_code == 200
    return {family.name: family for family in parse(response.text)}


def value(families: dict[str, Metric], sample: str, **labels: str) -> float:
    (found,) = (
        each.value
        for family in families.values()
        for each in family.samples
        if each.name == sample and each.labels == labels
    )
    return found


def requests(families: dict[str, Metric]) -> dict[tuple[str, str, str], float]:
    return {
        (each.labels["method"], each.labels["endpoint"], each.labels["status"]): each.value
        for each in families["app_requests"].samples
    }


async def test_requests_are_counted_by_method_route_and_status(open_client: AsyncClient) -> None:
    for path in ("/api/v1/health", "/api/v1/health/", "/api/v1/todos/1", "/api/v1/todos/2"):
        await open_client.get(path)
    await open_client.post("/api/v1/auth/login", json={})

    families = await scrape(open_client)

    assert families["app_requests"].type == "counter"
    assert requests(families) == {
        ("GET", "/api/v1/health", "200"): 2,
        ("GET", "/api/v1/todos/{todo_id}", "401"): 2,
        ("POST", "/api/v1/auth/login", "422"): 1,
    }
    assert requests(await scrape(open_client))["GET", "/metrics", "200"] == 1


async def test_an_unforeseen_failure_is_counted(fresh_app: FastAPI) -> None:
    @fresh_app.get("/api/v1/broken")
    async def fail() -> None:
        raise RuntimeError("broken")

    async with connect(fresh_app) as client:
        await client.get("/api/v1/broken")

        assert requests(await scrape(client)) == {("GET", "/api/v1/broken", "500"): 1}


async def test_durations_are_a_histogram(fresh_app: FastAPI, open_client: AsyncClient) -> None:
    metrics: Metrics = fresh_app.state.metrics
    for seconds in (0.001, 0.005, 0.3, 60.0):
        metrics.observe("GET", "/slow", 200, seconds)

    families = await scrape(open_client)

    labels = {"method": "GET", "endpoint": "/slow", "status": "200"}
    family = families["app_request_duration_seconds"]
    assert family.type == "histogram"
    buckets = {
        float(each.labels["le"]): each.value
        for each in family.samples
        if each.name.endswith("_bucket")
    }
    expected = {bound: 2.0 if bound < 0.5 else 3.0 for bound in BUCKETS} | {float("inf"): 4.0}
    assert buckets == expected
    assert value(families, "app_request_duration_seconds_count", **labels) == 4
    assert value(families, "app_request_duration_seconds_sum", **labels) == pytest.approx(60.306)


async def test_a_scrape_sees_itself_in_progress_and_nothing_stays_there(
    fresh_app: FastAPI, open_client: AsyncClient
) -> None:
    @fresh_app.get("/api/v1/broken")
    async def fail() -> None:
        raise RuntimeError("broken")

    await open_client.get("/api/v1/broken")

    assert value(await scrape(open_client), "app_requests_in_progress") == 1
    assert fresh_app.state.metrics.in_progress == 0


async def test_paths_and_methods_that_clients_make_up_add_no_series(
    open_client: AsyncClient,
) -> None:
    for number in range(50):
        await open_client.request(f"MADE{number}", f"/up/{number}")
        await open_client.get(f"/api/v1/{number}")
        await open_client.get(f"/api/v1/todos/{number}?page={number}")
        await open_client.get("/api/v1/health", headers={"X-Request-ID": str(number)})

    assert requests(await scrape(open_client)) == {
        ("OTHER", "unmatched", "404"): 50,
        ("GET", "unmatched", "404"): 50,
        ("GET", "/api/v1/todos/{todo_id}", "401"): 50,
        ("GET", "/api/v1/health", "200"): 50,
    }


async def test_the_pool_of_postgresql_shows_what_is_in_use(postgres_url: str) -> None:
    settings = make_settings(postgres_url, database_pool_size=1, database_max_overflow=2)
    app = create_app(settings)
    engine = app.state.database.engine

    async def read_pool(client: AsyncClient) -> list[float]:
        families = await scrape(client)
        names = ("size", "checked_out", "overflow")
        return [value(families, f"app_db_pool_{name}") for name in names]

    async with app.router.lifespan_context(app), connect(app) as client:
        assert await read_pool(client) == [1, 0, 0]
        async with engine.connect():
            assert await read_pool(client) == [1, 1, 0]
            async with engine.connect():
                assert await read_pool(client) == [1, 2, 1]
        assert await read_pool(client) == [1, 0, 0]


async def test_a_database_in_memory_has_no_pool_to_show() -> None:
    async with connect(create_app(make_settings())) as client:
        assert not [name for name in await scrape(client) if "pool" in name]


async def test_clients_that_listen_to_events_are_counted(fresh_app: FastAPI) -> None:
    broker = fresh_app.state.broker
    async with serve(fresh_app) as live, connect(fresh_app) as scraper:
        ada = await live.join("ada@example.com")
        assert value(await scrape(scraper), "app_sse_clients") == 0
        async with watch(ada) as reader:
            await reader.next()
            families = await scrape(scraper)
            assert value(families, "app_sse_clients") == 1
            # The stream and the scrape itself.
            assert value(families, "app_requests_in_progress") == 2
        await until(lambda: broker.clients == 0)
        assert value(await scrape(scraper), "app_sse_clients") == 0


async def test_it_says_what_is_running(open_client: AsyncClient) -> None:
    families = await scrape(open_client)

    (info,) = families["app_build_info"].samples
    assert info.value == 1
    assert info.labels["version"] == __version__
    assert info.labels["environment"] == "test"
    assert info.labels["python"].startswith("3.")


async def test_the_process_shows_its_memory_processor_and_files(open_client: AsyncClient) -> None:
    families = await scrape(open_client)

    for name in (
        "process_resident_memory_bytes",
        "process_cpu_seconds_total",
        "process_open_fds",
        "process_start_time_seconds",
    ):
        assert value(families, name) > 0
    assert "python_gc_collections" in families


async def test_all_names_have_a_help_text(open_client: AsyncClient) -> None:
    await open_client.get("/api/v1/health")

    for name, family in (await scrape(open_client)).items():
        assert family.documentation, name


async def test_a_scraper_that_asks_for_open_metrics_gets_them(open_client: AsyncClient) -> None:
    await open_client.get("/api/v1/health")

    response = await open_client.get(
        "/metrics", headers={"Accept": "application/openmetrics-text;version=1.0.0,text/plain;q=.5"}
    )

    assert response.headers["content-type"].startswith("application/openmetrics-text; version=1.0")
    assert response.text.endswith("# EOF\n")
    families = {
        family.name: family
        for family in parse_open_metrics(response.text)  # type: ignore[no-untyped-call]  # its own
    }
    assert requests(families) == {("GET", "/api/v1/health", "200"): 1}


@pytest.mark.parametrize("accept", ["", "*/*", "text/html", "text/plain;version=0.0.4"])
async def test_everybody_else_gets_text(open_client: AsyncClient, accept: str) -> None:
    response = await open_client.get("/metrics", headers={"Accept": accept})

    assert response.headers["content-type"].startswith("text/plain; version=")
    assert response.headers["content-type"].count("charset=") == 1
    assert "app_build_info{" in response.text


async def test_two_applications_of_a_process_have_numbers_of_their_own(
    fresh_app: FastAPI, settings: Settings
) -> None:
    other = create_app(settings)
    async with connect(fresh_app) as client, connect(other) as other_client:
        await client.get("/api/v1/health")

        assert requests(await scrape(client)) == {("GET", "/api/v1/health", "200"): 1}
        assert requests(await scrape(other_client)) == {}


async def test_metrics_are_no_part_of_the_api(fresh_app: FastAPI, open_client: AsyncClient) -> None:
    assert "/metrics" not in fresh_app.openapi()["paths"]
    assert (await open_client.get("/api/v1/metrics")).status_code == 404


async def test_they_can_be_switched_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("METRICS_ENABLED", "false")
    async with connect(create_app(Settings(_env_file=None))) as client:
        response = await client.get("/metrics")

        assert (await client.get("/api/v1/health")).status_code == 200
    assert response.status_code == 404
    assert response.headers["content-type"] == "application/problem+json"
