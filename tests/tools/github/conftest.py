"""A client that speaks with the test server, and remembers instead of sleeping."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from refctl.core.redact import Secret
from refctl.tools.github.address import Address
from refctl.tools.github.client import Client
from refctl.tools.github.repository import Repository
from refctl.tools.github.tokens import Token
from tests.github.server import TOKEN, GitHub

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def server() -> Iterator[GitHub]:
    with GitHub() as one:
        yield one


@pytest.fixture
def slept() -> list[float]:
    return []


@pytest.fixture
def client(server: GitHub, slept: list[float]) -> Iterator[Client]:
    with Client(Token(Secret(TOKEN), "GITHUB_TOKEN"), url=server.url, sleep=slept.append) as one:
        yield one


@pytest.fixture
def repository(server: GitHub, client: Client) -> Repository:
    return Repository(client, Address("octo", "app", api=server.url))
