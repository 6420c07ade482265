"""Filters, orders and cursors of the list."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from app.utils.cursors import write_cursor
from tests.api.v1.test_todos import create
from tests.conftest import Member


async def titles(member: Member, **params: Any) -> list[str]:
    response = await member.client.get("/todos", params=params)
    assert response.status_code == 200, response.text
    return [todo["title"] for todo in response.json()]


@pytest.mark.parametrize(
    ("q", "found"),
    [
        ("MILK", ["Buy milk"]),
        ("oat", ["Buy milk"]),
        ("100%", ["Sell 100% of it"]),
        ("%", ["Sell 100% of it"]),
        ("_", ["snake_case"]),
        ("/", []),
        ("\\", []),
        ("  milk ", ["Buy milk"]),
        ("", ["snake_case", "Sell 100% of it", "Buy milk"]),
        ("nothing", []),
    ],
)
async def test_searching_takes_every_character_literally(
    ada: Member, q: str, found: list[str]
) -> None:
    await create(ada, title="Buy milk", description="Oat")
    await create(ada, title="Sell 100% of it")
    await create(ada, title="snake_case")

    assert await titles(ada, q=q) == found


async def test_filters_combine_and_count(ada: Member) -> None:
    for n in range(12):
        await create(ada, title=f"Todo {n}", priority=n % 3, completed=n % 2 == 0)

    params: dict[str, Any] = {"completed": "true", "priority": 1, "limit": 1}
    response = await ada.client.get("/todos", params=params)

    assert [todo["title"] for todo in response.json()] == ["Todo 10"]
    assert response.headers["X-Total-Count"] == "2"


async def test_links_keep_the_filters(ada: Member) -> None:
    for n in range(3):
        await create(ada, title=f"A & B {n}", priority=2)
    params: dict[str, Any] = {
        "q": "a & b",
        "completed": "false",
        "priority": 2,
        "sort": "title",
        "limit": 1,
    }

    response = await ada.client.get("/todos", params=params)
    followed = await ada.client.get("http://test" + response.links["next"]["url"])
    behind = await ada.client.get(
        "/todos", params=params | {"cursor": response.headers["X-Next-Cursor"]}
    )

    assert [todo["title"] for todo in followed.json()] == ["A & B 1"]
    assert behind.json() == followed.json()
    for links in (response.links, behind.links):
        query = parse_qs(urlsplit(links["next"]["url"]).query)
        assert {name: query[name] for name in params} == {
            name: [str(value)] for name, value in params.items()
        }
    assert list(behind.links) == ["next"]


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        ("-id", "cba"),
        ("id", "abc"),
        ("-priority", "cab"),
        ("priority", "bac"),
        ("title", "abc"),
        ("-title", "cba"),
    ],
)
async def test_the_order_can_be_chosen(ada: Member, sort: str, expected: str) -> None:
    for title, priority in (("a", 1), ("b", 0), ("c", 1)):
        await create(ada, title=title, priority=priority)

    assert "".join(await titles(ada, sort=sort)) == expected


async def test_a_cursor_leads_to_the_end_without_counting(ada: Member) -> None:
    for n in range(5):
        await create(ada, title=f"Todo {n}")
    seen = []

    response = await ada.client.get("/todos", params={"limit": 2})
    assert response.headers["X-Total-Count"] == "5"
    while True:
        seen += [todo["title"] for todo in response.json()]
        if "X-Next-Cursor" not in response.headers:
            break
        cursor = response.headers["X-Next-Cursor"]
        response = await ada.client.get("/todos", params={"limit": 2, "cursor": cursor})
        assert "X-Total-Count" not in response.headers

    assert seen == [f"Todo {n}" for n in range(4, -1, -1)]
    assert "Link" not in response.headers


async def test_a_page_that_is_just_full_is_the_last(ada: Member) -> None:
    for _ in range(2):
        await create(ada)

    response = await ada.client.get("/todos", params={"limit": 2})

    assert "X-Next-Cursor" not in response.headers


NEWEST = write_cursor("-id", (9,))


@pytest.mark.parametrize(
    ("params", "field"),
    [
        ({"q": "x" * 101}, "q"),
        ({"q": "nul\0"}, "q"),
        ({"completed": "maybe"}, "completed"),
        ({"priority": 6}, "priority"),
        ({"sort": "colour"}, "sort"),
        ({"cursor": ""}, "cursor"),
        ({"cursor": "x"}, "cursor"),
        ({"cursor": "x" * 2_000}, "cursor"),
        ({"cursor": NEWEST, "sort": "id"}, "cursor"),
        ({"cursor": NEWEST, "skip": 0}, "skip"),
        ({"cursor": NEWEST, "skip": 3}, "skip"),
        (
            {"cursor": write_cursor("-priority", (3, 9)), "sort": "-priority", "priority": 3},
            "cursor",
        ),
        ({"cursor": write_cursor("-priority", (9,)), "sort": "-priority"}, "cursor"),
    ],
)
async def test_a_list_that_cannot_be_is_refused_by_name(
    ada: Member, params: dict[str, Any], field: str
) -> None:
    response = await ada.client.get("/todos", params=params)

    assert response.status_code == 422
    assert response.headers["content-type"] == "application/problem+json"
    assert [error["field"] for error in response.json()["errors"]] == [field]
