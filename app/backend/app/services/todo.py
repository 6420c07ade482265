"""Todos: each function sees only those of the given user."""

import hashlib

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm.exc import StaleDataError

from app.core.errors import NotFoundError, PreconditionFailedError
from app.models import Todo
from app.schemas.event import TodoDeleted
from app.schemas.todo import TodoCreate, TodoResponse, TodoUpdate
from app.services import events, idempotency
from app.utils.etags import Versions


async def create_todo(session: AsyncSession, user_id: int, values: TodoCreate) -> Todo:
    """Store a new todo."""
    todo = Todo(user_id=user_id, **values.model_dump())
    session.add(todo)
    await session.flush()
    await events.record(session, user_id, "todo.created", TodoResponse.model_validate(todo))
    return todo


async def create_todo_once(
    session: AsyncSession, user_id: int, values: TodoCreate, key: str
) -> tuple[str, bool]:
    """Return the todo that this key created as JSON, and whether it was there before."""
    fingerprint = hashlib.sha256(values.model_dump_json().encode()).hexdigest()
    answer = await idempotency.claim(session, user_id, key, fingerprint)
    if answer is not None:
        return answer, True
    todo = await create_todo(session, user_id, values)
    answer = TodoResponse.model_validate(todo).model_dump_json()
    await idempotency.keep(session, user_id, key, answer)
    return answer, False


async def get_todo(session: AsyncSession, user_id: int, todo_id: int) -> Todo:
    """Return one todo; another user's does not exist."""
    todo = await session.scalar(select(Todo).where(Todo.id == todo_id, Todo.user_id == user_id))
    if todo is None:
        raise NotFoundError("Todo not found")
    return todo


async def update_todo(
    session: AsyncSession,
    user_id: int,
    todo_id: int,
    values: TodoUpdate,
    expected: Versions | None = None,
) -> Todo:
    """Change the given fields; `updated_at` and `version` move only if one of them differs."""
    todo = await _get_for_change(session, user_id, todo_id, expected)
    for field, value in values.model_dump(exclude_unset=True).items():
        setattr(todo, field, value)
    changed = session.is_modified(todo)
    await flush(session)
    if changed:
        await events.record(session, user_id, "todo.updated", TodoResponse.model_validate(todo))
    return todo


async def delete_todo(
    session: AsyncSession, user_id: int, todo_id: int, expected: Versions | None = None
) -> None:
    """Remove one todo."""
    await session.delete(await _get_for_change(session, user_id, todo_id, expected))
    await flush(session)
    await events.record(session, user_id, "todo.deleted", TodoDeleted(id=todo_id))


async def _get_for_change(
    session: AsyncSession, user_id: int, todo_id: int, expected: Versions | None
) -> Todo:
    """Return a todo of an expected version; without expectations, the last of its writers wins.

    For that, writers wait for one another here. The lock is an update that changes nothing because
    SQLite takes its write lock on writing only.
    """
    if expected is not None:
        todo = await get_todo(session, user_id, todo_id)
        if todo.version not in expected:
            raise PreconditionFailedError(_changed(todo.version))
        return todo
    locked: Todo | None = await session.scalar(
        update(Todo)
        .where(Todo.id == todo_id, Todo.user_id == user_id)
        .values(updated_at=Todo.updated_at)
        .returning(Todo),
        execution_options={"synchronize_session": False, "populate_existing": True},
    )
    if locked is None:
        raise NotFoundError("Todo not found")
    return locked


async def flush(session: AsyncSession) -> None:
    """Write, unless a todo has another version by now than the one that was read."""
    try:
        await session.flush()
    except StaleDataError as error:
        raise PreconditionFailedError("Somebody else changed the todo at the same time.") from error


def _changed(version: int) -> str:
    return f"The todo has changed: it is at version {version} now."
