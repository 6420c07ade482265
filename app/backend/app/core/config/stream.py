"""How changes reach the browsers."""

from pydantic import Field

from app.core.config.section import Section


class StreamSettings(Section):
    """The event stream."""

    stream_heartbeat_seconds: float = Field(default=15, gt=0)
    """How often an idle event stream shows that it is alive."""
    stream_clients_per_user: int = Field(default=10, ge=1)
    """Event streams of one user in each process."""
    stream_clients_total: int = Field(default=2_000, ge=1)
    """Event streams in each process."""
    stream_queue_size: int = Field(default=256, ge=1)
    """Events that may wait for one client before it reads them from the database."""
    stream_stall_seconds: float = Field(default=30, gt=0)
    """How long a client may take nothing before its stream ends."""
    event_retention_days: int = Field(default=7, ge=1)
    """How long a client may be away and still resume its stream."""
