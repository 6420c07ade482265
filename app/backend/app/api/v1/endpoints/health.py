"""Whether the backend answers."""

from fastapi import APIRouter

from app import __version__
from app.core.database import utc_now
from app.schemas.health import HealthResponse

router = APIRouter(tags=["health"])


@router.get("/health")
async def get_health() -> HealthResponse:
    """Say that the process answers; open to everyone, and touches nothing else."""
    return HealthResponse(
        status="healthy", timestamp=utc_now(), version=__version__, service="backend"
    )
