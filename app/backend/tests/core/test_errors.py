import pytest
from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient

from tests.conftest import Member


async def test_an_unknown_path_is_a_problem(client: AsyncClient) -> None:
    response = await client.get("/nowhere")

    assert response.status_code == 404
    assert response.headers["content-type"] == "application/problem+json"
    assert response.json() == {
        "type": "about:blank",
        "title": "Not Found",
        "status": 404,
        "detail": "Not Found",
        "instance": "/api/v1/nowhere",
    }


@pytest.mark.parametrize(
    ("path", "methods"),
    [
        ("/health", "GET"),
        ("/todos", "GET, POST"),
        ("/todos/1/", "GET, PATCH, DELETE"),
        ("/auth/login", "POST"),
    ],
)
async def test_a_wrong_method_is_a_problem_that_names_the_right_ones(
    client: AsyncClient, path: str, methods: str
) -> None:
    response = await client.put(path)

    assert response.status_code == 405
    assert response.headers["content-type"] == "application/problem+json"
    assert response.headers["Allow"] == methods


async def test_refused_fields_are_named_and_described(ada: Member) -> None:
    body = {"title": "", "priority": 9, "colour": "red"}

    response = await ada.client.post("/todos", json=body)

    assert response.status_code == 422
    problem = response.json()
    assert problem["title"] == "Unprocessable Content"
    assert problem["errors"] == [
        {"field": "title", "detail": "String should have at least 1 character"},
        {"field": "priority", "detail": "Input should be less than or equal to 5"},
        {"field": "colour", "detail": "Extra inputs are not permitted"},
    ]
    assert problem["detail"] == "; ".join(
        f"{error['field']}: {error['detail']}" for error in problem["errors"]
    )


async def test_a_missing_body_is_named(ada: Member) -> None:
    response = await ada.client.post("/todos")

    assert response.json()["errors"] == [{"field": "body", "detail": "Field required"}]


async def test_a_body_that_is_not_json_is_named(ada: Member) -> None:
    headers = {"Content-Type": "application/json"}

    response = await ada.client.post("/todos", content=b"{", headers=headers)

    assert response.status_code == 422
    assert response.json()["errors"] == [{"field": "body", "detail": "This is not valid JSON"}]


async def test_a_body_that_is_not_text_is_a_problem(ada: Member) -> None:
    headers = {"Content-Type": "application/json"}

    response = await ada.client.post("/todos", content=b'"\xff"', headers=headers)

    assert response.status_code == 400
    assert response.headers["content-type"] == "application/problem+json"


async def test_an_unforeseen_failure_tells_nothing_about_itself(fresh_app: FastAPI) -> None:
    @fresh_app.get("/broken")
    async def broken() -> None:
        raise RuntimeError("canary")

    transport = ASGITransport(fresh_app, raise_app_exceptions=False)
    async with AsyncClient(transport=transport, base_url="http://test") as client:
        response = await client.get("/broken")

    assert response.status_code == 500
    assert response.headers["content-type"] == "application/problem+json"
    assert "canary" not in response.text
    assert response.json()["title"] == "Internal Server Error"
