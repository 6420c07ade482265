"""Idempotency keys: a request that is sent again gets its first answer again."""

from datetime import timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.database import utc_now
from app.core.errors import UnprocessableError
from app.models import IdempotencyKey

LIFETIME = timedelta(hours=24)
TRIMMED_AT_ONCE = 100


async def claim(session: AsyncSession, user_id: int, key: str, fingerprint: str) -> str | None:
    """Take the key for this request, or return the answer that it was given before.

    One that comes while another holds the key waits here for that transaction's end.
    """
    await _trim(session)
    now = utc_now()
    values = {
        "user_id": user_id,
        "key": key,
        "fingerprint": fingerprint,
        "response": "",
        "created_at": now,
    }
    # The two databases take the same statement, SQLAlchemy has no common name for it.
    on_sqlite = session.get_bind().dialect.name == "sqlite"
    insert = (sqlite if on_sqlite else postgresql).insert(IdempotencyKey).values(values)
    taken = await session.scalar(
        insert.on_conflict_do_update(
            index_elements=["user_id", "key"],
            set_={
                name: insert.excluded[name] for name in ("fingerprint", "response", "created_at")
            },
            # One that is past its time and not yet trimmed is free again.
            where=IdempotencyKey.created_at < now - LIFETIME,
        ).returning(IdempotencyKey.id)
    )
    if taken is not None:
        return None
    row = (
        await session.execute(
            select(IdempotencyKey.fingerprint, IdempotencyKey.response).where(
                IdempotencyKey.user_id == user_id, IdempotencyKey.key == key
            )
        )
    ).one()
    if row.fingerprint != fingerprint:
        raise UnprocessableError("This Idempotency-Key was used with another body.")
    answer: str = row.response
    return answer


async def keep(session: AsyncSession, user_id: int, key: str, answer: str) -> None:
    """Store the answer, in the transaction that did what it tells."""
    await session.execute(
        update(IdempotencyKey)
        .where(IdempotencyKey.user_id == user_id, IdempotencyKey.key == key)
        .values(response=answer)
    )


async def _trim(session: AsyncSession) -> None:
    """Delete some of the keys that are past their time: never many, and never waiting."""
    old = (
        select(IdempotencyKey.id)
        .where(IdempotencyKey.created_at < utc_now() - LIFETIME)
        .order_by(IdempotencyKey.created_at)
        .limit(TRIMMED_AT_ONCE)
        # SQLite has one writer anyway, and is not sent this.
        .with_for_update(skip_locked=True)
    )
    await session.execute(
        delete(IdempotencyKey).where(IdempotencyKey.id.in_(old)),
        execution_options={"synchronize_session": False},
    )
