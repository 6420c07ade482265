"""Whether the document tells a reader everything, and shows nothing that is not so."""

from collections.abc import Iterator
from typing import Any

import jsonschema_rs
import pytest

from app.core.errors import PROBLEM_MEDIA_TYPE
from app.main import app

DOCUMENT = app.openapi()
SCHEMAS: dict[str, Any] = DOCUMENT["components"]["schemas"]


def operations() -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in DOCUMENT["paths"].items():
        for method, operation in methods.items():
            yield f"{method} {path}", path, operation


def bodies(operation: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for media_type, body in operation.get("requestBody", {}).get("content", {}).items():
        yield "request", media_type, body
    for status, response in operation["responses"].items():
        for media_type, body in response.get("content", {}).items():
            yield status, media_type, body


def examples_of(schema: dict[str, Any]) -> list[Any]:
    """Examples of the schema, or of what it is made of: one of each part."""
    if reference := schema.get("$ref"):
        schema = SCHEMAS[reference.rpartition("/")[2]]
    if "items" in schema:
        return [[example] for example in examples_of(schema["items"])]
    if parts := [part for part in schema.get("oneOf", schema.get("anyOf", [])) if "$ref" in part]:
        of_parts = [examples_of(part) for part in parts]
        return [example for some in of_parts for example in some] if all(of_parts) else []
    examples: list[Any] = schema.get("examples", [])
    return examples


def complaints(example: object, schema: dict[str, Any]) -> list[str]:
    validator = jsonschema_rs.Draft202012Validator(
        schema | {"components": DOCUMENT["components"]}, validate_formats=True
    )
    return [error.message for error in validator.iter_errors(example)]


def test_every_operation_and_each_of_its_answers_is_described() -> None:
    silent = [
        name
        for name, _, operation in operations()
        if not (operation.get("summary") and operation.get("description"))
    ]
    silent += [
        f"{name} {status}"
        for name, _, operation in operations()
        for status, response in operation["responses"].items()
        if response["description"] in {"", "Successful Response"}
    ]

    assert silent == []


def test_every_parameter_and_header_is_described() -> None:
    silent = [
        f"{name} {parameter['name']}"
        for name, _, operation in operations()
        for parameter in operation.get("parameters", [])
        if not parameter.get("description")
    ]
    silent += [
        f"{name} {header}"
        for name, _, operation in operations()
        for response in operation["responses"].values()
        for header, documented in response.get("headers", {}).items()
        if not documented.get("description")
    ]

    assert silent == []


@pytest.mark.parametrize("name", SCHEMAS)
def test_every_schema_and_property_is_described(name: str) -> None:
    schema = SCHEMAS[name]

    assert schema.get("description")
    silent = [
        field
        for field, documented in schema.get("properties", {}).items()
        if not documented.get("description")
    ]
    assert silent == []


def test_every_body_has_an_example_that_its_schema_accepts() -> None:
    wrong = []
    for name, _, operation in operations():
        for part, media_type, body in bodies(operation):
            examples = [body["example"]] if "example" in body else examples_of(body["schema"])
            problems = [
                text for example in examples for text in complaints(example, body["schema"])
            ]
            if problems or not examples:
                wrong.append((name, part, media_type, problems))

    assert wrong == []


def test_the_example_of_a_failure_is_one_that_its_operation_could_give() -> None:
    for name, path, operation in operations():
        for status, media_type, body in bodies(operation):
            if media_type != PROBLEM_MEDIA_TYPE:
                continue
            example = body["example"]
            assert str(example["status"]) == status, name
            assert len(example["instance"].split("/")) == len(path.split("/")), name
            assert "{" not in example["instance"], name
            named = {error["field"] for error in example.get("errors", [])}
            assert named <= fields_of(operation), name


def fields_of(operation: dict[str, Any]) -> set[str]:
    fields = {parameter["name"] for parameter in operation.get("parameters", [])}
    for part, _, body in bodies(operation):
        if part == "request":
            fields |= {field for example in examples_of(body["schema"]) for field in example}
    return fields


def test_every_operation_but_the_open_ones_wants_the_bearer_token() -> None:
    scheme = DOCUMENT["components"]["securitySchemes"]["Bearer"]
    open_ones = {
        operation["operationId"]
        for _, _, operation in operations()
        if {"Bearer": []} not in operation.get("security", [])
    }

    assert (scheme["type"], scheme["scheme"]) == ("http", "bearer")
    assert open_ones == {
        *("get_health", "get_liveness", "get_readiness", "get_startup"),
        *("register", "login", "refresh", "logout"),
    }


def test_the_document_is_openapi_3_1() -> None:
    assert DOCUMENT["openapi"].startswith("3.1.")
