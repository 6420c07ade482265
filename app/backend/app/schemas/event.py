"""What the event stream says: each event's name, its id, and the JSON that it carries."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from app.schemas.base import ResponseModel, shown_as
from app.schemas.todo import CHANGED_EXAMPLE, EXAMPLE, TodoResponse

EVENT_NAME = Field(description="The event's name")
POSITION = Field(description="The position in the stream, for `Last-Event-ID`")
SESSION_ID = "0f8fad5bd9cb469fa16570867728950e"
READY = {"resumed": True, "expires_at": "2026-01-02T03:19:05Z", "heartbeat_seconds": 15.0}


class TodoDeleted(ResponseModel):
    """What is left to say about a todo that is gone."""

    model_config = shown_as({"id": 1})

    id: int = Field(description="Its number")


class TodoCreatedEvent(ResponseModel):
    """A todo was created."""

    model_config = shown_as({"event": "todo.created", "id": "43", "data": EXAMPLE})

    event: Literal["todo.created"] = EVENT_NAME
    id: str = POSITION
    data: TodoResponse = Field(description="The new todo")


class TodoUpdatedEvent(ResponseModel):
    """A todo was changed; the data is all of it, as it was after this change."""

    model_config = shown_as({"event": "todo.updated", "id": "43", "data": CHANGED_EXAMPLE})

    event: Literal["todo.updated"] = EVENT_NAME
    id: str = POSITION
    data: TodoResponse = Field(description="All of the todo")


class TodoDeletedEvent(ResponseModel):
    """A todo was deleted."""

    model_config = shown_as({"event": "todo.deleted", "id": "43", "data": {"id": 1}})

    event: Literal["todo.deleted"] = EVENT_NAME
    id: str = POSITION
    data: TodoDeleted = Field(description="Which todo is gone")


class SessionEnded(ResponseModel):
    """Which of the user's sessions has ended."""

    model_config = shown_as({"id": SESSION_ID})

    id: str = Field(description="The id that the list of sessions shows")


class SessionEndedEvent(ResponseModel):
    """A session of the user was ended; its own streams end with it."""

    model_config = shown_as({"event": "session.ended", "id": "43", "data": {"id": SESSION_ID}})

    event: Literal["session.ended"] = EVENT_NAME
    id: str = POSITION
    data: SessionEnded = Field(description="Which session has ended")


class Ready(ResponseModel):
    """How this stream begins, and what to expect of it."""

    model_config = shown_as(READY)

    resumed: bool = Field(description="Whether it goes on where Last-Event-ID left off")
    expires_at: datetime = Field(description="When the access token, and so the stream, ends")
    heartbeat_seconds: float = Field(description="The longest silence of a healthy stream")


class ReadyEvent(ResponseModel):
    """The first event; its id is the position from which the stream goes on.

    There is no id when a reset follows: only the reset moves the client's position.
    """

    model_config = shown_as({"event": "ready", "id": "42", "data": READY})

    event: Literal["ready"] = EVENT_NAME
    id: str | None = POSITION
    data: Ready = Field(description="What to expect of the stream")


class Reset(ResponseModel):
    """Why the client has to fetch everything again."""

    model_config = shown_as({"reason": "position_unknown"})

    reason: Literal["position_unknown"] = Field(
        default="position_unknown", description="Always the same"
    )


class ResetEvent(ResponseModel):
    """The client's position is unknown, or older than what is kept: fetch again, then go on."""

    model_config = shown_as({"event": "reset", "id": "43", "data": {"reason": "position_unknown"}})

    event: Literal["reset"] = EVENT_NAME
    id: str = POSITION
    data: Reset = Field(description="Why to fetch again")


class Bye(ResponseModel):
    """Why the stream ends."""

    model_config = shown_as({"reason": "shutdown"})

    reason: Literal["shutdown", "expired", "session_ended", "unavailable"] = Field(
        description="The server stops, the access token ran out, the session was ended, or the"
        " server cannot read what happens"
    )


class ByeEvent(ResponseModel):
    """The last event; reconnect, with a fresh access token if the reason is `expired`.

    After `session_ended` there is nothing to reconnect with: sign in.
    """

    model_config = shown_as({"event": "bye", "id": None, "data": {"reason": "shutdown"}})

    event: Literal["bye"] = EVENT_NAME
    id: None = Field(description="Null: the position stays where it was")
    data: Bye = Field(description="Why the stream ends")


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
