"""The event stream, over sockets, on SQLite and on PostgreSQL."""

import asyncio
import socket
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from fastapi import FastAPI
from httpx import AsyncClient
from sqlalchemy import update

from app.api.v1.endpoints.stream import get_watcher
from app.core.config import Settings
from app.core.database import Database, utc_now
from app.core.security import read_access_token
from app.models import Event
from app.schemas.todo import TodoCreate
from app.services import todo as todos
from app.services.broker import Broker
from app.services.events import Outbox
from app.services.subscription import Subscription
from tests.databases import make_settings
from tests.streams import Live, Message, serve, until, watch


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    fixture = {"sqlite": "sqlite_url", "postgresql": "postgres_url"}[request.param]
    url: str = request.getfixturevalue(fixture)
    return url


@pytest.fixture
def settings(request: pytest.FixtureRequest, database_url: str) -> Settings:
    marker = request.node.get_closest_marker("configure")
    return make_settings(database_url, **(marker.kwargs if marker else {}))


@pytest.fixture
async def live(app: FastAPI, settings: Settings, database: Database) -> AsyncIterator[Live]:
    app.state.broker = Broker(database, settings)
    async with serve(app) as live:
        yield live


@pytest.fixture
async def ada(live: Live) -> AsyncClient:
    return await live.join("ada@example.com")


async def create(client: AsyncClient, title: str = "Buy milk", **values: Any) -> dict[str, Any]:
    response = await client.post("/todos", json={"title": title} | values)
    assert response.status_code == 201, response.text
    todo: dict[str, Any] = response.json()
    return todo


def titles(messages: list[Message]) -> list[str]:
    return [message.data["title"] for message in messages]


async def test_a_stream_begins_with_its_position(ada: AsyncClient) -> None:
    await create(ada)

    async with watch(ada) as stream:
        ready = await stream.next()

    assert stream.response.headers["content-type"] == "text/event-stream; charset=utf-8"
    assert stream.response.headers["cache-control"] == "no-cache, no-transform"
    assert stream.response.headers["x-accel-buffering"] == "no"
    assert (ready.event, ready.data["resumed"], ready.retry) == ("ready", False, 2_000)
    assert int(ready.id or 0) > 0


async def test_changes_arrive_as_typed_events_with_growing_ids(ada: AsyncClient) -> None:
    async with watch(ada) as stream:
        ready = await stream.next()
        todo = await create(ada)
        changed = (await ada.patch(f"/todos/{todo['id']}", json={"completed": True})).json()
        await ada.delete(f"/todos/{todo['id']}")
        events = await stream.take(3)

    assert [(event.event, event.data) for event in events] == [
        ("todo.created", todo),
        ("todo.updated", changed),
        ("todo.deleted", {"id": todo["id"]}),
    ]
    ids = [int(message.id or 0) for message in (ready, *events)]
    assert ids == sorted(set(ids))


async def test_an_update_that_changes_nothing_is_no_event(ada: AsyncClient) -> None:
    todo = await create(ada)
    async with watch(ada) as stream:
        await stream.next()
        await ada.patch(f"/todos/{todo['id']}", json={"title": todo["title"]})
        await ada.delete(f"/todos/{todo['id']}")

        assert (await stream.next()).event == "todo.deleted"


async def test_a_refused_change_is_no_event(ada: AsyncClient) -> None:
    async with watch(ada) as stream:
        await stream.next()
        await ada.delete("/todos/999")
        await create(ada, "Real")

        assert (await stream.next()).data["title"] == "Real"


async def test_nobody_sees_the_events_of_others(live: Live, ada: AsyncClient) -> None:
    bob = await live.join("bob@example.com")
    async with watch(ada) as hers, watch(bob) as his:
        await hers.next()
        await his.next()
        await create(bob, "His")
        await create(ada, "Hers")

        assert (await hers.next()).data["title"] == "Hers"
        assert (await his.next()).data["title"] == "His"


async def test_all_streams_of_a_user_get_each_event(ada: AsyncClient) -> None:
    async with watch(ada) as first, watch(ada) as second:
        await first.next()
        await second.next()
        await create(ada)

        assert await first.next() == await second.next()


