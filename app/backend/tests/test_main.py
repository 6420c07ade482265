import json
import subprocess
import sys
from typing import Any

import pytest
from fastapi import FastAPI
from httpx import AsyncClient

from app import __version__
from app.core.config import BACKEND_DIR
from tests.conftest import TRUSTED_ORIGIN, Member


async def test_a_trusted_origin_may_read_the_list_and_its_headers(ada: Member) -> None:
    response = await ada.client.get("/todos", headers={"Origin": TRUSTED_ORIGIN})

    assert response.headers["access-control-allow-origin"] == TRUSTED_ORIGIN
    assert response.headers["access-control-allow-credentials"] == "true"
    exposed = response.headers["access-control-expose-headers"].split(", ")
    assert {"X-Total-Count", "X-Next-Cursor", "Link", "Location", "ETag"} <= set(exposed)


async def test_a_trusted_origin_passes_the_preflight(client: AsyncClient) -> None:
    headers = {
        "Origin": TRUSTED_ORIGIN,
        "Access-Control-Request-Method": "PATCH",
        "Access-Control-Request-Headers": "authorization, content-type, idempotency-key, if-match,"
        " if-none-match",
    }

    assert (await client.options("/todos/1", headers=headers)).status_code == 200


async def test_another_origin_may_read_nothing(ada: Member) -> None:
    response = await ada.client.get("/todos", headers={"Origin": "https://evil.example"})

    assert "access-control-allow-origin" not in response.headers


def test_the_document_is_ready_for_generated_clients(app: FastAPI) -> None:
    document = app.openapi()

    assert document["info"]["version"] == __version__
    operations = [op for path in document["paths"].values() for op in path.values()]
    assert {operation["operationId"] for operation in operations} == {
        "get_health",
        "get_liveness",
        "get_readiness",
        "get_startup",
        "register",
        "login",
        "refresh",
        "logout",
        "get_me",
        "change_password",
        "list_sessions",
        "end_other_sessions",
        "end_session",
        "list_todos",
        "create_todo",
        "get_todo",
        "update_todo",
        "delete_todo",
        "stream_events",
    }
    assert "Bearer" in document["components"]["securitySchemes"]
    assert "HTTPValidationError" not in document["components"]["schemas"]
    for operation in operations:
        for status, response in operation["responses"].items():
            if int(status) >= 400:
                assert list(response["content"]) == ["application/problem+json"]


def test_the_document_tells_of_conditions_keys_and_pages(app: FastAPI) -> None:
    todos, todo = (app.openapi()["paths"][f"/api/v1/todos{end}"] for end in ("", "/{todo_id}"))

    for operation in (todos["get"], todos["post"], todo["get"], todo["patch"], todo["delete"]):
        assert "Retry-After" in operation["responses"]["503"]["headers"]
    for operation in (todo["patch"], todo["delete"]):
        assert "412" in operation["responses"]
        assert "If-Match" in parameters(operation)
    assert "content" not in todo["get"]["responses"]["304"]
    assert "If-None-Match" in parameters(todo["get"])
    assert set(todos["post"]["responses"]["201"]["headers"]) == {
        "ETag",
        "Idempotency-Replayed",
        "Location",
    }
    assert parameters(todos["get"]) == {
        "q",
        "completed",
        "priority",
        "sort",
        "cursor",
        "skip",
        "limit",
    }
    described = (each["description"] for each in todos["get"]["parameters"])
    assert all(described)


def parameters(operation: dict[str, Any]) -> set[str]:
    return {parameter["name"] for parameter in operation["parameters"]}


@pytest.mark.parametrize("path", ["/docs", "/openapi.json"])
async def test_the_documentation_is_open(client: AsyncClient, path: str) -> None:
    assert (await client.get(f"http://test{path}")).status_code == 200


def test_starting_loads_nothing_that_only_some_requests_need() -> None:
    code = (
        "import json, sys, app.main;"
        "late = {'jwt', 'pwdlib', 'psycopg', 'alembic'};"
        "print(json.dumps(sorted(late & sys.modules.keys())))"
    )

    result = subprocess.run(  # noqa: S603  # this interpreter, on a literal
        [sys.executable, "-c", code], cwd=BACKEND_DIR, capture_output=True, check=True
    )

    assert json.loads(result.stdout) == []


def test_the_document_describes_the_events_of_the_stream(app: FastAPI) -> None:
    document = app.openapi()

    success = document["paths"]["/api/v1/stream"]["get"]["responses"]["200"]["content"]
    assert list(success) == ["text/event-stream"]
    schema = success["text/event-stream"]["schema"]
    assert "type" not in schema
    assert set(schema["discriminator"]["mapping"]) == {
        "ready",
        "todo.created",
        "todo.updated",
        "session.ended",
        "todo.deleted",
        "reset",
        "bye",
    }
