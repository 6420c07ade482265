"""The OpenAPI document: FastAPI's, completed."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI
from fastapi.routing import APIRoute
from pydantic.json_schema import models_json_schema

from app.core.errors import PROBLEM_MEDIA_TYPE
from app.core.problem import Problem
from app.utils.openapi.problems import problems

TOO_LARGE = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
Schemas = dict[str, dict[str, Any]]
REFERENCE = "#/components/schemas/{model}"


def operation_id(route: APIRoute) -> str:
    """Name an operation after its function, so that generated clients read well."""
    return route.name


def document(app: FastAPI) -> Callable[[], dict[str, Any]]:
    """Return what generates the document, once."""
    generate = app.openapi

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            _complete(generate())
        return generate()  # which keeps it

    return openapi


def _complete(schema: dict[str, Any]) -> None:
    _, problem_schemas = models_json_schema([(Problem, "serialization")], ref_template=REFERENCE)
    schemas: Schemas = schema["components"]["schemas"]
    schemas |= problem_schemas["$defs"]
    for body in schemas.values():
        for example in body.get("examples", ()):
            _restore_nulls(example, body, schemas)
    for path, operations in schema["paths"].items():
        for operation in operations.values():
            responses = operation["responses"]
            if "requestBody" in operation:
                for status, response in problems(TOO_LARGE).items():
                    responses.setdefault(str(status), response)
            instance = _example_path(path, operation.get("parameters", ()))
            for response in responses.values():
                _complete_response(response, instance)


def _restore_nulls(example: dict[str, Any], schema: dict[str, Any], schemas: Schemas) -> None:
    """Say null in an example again, where a field must be present: FastAPI drops it."""
    for name in schema.get("required", ()):
        value: Any = example.setdefault(name, None)
        if reference := schema["properties"][name].get("$ref"):
            _restore_nulls(value, schemas[reference.rpartition("/")[2]], schemas)


def _example_path(template: str, parameters: list[dict[str, Any]]) -> str:
    for parameter in parameters:
        if parameter["in"] == "path" and (examples := parameter["schema"].get("examples")):
            template = template.replace(f"{{{parameter['name']}}}", str(examples[0]))
    return template


def _complete_response(response: dict[str, Any], instance: str) -> None:
    content = response.get("content", {})
    if stream := content.get("text/event-stream"):
        # Its schema speaks of the events; FastAPI adds that the whole is a string.
        stream["schema"].pop("type", None)
    if problem := content.get(PROBLEM_MEDIA_TYPE):
        problem["example"]["instance"] = instance
