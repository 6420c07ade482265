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
    422: "Fields were refused",
    429: "Too many requests",
    503: "Not now: try again after the time in `Retry-After`",
}


def problems(*statuses: int) -> Responses:
    """Document the given failures."""
    return {status: {"model": Problem, "description": DESCRIPTIONS[status]} for status in statuses}


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
                _describe_streams(operation["responses"])
        return schema

    return openapi


def _relabel_problems(responses: dict[str, Any]) -> None:
    for status, response in responses.items():
        if int(status) >= FIRST_ERROR_STATUS:
            # FastAPI puts it under the media type of the route's successes.
            (content,) = response["content"].values()
            response["content"] = {PROBLEM_MEDIA_TYPE: content}


def _describe_streams(responses: dict[str, Any]) -> None:
    """Let a stream's schema speak of its events; FastAPI adds that the whole is a string."""
    for response in responses.values():
        if stream := response.get("content", {}).get("text/event-stream"):
            # FastAPI keeps the document: this may have been done.
            stream["schema"].pop("type", None)
