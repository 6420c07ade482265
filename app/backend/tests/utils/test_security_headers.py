import pytest
from fastapi import FastAPI
from fastapi.responses import HTMLResponse
from httpx import ASGITransport, AsyncClient

from app.core.config import Settings
from app.main import create_app
from tests.conftest import TRUSTED_ORIGIN, Member

EXPECTED = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-resource-policy": "same-origin",
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
}


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/health", 200),
        ("GET", "/todos", 401),
        ("GET", "/nowhere", 404),
        ("PUT", "/health", 405),
        ("POST", "/auth/login", 422),
    ],
)
async def test_every_answer_carries_the_headers(
    client: AsyncClient, method: str, path: str, status: int
) -> None:
    response = await client.request(method, path)

    assert response.status_code == status
    assert EXPECTED.items() <= dict(response.headers).items()
    assert response.headers["cache-control"] == "no-store"
    assert "strict-transport-security" not in response.headers


async def test_even_an_unforeseen_failure_and_a_preflight_carry_the_headers(
    fresh_app: FastAPI,
) -> None:
    @fresh_app.get("/api/v1/broken")
    async def broken() -> None:
        raise RuntimeError

    transport = ASGITransport(fresh_app, raise_app_exceptions=False)
    async with AsyncClient(transport=transport, base_url="http://test/api/v1") as client:
        preflight = {"Origin": TRUSTED_ORIGIN, "Access-Control-Request-Method": "GET"}
        for response in (
            await client.get("/broken"),
            await client.options("/todos", headers=preflight),
        ):
            assert EXPECTED.items() <= dict(response.headers).items()


async def test_what_somebody_owns_is_not_stored_by_caches(ada: Member) -> None:
    assert (await ada.client.get("/todos")).headers["cache-control"] == "no-store"


async def test_what_an_endpoint_says_itself_stands(fresh_app: FastAPI) -> None:
    said = {"Cache-Control": "private, no-cache", "Content-Security-Policy": "sandbox"}

    @fresh_app.get("/api/v1/page")
    async def get_page() -> HTMLResponse:
        return HTMLResponse("", headers=said)

    transport = ASGITransport(fresh_app)
    async with AsyncClient(transport=transport, base_url="http://test") as client:
        response = await client.get("/api/v1/page")

    assert response.headers.get_list("cache-control") == ["private, no-cache"]
    assert response.headers.get_list("content-security-policy") == ["sandbox"]


async def test_a_deployment_insists_on_tls(settings: Settings) -> None:
    app = create_app(settings.model_copy(update={"environment": "production"}))

    async with AsyncClient(transport=ASGITransport(app), base_url="http://test") as client:
        response = await client.get("/api/v1/health")

    assert response.headers["strict-transport-security"] == "max-age=31536000"
