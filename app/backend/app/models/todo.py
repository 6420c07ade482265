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
        # One for each order and filter of a user's list, so that a page far behind costs no more
        # than the first.
        Index(None, "user_id", "id"),
        Index(None, "user_id", "completed", "id"),
        Index(None, "user_id", "priority", "id"),
        Index(None, "user_id", "title", "id"),
        # SQLite would otherwise give the id of a deleted todo to a new one.
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    title: Mapped[str] = mapped_column(String(100))
    description: Mapped[str | None] = mapped_column(String(500))
    completed: Mapped[bool] = mapped_column(default=False)
    priority: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    updated_at: Mapped[datetime | None] = mapped_column(UtcDateTime, onupdate=utc_now)
    version: Mapped[int] = mapped_column(default=1, server_default="1")

    # Every update and deletion of an entity names the version that it read, and fails if the row
    # has another one by now.
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  # SQLAlchemy's documented form
