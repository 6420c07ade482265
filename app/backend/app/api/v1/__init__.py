"""Version 1 of the API."""

from fastapi import FastAPI

from app.api.v1.endpoints import auth, health, stream, todos
from app.utils.openapi import problems


def install(app: FastAPI, prefix: str) -> None:
    """Serve this version; directly, since a router of routers would be searched twice."""
    for router in (health.plain_router, health.router):
        app.include_router(router, prefix=prefix)
    app.include_router(auth.router, prefix=prefix, responses=problems(503))
    app.include_router(todos.router, prefix=prefix)
    app.include_router(stream.router, prefix=prefix)