@pytest.mark.parametrize("by", ["header", "query"])
async def test_a_stream_goes_on_after_the_last_event_that_was_seen(
    ada: AsyncClient, by: str
) -> None:
    async with watch(ada) as stream:
        await stream.next()
        await create(ada, "Seen")
        seen = (await stream.next()).id
    for number in range(3):
        await create(ada, f"Missed {number}")

    options: dict[str, Any] = (
        {"last_event_id": seen} if by == "header" else {"params": {"last_event_id": seen}}
    )
    async with watch(ada, **options) as stream:
        ready = await stream.next()
        await create(ada, "New")
        events = await stream.take(4)

    assert (ready.id, ready.data["resumed"]) == (seen, True)
    assert titles(events) == ["Missed 0", "Missed 1", "Missed 2", "New"]


async def test_the_header_wins_over_the_address_that_a_browser_repeats(ada: AsyncClient) -> None:
    async with watch(ada) as stream:
        await create(ada)
        await create(ada)
        old, new = [(await stream.next()).id for _ in range(3)][1:]

    async with watch(ada, last_event_id=new, params={"last_event_id": old}) as stream:
        assert (await stream.next()).id == new


async def test_a_user_without_events_resumes_too(ada: AsyncClient) -> None:
    async with watch(ada) as stream:
        position = (await stream.next()).id
    await create(ada, "Missed")

    assert position == "0"
    async with watch(ada, last_event_id=position) as stream:
        assert (await stream.next()).data["resumed"]
        assert (await stream.next()).data["title"] == "Missed"


async def test_an_unknown_position_makes_the_client_start_again(ada: AsyncClient) -> None:
    await create(ada, "Old")

    for position in ("nonsense", "-1", "999999", "9" * 30, "²"):
        async with watch(ada, params={"last_event_id": position}) as stream:
            ready, reset = await stream.take(2)
            await create(ada, "New")
            new = await stream.next()

        assert (ready.id, ready.data["resumed"]) == (None, False)
        assert (reset.event, reset.data) == ("reset", {"reason": "position_unknown"})
        assert new.data["title"] == "New"
        assert int(new.id or 0) > int(reset.id or 0) > 0


async def test_another_users_position_is_unknown(live: Live, ada: AsyncClient) -> None:
    bob = await live.join("bob@example.com")
    await create(bob)
    async with watch(bob) as stream:
        position = (await stream.next()).id

    async with watch(ada, last_event_id=position) as stream:
        assert (await stream.take(2))[1].event == "reset"


async def test_a_position_that_was_trimmed_makes_the_client_start_again(
    ada: AsyncClient, database: Database
) -> None:
    async with watch(ada) as stream:
        for number in range(3):
            await create(ada, str(number))
        oldest, _, newest = (await stream.take(4))[1:]
    async with database.sessions.begin() as session:
        await session.execute(update(Event).values(created_at=utc_now() - timedelta(days=8)))
    await Outbox(database, timedelta(days=7)).trim()

    for position in ("0", oldest.id):
        async with watch(ada, last_event_id=position) as stream:
            assert [message.event for message in await stream.take(2)] == ["ready", "reset"]
    async with watch(ada, last_event_id=newest.id) as stream:
        assert (await stream.next()).data["resumed"]


