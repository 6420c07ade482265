"""Nothing secret leaves by the logs or by an error."""

import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from loguru import logger

from app.api.deps import CurrentUser, SessionDep
from app.core.config import Settings
from app.core.logging import configure_logging
from app.main import create_app
from app.models import User
from tests.databases import make_settings
from tests.servers import serve

SECRET_KEY = "canary-key-of-the-tests-0123456789abcdef"
PREVIOUS_KEY = "canary-previous-key-0123456789abcdefghij"
PASSWORD = "canary-password-of-ada"
NEW_PASSWORD = "canary-next-password"
WRONG_PASSWORD = "canary-wrong-password"
EMAIL = "ada@example.com"
ORIGIN = {"Origin": "http://localhost:3000"}


@pytest.fixture
def settings(sqlite_url: str) -> Settings:
    return make_settings(
        sqlite_url, debug=True, jwt_secret_key=SECRET_KEY, jwt_secret_key_previous=PREVIOUS_KEY
    )


@pytest.fixture
def failing_app(settings: Settings) -> Iterator[FastAPI]:
    app = create_app(settings)

    @app.post("/api/v1/broken")
    async def broken(body: dict[str, Any], user: CurrentUser) -> None:
        raise RuntimeError(f"user {user.id} sent {len(body)}")

    @app.post("/api/v1/broken-database")
    async def break_database(body: dict[str, Any], session: SessionDep) -> None:
        # The statement fails in the database, whose message has the parameters with it.
        session.add(User(email=EMAIL, name=None, password_hash=body["password"]))
        await session.flush()

    yield app
    logger.remove()


def test_secrets_appear_neither_in_logs_nor_in_problems(
    # Captured before the application takes its stream for the log.
    capfd: pytest.CaptureFixture[str],
    failing_app: FastAPI,
    settings: Settings,
) -> None:
    # Again: pytest has replaced stderr since the application was made.
    configure_logging(settings)
    secrets = {SECRET_KEY, PREVIOUS_KEY, PASSWORD, NEW_PASSWORD, WRONG_PASSWORD}
    problems: list[str] = []
    statuses: list[int] = []

    with serve(failing_app) as address, httpx.Client(base_url=f"{address}/api/v1") as client:

        def send(method: str, path: str, **options: Any) -> httpx.Response:
            response = client.request(method, path, **options)
            statuses.append(response.status_code)
            if response.status_code >= 400:
                problems.append(f"{response.headers}\n{response.text}")
            return response

        account = {"email": EMAIL, "password": PASSWORD}
        session = send("POST", "/auth/register", json=account).json()
        secrets |= {session["access_token"], session["refresh_token"]}
        bearer = {"Authorization": f"Bearer {session['access_token']}"}

        send("POST", "/auth/register", json=account)
        send("POST", "/auth/register", json=account | {"email": PASSWORD})
        send("POST", "/auth/register", json=account | {"transport": PASSWORD})
        send("POST", "/auth/login", json=account | {"secret": PASSWORD})
        send("POST", "/auth/login", json={"email": EMAIL, "password": [PASSWORD]})
        send("POST", "/auth/login", content=f'{{"password": "{PASSWORD}"')
        send("POST", "/auth/login", content=PASSWORD, headers={"Content-Type": "text/plain"})
        send("POST", "/auth/login", json=account | {"password": WRONG_PASSWORD})
        change = {"current_password": WRONG_PASSWORD, "new_password": NEW_PASSWORD}
        send("POST", "/auth/password", json=change, headers=bearer)
        send("POST", "/broken", json=account, headers=bearer)
        send("POST", "/broken-database", json=account, headers=bearer)
        for _ in range(5):
            send("POST", "/auth/login", json=account | {"password": WRONG_PASSWORD})
        send("GET", "/auth/me", headers={"Authorization": f"Bearer {session['refresh_token']}"})

        body = {"refresh_token": session["refresh_token"]}
        rotated = send("POST", "/auth/refresh", json=body).json()
        secrets |= {rotated["access_token"], rotated["refresh_token"]}
        send("POST", "/auth/refresh", json=body | {"token": rotated["refresh_token"]})
        send("POST", "/auth/logout", json=body)
        send("POST", "/auth/refresh", json={"refresh_token": rotated["refresh_token"]})

        other = account | {"email": "bob@example.com", "transport": "cookie"}
        send("POST", "/auth/register", json=other, headers=ORIGIN)
        secrets |= set(client.cookies.values())
        send("POST", "/broken", json=other, headers=ORIGIN)
        send("POST", "/auth/refresh", headers=ORIGIN)
        secrets |= set(client.cookies.values())
        send("POST", "/auth/refresh")

    # All of the paths were taken.
    assert {200, 201, 204, 401, 403, 409, 422, 429, 500} <= set(statuses)
    captured = capfd.readouterr()
    # Without what the test's own client notes about its requests.
    logs = "\n".join(
        line
        for line in (captured.out + captured.err).splitlines()
        if not line.startswith("{") or not json.loads(line)["logger"].startswith("http")
    )
    assert "RuntimeError" in logs
    assert "IntegrityError" in logs
    leaks = [
        f"{where}: {line[:300]}"
        for where, text in (("log", logs), ("problem", "\n".join(problems)))
        for line in text.splitlines()
        if any(form in line for secret in secrets for form in (secret, json.dumps(secret)[1:-1]))
    ]
    assert leaks == []
    assert settings.jwt_secret_key.get_secret_value() == SECRET_KEY
