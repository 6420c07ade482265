"""The list of todos as most FastAPI code writes it; `benchmarks/api.py` serves it for comparison.

The user by the token's subject, a count, entities, and a response model, on the engine that
SQLAlchemy makes of the URL; without the application's middleware, log, metrics and check that the
session is open.
"""

from collections.abc import AsyncIterator
from typing import Annotated, Any

import jwt
from app.core.config import Settings
from app.models import Todo, User
from app.schemas.todo import TodoResponse
from fastapi import Depends, FastAPI, HTTPException, Query, Response
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine

entities = FastAPI()
settings = Settings()
sessions = async_sessionmaker(create_async_engine(settings.database_url), expire_on_commit=False)


async def get_session() -> AsyncIterator[AsyncSession]:
    """Give each request a session."""
    async with sessions() as session:
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
