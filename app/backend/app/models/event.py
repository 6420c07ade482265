"""The outbox."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.database import Base, UtcDateTime, utc_now


class Event(Base):
    """A change, written in the transaction that made it, for everyone who watches.

    Ids only grow, and one user's become visible in their order: a reader that has seen an id has
    seen all before it.
    """

    __tablename__ = "events"
    __table_args__ = (
        Index(None, "user_id", "id"),
        # Serves the trimming by age.
        Index(None, "created_at"),
        # SQLite would otherwise give the id of a trimmed event to a new one.
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(32))
    payload: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
