"""Against a real server: what happens to a connection is half of the matter."""

import json
import socket
from collections.abc import Iterator

import pytest

from app.main import create_app
from tests.conftest import TRUSTED_ORIGIN, Member
from tests.databases import make_settings
from tests.servers import serve

LIMIT = 1_000


@pytest.fixture(scope="module")
def address() -> Iterator[tuple[str, int]]:
    with serve(create_app(make_settings(request_body_max_bytes=LIMIT))) as url:
        host, _, port = url.removeprefix("http://").partition(":")
        yield host, int(port)


@pytest.fixture
def connection(address: tuple[str, int]) -> Iterator[socket.socket]:
    with socket.create_connection(address, timeout=5) as connection:
        yield connection


def request(*headers: str, path: str = "/api/v1/auth/login", method: str = "POST") -> bytes:
    lines = (f"{method} {path} HTTP/1.1", "Host: test", *headers)
    return "\r\n".join((*lines, "", "")).encode()


def read(connection: socket.socket) -> tuple[int, dict[str, object]]:
    """Read one answer, and no more."""
    received = b""
    while b"\r\n\r\n" not in received:
        received += take(connection)
    head, _, body = received.partition(b"\r\n\r\n")
    fields = dict(line.lower().split(b": ", 1) for line in head.split(b"\r\n")[1:])
    while len(body) < int(fields[b"content-length"]):
        body += take(connection)
    return int(head.split()[1]), json.loads(body)


def take(connection: socket.socket) -> bytes:
    data = connection.recv(65_536)
    assert data, "the connection was closed"
    return data


def chunk(content: bytes) -> bytes:
    return b"%x\r\n%s\r\n" % (len(content), content)


JSON_TYPE = "Content-Type: application/json"
CHUNKED = "Transfer-Encoding: chunked"


def test_a_body_that_is_announced_too_large_is_refused_before_it_is_sent(
    connection: socket.socket,
) -> None:
    connection.sendall(request(JSON_TYPE, f"Content-Length: {LIMIT + 1}"))

    status, problem = read(connection)

    assert status == 413
    assert problem["title"] == "Content Too Large"
    assert problem["detail"] == "The body may have 1000 bytes at most."


def test_a_client_that_waits_for_leave_to_send_is_refused(connection: socket.socket) -> None:
    announced = request(JSON_TYPE, "Expect: 100-continue", "Content-Length: 9999999")
    connection.sendall(announced)

    assert read(connection)[0] == 413


def test_a_stream_is_refused_as_soon_as_it_is_too_large(connection: socket.socket) -> None:
    connection.sendall(request(JSON_TYPE, CHUNKED))
    for _ in range(3):
        connection.sendall(chunk(b" " * 500))

    # And it does not wait for the end, which does not come.
    assert read(connection)[0] == 413


@pytest.mark.parametrize("announced", [True, False])
def test_a_client_that_sends_everything_first_gets_its_answer_and_may_go_on(
    connection: socket.socket, *, announced: bool
) -> None:
    content = b" " * 3_000_000
    if announced:
        connection.sendall(request(JSON_TYPE, f"Content-Length: {len(content)}") + content)
    else:
        connection.sendall(request(JSON_TYPE, CHUNKED) + chunk(content) + b"0\r\n\r\n")
    assert read(connection)[0] == 413

    connection.sendall(request(path="/api/v1/health", method="GET"))

    assert read(connection)[0] == 200


def test_a_body_of_just_the_limit_is_read(connection: socket.socket) -> None:
    connection.sendall(request(JSON_TYPE, f"Content-Length: {LIMIT}") + b"[" + b" " * (LIMIT - 2))
    connection.sendall(b"]")

    assert read(connection)[0] == 422


async def test_nothing_that_is_announced_too_large_is_done(ada: Member) -> None:
    todo = (await ada.client.post("/todos", json={"title": "x"})).json()

    response = await ada.client.request(
        "DELETE",
        f"/todos/{todo['id']}",
        content=b" " * 2**21,
        headers={"Origin": TRUSTED_ORIGIN},
    )

    assert response.status_code == 413
    assert response.headers["content-type"] == "application/problem+json"
    assert response.headers["access-control-allow-origin"] == TRUSTED_ORIGIN
    assert (await ada.client.get(f"/todos/{todo['id']}")).status_code == 200
