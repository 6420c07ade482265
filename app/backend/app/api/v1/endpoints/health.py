"""Whether the backend answers, and what orchestrators ask for."""

from fastapi import APIRouter, Response

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

router = APIRouter(prefix="/health", tags=["health"])


@router.get("", response_model=HealthResponse, response_description="The backend answers")
async def get_health() -> Response:
    """Say that the process answers; open to everyone, and touches nothing else."""
    health = HealthResponse(
        status="healthy", timestamp=utc_now(), version=__version__, service="backend"
    )
    # The framework would validate and encode it once more.
    return Response(health.model_dump_json(), media_type="application/json")


@router.get("/live", response_description="The process is not stuck")
async def get_liveness() -> LivenessResponse:
    """Say that the process is not stuck: restart it if this does not answer."""
    return LivenessResponse()


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
