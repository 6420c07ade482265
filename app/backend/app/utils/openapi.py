"""The OpenAPI document."""

from collections.abc import Callable
from typing import Any

from fastapi import FastAPI
from fastapi.routing import APIRoute

from app.core.errors import PROBLEM_MEDIA_TYPE
from app.schemas.problem import Problem

Responses = dict[int | str, dict[str, Any]]
FIRST_ERROR_STATUS = 400

DESCRIPTIONS = {
    400: "The body could not be read",
    401: "Not signed in, or the token is not valid",
    403: "A cookie was sent from an origin that is not trusted",
    404: "Not found",
    409: "The request contradicts what is stored",
    413: "The body is too large",
    422: "Fields were refused",
    429: "Too many attempts",
}
RETRY_AFTER = {"Retry-After": {"description": "Seconds to wait", "schema": {"type": "integer"}}}
RETRIED = {429}


def problems(*statuses: int) -> Responses:
    """Document the given failures."""
    return {
        status: {"model": Problem, "description": DESCRIPTIONS[status]}
        | ({"headers": RETRY_AFTER} if status in RETRIED else {})
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
                if "requestBody" in operation:
                    operation["responses"].setdefault("413", _too_large())
                _relabel_problems(operation["responses"])
        return schema

    return openapi


def _too_large() -> dict[str, Any]:
    reference = {"$ref": f"#/components/schemas/{Problem.__name__}"}
    return {
        "description": DESCRIPTIONS[413],
        "content": {PROBLEM_MEDIA_TYPE: {"schema": reference}},
    }


def _relabel_problems(responses: dict[str, Any]) -> None:
    for status, response in responses.items():
        if int(status) >= FIRST_ERROR_STATUS and "application/json" in response["content"]:
            response["content"] = {PROBLEM_MEDIA_TYPE: response["content"]["application/json"]}
