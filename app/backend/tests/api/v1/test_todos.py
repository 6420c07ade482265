from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from httpx import AsyncClient

from tests.conftest import Member


async def create(member: Member, **values: Any) -> dict[str, Any]:
    response = await member.client.post("/todos", json={"title": "Buy milk"} | values)
    assert response.status_code == 201, response.text
    todo: dict[str, Any] = response.json()
    return todo


async def test_a_new_todo_has_defaults_and_a_location(ada: Member) -> None:
    response = await ada.client.post("/todos", json={"title": "  Buy milk "})

    assert response.status_code == 201
    todo = response.json()
    assert response.headers["Location"] == f"/api/v1/todos/{todo['id']}"
    assert datetime.fromisoformat(todo.pop("created_at")).utcoffset() == timedelta(0)
    del todo["id"]
    assert todo == {
        "title": "Buy milk",
        "description": None,
        "completed": False,
        "priority": 0,
        "updated_at": None,
        "version": 1,
    }


async def test_a_created_todo_can_be_read_back(ada: Member) -> None:
    todo = await create(ada, description="Oat", priority=5, completed=True)

    response = await ada.client.get(f"/todos/{todo['id']}")

    assert response.status_code == 200
    assert response.json() == todo


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({}, "title"),
        ({"title": ""}, "title"),
        ({"title": "   "}, "title"),
        ({"title": "x" * 101}, "title"),
        ({"title": "nul \0"}, "title"),
        ({"title": None}, "title"),
        ({"title": "x", "description": "d" * 501}, "description"),
        ({"title": "x", "priority": 6}, "priority"),
        ({"title": "x", "priority": -1}, "priority"),
        ({"title": "x", "priority": True}, "priority"),
        ({"title": "x", "completed": "yes"}, "completed"),
        ({"title": "x", "colour": "red"}, "colour"),
    ],
)
async def test_values_out_of_bounds_are_refused_by_name(
    ada: Member, values: dict[str, Any], field: str
) -> None:
    response = await ada.client.post("/todos", json=values)

    assert response.status_code == 422
    assert [error["field"] for error in response.json()["errors"]] == [field]


async def test_values_at_the_bounds_are_accepted(ada: Member) -> None:
    todo = await create(ada, title="x" * 100, description="d" * 500, priority=5)

    assert (len(todo["title"]), len(todo["description"])) == (100, 500)


async def test_a_blank_description_is_none(ada: Member) -> None:
    assert (await create(ada, description="  "))["description"] is None


async def test_patch_changes_only_the_given_fields(ada: Member) -> None:
    todo = await create(ada, description="Oat", priority=2)

    response = await ada.client.patch(f"/todos/{todo['id']}", json={"completed": True})

    assert response.status_code == 200
    changed = response.json()
    assert datetime.fromisoformat(changed["updated_at"]).utcoffset() == timedelta(0)
    expected = {"completed": True, "updated_at": changed["updated_at"], "version": 2}
    assert changed == todo | expected


async def test_patch_can_clear_the_description(ada: Member) -> None:
    todo = await create(ada, description="Oat")

    response = await ada.client.patch(f"/todos/{todo['id']}", json={"description": None})

    assert response.json()["description"] is None


@pytest.mark.parametrize("change", [{}, {"title": "Buy milk"}])
async def test_patch_that_changes_nothing_leaves_updated_at_null(
    ada: Member, change: dict[str, Any]
) -> None:
    todo = await create(ada)

    response = await ada.client.patch(f"/todos/{todo['id']}", json=change)

    assert response.json() == todo


@pytest.mark.parametrize("field", ["title", "completed", "priority"])
async def test_patch_refuses_null_where_a_value_is_needed(ada: Member, field: str) -> None:
    todo = await create(ada)

    response = await ada.client.patch(f"/todos/{todo['id']}", json={field: None})

    assert response.status_code == 422
    assert response.json()["errors"][0]["field"] == field


