"""Conditional and repeated requests."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from app.core.database import Database, utc_now
from app.models import IdempotencyKey
from app.services.idempotency import LIFETIME, TRIMMED_AT_ONCE
from tests.api.v1.test_todos import create
from tests.conftest import Member


async def test_the_tag_is_the_version_and_moves_with_changes_only(ada: Member) -> None:
    created = await ada.client.post("/todos", json={"title": "Buy milk"})
    path = f"/todos/{created.json()['id']}"

    same = await ada.client.patch(path, json={"title": "Buy milk"})
    changed = await ada.client.patch(path, json={"title": "Buy oats"})
    read = await ada.client.get(path)

    responses = (created, same, changed, read)
    assert [response.headers["ETag"] for response in responses] == ['"1"', '"1"', '"2"', '"2"']
    assert [response.json()["version"] for response in responses] == [1, 1, 2, 2]


@pytest.mark.parametrize("method", ["PATCH", "DELETE"])
@pytest.mark.parametrize("tag", ['"1"', '"7", "8"', 'W/"2"', "2", '"x"'])
async def test_a_change_of_another_version_is_refused(ada: Member, method: str, tag: str) -> None:
    path = f"/todos/{(await create(ada))['id']}"
    await ada.client.patch(path, json={"priority": 1})

    body = {"priority": 2} if method == "PATCH" else None
    response = await ada.client.request(method, path, json=body, headers={"If-Match": tag})

    assert response.status_code == 412
    assert response.headers["content-type"] == "application/problem+json"
    assert response.json()["title"] == "Precondition Failed"
    assert (await ada.client.get(path)).json()["priority"] == 1


@pytest.mark.parametrize("tag", ['"1"', '"7", "1"', "*"])
async def test_a_change_of_the_expected_version_is_made(ada: Member, tag: str) -> None:
    path = f"/todos/{(await create(ada))['id']}"

    changed = await ada.client.patch(path, json={"priority": 2}, headers={"If-Match": tag})
    newer = tag.replace("1", "2")
    deleted = await ada.client.delete(path, headers={"If-Match": newer})

    assert (changed.status_code, changed.headers["ETag"]) == (200, '"2"')
    assert deleted.status_code == 204
    again = await ada.client.patch(path, json={"priority": 3}, headers={"If-Match": newer})
    assert again.status_code == 404


@pytest.mark.parametrize("tag", ['"1"', 'W/"1"', '"4", "1"', "*"])
async def test_a_todo_that_is_known_is_not_sent_again(ada: Member, tag: str) -> None:
    path = f"/todos/{(await create(ada))['id']}"

    response = await ada.client.get(path, headers={"If-None-Match": tag})

    assert (response.status_code, response.content) == (304, b"")
    assert response.headers["ETag"] == '"1"'
    assert "content-length" not in response.headers


async def test_a_todo_that_has_changed_is_sent(ada: Member) -> None:
    path = f"/todos/{(await create(ada))['id']}"
    await ada.client.patch(path, json={"priority": 2})

    response = await ada.client.get(path, headers={"If-None-Match": '"1"'})

    assert (response.status_code, response.json()["version"]) == (200, 2)


KEY = {"Idempotency-Key": "8e03978e-40d5-43e8-bc93-6894a57f9324"}


async def test_a_request_that_is_sent_again_gets_its_first_answer_again(ada: Member) -> None:
    first = await ada.client.post("/todos", json={"title": "Buy milk"}, headers=KEY)
    await ada.client.patch(f"/todos/{first.json()['id']}", json={"title": "Changed"})

    # What the validated body says counts, not how it is written.
    body = {"priority": 0, "title": " Buy milk "}
    again = await ada.client.post("/todos", json=body, headers=KEY)

    assert (first.status_code, again.status_code) == (201, 201)
    assert again.content == first.content
    for header in ("Location", "ETag", "Content-Type"):
        assert again.headers[header] == first.headers[header]
    assert "Idempotency-Replayed" not in first.headers
    assert again.headers["Idempotency-Replayed"] == "true"
    assert (await ada.client.get("/todos")).headers["X-Total-Count"] == "1"


async def test_an_answer_by_key_looks_like_every_other(ada: Member) -> None:
    with_key = await ada.client.post("/todos", json={"title": "Buy milk"}, headers=KEY)

    assert (await ada.client.get(f"/todos/{with_key.json()['id']}")).content == with_key.content


async def test_a_key_with_another_body_is_refused(ada: Member) -> None:
    await ada.client.post("/todos", json={"title": "Buy milk"}, headers=KEY)

    response = await ada.client.post("/todos", json={"title": "Sell milk"}, headers=KEY)

    assert response.status_code == 422
    assert "Idempotency-Key" in response.json()["detail"]


async def test_a_refused_body_does_not_use_up_its_key(ada: Member) -> None:
    assert (await ada.client.post("/todos", json={"title": ""}, headers=KEY)).status_code == 422

    assert (await ada.client.post("/todos", json={"title": "x"}, headers=KEY)).status_code == 201


async def test_keys_of_different_users_do_not_meet(
    ada: Member, join: Callable[[str], Awaitable[Member]]
) -> None:
    eve = await join("eve@example.com")
    responses = [
        await member.client.post("/todos", json={"title": "Buy milk"}, headers=KEY)
        for member in (ada, eve)
    ]

    assert responses[0].json()["id"] != responses[1].json()["id"]
    assert "Idempotency-Replayed" not in responses[1].headers


@pytest.mark.parametrize("key", [b"", b"x" * 256, b"\xc3\xa9", b"tab\there"])
async def test_a_key_is_short_and_printable(ada: Member, key: bytes) -> None:
    response = await ada.client.post(
        "/todos", json={"title": "x"}, headers=[(b"Idempotency-Key", key)]
    )

    assert response.status_code == 422
    assert [error["field"] for error in response.json()["errors"]] == ["Idempotency-Key"]


async def test_the_longest_key_is_accepted(ada: Member) -> None:
    headers = {"Idempotency-Key": "x" * 255}

    response = await ada.client.post("/todos", json={"title": "x"}, headers=headers)

    assert response.status_code == 201


async def test_a_key_is_free_again_after_a_day(ada: Member, database: Database) -> None:
    first = await ada.client.post("/todos", json={"title": "Buy milk"}, headers=KEY)
    await age_keys(database)

    second = await ada.client.post("/todos", json={"title": "Sell milk"}, headers=KEY)

    assert second.status_code == 201
    assert second.json()["id"] != first.json()["id"]


async def test_an_old_key_that_is_not_yet_trimmed_is_free_as_well(
    ada: Member, database: Database
) -> None:
    for n in range(3):
        headers = {"Idempotency-Key": f"key {n}"}
        await ada.client.post("/todos", json={"title": "x"}, headers=headers)
    await age_keys(database)
    user_id = ada.session["user"]["id"]
    async with database.sessions.begin() as session:
        older = utc_now() - 2 * LIFETIME
        session.add_all(
            IdempotencyKey(
                user_id=user_id, key=f"old {n}", fingerprint="-", response="-", created_at=older
            )
            for n in range(TRIMMED_AT_ONCE)
        )

    headers = {"Idempotency-Key": "key 1"}
    response = await ada.client.post("/todos", json={"title": "y"}, headers=headers)

    assert (response.status_code, response.json()["title"]) == (201, "y")
    async with database.sessions() as session:
        # Those that are older went first, and no more than a request can bear.
        keys = await session.scalars(select(IdempotencyKey.key).order_by(IdempotencyKey.key))
        assert keys.all() == ["key 0", "key 1", "key 2"]


async def test_writing_trims_the_keys_that_are_past_their_time(
    ada: Member, database: Database
) -> None:
    for n in range(3):
        headers = {"Idempotency-Key": f"key {n}"}
        await ada.client.post("/todos", json={"title": "x"}, headers=headers)
    await age_keys(database)

    await ada.client.post("/todos", json={"title": "x"}, headers=KEY)

    async with database.sessions() as session:
        assert await session.scalar(select(func.count()).select_from(IdempotencyKey)) == 1


async def age_keys(database: Database) -> None:
    async with database.sessions.begin() as session:
        then = utc_now() - LIFETIME - timedelta(minutes=1)
        await session.execute(update(IdempotencyKey).values(created_at=then))
