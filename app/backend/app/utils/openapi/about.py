"""What the API says of itself."""

from typing import Any

ABOUT: dict[str, Any] = {
    "summary": "A small todo service, built like a large one",
    "description": (
        "Todos that belong to their user. Register or sign in under `auth` and send the access "
        "token as `Authorization: Bearer …`; browsers may ask for cookies instead.\n\n"
        "- Times are UTC in ISO 8601. `updated_at` is null until the first change.\n"
        "- Lists are bare arrays; `X-Total-Count` and `Link` tell about the other pages.\n"
        "- Every error is an RFC 9457 problem (`application/problem+json`).\n"
        "- Every answer carries `X-Request-ID`, your own if you sent one, and logs are found by "
        "it. A W3C `traceparent` is followed."
    ),
    "license_info": {"name": "MIT", "identifier": "MIT"},
    "servers": [{"url": "/", "description": "The server that this document came from"}],
    "openapi_tags": [
        {"name": "health", "description": "Whether the service answers; open to everyone."},
        {"name": "auth", "description": "Signing up, in and out, and staying signed in."},
        {"name": "todos", "description": "The signed-in user's todos."},
        {"name": "stream", "description": "Their changes, as they happen."},
    ],
}
