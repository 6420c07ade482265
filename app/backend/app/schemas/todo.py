"""Bodies and parameters of the todo endpoints."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any

from pydantic import (
    BaseModel,
    Field,
    StringConstraints,
    TypeAdapter,
    ValidationInfo,
    field_validator,
)

from app.schemas.base import (
    BlankIsNone,
    NoNul,
    RequestModel,
    ResponseModel,
    WholeNumber,
    shown_as,
)
from app.schemas.text import IS_LINE, IS_LINES, IsVisible
from app.utils.cursors import MAX_CURSOR_LENGTH, read_cursor
from app.utils.pagination import MAX_INTEGER

# What the column holds. PostgreSQL fails on a larger parameter instead of finding nothing.
MAX_ID = 2**31 - 1

Title = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=100),
    IsVisible,
    *IS_LINE,
    Field(
        description="What is to be done: one line, in which something can be seen; spaces around"
        " it are dropped"
    ),
]
DescriptionText = Annotated[
    str, StringConstraints(strip_whitespace=True, max_length=500), *IS_LINES
]
Description = Annotated[
    DescriptionText | None, BlankIsNone, Field(description="More about it; blank is null")
]
Completed = Annotated[bool, Field(strict=True, description="Whether it is done")]
Priority = Annotated[
    int, Field(ge=0, le=5, strict=True, description="From 0, whenever, to 5, now"), WholeNumber
]
SearchText = Annotated[str, StringConstraints(strip_whitespace=True, max_length=100), NoNul]
Id = Annotated[int, Field(ge=1, le=MAX_ID, strict=True)]
StoredTitle = Annotated[str, StringConstraints(max_length=100, strict=True), NoNul]


EXAMPLE = {
    "id": 1,
    "title": "Buy milk",
    "description": "Two litres",
    "completed": False,
    "priority": 3,
    "created_at": "2026-01-02T03:04:05.678901Z",
    "updated_at": None,
    "version": 1,
}
CHANGED_EXAMPLE = EXAMPLE | {
    "completed": True,
    "updated_at": "2026-01-02T13:14:15.161718Z",
    "version": 2,
}


class TodoCreate(RequestModel):
    """A new todo."""

    model_config = shown_as(
        {"title": "Buy milk", "description": "Two litres", "priority": 3},
        {"title": "Call Ada"},
    )

    title: Title
    description: Description = None
    completed: Completed = False
    priority: Priority = 0


class TodoUpdate(RequestModel):
    """The fields to change; one that is absent stays, and only a description can be null."""

    model_config = shown_as({"completed": True}, {"title": "Buy oat milk", "description": None})

    # Absent fields are never read (exclude_unset). Factories rather than values keep
    # made-up defaults out of the OpenAPI document.
    title: Title = Field(default_factory=str)
    description: Description = None
    completed: Completed = Field(default_factory=bool)
    priority: Priority = Field(default_factory=int)


class TodoResponse(ResponseModel):
    """A stored todo; `updated_at` is null until its first change, which makes `version` 2."""

    model_config = shown_as(EXAMPLE, CHANGED_EXAMPLE)

    id: int = Field(description="Its number, greater than those of older todos")
    title: str = Field(description="What is to be done")
    description: str | None = Field(description="More about it")
    completed: bool = Field(description="Whether it is done")
    priority: int = Field(description="From 0, whenever, to 5, now")
    created_at: datetime = Field(description="When it was created")
    updated_at: datetime | None = Field(description="When it was last changed")
    version: int = Field(description="Grows by one with each change; the `ETag` names it")


class TodoSort(StrEnum):
    """The orders of a list; equals follow their ids in the same direction."""

    NEWEST = "-id"
    OLDEST = "id"
    MOST_URGENT = "-priority"
    LEAST_URGENT = "priority"
    TITLE = "title"
    TITLE_BACKWARDS = "-title"

    @property
    def column(self) -> str:
        """What is compared first; ids follow."""
        return self.removeprefix("-")

    @property
    def descends(self) -> bool:
        """Whether the greatest come first."""
        return self.startswith("-")


# By the columns that place a todo in an order.
POSITIONS: dict[tuple[str, ...], TypeAdapter[tuple[Any, ...]]] = {
    ("id",): TypeAdapter(tuple[Id]),
    ("priority", "id"): TypeAdapter(tuple[Priority, Id]),
    ("title", "id"): TypeAdapter(tuple[StoredTitle, Id]),
}


class TodoQuery(BaseModel):
    """Which todos to list, in which order, and which page of them."""

    q: Annotated[SearchText | None, BlankIsNone] = Field(
        default=None,
        description="Text that the title or the description contains, in any case",
        examples=["milk"],
    )
    completed: bool | None = Field(default=None, description="Only these, or only the others")
    priority: int | None = Field(
        default=None, ge=0, le=5, description="Only todos of this priority", examples=[5]
    )
    sort: TodoSort = Field(
        default=TodoSort.NEWEST,
        description="The order; `-` is descending, and equals follow their ids in the same"
        " direction. Titles are ordered by the database's collation.",
    )
    # Validated in this order: a cursor by its sort, then whether a skip may stand beside it.
    cursor: str | None = Field(
        default=None,
        max_length=MAX_CURSOR_LENGTH,
        description="The `X-Next-Cursor` of the page before, listed with the same `sort`",
        examples=["WyItaWQiLDQyXQ"],
    )
    skip: int = Field(
        default=0,
        ge=0,
        le=MAX_INTEGER,
        description="How many to pass over, at a cost that grows with them; not with `cursor`",
    )
    limit: int = Field(default=100, ge=1, le=100, description="The length of a page")

    @field_validator("cursor")
    @classmethod
    def _check_cursor(cls, value: str | None, info: ValidationInfo) -> str | None:
        if value is not None and {"sort", "priority"} <= info.data.keys():
            sort = info.data["sort"]
            read_cursor(value, sort, POSITIONS[_order_columns(sort, info.data["priority"])])
        return value

    @field_validator("skip")
    @classmethod
    def _check_skip(cls, value: int, info: ValidationInfo) -> int:
        # Runs only when the parameter was sent.
        if info.data.get("cursor") is not None:
            raise ValueError("cannot be combined with cursor")
        return value

    @property
    def order_columns(self) -> tuple[str, ...]:
        """The columns that place a todo in this list."""
        return _order_columns(self.sort, self.priority)

    @property
    def position(self) -> tuple[Any, ...] | None:
        """Where the page before ended."""
        if self.cursor is None:
            return None
        return read_cursor(self.cursor, self.sort, POSITIONS[self.order_columns])

    @property
    def link_parameters(self) -> dict[str, str]:
        """What every page of this list has in common, for its links."""
        shared = {"q", "completed", "priority", "sort"}
        values = self.model_dump(mode="json", include=shared, exclude_defaults=True)
        return {
            name: str(value).lower() if isinstance(value, bool) else str(value)
            for name, value in values.items()
        }


def _order_columns(sort: TodoSort, priority: int | None) -> tuple[str, ...]:
    # Of one priority only, the ids decide; with both, SQLite would sort what the index has sorted.
    if sort.column == "id" or (sort.column == "priority" and priority is not None):
        return ("id",)
    return (sort.column, "id")
