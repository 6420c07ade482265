"""Users and their sessions: passwords in, rotating refresh tokens out."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import uuid4

from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.config import Settings
from app.core.database import utc_now
from app.core.errors import (
    AuthenticationError,
    ConflictError,
    InvalidTokenError,
    TokenReuseError,
)
from app.core.security import (
    Passwords,
    create_access_token,
    create_refresh_token,
    hash_refresh_token,
)
from app.models import RefreshToken, User


@dataclass(frozen=True, slots=True)
class Tokens:
    """What a client needs to stay signed in."""

    access_token: str
    refresh_token: str
    expires_in: int


async def register(
    session: AsyncSession, passwords: Passwords, *, email: str, password: str, name: str | None
) -> User:
    """Store a new user."""
    user = User(email=email, name=name, password_hash=await passwords.hash(password))
    session.add(user)
    try:
        await session.flush()
    except IntegrityError as error:
        raise ConflictError("This email address is already registered.") from error
    return user


async def authenticate(
    session: AsyncSession, passwords: Passwords, *, email: str, password: str
) -> User:
    """Return the user whose credentials these are."""
    user = await session.scalar(select(User).where(User.email == email))
    if user is None:
        # As much work as verifying, so that the time does not tell who is registered.
        await passwords.hash(password)
        raise AuthenticationError("Email or password is wrong.")
    correct, new_hash = await passwords.verify(password, user.password_hash)
    if not correct:
        raise AuthenticationError("Email or password is wrong.")
    if new_hash is not None:
        user.password_hash = new_hash
    return user


async def open_session(session: AsyncSession, settings: Settings, user: User) -> Tokens:
    """Start a family of refresh tokens, and drop those of the user that have expired."""
    await session.execute(
        delete(RefreshToken).where(
            RefreshToken.user_id == user.id, RefreshToken.expires_at < utc_now()
        )
    )
    return _issue(session, settings, user.id, uuid4().hex)


async def refresh_session(
    session: AsyncSession, settings: Settings, refresh_token: str
) -> tuple[User, Tokens]:
    """Exchange a refresh token for the next one of its family."""
    token = await _find_locked(session, refresh_token)
    now = utc_now()
    if token is None or token.revoked_at is not None or token.expires_at <= now:
        raise InvalidTokenError("The refresh token is not valid. Sign in again.")

    grace = timedelta(seconds=settings.refresh_token_grace_seconds)
    if token.rotated_at is None:
        token.rotated_at = now
    elif now - token.rotated_at > grace:
        await _revoke_family(session, token.family_id)
        raise TokenReuseError("The refresh token was used before. Sign in again.")

    user = await session.get_one(User, token.user_id)
    return user, _issue(session, settings, user.id, token.family_id)


async def close_session(session: AsyncSession, refresh_token: str) -> None:
    """Revoke the token's whole family; an unknown token needs no revoking."""
    token = await _find_locked(session, refresh_token)
    if token is not None:
        await _revoke_family(session, token.family_id)


async def _find_locked(session: AsyncSession, refresh_token: str) -> RefreshToken | None:
    """Find a token, with its user locked until the transaction ends.

    Of rotations and revocations that race, each must see what the one before it wrote: a
    revocation would miss the token that a rotation is about to insert. The lock is an update
    that changes nothing because SQLite takes its write lock on writing only.
    """
    digest = hash_refresh_token(refresh_token)
    owner = select(RefreshToken.user_id).where(RefreshToken.token_hash == digest)
    await session.execute(
        update(User).where(User.id == owner.scalar_subquery()).values(name=User.name),
        execution_options={"synchronize_session": False},
    )
    return await session.scalar(select(RefreshToken).where(RefreshToken.token_hash == digest))


async def _revoke_family(session: AsyncSession, family_id: str) -> None:
    await session.execute(
        update(RefreshToken)
        .where(RefreshToken.family_id == family_id, RefreshToken.revoked_at.is_(None))
        .values(revoked_at=utc_now())
    )


def _issue(session: AsyncSession, settings: Settings, user_id: int, family_id: str) -> Tokens:
    refresh_token = create_refresh_token()
    session.add(
        RefreshToken(
            user_id=user_id,
            family_id=family_id,
            token_hash=hash_refresh_token(refresh_token),
            expires_at=utc_now() + timedelta(days=settings.refresh_token_expire_days),
        )
    )
    return Tokens(
        access_token=create_access_token(user_id, settings),
        refresh_token=refresh_token,
        expires_in=settings.access_token_expire_minutes * 60,
    )
