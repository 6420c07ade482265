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
    412: "What is stored has another version than `If-Match` names",
    413: "The body is too large",
    422: "Fields were refused",
    429: "Too many requests",
    503: "Not now: try again after the time in `Retry-After`",
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
        {"name": "stream", "description": "Their changes, as they happen."},
    ],
}

# A status says no more than its title, so the examples show what the detail adds.
DETAILS = {
    400: "There was an error parsing the body",
    401: "Sign in first.",
    403: "A cookie is only accepted from a trusted origin.",
    404: "Todo not found",
    409: "This email address is already registered.",
    412: "The todo has changed: it is at version 2 now.",
    413: "The body is too large",
    422: "title: String should have at least 1 character",
    429: "Too many attempts. Try again later.",
    503: "The database is not available at the moment. Try again shortly.",
}

HEADERS: dict[str, dict[str, Any]] = {
    "ETag": {
        "description": "The version, quoted, for `If-Match` and `If-None-Match`",
        "schema": {"type": "string"},
        "example": '"1"',
    },
    "Idempotency-Replayed": {
        "description": "`true` if this answer was given before; absent otherwise",
        "schema": {"type": "string", "enum": ["true"]},
    },
    "Link": {
        "description": "Relative links to other pages (RFC 8288), with the same filters: `first`,"
        " `prev`, `next` and `last` by `skip`, or only `next` by `cursor`",
        "schema": {"type": "string"},
        "example": '</api/v1/todos?skip=100&limit=100>; rel="next"',
    },
    "Location": {
        "description": "The path of what was created",
        "schema": {"type": "string"},
        "example": "/api/v1/todos/1",
    },
    "Retry-After": {
        "description": "Seconds to wait",
        "schema": {"type": "integer"},
        "example": 2,
    },
    "X-Next-Cursor": {
        "description": "The `cursor` of the next page; absent on the last one",
        "schema": {"type": "string"},
        "example": "WyItaWQiLDQyXQ",
    },
    "X-Total-Count": {
        "description": "How many there are on all pages; absent with `cursor`",
        "schema": {"type": "integer"},
        "example": 250,
    },
}
RETRIED = {429, 503}


def problems(*statuses: int) -> Responses:
    """Document the given failures."""
    return {
        status: {
            "model": Problem,
            "description": DESCRIPTIONS[status],
            "content": {"application/json": {"example": _example(status)}},
        }
        | ({"headers": {"Retry-After": HEADERS["Retry-After"]}} if status in RETRIED else {})
        for status in statuses
    }


def headers(status: int, *names: str) -> Responses:
    """Document the headers of a success."""
    return {status: {"headers": {name: HEADERS[name] for name in names}}}


def operation_id(route: APIRoute) -> str:
    """Name an operation after its function, so that generated clients read well."""
    return route.name


def document(app: FastAPI) -> Callable[[], dict[str, Any]]:
    """Return FastAPI's generator, corrected: problems have a media type of their own."""
    generate = app.openapi

    def openapi() -> dict[str, Any]:
        if app.openapi_schema:
            return app.openapi_schema
        schema = generate()
        for operations in schema["paths"].values():
            for operation in operations.values():
                if "requestBody" in operation:
                    operation["responses"].setdefault("413", _too_large())
                _relabel_problems(operation["responses"])
                _describe_streams(operation["responses"])
        return schema

    return openapi


def _too_large() -> dict[str, Any]:
    reference = {"$ref": f"#/components/schemas/{Problem.__name__}"}
    return {
        "description": DESCRIPTIONS[413],
        "content": {PROBLEM_MEDIA_TYPE: {"schema": reference, "example": _example(413)}},
    }


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
        if int(status) >= FIRST_ERROR_STATUS:
            # FastAPI puts it under the media type of the route's successes.
            content: dict[str, Any] = {}
            for part in response["content"].values():
                content |= part
            response["content"] = {PROBLEM_MEDIA_TYPE: content}


def _describe_streams(responses: dict[str, Any]) -> None:
    """Let a stream's schema speak of its events; FastAPI adds that the whole is a string."""
    for response in responses.values():
        if stream := response.get("content", {}).get("text/event-stream"):
            # FastAPI keeps the document: this may have been done.
            stream["schema"].pop("type", None)
