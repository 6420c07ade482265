"""Whether the backend answers, and what orchestrators ask for."""

from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.routing import APIRoute
from pydantic_core import to_json

from app import __version__
from app.api.deps import ProbesDep
from app.core.database import utc_now
from app.core.errors import UnavailableError
from app.schemas.health import (
    HealthResponse,
    LivenessResponse,
    ReadinessResponse,
    StartupResponse,
)
from app.utils.openapi import problems


class PlainRoute(APIRoute):
    """A route whose endpoint takes the request and returns the response, and that is all.

    Nothing has to be resolved, validated or encoded, which costs more than such an answer itself.
    """

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return the endpoint."""
        return self.endpoint


router = APIRouter(prefix="/health", tags=["health"])
plain_router = APIRouter(prefix="/health", tags=["health"], route_class=PlainRoute)


@plain_router.get("", response_model=HealthResponse, response_description="The backend answers")
async def get_health(_request: Request) -> Response:
    """Say that the process answers; open to everyone, and touches nothing else."""
    return _answer(
        {
            "status": "healthy",
            "timestamp": utc_now(),
            "version": __version__,
            "service": "backend",
        }
    )


@plain_router.get(
    "/live", response_model=LivenessResponse, response_description="The process is not stuck"
)
async def get_liveness(_request: Request) -> Response:
    """Say that the process is not stuck: restart it if this does not answer."""
    return _answer({"status": "alive"})


@router.get(
    "/ready",
    response_description="Requests may be sent",
    responses=problems(503, details={503: "Not ready: database"}),
)
async def get_readiness(probes: ProbesDep) -> ReadinessResponse:
    """Say whether requests may be sent: the database answers and is migrated."""
    if failures := await probes.find_failures():
        raise UnavailableError("Not ready: " + ", ".join(failures))
    return ReadinessResponse()


@router.get(
    "/startup",
    response_description="Starting is over",
    responses=problems(503, details={503: "Still starting"}),
)
async def get_startup(probes: ProbesDep) -> StartupResponse:
    """Say whether starting is over."""
    if not probes.started:
        raise UnavailableError("Still starting")
    return StartupResponse()


def _answer(content: dict[str, object]) -> Response:
    return Response(to_json(content), media_type="application/json")
