import pytest
from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient, Client, Response

from app.core.config import Settings
from app.main import create_app
from tests.conftest import PASSWORD, Member
from tests.servers import serve

ADA = {"email": "ada@example.com", "password": PASSWORD}
WRONG = ADA | {"password": "wrong"}


async def guess(client: AsyncClient, times: int, email: str = ADA["email"]) -> list[Response]:
    return [await client.post("/auth/login", json=WRONG | {"email": email}) for _ in range(times)]


@pytest.mark.usefixtures("ada")
@pytest.mark.parametrize("email", [ADA["email"], "nobody@example.com"])
async def test_the_sixth_guess_is_refused_whether_or_not_the_account_exists(
    client: AsyncClient, email: str
) -> None:
    responses = await guess(client, 6, email)

    assert [response.status_code for response in responses] == [401] * 5 + [429]
    locked = responses[-1]
    assert locked.headers["content-type"] == "application/problem+json"
    assert locked.json() == {
        "type": "about:blank",
        "title": "Too Many Requests",
        "status": 429,
        "detail": "Too many attempts. Try again later.",
        "instance": "/api/v1/auth/login",
    }
    assert 1 <= int(locked.headers["Retry-After"]) <= 60


@pytest.mark.usefixtures("ada")
async def test_even_the_right_password_waits_for_the_lock(client: AsyncClient) -> None:
    await guess(client, 5)

    assert (await client.post("/auth/login", json=ADA)).status_code == 429


@pytest.mark.usefixtures("ada")
async def test_another_address_is_not_locked_out(app: FastAPI, client: AsyncClient) -> None:
    await guess(client, 5)

    transport = ASGITransport(app, client=("192.0.2.7", 1))
    async with AsyncClient(transport=transport, base_url="http://test/api/v1") as other:
        assert (await other.post("/auth/login", json=ADA)).status_code == 200


@pytest.mark.usefixtures("ada")
async def test_success_starts_the_count_anew(client: AsyncClient) -> None:
    await guess(client, 4)
    assert (await client.post("/auth/login", json=ADA)).status_code == 200

    assert [response.status_code for response in await guess(client, 5)] == [401] * 5


async def test_being_locked_out_does_not_end_a_session(ada: Member, client: AsyncClient) -> None:
    await guess(client, 6)

    assert (await ada.client.get("/auth/me")).status_code == 200


class TestWithFewRegistrations:
    @pytest.fixture
    def settings(self, settings: Settings) -> Settings:
        return settings.model_copy(update={"login_max_failures_per_address": 3})

    async def test_registrations_count_for_the_address_also_those_that_fail(
        self, client: AsyncClient
    ) -> None:
        emails = ["a@example.com", "a@example.com", "b@example.com", "c@example.com"]
        statuses = [
            (await client.post("/auth/register", json=ADA | {"email": email})).status_code
            for email in emails
        ]

        assert statuses == [201, 409, 201, 429]


def test_behind_a_trusted_proxy_the_clients_address_counts(settings: Settings) -> None:
    with (
        serve(create_app(settings)) as address,
        Client(base_url=f"{address}/api/v1") as proxy,
    ):

        def status_for(host: str) -> int:
            headers = {"X-Forwarded-For": host}
            return proxy.post("/auth/login", json=WRONG, headers=headers).status_code

        assert [status_for("192.0.2.1") for _ in range(6)] == [401] * 5 + [429]
        assert status_for("192.0.2.2") == 401
