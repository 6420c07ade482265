"""Todos: each function sees only those of the given user."""

import hashlib
import operator
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Row,
    Select,
    func,
    or_,
    select,
    tuple_,
    union_all,
    update,
)
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm.exc import StaleDataError

from app.core.errors import NotFoundError, PreconditionFailedError
from app.models import Todo
from app.schemas.event import TodoDeleted
from app.schemas.todo import TodoCreate, TodoQuery, TodoResponse, TodoUpdate
from app.services import events, idempotency
from app.utils.cursors import write_cursor
from app.utils.etags import Versions

# Columns rather than entities: a list is only read, and half the cost of reading entities is
# tracking them.
_Statement = TypeVar("_Statement", Select[Any], CompoundSelect[Any])
LISTED = tuple(getattr(Todo, name) for name in TodoResponse.model_fields)


@dataclass(frozen=True, slots=True)
class TodoPage:
    """Some todos of a list; the total is `None` where counting was not asked for."""

    rows: Sequence[Row[*tuple[Any, ...]]]
    total: int | None
    next_cursor: str | None


async def list_todos(session: AsyncSession, user_id: int, query: TodoQuery) -> TodoPage:
    """Return one page, with the total unless a cursor says where it starts.

    Counting reads the whole list: with it, the last of many pages could not cost what the first
    one does.
    """
    # One more than asked for tells whether there are any behind.
    statement = page_statement(user_id, query, session.get_bind().dialect.name)
    rows = (await session.execute(statement)).all()
    page, more = rows[: query.limit], len(rows) > query.limit
    next_cursor = None
    if more:
        place = tuple(getattr(page[-1], name) for name in query.order_columns)
        next_cursor = write_cursor(query.sort, place)
    total = None
    if query.cursor is None:
        count = select(func.count()).select_from(Todo).where(*_filters(user_id, query))
        total = await session.scalar(count) or 0
    return TodoPage(page, total, next_cursor)


def page_statement(
    user_id: int, query: TodoQuery, dialect: str
) -> Select[Any] | CompoundSelect[Any]:
    """Select a page and one row more, each by the index that has the page's order."""
    listed = select(*LISTED).where(*_filters(user_id, query))
    columns = [getattr(Todo, name) for name in query.order_columns]
    position = query.position
    if position is None:
        return _in_order(listed, query).offset(query.skip)
    compare = operator.lt if query.sort.descends else operator.gt
    if len(columns) == 1:
        return _in_order(listed.where(compare(columns[0], position[0])), query)
    if dialect == "sqlite":
        # It would enter the index by the first column alone, and read all equals before the
        # place; but it merges these two without sorting, which PostgreSQL does not.
        (first, ids), (value, last_id) = columns, position
        equals = listed.where(first == value, compare(ids, last_id))
        return _in_order(union_all(equals, listed.where(compare(first, value))), query)
    here, there = tuple_(*columns), tuple_(*position, types=[column.type for column in columns])
    return _in_order(listed.where(compare(here, there)), query)


def _in_order(statement: _Statement, query: TodoQuery) -> _Statement:
    columns = [statement.selected_columns[name] for name in query.order_columns]
    if query.sort.descends:
        columns = [column.desc() for column in columns]
    return statement.order_by(*columns).limit(query.limit + 1)


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


def _filters(user_id: int, query: TodoQuery) -> list[ColumnElement[bool]]:
    filters = [Todo.user_id == user_id]
    if query.completed is not None:
        filters.append(Todo.completed == query.completed)
    if query.priority is not None:
        filters.append(Todo.priority == query.priority)
    if query.q is not None:
        filters.append(
            or_(
                Todo.title.icontains(query.q, autoescape=True),
                Todo.description.icontains(query.q, autoescape=True),
            )
        )
    return filters


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
