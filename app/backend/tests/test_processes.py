"""Streams of real server processes: replicas that share a database, and how servers stop."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import psycopg
import pytest
from httpx import AsyncClient, HTTPError
from sqlalchemy.engine import make_url

from app.core.config import BACKEND_DIR
from app.core.listener import LISTENER_NAME
from tests.databases import make_settings
from tests.streams import Message, watch

PRELOAD = BACKEND_DIR.parents[1] / "refctl" / "develop" / "preload.py"

Argv = Callable[[int], list[str]]


def plain(fd: int) -> list[str]:
    return [sys.executable, "-m", "uvicorn", "app.main:app", "--fd", str(fd)]


def reloading(fd: int) -> list[str]:
    return [*plain(fd), "--reload"]


def preloaded(fd: int) -> list[str]:
    return [sys.executable, str(PRELOAD), "app.main:app", str(fd)]


@asynccontextmanager
async def running(
    database_url: str, argv: Argv = plain
) -> AsyncIterator[tuple[subprocess.Popen[bytes], AsyncClient]]:
    listener = socket.create_server(("127.0.0.1", 0))
    port = listener.getsockname()[1]
    environment = {
        **os.environ,
        "DATABASE_URL": database_url,
        "ARGON2_TIME_COST": "1",
        "ARGON2_MEMORY_KIB": "8",
        "ARGON2_PARALLELISM": "1",
    }
    process = subprocess.Popen(  # noqa: ASYNC220, S603  # starting it takes no time
        argv(listener.fileno()),
        cwd=BACKEND_DIR,
        env=environment,
        pass_fds=[listener.fileno()],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    listener.close()
    url = f"http://127.0.0.1:{port}/api/v1"
    try:
        async with AsyncClient(base_url=url, timeout=10, verify=False) as client:  # noqa: S501  # no TLS here
            await healthy(client, process)
            yield process, client
    finally:
        process.terminate()
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


async def healthy(client: AsyncClient, process: subprocess.Popen[bytes]) -> None:
    async with asyncio.timeout(20):
        while process.poll() is None:
            try:
                await client.get("/health")
            except HTTPError:
                await asyncio.sleep(0.02)
            else:
                return
    pytest.fail(f"the server ended with {process.returncode}")


async def sign_up(client: AsyncClient) -> None:
    body = {"email": "ada@example.com", "password": "correct horse battery"}
    response = await client.post("/auth/register", json=body)
    assert response.status_code == 201, response.text
    client.headers["Authorization"] = f"Bearer {response.json()['access_token']}"


@pytest.mark.parametrize(
    ("argv", "number"),
    [
        (plain, signal.SIGTERM),
        (plain, signal.SIGINT),
        (reloading, signal.SIGTERM),
        pytest.param(
            preloaded,
            signal.SIGTERM,
            marks=pytest.mark.skipif(not PRELOAD.exists(), reason="the backend stands alone"),
        ),
    ],
)
async def test_an_open_stream_does_not_hold_up_the_servers_end(
    sqlite_url: str, argv: Argv, number: signal.Signals
) -> None:
    async with running(sqlite_url, argv) as (process, client):
        await sign_up(client)
        async with watch(client) as stream:
            await stream.next()
            began = time.monotonic()
            process.send_signal(number)
            (bye,) = await stream.rest()
            await asyncio.to_thread(process.wait, 5)
            took = time.monotonic() - began

    assert bye.data == {"reason": "shutdown"}
    assert took < 2


async def test_replicas_share_events_and_survive_the_loss_of_their_listeners(
    postgres_url: str,
) -> None:
    async with running(postgres_url) as (_, first), running(postgres_url) as (_, second):
        await sign_up(first)
        second.headers["Authorization"] = first.headers["Authorization"]
        async with watch(first) as one, watch(second) as other:
            await one.next()
            await other.next()

            async def write(client: AsyncClient, name: str) -> None:
                for number in range(15):
                    response = await client.post("/todos", json={"title": f"{name} {number}"})
                    assert response.status_code == 201

            writing = [
                asyncio.create_task(write(first, "first")),
                asyncio.create_task(write(second, "second")),
            ]
            seen: list[list[Message]] = [await one.take(3), await other.take(3)]
            assert await kill_listeners(postgres_url) == 2
            await asyncio.gather(*writing)
            seen[0] += await one.take(27)
            seen[1] += await other.take(27)
            # Listening again: what comes now is announced, not merely caught up with.
            await write(first, "later")
            seen[0] += await one.take(15)
            seen[1] += await other.take(15)

    assert seen[0] == seen[1]
    ids = [int(message.id or 0) for message in seen[0]]
    assert ids == sorted(set(ids))
    expected = [f"{name} {n}" for name in ("first", "second", "later") for n in range(15)]
    assert sorted(message.data["title"] for message in seen[0]) == sorted(expected)


async def kill_listeners(database_url: str) -> int:
    url = make_url(make_settings(database_url).database_url).set(drivername="postgresql")
    conninfo = url.render_as_string(hide_password=False)
    async with await psycopg.AsyncConnection.connect(conninfo, autocommit=True) as connection:
        rows = await connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE application_name = %s AND datname = current_database()",
            [LISTENER_NAME],
        )
        return len(await rows.fetchall())
