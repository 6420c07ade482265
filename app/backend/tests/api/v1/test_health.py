from datetime import UTC, datetime, timedelta

from httpx import AsyncClient

from app import __version__


async def test_health_answers_its_four_fields_without_signing_in(client: AsyncClient) -> None:
    response = await client.get("/health")

    assert response.status_code == 200
    body = response.json()
    timestamp = datetime.fromisoformat(body.pop("timestamp"))
    assert abs(datetime.now(UTC) - timestamp) < timedelta(minutes=1)
    assert body == {"status": "healthy", "version": __version__, "service": "backend"}
