"""Bodies of the health endpoint and the probes."""

from datetime import datetime
from typing import Literal

from pydantic import ConfigDict

from app.schemas.base import ResponseModel


class HealthResponse(ResponseModel):
    """That the backend answers, and which one it is."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "status": "healthy",
                    "timestamp": "2026-01-02T03:04:05.678901Z",
                    "version": "1.2.3",
                    "service": "backend",
                }
            ]
        }
    )

    status: Literal["healthy"]
    timestamp: datetime
    version: str
    service: Literal["backend"]


class LivenessResponse(ResponseModel):
    """That the process is not stuck."""

    status: Literal["alive"] = "alive"


class ReadinessResponse(ResponseModel):
    """That requests may be sent."""

    status: Literal["ready"] = "ready"


class StartupResponse(ResponseModel):
    """That starting is over."""

    status: Literal["started"] = "started"
