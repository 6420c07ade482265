"""A user's list of todos, a page at a time.

A list is only read, and read most of all: its statements are built once for each of their forms,
from columns rather than entities, and a page comes with its total in one of them.
"""

import operator
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple, TypeVar, cast

from pydantic_core import to_json
from sqlalchemy import (
    BigInteger,
    BindParameter,
    ColumnElement,
    CompoundSelect,
    Integer,
    Row,
    Select,
    Table,
    bindparam,
    func,
    or_,
    select,
    tuple_,
    union_all,
)
from sqlalchemy.ext.asyncio import AsyncSession

from app.models import Todo
from app.schemas.todo import TodoQuery, TodoResponse, TodoSort
from app.utils.cursors import write_cursor

_Statement = TypeVar("_Statement", Select[Any], CompoundSelect[Any])
# The table's own columns: those of the model would make each row pass through the ORM.
todos = cast("Table", Todo.__table__)
FIELDS = tuple(TodoResponse.model_fields)
LISTED = tuple(todos.c[name] for name in FIELDS)
ESCAPE = "/"
ESCAPES = str.maketrans({character: ESCAPE + character for character in f"{ESCAPE}%_"})


@dataclass(frozen=True, slots=True)
class TodoPage:
    """Some todos of a list; the total is `None` where counting was not asked for."""

    rows: Sequence[Row[*tuple[Any, ...]]]
    total: int | None
    next_cursor: str | None

    def to_json(self) -> bytes:
        """Return the todos as the API shows them; what the database gives needs no validation."""
        return to_json([dict(zip(FIELDS, row, strict=False)) for row in self.rows])


class ListForm(NamedTuple):
    """What the text of a list's statement depends on; the rest are its parameters."""

    dialect: str
    sort: TodoSort
    order_columns: tuple[str, ...]
    filters: tuple[str, ...]
    has_cursor: bool


async def list_todos(session: AsyncSession, user_id: int, query: TodoQuery) -> TodoPage:
    """Return one page, with the total unless a cursor says where it starts.

    Counting reads the whole list: with it, the last of many pages could not cost what the first
    one does.
    """
    connection = await session.connection()
    form = describe_list(query, connection.dialect.name)
    parameters = list_parameters(user_id, query)
    rows = (await connection.execute(page_statement(form), parameters)).all()
    total = None
    if not form.has_cursor:
        if rows:
            total = rows[0].total
        else:
            # Beyond the end there is no row to tell it.
            total = await connection.scalar(count_statement(form), parameters) if query.skip else 0
    # One more than asked for tells whether there are any behind.
    page, more = rows[: query.limit], len(rows) > query.limit
    next_cursor = None
    if more:
        place = tuple(getattr(page[-1], name) for name in form.order_columns)
        next_cursor = write_cursor(query.sort, place)
    return TodoPage(page, total, next_cursor)


def describe_list(query: TodoQuery, dialect: str) -> ListForm:
    """Return the form of the statement that answers a query."""
    filters = tuple(
        name for name in ("completed", "priority", "q") if getattr(query, name) is not None
    )
    return ListForm(dialect, query.sort, query.order_columns, filters, query.cursor is not None)


def list_parameters(user_id: int, query: TodoQuery) -> dict[str, Any]:
    """Return the values that go with the statement of a query."""
    parameters: dict[str, Any] = {
        "owner": user_id,
        "rows": query.limit + 1,
        "skip": query.skip,
        "is_completed": query.completed,
        "of_priority": query.priority,
        "pattern": query.q and query.q.translate(ESCAPES),
    }
    if query.position is not None:
        parameters |= zip(_place_names(query.order_columns), query.position, strict=True)
    return parameters


@cache
def page_statement(form: ListForm) -> Select[Any] | CompoundSelect[Any]:
    """Select a page and one row more, each by the index that has the page's order."""
    conditions = _conditions(form)
    if not form.has_cursor:
        total = count_statement(form).scalar_subquery().label("total")
        first = select(*LISTED, total).where(*conditions)
        return _in_order(first, form).offset(bindparam("skip", type_=BigInteger))
    listed = select(*LISTED).where(*conditions)
    columns = [todos.c[name] for name in form.order_columns]
    place = [
        bindparam(name, type_=column.type)
        for name, column in zip(_place_names(form.order_columns), columns, strict=True)
    ]
    compare = operator.lt if form.sort.descends else operator.gt
    if len(columns) == 1:
        return _in_order(listed.where(compare(columns[0], place[0])), form)
    if form.dialect == "sqlite":
        # It would enter the index by the first column alone, and read all equals before the
        # place; but it merges these two without sorting, which PostgreSQL does not.
        (value, last_id), (column, ids) = place, columns
        equals = listed.where(column == value, compare(ids, last_id))
        return _in_order(union_all(equals, listed.where(compare(column, value))), form)
    return _in_order(listed.where(compare(tuple_(*columns), tuple_(*place))), form)


@cache
def count_statement(form: ListForm) -> Select[int]:
    """Select how many there are on all pages."""
    return select(func.count()).select_from(todos).where(*_conditions(form))


def _conditions(form: ListForm) -> list[ColumnElement[bool]]:
    conditions = [todos.c.user_id == bindparam("owner")]
    if "completed" in form.filters:
        conditions.append(todos.c.completed == bindparam("is_completed"))
    if "priority" in form.filters:
        conditions.append(todos.c.priority == bindparam("of_priority"))
    if "q" in form.filters:
        pattern: BindParameter[str] = bindparam("pattern")
        conditions.append(
            or_(
                todos.c.title.icontains(pattern, escape=ESCAPE),
                todos.c.description.icontains(pattern, escape=ESCAPE),
            )
        )
    return conditions


def _place_names(columns: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(f"after_{name}" for name in columns)


def _in_order(statement: _Statement, form: ListForm) -> _Statement:
    columns = [statement.selected_columns[name] for name in form.order_columns]
    if form.sort.descends:
        columns = [column.desc() for column in columns]
    return statement.order_by(*columns).limit(bindparam("rows", type_=Integer))
