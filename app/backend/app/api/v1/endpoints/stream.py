"""The signed-in user's events, as they happen."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Query, Request, status
from fastapi.responses import StreamingResponse
from loguru import logger
from starlette.types import Receive, Scope, Send

from app.api.deps import CurrentIdentity, SessionDep
from app.core.security import AccessClaims, name_session
from app.schemas.event import StreamEvent
from app.services.broker import Broker
from app.services.subscription import Subscription
from app.utils.openapi import problems

MAX_ID_LENGTH = 64
UNKNOWN_POSITION = -1
HEADERS = {
    # Compression, which "no-transform" forbids, would hold events back, and so would nginx.
    "Cache-Control": "no-cache, no-transform",
    "X-Accel-Buffering": "no",
}

router = APIRouter(tags=["stream"])


class EventStream(StreamingResponse):
    """Sends a subscription's chunks as they are, and notices a client that leaves or stalls.

    FastAPI's EventSourceResponse wants a generator endpoint, would encode each event again for
    each client, and pings by a constant; what it writes is the same.
    """

    media_type = "text/event-stream"

    def __init__(self, subscription: Subscription) -> None:
        self.subscription = subscription
        super().__init__((), headers=HEADERS)  # the content exists once it is sent

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send until either side has had enough."""
        watcher = asyncio.create_task(self._watch(receive))
        try:
            async with aclosing(self.subscription.stream()) as self.body_iterator:
                async with asyncio.timeout(None) as lifetime:
                    with self.subscription.limit(lifetime):
                        await self.stream_response(send)
        except TimeoutError:
            logger.info("A client of user {} stalled: dropped", self.subscription.user_id)
        finally:
            watcher.cancel()

    async def _watch(self, receive: Receive) -> None:
        await self.listen_for_disconnect(receive)
        self.subscription.leave()


async def get_watcher(identity: CurrentIdentity, session: SessionDep) -> AccessClaims:
    """Return who is signed in, with the request's connection given back to the pool.

    Opening the stream takes another: clients that come back all at once would each hold one
    while they wait for a second.
    """
    await session.commit()
    return identity


async def subscribe(
    request: Request,
    watcher: Annotated[AccessClaims, Depends(get_watcher)],
    header: Annotated[
        str | None,
        Header(
            alias="Last-Event-ID",
            max_length=MAX_ID_LENGTH,
            description="The last id that the client has seen: go on after it",
            examples=["42"],
        ),
    ] = None,
    query: Annotated[
        str | None,
        Query(
            alias="last_event_id",
            max_length=MAX_ID_LENGTH,
            description="The same, for clients that cannot set the header, which wins",
            examples=["42"],
        ),
    ] = None,
) -> AsyncIterator[Subscription]:
    """Subscribe for as long as the answer lasts; every refusal comes before it begins."""
    broker: Broker = request.app.state.broker
    async with broker.subscribe(
        watcher.user_id,
        session_id=name_session(watcher.family_id),
        last_event_id=_read_position(header or query),
        expires_at=watcher.expires_at,
    ) as subscription:
        yield subscription


def _read_position(text: str | None) -> int | None:
    if not text:
        return None
    return int(text) if text.isascii() and text.isdigit() else UNKNOWN_POSITION


STREAM_RESPONSE: dict[int | str, dict[str, Any]] = {
    200: {
        "model": StreamEvent,
        "description": (
            "Server-sent events without end. Each has one of these names and carries its `data` "
            "as JSON; a comment comes at least every `heartbeat_seconds`."
        ),
    }
}


@router.get(
    "/stream",
    response_class=EventStream,
    # Said because FastAPI otherwise looks for it in the class's signature.
    status_code=status.HTTP_200_OK,
    responses=STREAM_RESPONSE
    | problems(
        *(401, 422, 429, 503),
        details={
            422: "Last-Event-ID: String should have at most 64 characters",
            429: "You have 10 streams open already. Close one first.",
            503: "Too many clients are connected. Try again later.",
        },
    ),
)
async def stream_events(
    subscription: Annotated[Subscription, Depends(subscribe)],
) -> EventStream:
    """Stream the changes of one's own todos, from now on or after `Last-Event-ID`.

    `ready` comes first. After `reset`, or a `ready` that has not resumed, fetch the todos: any
    number of changes may have been missed. `bye` comes last: connect again.
    """
    return EventStream(subscription)
