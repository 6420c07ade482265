import json
import subprocess
import sys

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
    assert response.headers["access-control-expose-headers"] == (
        "X-Total-Count, Link, Location, Retry-After"
    )


async def test_a_trusted_origin_passes_the_preflight(client: AsyncClient) -> None:
    headers = {
        "Origin": TRUSTED_ORIGIN,
        "Access-Control-Request-Method": "PATCH",
        "Access-Control-Request-Headers": "authorization, content-type",
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
    }
    assert "HTTPBearer" in document["components"]["securitySchemes"]
    assert "HTTPValidationError" not in document["components"]["schemas"]
    for operation in operations:
        for status, response in operation["responses"].items():
            if int(status) >= 400:
                assert list(response["content"]) == ["application/problem+json"]


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
