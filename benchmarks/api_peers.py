"""What `benchmarks/api.py` compares the application with; uvicorn serves each.

The content is the application's own. `entities` lists the way most FastAPI code does: the user
by the token's subject, a count, entities, and a response model.
"""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Annotated, Any

import jwt
from app.core.config import Settings
from app.core.database import Database
from app.models import Todo, User
from app.schemas.health import HealthResponse
from app.schemas.todo import TodoResponse
from fastapi import Depends, FastAPI, HTTPException, Query, Response
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
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


entities = FastAPI()
settings = Settings()
database = Database(settings)


async def get_session() -> AsyncIterator[AsyncSession]:
    """Give each request a session."""
    async with database.sessions() as session:
        yield session


SessionDep = Annotated[AsyncSession, Depends(get_session)]


async def get_user(
    session: SessionDep, bearer: Annotated[HTTPAuthorizationCredentials, Depends(HTTPBearer())]
) -> User:
    """Return who is signed in."""
    key = settings.jwt_secret_key.get_secret_value()
    claims = jwt.decode(bearer.credentials, key, ["HS256"], audience=settings.jwt_audience)
    user = await session.get(User, int(claims["sub"]))
    if user is None:
        raise HTTPException(404)
    return user


@entities.get("/api/v1/todos", response_model=list[TodoResponse])
async def list_entities(
    response: Response,
    session: SessionDep,
    user: Annotated[User, Depends(get_user)],
    skip: Annotated[int, Query(ge=0)] = 0,
    limit: Annotated[int, Query(ge=1, le=100)] = 100,
) -> Any:
    """Return a page of entities."""
    mine = Todo.user_id == user.id
    total = await session.scalar(select(func.count()).select_from(Todo).where(mine))
    response.headers["X-Total-Count"] = str(total)
    page = select(Todo).where(mine).order_by(Todo.id.desc()).offset(skip).limit(limit)
    return (await session.scalars(page)).all()


if __name__ == "__main__":
    raise SystemExit(f"{os.path.basename(__file__)} is served by benchmarks/api.py")
