"""The headers of answers."""

from typing import Any

HEADERS: dict[str, dict[str, Any]] = {
    "ETag": {
        "description": "The version, quoted, for `If-Match` and `If-None-Match`",
        "schema": {"type": "string"},
        "example": '"1"',
    },
    "Idempotency-Replayed": {
        "description": "`true` if this answer was given before; absent otherwise",
        "schema": {"type": "string", "enum": ["true"]},
    },
    "Link": {
        "description": "Relative links to other pages (RFC 8288), with the same filters: `first`,"
        " `prev`, `next` and `last` by `skip`, or only `next` by `cursor`",
        "schema": {"type": "string"},
        "example": '</api/v1/todos?skip=100&limit=100>; rel="next"',
    },
    "Location": {
        "description": "The path of what was created",
        "schema": {"type": "string"},
        "example": "/api/v1/todos/1",
    },
    "Retry-After": {
        "description": "Seconds to wait",
        "schema": {"type": "integer"},
        "example": 2,
    },
    "X-Next-Cursor": {
        "description": "The `cursor` of the next page; absent on the last one",
        "schema": {"type": "string"},
        "example": "WyItaWQiLDQyXQ",
    },
    "X-Total-Count": {
        "description": "How many there are on all pages; absent with `cursor`",
        "schema": {"type": "integer"},
        "example": 250,
    },
}


def headers(status: int, *names: str) -> dict[int | str, dict[str, Any]]:
    """Document the headers of a success."""
    return {status: {"headers": {name: HEADERS[name] for name in names}}}
