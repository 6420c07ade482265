import pytest
from httpx import AsyncClient

ORIGIN = "http://localhost:3000"


@pytest.mark.parametrize(
    ("origin", "allowed"), [(None, None), (ORIGIN, ORIGIN), ("https://evil.example", None)]
)
async def test_an_answer_says_that_it_varies_and_allows_known_origins_only(
    client: AsyncClient, origin: str | None, allowed: str | None
) -> None:
    response = await client.get("/health", headers={"Origin": origin} if origin else {})

    assert response.headers.get_list("vary") == ["Origin"]
    assert response.headers.get("access-control-allow-origin") == allowed


async def test_a_preflight_is_answered(client: AsyncClient) -> None:
    response = await client.options(
        "/todos", headers={"Origin": ORIGIN, "Access-Control-Request-Method": "PATCH"}
    )

    assert response.status_code == 200
    assert "PATCH" in response.headers["access-control-allow-methods"]
