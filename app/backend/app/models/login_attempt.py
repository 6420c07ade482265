"""Failed sign-ins."""

from datetime import datetime

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.core.database import Base, UtcDateTime


class LoginAttempt(Base):
    """How often signing in has failed lately, for one subject: an account, an address, or both.

    The subject is stored as a digest: addresses of people who only mistyped are not kept.
    """

    __tablename__ = "login_attempts"
    __table_args__ = (Index(None, "last_failed_at"),)

    subject: Mapped[str] = mapped_column(String(64), primary_key=True)
    failures: Mapped[int]
    last_failed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    locked_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
