"""The OpenAPI document."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI
from fastapi.routing import APIRoute

from app.core.errors import PROBLEM_MEDIA_TYPE, title_of
from app.schemas.problem import Problem

Responses = dict[int | str, dict[str, Any]]
FIRST_ERROR_STATUS = 400

DESCRIPTIONS = {
    400: "The body could not be read",
    401: "Not signed in, or the token is not valid",
    403: "A cookie was sent from an origin that is not trusted",
    404: "Not found",
    409: "The request contradicts what is stored",
    422: "Fields were refused",
    503: "Not available for now",
}

ABOUT: dict[str, Any] = {
    "summary": "A small todo service, built like a large one",
    "description": (
        "Todos that belong to their user. Register or sign in under `auth` and send the access "
        "token as `Authorization: Bearer …`; browsers may ask for cookies instead.\n\n"
        "- Times are UTC in ISO 8601. `updated_at` is null until the first change.\n"
        "- Lists are bare arrays; `X-Total-Count` and `Link` tell about the other pages.\n"
        "- Every error is an RFC 9457 problem (`application/problem+json`).\n"
        "- Every answer carries `X-Request-ID`, your own if you sent one, and logs are found by "
        "it. A W3C `traceparent` is followed."
    ),
    "license_info": {"name": "MIT", "identifier": "MIT"},
    "servers": [{"url": "/", "description": "The server that this document came from"}],
    "openapi_tags": [
        {"name": "health", "description": "Whether the service answers; open to everyone."},
        {"name": "auth", "description": "Signing up, in and out, and staying signed in."},
        {"name": "todos", "description": "The signed-in user's todos."},
    ],
}

# A status says no more than its title, so the examples show what the detail adds.
DETAILS = {
    400: "There was an error parsing the body",
    401: "Sign in first.",
    403: "A cookie is only accepted from a trusted origin.",
    404: "Todo not found",
    409: "This email address is already registered.",
    422: "title: String should have at least 1 character",
    503: "Not ready: database",
}


def problems(*statuses: int) -> Responses:
    """Document the given failures."""
    return {
        status: {
            "model": Problem,
            "description": DESCRIPTIONS[status],
            "content": {"application/json": {"example": _example(status)}},
        }
        for status in statuses
    }


def operation_id(route: APIRoute) -> str:
    """Name an operation after its function, so that generated clients read well."""
    return route.name


def document(app: FastAPI) -> Callable[[], dict[str, Any]]:
    """Return FastAPI's generator, corrected: problems have a media type of their own."""
    generate = app.openapi

    def openapi() -> dict[str, Any]:
        schema = generate()
        for operations in schema["paths"].values():
            for operation in operations.values():
                _relabel_problems(operation["responses"])
        return schema

    return openapi


def _example(status: int) -> dict[str, Any]:
    example: dict[str, Any] = {
        "type": "about:blank",
        "title": title_of(status),
        "status": status,
        "detail": DETAILS[status],
        "instance": "/api/v1/…",
    }
    if status == HTTPStatus.UNPROCESSABLE_ENTITY:
        field, _, detail = DETAILS[status].partition(": ")
        example["errors"] = [{"field": field, "detail": detail}]
    return example


def _relabel_problems(responses: dict[str, Any]) -> None:
    for status, response in responses.items():
        if int(status) >= FIRST_ERROR_STATUS and "application/json" in response["content"]:
            response["content"] = {PROBLEM_MEDIA_TYPE: response["content"]["application/json"]}
