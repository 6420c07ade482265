"""Version 1 of the API."""

from fastapi import FastAPI

from app.api.v1.endpoints import auth, health, stream, todos
from app.utils.openapi import problems


def install(app: FastAPI, prefix: str) -> None:
    """Serve this version; what is asked most comes first, since routes are tried in turn.

    Directly: a router of routers would be searched twice.
    """
    for router in (health.plain_router, todos.router, health.router, stream.router):
        app.include_router(router, prefix=prefix)
    app.include_router(auth.router, prefix=prefix, responses=problems(503))
