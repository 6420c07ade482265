import re

import pytest
from httpx import AsyncClient


@pytest.mark.parametrize("path", ["/docs", "/redoc"])
async def test_a_page_and_all_it_needs_come_from_here(client: AsyncClient, path: str) -> None:
    response = await client.get(f"http://test{path}")

    assert response.status_code == 200
    policy = response.headers["content-security-policy"]
    assert "script-src 'self';" in policy
    assert "frame-ancestors 'none'" in policy
    assert "http://" not in response.text
    assert "https://" not in response.text
    assert "<script>" not in response.text
    needed = re.findall(r'(?:src|href|data-url|spec-url)="([^"]+)"', response.text)
    assert len(needed) >= 3
    for address in needed:
        assert (await client.get(f"http://test{address}")).status_code == 200, address


async def test_an_unknown_file_of_the_pages_is_not_found(client: AsyncClient) -> None:
    assert (await client.get("http://test/docs/assets/config.py")).status_code == 404
