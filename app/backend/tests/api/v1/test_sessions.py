from datetime import datetime, timedelta
from typing import Any

import pytest
from httpx import AsyncClient
from sqlalchemy import select

from app.core.config import Settings
from app.core.database import Database, utc_now
from app.core.security import read_access_token
from app.models import RefreshToken
from tests.conftest import PASSWORD, Member

ADA = {"email": "ada@example.com", "password": PASSWORD}
CHANGE = {"current_password": PASSWORD, "new_password": "another horse battery"}


@pytest.fixture
async def phone(ada: Member, client: AsyncClient) -> AsyncClient:
    """Another session of Ada's."""
    body = ADA | {"email": ada.session["user"]["email"]}
    response = await client.post("/auth/login", json=body, headers={"User-Agent": "Phone/1"})
    client.headers["Authorization"] = f"Bearer {response.json()['access_token']}"
    return client


async def sessions(client: AsyncClient) -> list[dict[str, Any]]:
    response = await client.get("/auth/sessions")
    assert response.status_code == 200
    result: list[dict[str, Any]] = response.json()
    return result


async def may_act(client: AsyncClient) -> bool:
    return (await client.get("/auth/me")).status_code == 200


async def test_one_sees_where_one_is_signed_in(ada: Member, phone: AsyncClient) -> None:
    first, second = await sessions(phone)

    assert set(first) == {"id", "created_at", "last_used_at", "user_agent", "current"}
    assert (first["user_agent"], first["current"]) == ("Phone/1", True)
    assert second["user_agent"].startswith("python-httpx/")
    assert not second["current"]
    assert [entry["current"] for entry in await sessions(ada.client)] == [False, True]


async def test_refreshing_moves_the_last_use_and_keeps_the_rest(ada: Member) -> None:
    (before,) = await sessions(ada.client)
    body = {"refresh_token": ada.session["refresh_token"]}
    agent = {"User-Agent": "Updated/2"}

    assert (await ada.client.post("/auth/refresh", json=body, headers=agent)).status_code == 200

    (after,) = await sessions(ada.client)
    assert after["last_used_at"] > before["last_used_at"]
    assert {**after, "last_used_at": ""} == {**before, "last_used_at": ""}


async def test_a_session_remembers_when_it_began_after_its_first_token_has_expired(
    ada: Member, database: Database, client: AsyncClient
) -> None:
    body = {"refresh_token": ada.session["refresh_token"]}
    for _ in range(2):
        body = {
            "refresh_token": (await client.post("/auth/refresh", json=body)).json()["refresh_token"]
        }
    began = utc_now() - timedelta(days=20)
    async with database.sessions.begin() as session:
        first, second, _ = await session.scalars(select(RefreshToken).order_by(RefreshToken.id))
        first.created_at = second.created_at = began
        first.expires_at = second.expires_at = began + timedelta(days=14)

    await client.post("/auth/login", json=ADA)

    assert [datetime.fromisoformat(s["created_at"]) for s in await sessions(ada.client)][1] == began
    async with database.sessions() as session:
        assert len((await session.scalars(select(RefreshToken.id))).all()) == 3


async def test_ending_a_session_stops_its_access_token_at_once(
    ada: Member, phone: AsyncClient
) -> None:
    session_id = (await sessions(ada.client))[0]["id"]

    assert (await ada.client.delete(f"/auth/sessions/{session_id}")).status_code == 204

    response = await phone.get("/todos")
    assert response.status_code == 401
    assert response.headers["WWW-Authenticate"] == 'Bearer error="invalid_token"'
    assert await may_act(ada.client)
    assert (await ada.client.delete(f"/auth/sessions/{session_id}")).status_code == 404


async def test_logging_out_stops_the_access_token_at_once(ada: Member) -> None:
    body = {"refresh_token": ada.session["refresh_token"]}

    await ada.client.post("/auth/logout", json=body)

    assert not await may_act(ada.client)


async def test_ending_ones_own_session_signs_out(ada: Member, phone: AsyncClient) -> None:
    (own,) = [entry["id"] for entry in await sessions(phone) if entry["current"]]

    await phone.delete(f"/auth/sessions/{own}")

    assert not await may_act(phone)
    assert await may_act(ada.client)


async def test_another_users_session_does_not_exist(ada: Member, browser: AsyncClient) -> None:
    (session,) = await sessions(ada.client)

    assert (await browser.delete(f"/auth/sessions/{session['id']}")).status_code == 404
    assert await may_act(ada.client)


async def test_the_id_of_a_session_is_not_what_its_tokens_carry(
    ada: Member, settings: Settings
) -> None:
    (session,) = await sessions(ada.client)
    claims = read_access_token(ada.session["access_token"], settings)

    assert session["id"] != claims.family_id
    assert (await ada.client.delete(f"/auth/sessions/{claims.family_id}")).status_code == 404


async def test_all_other_sessions_end_together(ada: Member, phone: AsyncClient) -> None:
    assert (await phone.delete("/auth/sessions")).status_code == 204

    assert not await may_act(ada.client)
    assert await may_act(phone)
    assert len(await sessions(phone)) == 1


async def test_another_site_cannot_end_sessions_by_cookie(browser: AsyncClient) -> None:
    del browser.headers["Sec-Fetch-Site"]

    assert (await browser.delete("/auth/sessions")).status_code == 403
    assert (await browser.post("/auth/password", json=CHANGE)).status_code == 403


async def test_changing_the_password_ends_the_other_sessions(
    ada: Member, phone: AsyncClient
) -> None:
    response = await phone.post("/auth/password", json=CHANGE)

    assert response.status_code == 204
    assert await may_act(phone)
    assert not await may_act(ada.client)
    assert (await phone.post("/auth/login", json=ADA)).status_code == 401
    changed = ADA | {"password": CHANGE["new_password"]}
    assert (await phone.post("/auth/login", json=changed)).status_code == 200


async def test_a_browser_goes_on_after_changing_its_password(browser: AsyncClient) -> None:
    assert (await browser.post("/auth/password", json=CHANGE)).status_code == 204

    assert (await browser.get("/auth/me")).status_code == 200
    assert (await browser.post("/auth/refresh")).status_code == 200


async def test_a_wrong_present_password_is_named_as_a_field(ada: Member) -> None:
    response = await ada.client.post("/auth/password", json=CHANGE | {"current_password": "x"})

    assert response.status_code == 422
    assert response.json()["errors"] == [
        {"field": "current_password", "detail": "This is not your password"}
    ]
    assert (await ada.client.post("/auth/login", json=ADA)).status_code == 200


async def test_guessing_the_present_password_is_limited_like_signing_in(
    ada: Member, client: AsyncClient
) -> None:
    wrong = CHANGE | {"current_password": "wrong"}

    statuses = [(await ada.client.post("/auth/password", json=wrong)).status_code for _ in range(6)]

    assert statuses == [422] * 5 + [429]
    assert (await ada.client.post("/auth/password", json=CHANGE)).status_code == 429
    assert (await client.post("/auth/login", json=ADA)).status_code == 429


async def test_a_new_password_must_be_good(ada: Member) -> None:
    response = await ada.client.post("/auth/password", json=CHANGE | {"new_password": "short"})

    assert response.status_code == 422
    assert [error["field"] for error in response.json()["errors"]] == ["new_password"]