async def test_a_deleted_todo_is_gone(ada: Member) -> None:
    path = f"/todos/{(await create(ada))['id']}"

    deleted = await ada.client.delete(path)

    assert (deleted.status_code, deleted.content) == (204, b"")
    for response in (
        await ada.client.get(path),
        await ada.client.patch(path, json={"completed": True}),
        await ada.client.delete(path),
    ):
        assert response.status_code == 404
        assert response.json()["detail"] == "Todo not found"


async def test_the_list_is_a_bare_array_with_the_newest_first(ada: Member) -> None:
    ids = [(await create(ada))["id"] for _ in range(3)]

    response = await ada.client.get("/todos")

    assert [todo["id"] for todo in response.json()] == ids[::-1]
    assert response.headers["X-Total-Count"] == "3"
    assert "next" not in response.headers["Link"]


async def test_list_and_item_agree(ada: Member) -> None:
    todo = await create(ada, description="Oat", priority=1)

    assert (await ada.client.get("/todos")).json() == [todo]


async def test_pages_link_to_one_another(ada: Member) -> None:
    ids = [(await create(ada))["id"] for _ in range(5)][::-1]

    response = await ada.client.get("/todos", params={"skip": 2, "limit": 2})

    assert [todo["id"] for todo in response.json()] == ids[2:4]
    assert response.headers["X-Total-Count"] == "5"
    links = {relation: link["url"] for relation, link in response.links.items()}
    assert links == {
        "first": "/api/v1/todos?skip=0&limit=2",
        "prev": "/api/v1/todos?skip=0&limit=2",
        "next": "/api/v1/todos?skip=4&limit=2",
        "last": "/api/v1/todos?skip=4&limit=2",
    }


@pytest.mark.parametrize("query", ["skip=-1", "limit=0", "limit=101", "limit=x", f"skip={10**30}"])
async def test_a_page_out_of_bounds_is_refused(ada: Member, query: str) -> None:
    response = await ada.client.get(f"/todos?{query}")

    assert response.status_code == 422
    assert response.json()["errors"][0]["field"] == query.partition("=")[0]


@pytest.mark.parametrize("todo_id", ["0", "x", str(10**30)])
async def test_an_impossible_id_is_refused(ada: Member, todo_id: str) -> None:
    assert (await ada.client.get(f"/todos/{todo_id}")).status_code == 422


async def test_another_users_todo_does_not_exist(
    ada: Member, join: Callable[[str], Awaitable[Member]]
) -> None:
    path = f"/todos/{(await create(ada))['id']}"
    eve = await join("eve@example.com")

    assert (await eve.client.get(path)).status_code == 404
    assert (await eve.client.patch(path, json={"title": "Mine"})).status_code == 404
    assert (await eve.client.delete(path)).status_code == 404
    listed = await eve.client.get("/todos")
    assert (listed.json(), listed.headers["X-Total-Count"]) == ([], "0")
    assert (await ada.client.get(path)).json()["title"] == "Buy milk"


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/todos"),
        ("POST", "/todos"),
        ("GET", "/todos/1"),
        ("PATCH", "/todos/1"),
        ("DELETE", "/todos/1"),
    ],
)
async def test_todos_need_a_signed_in_user(client: AsyncClient, method: str, path: str) -> None:
    response = await client.request(method, path, json={"title": "x"})

    assert response.status_code == 401
    assert response.headers["WWW-Authenticate"] == "Bearer"


async def test_both_slash_forms_answer_without_redirect(ada: Member) -> None:
    created = await ada.client.post("/todos/", json={"title": "Slash"})

    assert created.status_code == 201
    assert created.headers["Location"] == f"/api/v1/todos/{created.json()['id']}"
    assert (await ada.client.get("/todos/")).json() == (await ada.client.get("/todos")).json()
    assert (await ada.client.get(f"/todos/{created.json()['id']}/")).status_code == 200
    assert (await ada.client.get("/health/")).status_code == 200


async def test_the_id_of_a_deleted_todo_is_not_given_again(ada: Member) -> None:
    first = (await ada.client.post("/todos", json={"title": "First"})).json()["id"]
    await ada.client.delete(f"/todos/{first}")

    second = (await ada.client.post("/todos", json={"title": "Second"})).json()["id"]

    assert second > first
    assert (await ada.client.get(f"/todos/{first}")).status_code == 404
