"""What `benchmarks/api.py` compares the application with; uvicorn serves each.

The content is the application's own. Nothing here imports SQLAlchemy, so that the start of the
process can be compared, too.
"""

from datetime import UTC, datetime
from typing import Any

from app.schemas.health import HealthResponse
from app.schemas.todo import TodoResponse
from fastapi import FastAPI
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

NOW = "2026-01-02T03:04:05.678901Z"
LENGTH = 20
TODOS: list[dict[str, Any]] = [
    {
        "id": number,
        "title": f"Todo {number}",
        "description": "What it takes",
        "completed": number % 2 == 0,
        "priority": number % 6,
        "created_at": NOW,
        "updated_at": None,
        "version": 1,
    }
    for number in range(LENGTH, 0, -1)
]


async def _say_healthy(_request: Request) -> JSONResponse:
    now = datetime.now(UTC).isoformat()
    return JSONResponse(
        {"status": "healthy", "timestamp": now, "version": "0.1.0", "service": "backend"}
    )


async def _list_constants(_request: Request) -> JSONResponse:
    return JSONResponse(TODOS)


starlette = Starlette(
    routes=[
        Route("/api/v1/health", _say_healthy),
        Route("/api/v1/todos", _list_constants),
    ]
)

fastapi = FastAPI()


@fastapi.get("/api/v1/health")
async def get_health() -> HealthResponse:
    """Answer what the application answers."""
    return HealthResponse(
        status="healthy", timestamp=datetime.now(UTC), version="0.1.0", service="backend"
    )


@fastapi.get("/api/v1/todos")
async def list_constants() -> list[TodoResponse]:
    """Answer without a database."""
    return [TodoResponse(**todo) for todo in TODOS]
