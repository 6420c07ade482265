"""The todo."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.core.database import Base, UtcDateTime, utc_now


class Todo(Base):
    """Something that a user wants to get done."""

    __tablename__ = "todos"
    __table_args__ = (
        CheckConstraint("priority BETWEEN 0 AND 5", name="priority_range"),
        # Serves the only list there is: one user's todos, newest first.
        Index(None, "user_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    title: Mapped[str] = mapped_column(String(100))
    description: Mapped[str | None] = mapped_column(String(500))
    completed: Mapped[bool] = mapped_column(default=False)
    priority: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    updated_at: Mapped[datetime | None] = mapped_column(UtcDateTime, onupdate=utc_now)
