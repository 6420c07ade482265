"""Bodies of the health endpoint and the probes."""

from datetime import datetime
from typing import Literal

from pydantic import Field

from app.schemas.base import ResponseModel, shown_as


class HealthResponse(ResponseModel):
    """That the backend answers, and which one it is."""

    model_config = shown_as(
        {
            "status": "healthy",
            "timestamp": "2026-01-02T03:04:05.678901Z",
            "version": "1.2.3",
            "service": "backend",
        }
    )

    status: Literal["healthy"] = Field(description="Always the same: what is not does not answer")
    timestamp: datetime = Field(description="The server's clock")
    version: str = Field(description="The release that runs")
    service: Literal["backend"] = Field(description="Who answers, for whoever asks through a proxy")


class LivenessResponse(ResponseModel):
    """That the process is not stuck."""

    model_config = shown_as({"status": "alive"})

    status: Literal["alive"] = Field(default="alive", description="Always the same")


class ReadinessResponse(ResponseModel):
    """That requests may be sent."""

    model_config = shown_as({"status": "ready"})

    status: Literal["ready"] = Field(default="ready", description="Always the same; else 503")


class StartupResponse(ResponseModel):
    """That starting is over."""

    model_config = shown_as({"status": "started"})

    status: Literal["started"] = Field(default="started", description="Always the same; else 503")
