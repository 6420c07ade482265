import sqlite3
from contextlib import closing
from typing import Any

import pytest
from httpx import AsyncClient, Response

from app.core.config import Settings
from tests.conftest import PASSWORD, TRUSTED_ORIGIN, Member

CREDENTIALS = {"email": "ada@example.com", "password": PASSWORD}


async def test_registering_signs_in_and_normalises_the_email(client: AsyncClient) -> None:
    body = {"email": "Ada@Example.COM", "password": PASSWORD, "name": " Ada "}

    response = await client.post("/auth/register", json=body)

    assert response.status_code == 201
    assert response.headers["Cache-Control"] == "no-store"
    assert "set-cookie" not in response.headers
    session = response.json()
    assert session["user"]["email"] == "ada@example.com"
    assert session["user"]["name"] == "Ada"
    assert (session["token_type"], session["expires_in"]) == ("bearer", 1800)
    me = await client.get("/auth/me", headers=bearer(session))
    assert me.json() == session["user"]
    assert set(me.json()) == {"id", "email", "name", "created_at"}


@pytest.mark.usefixtures("ada")
async def test_an_email_registers_once_whatever_its_case(client: AsyncClient) -> None:
    response = await client.post("/auth/register", json=CREDENTIALS | {"email": "ADA@example.com"})

    assert response.status_code == 409


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"email": "nobody"}, "email"),
        ({"password": "x" * 7}, "password"),
        ({"password": "x" * 129}, "password"),
        ({"name": "n" * 101}, "name"),
        ({"name": "\u200b"}, "name"),
        ({"name": "Ada\x1b[31m"}, "name"),
        ({"transport": "pigeon"}, "transport"),
    ],
)
async def test_registration_refuses_bad_values_without_echoing_them(
    client: AsyncClient, change: dict[str, str], field: str
) -> None:
    response = await client.post("/auth/register", json=CREDENTIALS | change)

    assert response.status_code == 422
    assert [error["field"] for error in response.json()["errors"]] == [field]
    assert PASSWORD not in response.text


async def test_login_answers_a_session(ada: Member, client: AsyncClient) -> None:
    response = await client.post("/auth/login", json=CREDENTIALS)

    assert response.status_code == 200
    assert response.json()["user"] == ada.session["user"]


@pytest.mark.parametrize("change", [{"email": "eve@example.com"}, {"password": "wrong"}])
@pytest.mark.usefixtures("ada")
async def test_login_does_not_say_which_half_was_wrong(
    client: AsyncClient, change: dict[str, str]
) -> None:
    response = await client.post("/auth/login", json=CREDENTIALS | change)

    assert response.status_code == 401
    assert response.json()["detail"] == "Email or password is wrong."
    assert response.headers["WWW-Authenticate"] == "Bearer"


async def test_an_invalid_access_token_is_challenged(client: AsyncClient) -> None:
    response = await client.get("/auth/me", headers={"Authorization": "Bearer nonsense"})

    assert response.status_code == 401
    assert response.headers["WWW-Authenticate"] == 'Bearer error="invalid_token"'


async def test_who_was_deleted_by_something_else_is_signed_out(
    ada: Member, sqlite_url: str
) -> None:
    # Which need not keep foreign keys.
    with closing(sqlite3.connect(sqlite_url.removeprefix("sqlite:///"))) as other:
        other.execute("DELETE FROM users")
        other.commit()

    assert (await ada.client.get("/auth/me")).status_code == 401


async def test_a_refresh_token_is_not_an_access_token(ada: Member) -> None:
    headers = {"Authorization": f"Bearer {ada.session['refresh_token']}"}

    assert (await ada.client.get("/auth/me", headers=headers)).status_code == 401


async def test_refreshing_rotates_the_token(ada: Member, client: AsyncClient) -> None:
    response = await refresh(client, ada.session)

    assert response.status_code == 200
    session = response.json()
    assert session["user"] == ada.session["user"]
    assert session["refresh_token"] != ada.session["refresh_token"]
    assert (await client.get("/auth/me", headers=bearer(session))).status_code == 200
    assert (await refresh(client, session)).status_code == 200


