"""Todos: each function sees only those of the given user."""

from collections.abc import Sequence

from sqlalchemy import Row, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.errors import NotFoundError
from app.models import Todo
from app.schemas.event import TodoDeleted
from app.schemas.todo import TodoCreate, TodoResponse, TodoUpdate
from app.services import events


async def list_todos(
    session: AsyncSession, user_id: int, *, skip: int, limit: int
) -> tuple[Sequence[Row[*tuple[object, ...]]], int]:
    """Return one page, newest first, and how many there are in all."""
    # Columns rather than entities: a list is only read, and half the cost of reading
    # entities is tracking them.
    page = (
        select(
            Todo.id,
            Todo.title,
            Todo.description,
            Todo.completed,
            Todo.priority,
            Todo.created_at,
            Todo.updated_at,
        )
        .where(Todo.user_id == user_id)
        .order_by(Todo.id.desc())
        .offset(skip)
        .limit(limit)
    )
    rows = (await session.execute(page)).all()
    count = select(func.count()).select_from(Todo).where(Todo.user_id == user_id)
    return rows, await session.scalar(count) or 0


async def create_todo(session: AsyncSession, user_id: int, values: TodoCreate) -> Todo:
    """Store a new todo."""
    todo = Todo(user_id=user_id, **values.model_dump())
    session.add(todo)
    await session.flush()
    await events.record(session, user_id, "todo.created", TodoResponse.model_validate(todo))
    return todo


async def get_todo(session: AsyncSession, user_id: int, todo_id: int) -> Todo:
    """Return one todo; another user's does not exist."""
    todo = await session.scalar(select(Todo).where(Todo.id == todo_id, Todo.user_id == user_id))
    if todo is None:
        raise NotFoundError("Todo not found")
    return todo


async def update_todo(
    session: AsyncSession, user_id: int, todo_id: int, values: TodoUpdate
) -> Todo:
    """Change the given fields; `updated_at` moves only if one of them differs."""
    todo = await get_todo(session, user_id, todo_id)
    for field, value in values.model_dump(exclude_unset=True).items():
        setattr(todo, field, value)
    changed = session.is_modified(todo)
    await session.flush()
    if changed:
        await events.record(session, user_id, "todo.updated", TodoResponse.model_validate(todo))
    return todo


async def delete_todo(session: AsyncSession, user_id: int, todo_id: int) -> None:
    """Remove one todo."""
    await session.delete(await get_todo(session, user_id, todo_id))
    await session.flush()
    await events.record(session, user_id, "todo.deleted", TodoDeleted(id=todo_id))
