"""Secrets: a key pair for each place, whose boxes are opened as they come."""

from __future__ import annotations

import base64
import itertools
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, SealedBox

from tests.github import schemas
from tests.github.messages import Reply
from tests.github.schemas import RefusedError, invalid

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass
class Store:
    """Secrets with a key pair of their own; what was sealed is opened as it comes."""

    key: PrivateKey = field(default_factory=PrivateKey.generate)
    key_id: str = ""
    _clock: Iterator[int] = field(default_factory=itertools.count)
    values: dict[str, str] = field(default_factory=dict)
    dates: dict[str, str] = field(default_factory=dict)

    def put(self, name: str, body: dict[str, Any]) -> Reply:
        schemas.check_secret_name(name)
        schemas.SECRET.check(body)
        if body["key_id"] != self.key_id:
            raise invalid("key_id", "Secret")
        try:
            box = base64.b64decode(body["encrypted_value"], validate=True)
            value = SealedBox(self.key).decrypt(box).decode()
        except (ValueError, CryptoError):
            raise invalid("encrypted_value", "Secret") from None
        if len(value.encode()) > 48 * 1024:
            raise RefusedError(422, "Secret value is too large.")
        new = name.upper() not in self.values
        self.values[name.upper()] = value
        self.dates[name.upper()] = f"2026-01-01T00:00:{next(self._clock):02}Z"
        return Reply(201 if new else 204, {} if new else "")

    def delete(self, name: str) -> Reply:
        if self.values.pop(name.upper(), None) is None:
            raise RefusedError(404, "Not Found")
        return Reply(204)