async def test_an_unknown_refresh_token_is_refused(client: AsyncClient) -> None:
    assert (await refresh(client, {"refresh_token": "unknown"})).status_code == 401


async def test_refreshing_without_any_token_is_refused(client: AsyncClient) -> None:
    assert (await client.post("/auth/refresh")).status_code == 401


async def test_two_tabs_may_refresh_with_the_same_token(ada: Member, client: AsyncClient) -> None:
    first, second = await refresh(client, ada.session), await refresh(client, ada.session)

    assert (first.status_code, second.status_code) == (200, 200)
    assert (await refresh(client, first.json())).status_code == 200


class TestAfterTheGracePeriod:
    @pytest.fixture
    def settings(self, settings: Settings) -> Settings:
        return settings.model_copy(update={"refresh_token_grace_seconds": 0})

    async def test_reusing_a_refresh_token_ends_its_whole_family(
        self, ada: Member, client: AsyncClient
    ) -> None:
        rotated = (await refresh(client, ada.session)).json()
        other_device = (await client.post("/auth/login", json=CREDENTIALS)).json()

        stolen = await refresh(client, ada.session)

        assert stolen.status_code == 401
        assert (await refresh(client, rotated)).status_code == 401
        assert (await refresh(client, other_device)).status_code == 200


async def test_logging_out_ends_the_family(ada: Member, client: AsyncClient) -> None:
    body = {"refresh_token": ada.session["refresh_token"]}

    assert (await client.post("/auth/logout", json=body)).status_code == 204
    assert (await client.post("/auth/logout", json=body)).status_code == 204
    assert (await refresh(client, ada.session)).status_code == 401


async def test_logging_out_with_nothing_changes_nothing(client: AsyncClient) -> None:
    response = await client.post("/auth/logout")

    assert response.status_code == 204
    assert "set-cookie" not in response.headers


async def test_cookie_mode_keeps_tokens_away_from_scripts(client: AsyncClient) -> None:
    response = await client.post(
        "/auth/register",
        json=CREDENTIALS | {"transport": "cookie"},
        headers={"Origin": TRUSTED_ORIGIN},
    )

    assert response.status_code == 201
    session = response.json()
    assert (session["access_token"], session["refresh_token"]) == (None, None)
    cookies = response.headers.get_list("set-cookie")
    assert [cookie.partition("=")[0] for cookie in cookies] == ["refapp_access", "refapp_refresh"]
    for cookie in cookies:
        assert {"HttpOnly", "Path=/", "SameSite=lax"} <= set(cookie.split("; "))
        assert "Secure" not in cookie
    assert "Max-Age=1800" in cookies[0]
    assert "Max-Age=1209600" in cookies[1]
    assert (await client.get("/auth/me")).status_code == 200


class TestOverTls:
    @pytest.fixture
    def settings(self, settings: Settings) -> Settings:
        return settings.model_copy(update={"cookie_secure": True, "cookie_prefix": "shop"})

    async def test_cookies_are_secure_and_carry_the_prefix(self, client: AsyncClient) -> None:
        response = await client.post(
            "/auth/register",
            json=CREDENTIALS | {"transport": "cookie"},
            headers={"Origin": TRUSTED_ORIGIN},
        )

        for cookie in response.headers.get_list("set-cookie"):
            assert cookie.startswith("shop_")
            assert "Secure" in cookie.split("; ")


async def test_a_browser_refreshes_by_cookie(browser: AsyncClient) -> None:
    before = browser.cookies["refapp_refresh"]

    response = await browser.post("/auth/refresh")

    assert response.status_code == 200
    assert response.json()["access_token"] is None
    assert browser.cookies["refapp_refresh"] != before


async def test_a_browser_logs_out_by_cookie(browser: AsyncClient) -> None:
    refresh_token = browser.cookies["refapp_refresh"]

    response = await browser.post("/auth/logout")

    assert response.status_code == 204
    assert not browser.cookies
    body = {"refresh_token": refresh_token}
    assert (await browser.post("/auth/refresh", json=body)).status_code == 401


