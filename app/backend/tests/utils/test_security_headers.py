import base64
import hashlib
import re

import pytest
from fastapi import FastAPI
from fastapi.responses import HTMLResponse
from httpx import ASGITransport, AsyncClient

from app.core.config import Settings
from app.main import create_app
from app.utils.security_headers import page_policy
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


@pytest.mark.parametrize("path", ["/docs", "/redoc", "/docs/oauth2-redirect"])
async def test_a_page_may_run_its_own_scripts_and_no_others(client: AsyncClient, path: str) -> None:
    response = await client.get(f"http://test{path}")

    assert response.status_code == 200
    policy = response.headers["content-security-policy"]
    inline = re.findall(r"<script>(.*?)</script>", response.text, re.DOTALL)
    for script in inline:
        digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
        assert f"'sha256-{digest}'" in policy
    assert policy.count("'sha256-") == len(inline)
    assert "script-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert int(response.headers["content-length"]) == len(response.content)


def test_a_script_with_a_source_needs_no_digest() -> None:
    page = b"<script src='/docs/a.js'></script><script type='module'>1</script>"

    assert page_policy(page).count(b"'sha256-") == 1


async def test_a_page_that_comes_in_parts_arrives_whole(fresh_app: FastAPI) -> None:
    from fastapi.responses import StreamingResponse

    @fresh_app.get("/docs/parts")
    async def get_parts() -> StreamingResponse:
        parts = ("<script>", "1", "</script>")
        return StreamingResponse(iter(parts), media_type="text/html")

    async with AsyncClient(transport=ASGITransport(fresh_app), base_url="http://test") as client:
        response = await client.get("/docs/parts")

    assert response.text == "<script>1</script>"
    assert "'sha256-" in response.headers["content-security-policy"]
