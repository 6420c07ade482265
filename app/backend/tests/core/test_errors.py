from collections.abc import AsyncIterator
from unittest.mock import ANY

import pytest
from fastapi import FastAPI, HTTPException
from httpx import ASGITransport, AsyncClient
from loguru import logger
from pydantic import BaseModel, field_validator
from sqlalchemy.exc import DBAPIError, OperationalError, ProgrammingError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from app.core.context import RequestContext, current_request
from app.core.errors import (
    AuthenticationError,
    ConflictError,
    DomainError,
    ForbiddenError,
    InvalidTokenError,
    NotFoundError,
    PreconditionFailedError,
    TooManyAttemptsError,
    TooManyStreamsError,
    UnavailableError,
    UnprocessableError,
    WrongPasswordError,
    install_error_handlers,
    title_of,
)
from app.core.problem import FieldError, Problem
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


@pytest.fixture
async def failing() -> AsyncIterator[tuple[AsyncClient, list[Exception]]]:
    """A client of an application that raises what is put into the list."""
    small = FastAPI()
    install_error_handlers(small)
    errors: list[Exception] = []

    @small.get("/fail")
    async def fail() -> None:
        raise errors.pop()

    transport = ASGITransport(small, raise_app_exceptions=False)
    async with AsyncClient(transport=transport, base_url="http://test") as client:
        yield client, errors


def gone(cause: Exception) -> DBAPIError:
    return OperationalError("SELECT 1", None, cause)


@pytest.mark.parametrize(
    ("error", "status", "headers"),
    [
        (DomainError("It is so."), 400, {}),
        (NotFoundError("It is so."), 404, {}),
        (ConflictError("It is so."), 409, {}),
        (PreconditionFailedError("It is so."), 412, {}),
        (UnprocessableError("It is so."), 422, {}),
        (ForbiddenError("It is so."), 403, {}),
        (AuthenticationError("It is so."), 401, {"www-authenticate": "Bearer"}),
        (
            InvalidTokenError("It is so."),
            401,
            {"www-authenticate": 'Bearer error="invalid_token"'},
        ),
        (TooManyStreamsError("It is so."), 429, {"retry-after": "30"}),
        (UnavailableError("It is so."), 503, {"retry-after": "1"}),
    ],
    ids=lambda value: type(value).__name__,
)
async def test_each_error_is_a_problem_of_its_status_with_its_headers(
    failing: tuple[AsyncClient, list[Exception]],
    error: DomainError,
    status: int,
    headers: dict[str, str],
) -> None:
    client, errors = failing
    errors.append(error)

    response = await client.get("/fail")

    assert response.json() == {
        "type": "about:blank",
        "title": title_of(status),
        "status": status,
        "detail": "It is so.",
        "instance": "/fail",
    }
    plain = {"content-type": "application/problem+json", "content-length": ANY}
    assert dict(response.headers) == {**plain, **headers}


async def test_a_wrong_password_is_the_fault_of_its_field(
    failing: tuple[AsyncClient, list[Exception]],
) -> None:
    client, errors = failing
    errors.append(WrongPasswordError("current_password"))

    problem = (await client.get("/fail")).json()

    assert problem["detail"] == "current_password: This is not your password"
    assert problem["errors"] == [
        {"field": "current_password", "detail": "This is not your password"}
    ]


async def test_who_tries_too_often_is_told_when_to_come_back(
    failing: tuple[AsyncClient, list[Exception]],
) -> None:
    client, errors = failing
    errors.append(TooManyAttemptsError(7))

    response = await client.get("/fail")

    assert response.json()["detail"] == "Too many attempts. Try again later."
    assert response.headers["retry-after"] == "7"


@pytest.mark.parametrize(
    ("error", "logged"),
    [
        (gone(ConnectionError("no route")), "ConnectionError: no route"),
        (PoolTimeoutError("no connection"), "TimeoutError: no connection"),
    ],
)
async def test_a_database_that_is_away_is_said_to_come_back(
    failing: tuple[AsyncClient, list[Exception]], error: Exception, logged: str
) -> None:
    client, errors = failing
    errors.append(error)
    lines: list[str] = []
    output = logger.add(lines.append, format="{level}: {message}", filter="app.core.errors")
    try:
        response = await client.get("/fail")
    finally:
        logger.remove(output)

    assert response.status_code == 503
    assert response.headers["Retry-After"] == "2"
    assert response.json()["instance"] == "/fail"
    assert response.json()["detail"] == (
        "The database is not available at the moment. Try again shortly."
    )
    assert lines == [f"WARNING: The database is not available: {logged}\n"]


async def test_a_database_that_was_asked_nonsense_is_our_fault(
    failing: tuple[AsyncClient, list[Exception]],
) -> None:
    client, errors = failing
    errors.append(ProgrammingError("SELEC 1", None, ValueError("syntax")))

    response = await client.get("/fail")

    assert response.status_code == 500
    assert response.json()["detail"] == "Something went wrong on our side."


async def test_an_unforeseen_failure_closes_the_connection_and_names_the_request(
    failing: tuple[AsyncClient, list[Exception]],
) -> None:
    client, errors = failing
    token = current_request.set(None)
    try:
        errors.append(RuntimeError("canary"))
        alone = await client.get("/fail")
        current_request.set(RequestContext("request-1"))
        errors.append(RuntimeError("canary"))
        named = await client.get("/fail")
    finally:
        current_request.reset(token)

    assert alone.headers["Connection"] == "close"
    assert "X-Request-ID" not in alone.headers
    assert named.headers["X-Request-ID"] == "request-1"
    assert named.headers["Connection"] == "close"
    assert named.json()["instance"] == "/fail"


async def test_an_error_of_http_keeps_its_words_and_headers(
    failing: tuple[AsyncClient, list[Exception]],
) -> None:
    client, errors = failing
    errors.append(HTTPException(418, "short and stout", headers={"X-Pot": "tea"}))

    response = await client.get("/fail")

    assert (response.status_code, response.headers["X-Pot"]) == (418, "tea")
    assert response.json()["detail"] == "short and stout"


async def test_a_refused_field_is_named_by_its_path_in_the_validators_words() -> None:
    class Inner(BaseModel):
        size: int

        @field_validator("size")
        @classmethod
        def check(cls, value: int) -> int:
            raise ValueError(f"{value} is no size")

    class Outer(BaseModel):
        items: list[Inner]

    small = FastAPI()
    install_error_handlers(small)

    @small.post("/take")
    async def take(body: Outer) -> None: ...

    async with AsyncClient(transport=ASGITransport(small), base_url="http://test") as client:
        response = await client.post("/take", json={"items": [{"size": 1}]})

    assert response.json()["errors"] == [{"field": "items.0.size", "detail": "1 is no size"}]


def test_every_status_has_a_title_of_rfc_9110() -> None:
    assert [title_of(status) for status in (404, 413, 422)] == [
        "Not Found",
        "Content Too Large",
        "Unprocessable Content",
    ]


def test_a_problem_has_an_example_in_the_schema() -> None:
    for model in (Problem, FieldError):
        (example,) = model.model_json_schema()["examples"]
        assert model.model_validate(example).model_dump(exclude_none=True) == example