async def test_a_long_absence_is_caught_up_page_by_page(
    ada: AsyncClient, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("events", "subscription", "broker"):
        monkeypatch.setattr(f"app.services.{module}.PAGE_SIZE", 3)
    user_id = (await ada.get("/auth/me")).json()["id"]
    async with database.sessions.begin() as session:
        for number in range(10):
            await todos.create_todo(session, user_id, TodoCreate(title=str(number)))

    async with watch(ada, last_event_id="0") as stream:
        await stream.next()
        events = await stream.take(10)

    assert titles(events) == [str(number) for number in range(10)]


async def test_nothing_is_lost_or_repeated_under_concurrent_writers_and_reconnecting(
    ada: AsyncClient,
) -> None:
    writers, each = 4, 6

    async def write(name: int) -> None:
        for number in range(each):
            await create(ada, f"{name}.{number}")

    seen: list[Message] = []
    async with watch(ada) as stream:
        position = (await stream.next()).id
    async with asyncio.TaskGroup() as group:
        for name in range(writers):
            group.create_task(write(name))
        while len(seen) < writers * each:
            async with watch(ada, last_event_id=position) as stream:
                assert (await stream.next()).data["resumed"]
                seen += await stream.take(min(5, writers * each - len(seen)))
            position = seen[-1].id

    ids = [int(message.id or 0) for message in seen]
    assert ids == sorted(set(ids))
    assert sorted(titles(seen)) == sorted(
        f"{name}.{number}" for name in range(writers) for number in range(each)
    )


@pytest.mark.configure(stream_heartbeat_seconds=0.03)
async def test_a_quiet_stream_has_a_heartbeat(ada: AsyncClient) -> None:
    async with watch(ada) as stream:
        assert (await stream.next()).data["heartbeat_seconds"] == 0.03
        assert [(await stream.read()).comment for _ in range(2)] == ["ping", "ping"]


async def test_a_stream_ends_with_the_access_token(live: Live, ada: AsyncClient) -> None:
    ends = utc_now() + timedelta(seconds=0.1)
    token = ada.headers["Authorization"].removeprefix("Bearer ")
    claims = replace(read_access_token(token, live.app.state.settings), expires_at=ends)
    live.app.dependency_overrides[get_watcher] = lambda: claims
    try:
        async with watch(ada) as stream:
            messages = await stream.rest()
    finally:
        live.app.dependency_overrides.clear()

    assert utc_now() >= ends
    assert [message.event for message in messages] == ["ready", "bye"]
    assert messages[1].data == {"reason": "expired"}


async def test_a_stream_ends_with_its_session(live: Live, ada: AsyncClient) -> None:
    elsewhere = await live.sign_in("ada@example.com")
    async with watch(ada) as here, watch(elsewhere) as there:
        for stream in (here, there):
            assert (await stream.next()).event == "ready"
        assert (await ada.delete("/auth/sessions")).status_code == 204

        told = await here.next()
        last = await there.next()

    assert told.event == "session.ended"
    assert (last.event, last.data) == ("bye", {"reason": "session_ended"})
    assert (await elsewhere.get("/stream")).status_code == 401


async def test_the_stream_says_when_the_token_ends(ada: AsyncClient, settings: Settings) -> None:
    async with watch(ada) as stream:
        ready = await stream.next()

    expected = utc_now() + timedelta(minutes=settings.access_token_expire_minutes)
    assert ready.data["expires_at"][:16] in {
        (expected - timedelta(seconds=shift)).isoformat()[:16] for shift in (0, 5)
    }


async def test_a_browser_is_let_in_by_its_cookie(live: Live) -> None:
    client = live.new_client()
    body = {"email": "bob@example.com", "password": "correct horse", "transport": "cookie"}
    headers = {"Sec-Fetch-Site": "same-origin"}
    assert (await client.post("/auth/register", json=body, headers=headers)).status_code == 201

    async with watch(client) as stream:
        assert (await stream.next()).event == "ready"


async def test_a_client_that_leaves_is_forgotten(live: Live, ada: AsyncClient) -> None:
    broker: Broker = live.app.state.broker
    async with watch(ada) as first, watch(ada) as second:
        await first.next()
        await second.next()
        assert broker.clients == 2

    await until(lambda: broker.clients == 0)


async def test_a_waiting_stream_holds_no_connection(ada: AsyncClient, database: Database) -> None:
    async with watch(ada) as stream:
        await stream.next()

        assert database.engine.pool.checkedout() == 0  # type: ignore[attr-defined]  # a QueuePool


@pytest.mark.configure(stream_clients_per_user=1)
async def test_a_user_may_open_only_so_many_streams(live: Live, ada: AsyncClient) -> None:
    bob = await live.join("bob@example.com")
    async with watch(ada) as stream:
        await stream.next()
        refused = await ada.get("/stream")
        async with watch(bob) as other:
            await other.next()

    assert refused.status_code == 429
    assert refused.headers["content-type"] == "application/problem+json"
    assert int(refused.headers["retry-after"]) > 0
    broker: Broker = live.app.state.broker
    await until(lambda: broker.clients == 0)
    async with watch(ada) as stream:
        await stream.next()


@pytest.mark.configure(stream_clients_total=1)
async def test_a_process_takes_only_so_many_clients(live: Live, ada: AsyncClient) -> None:
    bob = await live.join("bob@example.com")
    async with watch(ada) as stream:
        await stream.next()
        refused = await bob.get("/stream")

    assert refused.status_code == 503
    assert refused.headers["content-type"] == "application/problem+json"


async def test_closing_says_goodbye_and_lets_nobody_in(live: Live, ada: AsyncClient) -> None:
    async with watch(ada) as stream:
        await stream.next()
        live.app.state.broker.close()
        (bye,) = await stream.rest()

    assert (bye.event, bye.id, bye.data) == ("bye", None, {"reason": "shutdown"})
    assert bye.retry is not None
    assert bye.retry <= 1_000
    assert (await ada.get("/stream")).status_code == 503


async def test_a_stream_ends_properly_when_the_outbox_is_out_of_reach(
    ada: AsyncClient, live: Live, monkeypatch: pytest.MonkeyPatch
) -> None:
    lost = Database(make_settings("sqlite:////no/such/folder/app.db"))
    async with watch(ada) as stream:
        await stream.next()
        subscription = only_subscription(live)
        monkeypatch.setattr(subscription._outbox, "_database", lost)
        subscription._behind = True
        subscription._woken.set()

        assert [message.data for message in await stream.rest()] == [{"reason": "unavailable"}]
    await lost.dispose()


async def test_nobody_is_let_in_without_signing_in(live: Live) -> None:
    response = await live.new_client().get("/stream")

    assert response.status_code == 401
    assert response.headers["content-type"] == "application/problem+json"


def only_subscription(live: Live) -> Subscription:
    (channel,) = live.app.state.broker._channels.values()
    (subscription,) = channel.subscriptions
    assert isinstance(subscription, Subscription)
    return subscription


class DeafClient:
    """A client that connects and then does not read."""

    def __init__(self, live: Live, ada: AsyncClient) -> None:
        self.socket = socket.socket()
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
        self.socket.connect(("127.0.0.1", live.port))
        token = ada.headers["Authorization"]
        self.socket.sendall(
            f"GET /api/v1/stream HTTP/1.1\r\nHost: x\r\nAuthorization: {token}\r\n\r\n".encode()
        )
        self.socket.settimeout(0)

    async def read_until(self, ending: bytes) -> bytes:
        received = b""
        async with asyncio.timeout(5):
            while ending not in received:
                received += await asyncio.get_running_loop().sock_recv(self.socket, 65_536)
        return received


async def write_much(ada: AsyncClient, database: Database, live: Live) -> None:
    user_id = (await ada.get("/auth/me")).json()["id"]
    for start in range(0, 400, 40):
        async with database.sessions.begin() as session:
            payloads = [f'"todo {start + number}. {"d" * 500}"' for number in range(40)]
            session.add_all(
                Event(user_id=user_id, kind="todo.created", payload=payload) for payload in payloads
            )
        live.app.state.broker.wake([user_id])
        await asyncio.sleep(0.01)


@pytest.mark.configure(stream_queue_size=8)
async def test_a_slow_client_gets_all_later_while_little_waits_for_it(
    live: Live, ada: AsyncClient, database: Database
) -> None:
    broker: Broker = live.app.state.broker
    client = DeafClient(live, ada)
    await until(lambda: broker.clients == 1)
    subscription = only_subscription(live)

    await write_much(ada, database, live)
    await until(lambda: subscription._behind)
    assert not subscription._waiting
    received = await client.read_until(b"todo 399.")

    # Line by line: the chunks' sizes of HTTP stand between events.
    ids = [int(line[4:]) for line in received.split(b"\n") if line.startswith(b"id: ")]
    assert ids == sorted(set(ids))
    assert [received.count(b"todo %d." % number) for number in range(400)] == [1] * 400
    client.socket.close()


@pytest.mark.configure(stream_queue_size=8, stream_stall_seconds=0.1)
async def test_a_client_that_takes_nothing_is_dropped(
    live: Live, ada: AsyncClient, database: Database
) -> None:
    client = DeafClient(live, ada)
    broker: Broker = live.app.state.broker
    await until(lambda: broker.clients == 1)

    await write_much(ada, database, live)

    await until(lambda: broker.clients == 0)
    client.socket.close()


@pytest.mark.configure(stream_queue_size=8)
async def test_a_client_that_takes_nothing_does_not_hold_up_the_end(
    live: Live, ada: AsyncClient, database: Database
) -> None:
    client = DeafClient(live, ada)
    broker: Broker = live.app.state.broker
    await until(lambda: broker.clients == 1)
    await write_much(ada, database, live)

    broker.close()

    async with asyncio.timeout(1):
        await until(lambda: broker.clients == 0)
    client.socket.close()