async def test_a_browser_whose_refresh_cookie_is_gone_can_still_log_out(
    browser: AsyncClient,
) -> None:
    browser.cookies.delete("refapp_refresh")

    assert (await browser.post("/auth/logout")).status_code == 204
    assert not browser.cookies


async def test_a_token_in_the_body_wins_over_the_cookie(browser: AsyncClient, ada: Member) -> None:
    cookie = browser.cookies["refapp_refresh"]

    session = (await refresh(browser, ada.session)).json()

    assert session["user"]["email"] == "ada@example.com"
    assert session["access_token"] is not None
    assert browser.cookies["refapp_refresh"] == cookie


async def test_a_bearer_token_wins_over_the_cookie(browser: AsyncClient, ada: Member) -> None:
    me = await browser.get("/auth/me", headers=bearer(ada.session))

    assert me.json()["email"] == "ada@example.com"


TRUSTED: list[dict[str, str]] = [
    {"Sec-Fetch-Site": "same-origin"},
    {"Origin": TRUSTED_ORIGIN},
    {"Sec-Fetch-Site": "cross-site", "Origin": TRUSTED_ORIGIN},
]
UNTRUSTED: list[dict[str, str]] = [
    {},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"},
    {"Origin": "null"},
    {"Origin": TRUSTED_ORIGIN + ".evil.example"},
]
UNSAFE: list[tuple[str, str, dict[str, Any] | None, int]] = [
    ("POST", "/todos", {"title": "x"}, 201),
    ("PATCH", "/todos/1", {"title": "x"}, 404),
    ("DELETE", "/todos/1", None, 404),
    ("POST", "/auth/refresh", None, 200),
    ("POST", "/auth/logout", None, 204),
]


@pytest.mark.parametrize("headers", TRUSTED)
@pytest.mark.parametrize(("method", "path", "body", "status"), UNSAFE)
async def test_a_trusted_origin_may_act_by_cookie(
    browser: AsyncClient,
    headers: dict[str, str],
    method: str,
    path: str,
    body: dict[str, Any] | None,
    status: int,
) -> None:
    del browser.headers["Sec-Fetch-Site"]

    response = await browser.request(method, path, json=body, headers=headers)

    assert response.status_code == status


@pytest.mark.parametrize("headers", UNTRUSTED)
@pytest.mark.parametrize(("method", "path", "body"), [case[:3] for case in UNSAFE])
async def test_another_site_cannot_act_by_cookie(
    browser: AsyncClient,
    headers: dict[str, str],
    method: str,
    path: str,
    body: dict[str, Any] | None,
) -> None:
    del browser.headers["Sec-Fetch-Site"]

    response = await browser.request(method, path, json=body, headers=headers)

    assert response.status_code == 403
    assert response.headers["content-type"] == "application/problem+json"
    assert "set-cookie" not in response.headers


@pytest.mark.parametrize("headers", UNTRUSTED)
@pytest.mark.parametrize("path", ["/auth/login", "/auth/register"])
async def test_another_site_cannot_sign_its_visitor_in(
    client: AsyncClient, headers: dict[str, str], path: str
) -> None:
    body = CREDENTIALS | {"transport": "cookie"}

    response = await client.post(path, json=body, headers=headers)

    assert response.status_code == 403
    assert not client.cookies


async def test_reading_by_cookie_needs_no_origin(browser: AsyncClient) -> None:
    del browser.headers["Sec-Fetch-Site"]

    assert (await browser.get("/todos")).status_code == 200


async def test_a_bearer_token_needs_no_origin(ada: Member) -> None:
    assert (await ada.client.post("/todos", json={"title": "x"})).status_code == 201


def bearer(session: dict[str, Any]) -> dict[str, str]:
    return {"Authorization": f"Bearer {session['access_token']}"}


async def refresh(client: AsyncClient, session: dict[str, Any]) -> Response:
    return await client.post("/auth/refresh", json={"refresh_token": session["refresh_token"]})
