"""What the event stream says: each event's name, its id, and the JSON that it carries."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from app.schemas.base import ResponseModel
from app.schemas.todo import TodoResponse


class TodoDeleted(ResponseModel):
    """What is left to say about a todo that is gone."""

    id: int


class TodoCreatedEvent(ResponseModel):
    """A todo was created."""

    event: Literal["todo.created"]
    id: str
    data: TodoResponse


class TodoUpdatedEvent(ResponseModel):
    """A todo was changed; the data is all of it, as it was after this change."""

    event: Literal["todo.updated"]
    id: str
    data: TodoResponse


class TodoDeletedEvent(ResponseModel):
    """A todo was deleted."""

    event: Literal["todo.deleted"]
    id: str
    data: TodoDeleted


class SessionEnded(ResponseModel):
    """Which of the user's sessions has ended."""

    id: str


class SessionEndedEvent(ResponseModel):
    """A session of the user was ended; its own streams end with it."""

    event: Literal["session.ended"]
    id: str
    data: SessionEnded


class Ready(ResponseModel):
    """How this stream begins, and what to expect of it."""

    resumed: bool = Field(description="whether it goes on where Last-Event-ID left off")
    expires_at: datetime = Field(description="when the access token, and so the stream, ends")
    heartbeat_seconds: float = Field(description="the longest silence of a healthy stream")


class ReadyEvent(ResponseModel):
    """The first event; its id is the position from which the stream goes on.

    There is no id when a reset follows: only the reset moves the client's position.
    """

    event: Literal["ready"]
    id: str | None
    data: Ready


class Reset(ResponseModel):
    """Why the client has to fetch everything again."""

    reason: Literal["position_unknown"] = "position_unknown"


class ResetEvent(ResponseModel):
    """The client's position is unknown, or older than what is kept: fetch again, then go on."""

    event: Literal["reset"]
    id: str
    data: Reset


class Bye(ResponseModel):
    """Why the stream ends."""

    reason: Literal["shutdown", "expired", "session_ended", "unavailable"]


class ByeEvent(ResponseModel):
    """The last event; reconnect, with a fresh access token if the reason is `expired`.

    After `session_ended` there is nothing to reconnect with: sign in.
    """

    event: Literal["bye"]
    id: None
    data: Bye


TodoEvent = Annotated[
    TodoCreatedEvent | TodoUpdatedEvent | TodoDeletedEvent, Field(discriminator="event")
]
StreamEvent = Annotated[
    ReadyEvent
    | TodoCreatedEvent
    | TodoUpdatedEvent
    | TodoDeletedEvent
    | SessionEndedEvent
    | ResetEvent
    | ByeEvent,
    Field(discriminator="event"),
]
