"""How the process serves."""

from pydantic import Field

from app.core.config.section import Section


class ServingSettings(Section):
    """Requests, probes, and the way out."""

    request_body_max_bytes: int = Field(default=1_048_576, ge=1)
    """The largest body of a request."""
    metrics_enabled: bool = True
    """Serve /metrics for Prometheus."""
    readiness_timeout_seconds: float = Field(default=2.0, gt=0)
    """How long the readiness probe waits for the database."""
    backend_host: str = "127.0.0.1"
    """The address that `python -m app.server` listens on."""
    backend_port: int = Field(default=8000, ge=0, le=65_535)
    """The port that `python -m app.server` listens on; 0 takes any."""
    forwarded_allow_ips: str = "127.0.0.1"
    """The proxies whose X-Forwarded-* headers are believed: a comma list, or *."""
    drain_seconds: float | None = Field(default=None, ge=0)
    """How long the server goes on accepting after it has stopped being ready; unset, 5 where
    deployed."""
    shutdown_grace_seconds: int = Field(default=20, ge=0)
    """How long requests under way may take when the server stops."""

    @property
    def drains_for(self) -> float:
        """Seconds that the server goes on accepting after it has stopped being ready."""
        if self.drain_seconds is not None:
            return self.drain_seconds
        return 5.0 if self.is_deployed else 0.0
