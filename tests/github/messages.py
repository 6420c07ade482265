"""What comes and what goes back."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from tests.github.schemas import RefusedError

REPO = "/repos/octo/app"


@dataclass(frozen=True, slots=True)
class Request:
    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    raw: bytes

    def json(self) -> dict[str, Any]:
        try:
            body = json.loads(self.raw)
        except ValueError:
            raise RefusedError(400, "Problems parsing JSON") from None
        if not isinstance(body, dict):
            raise RefusedError(400, "Body should be a JSON object")
        return body


@dataclass(slots=True)
class Reply:
    status: int
    body: Any = ""
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def raw(self) -> bytes:
        if isinstance(self.body, str):
            return self.body.encode()
        return json.dumps(self.body).encode()

    def __contains__(self, key: str) -> bool:
        return isinstance(self.body, dict) and key in self.body
