"""The failures of an operation."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from app.core.errors import PROBLEM_MEDIA_TYPE, title_of
from app.core.problem import Problem
from app.utils.openapi.headers import HEADERS

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
RETRIED = {429, 503}


def problems(
    *statuses: int, details: Mapping[int, str] | None = None
) -> dict[int | str, dict[str, Any]]:
    """Document the given failures, with details of their own where the usual ones do not fit."""
    details = DETAILS | dict(details or {})
    return {status: problem(status, details[status]) for status in statuses}


def problem(status: int, detail: str) -> dict[str, Any]:
    """Document one failure."""
    documented: dict[str, Any] = {
        "description": DESCRIPTIONS[status],
        "content": {
            PROBLEM_MEDIA_TYPE: {
                "schema": {"$ref": f"#/components/schemas/{Problem.__name__}"},
                "example": _example(status, detail),
            }
        },
    }
    if status in RETRIED:
        documented["headers"] = {"Retry-After": HEADERS["Retry-After"]}
    return documented


def _example(status: int, detail: str) -> dict[str, Any]:
    example: dict[str, Any] = {
        "type": "about:blank",
        "title": title_of(status),
        "status": status,
        "detail": detail,
    }
    if status == HTTPStatus.UNPROCESSABLE_ENTITY:
        field, _, reason = detail.partition(": ")
        example["errors"] = [{"field": field, "detail": reason}]
    return example
