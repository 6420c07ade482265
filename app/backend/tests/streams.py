"""A server on a socket, and clients that read its event streams.

httpx's in-memory transport waits for the end of an answer, which an event stream does not have.
"""

import asyncio
import json
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import uvicorn
from fastapi import FastAPI
from httpx import AsyncClient, Response

PATIENCE = 5.0


@dataclass(frozen=True, slots=True)
class Message:
    """One block of a stream: an event or a comment."""

    event: str | None = None
    id: str | None = None
    data: Any = None
    retry: int | None = None
    comment: str | None = None


class Reader:
    """Reads one stream."""

    def __init__(self, response: Response) -> None:
        self.response = response
        self._lines = response.aiter_lines()

    async def read(self) -> Message:
        """Return the next block, comments among them; the end is StopAsyncIteration."""
        fields: dict[str, Any] = {}
        async with asyncio.timeout(PATIENCE):
            while line := await anext(self._lines):
                name, _, value = line.partition(": ")
                fields[name or "comment"] = value
        if "data" in fields:
            fields["data"] = json.loads(fields["data"])
        if "retry" in fields:
            fields["retry"] = int(fields["retry"])
        return Message(**fields)

    async def next(self) -> Message:
        """Return the next event."""
        while (message := await self.read()).event is None:
            pass
        return message

    async def take(self, count: int) -> list[Message]:
        """Return the next events."""
        return [await self.next() for _ in range(count)]

    async def rest(self) -> list[Message]:
        """Return what comes until the stream ends."""
        messages = []
        while True:
            try:
                messages.append(await self.next())
            except StopAsyncIteration:
                return messages


@asynccontextmanager
async def watch(
    client: AsyncClient, *, last_event_id: str | None = None, **options: Any
) -> AsyncIterator[Reader]:
    """Open a stream."""
    headers = {} if last_event_id is None else {"Last-Event-ID": last_event_id}
    async with client.stream("GET", "/stream", headers=headers, **options) as response:
        assert response.status_code == 200, await response.aread()
        yield Reader(response)


@dataclass
class Live:
    """A running application."""

    app: FastAPI
    port: int
    _clients: list[AsyncClient] = field(default_factory=list)

    def new_client(self, token: str | None = None) -> AsyncClient:
        """Return a client that is signed in by the token, if there is one."""
        client = AsyncClient(
            base_url=f"http://127.0.0.1:{self.port}/api/v1",
            timeout=PATIENCE,
            verify=False,  # noqa: S501  # no TLS here, and loading certificates takes 0.1 s
        )
        if token is not None:
            client.headers["Authorization"] = f"Bearer {token}"
        self._clients.append(client)
        return client

    async def join(self, email: str) -> AsyncClient:
        """Register a user."""
        return await self._begin("register", email)

    async def sign_in(self, email: str) -> AsyncClient:
        """Begin another session of a user."""
        return await self._begin("login", email)

    async def _begin(self, way: str, email: str) -> AsyncClient:
        client = self.new_client()
        body = {"email": email, "password": "correct horse battery"}
        response = await client.post(f"/auth/{way}", json=body)
        assert response.is_success, response.text
        client.headers["Authorization"] = f"Bearer {response.json()['access_token']}"
        return client

    async def close(self) -> None:
        """Close the clients."""
        for client in self._clients:
            await client.aclose()


@asynccontextmanager
async def serve(app: FastAPI) -> AsyncIterator[Live]:
    """Serve an application as uvicorn does, without its loop that looks for signals: it is slow."""
    listener = socket.create_server(("127.0.0.1", 0))
    # So that a client which does not read is noticed after kilobytes rather than megabytes.
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4_096)
    config = uvicorn.Config(app, lifespan="off", log_config=None, access_log=False)
    config.load()
    server = uvicorn.Server(config)
    server.lifespan = config.lifespan_class(config)
    app.state.broker.start()
    await server.startup(sockets=[listener])
    live = Live(app, listener.getsockname()[1])
    try:
        yield live
    finally:
        await live.close()
        await app.state.broker.stop()
        for connection in list(server.server_state.connections):
            connection.shutdown()
        await asyncio.gather(*server.server_state.tasks)
        for asyncio_server in server.servers:
            asyncio_server.close()


async def until(condition: Any) -> None:
    """Wait for something that happens soon."""
    async with asyncio.timeout(PATIENCE):
        while not condition():  # noqa: ASYNC110  # nothing tells
            await asyncio.sleep(0.005)
