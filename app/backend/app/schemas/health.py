"""Bodies of the health endpoint."""

from datetime import datetime
from typing import Literal

from app.schemas.base import ResponseModel


class HealthResponse(ResponseModel):
    """That the backend answers, and which one it is."""

    status: Literal["healthy"]
    timestamp: datetime
    version: str
    service: Literal["backend"]
