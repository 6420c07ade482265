"""Bodies of the todo endpoints."""

from datetime import datetime
from typing import Annotated

from pydantic import Field, StringConstraints

from app.schemas.base import (
    BlankIsNone,
    NoNul,
    RequestModel,
    ResponseModel,
    WholeNumber,
)

Title = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100), NoNul
]
DescriptionText = Annotated[str, StringConstraints(strip_whitespace=True, max_length=500), NoNul]
Description = Annotated[DescriptionText | None, BlankIsNone]
Completed = Annotated[bool, Field(strict=True)]
Priority = Annotated[int, Field(ge=0, le=5, strict=True), WholeNumber]


class TodoCreate(RequestModel):
    """A new todo."""

    title: Title
    description: Description = None
    completed: Completed = False
    priority: Priority = 0


class TodoUpdate(RequestModel):
    """The fields to change; one that is absent stays, and only a description can be null."""

    # Absent fields are never read (exclude_unset). Factories rather than values keep
    # made-up defaults out of the OpenAPI document.
    title: Title = Field(default_factory=str)
    description: Description = None
    completed: Completed = Field(default_factory=bool)
    priority: Priority = Field(default_factory=int)


class TodoResponse(ResponseModel):
    """A stored todo; `updated_at` is null until its first change."""

    id: int
    title: str
    description: str | None
    completed: bool
    priority: int
    created_at: datetime
    updated_at: datetime | None
