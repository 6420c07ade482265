"""Users and their sessions: passwords in, rotating refresh tokens out."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast
from uuid import uuid4

from sqlalchemy import (
    ColumnElement,
    Table,
    and_,
    bindparam,
    delete,
    exists,
    func,
    or_,
    select,
    update,
)
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from app.core.config import Settings
from app.core.database import utc_now
from app.core.errors import (
    DomainError,
    EmailTakenError,
    InvalidTokenError,
    NotFoundError,
    TokenReuseError,
    WrongCredentialsError,
    WrongPasswordError,
)
from app.core.security import (
    Passwords,
    create_access_token,
    create_refresh_token,
    hash_refresh_token,
    name_session,
)
from app.models import RefreshToken, User
from app.schemas.event import SessionEnded
from app.services import events
from app.services.login_guard import LoginGuard

MAX_USER_AGENT_LENGTH = 255
# A session ends with its user: foreign keys see to that.
_tokens = cast("Table", RefreshToken.__table__).c
OPEN_SESSION = (
    select(_tokens.id)
    .where(
        _tokens.family_id == bindparam("family"),
        _tokens.user_id == bindparam("owner"),
        _tokens.revoked_at.is_(None),
        _tokens.expires_at > bindparam("now"),
    )
    .limit(1)
)


@dataclass(frozen=True, slots=True)
class Tokens:
    """What a client needs to stay signed in."""

    access_token: str
    refresh_token: str
    expires_in: int


@dataclass(frozen=True, slots=True)
class ActiveSession:
    """A session that its refresh token can still continue."""

    id: str
    created_at: datetime
    last_used_at: datetime
    user_agent: str | None
    current: bool


async def register(
    session: AsyncSession,
    passwords: Passwords,
    guard: LoginGuard,
    *,
    email: str,
    password: str,
    name: str | None,
) -> User:
    """Store a new user."""
    await guard.refuse_locked()
    user = User(email=email, name=name, password_hash=await passwords.hash(password))
    # It also opens the transaction: for a savepoint alone, whose release would then commit,
    # Python's SQLite opens none.
    await guard.count()
    try:
        async with session.begin_nested():
            session.add(user)
    except IntegrityError as error:
        raise EmailTakenError("This email address is already registered.") from error
    return user


async def authenticate(
    session: AsyncSession, passwords: Passwords, guard: LoginGuard, *, email: str, password: str
) -> User:
    """Return the user whose credentials these are."""
    await guard.refuse_locked(email)
    wrong = WrongCredentialsError("Email or password is wrong.")
    user = await session.scalar(select(User).where(User.email == email))
    if user is None:
        # As much work as verifying, so that the time does not tell who is registered.
        await passwords.hash(password)
        await guard.count(email)
        raise wrong
    await _prove(session, passwords, guard, user, password, wrong)
    return user


async def change_password(
    session: AsyncSession,
    passwords: Passwords,
    guard: LoginGuard,
    user: User,
    *,
    family_id: str,
    current_password: str,
    new_password: str,
) -> None:
    """Set another password, and end all sessions but the one of the given family."""
    await guard.refuse_locked(user.email)
    wrong = WrongPasswordError("current_password")
    # Before the row is locked: hashing takes its time.
    new_hash = await passwords.hash(new_password)
    await _prove(session, passwords, guard, user, current_password, wrong)
    user.password_hash = new_hash
    await _revoke(session, RefreshToken.user_id == user.id, RefreshToken.family_id != family_id)


async def is_signed_in(session: AsyncSession, user_id: int, family_id: str) -> bool:
    """Say whether the user's session is still open."""
    # Without the ORM, whose part in it would cost more than the query: every request asks this.
    connection = await session.connection()
    owner = {"owner": user_id, "family": family_id, "now": utc_now()}
    return await connection.scalar(OPEN_SESSION, owner) is not None


async def open_session(
    session: AsyncSession, settings: Settings, user: User, user_agent: str | None
) -> Tokens:
    """Start a family of refresh tokens, and drop those of the user that have expired."""
    await _drop_expired(session, user.id)
    return _issue(session, settings, user.id, uuid4().hex, clean_user_agent(user_agent))


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
        await _revoke(session, RefreshToken.family_id == token.family_id)
        raise TokenReuseError("The refresh token was used before. Sign in again.")

    user = await session.get_one(User, token.user_id)
    return user, _issue(session, settings, user.id, token.family_id, token.user_agent)


async def close_session(session: AsyncSession, refresh_token: str) -> None:
    """Revoke the token's whole family; an unknown token needs no revoking."""
    token = await _find_locked(session, refresh_token)
    if token is not None:
        await _revoke(session, RefreshToken.family_id == token.family_id)


async def list_sessions(
    session: AsyncSession, user_id: int, *, current: str
) -> list[ActiveSession]:
    """Return the user's open sessions, the last used one first."""
    last_used_at = func.max(RefreshToken.created_at)
    rows = await session.execute(
        select(
            RefreshToken.family_id,
            func.min(RefreshToken.created_at),
            last_used_at,
            func.max(RefreshToken.user_agent),
        )
        # A family is revoked as a whole.
        .where(RefreshToken.user_id == user_id, RefreshToken.revoked_at.is_(None))
        .group_by(RefreshToken.family_id)
        .having(func.max(RefreshToken.expires_at) > utc_now())
        .order_by(last_used_at.desc(), RefreshToken.family_id)
    )
    return [
        ActiveSession(
            id=name_session(family_id),
            created_at=created_at,
            last_used_at=used_at,
            user_agent=user_agent,
            current=family_id == current,
        )
        for family_id, created_at, used_at, user_agent in rows
    ]


async def end_session(session: AsyncSession, user_id: int, session_id: str) -> None:
    """End one of the user's sessions."""
    await _lock(session, User.id == user_id)
    families = await session.scalars(
        select(RefreshToken.family_id)
        .where(
            RefreshToken.user_id == user_id,
            RefreshToken.revoked_at.is_(None),
            RefreshToken.expires_at > utc_now(),
        )
        .distinct()
    )
    for family_id in families:
        if name_session(family_id) == session_id:
            await _revoke(session, RefreshToken.family_id == family_id)
            return
    raise NotFoundError("Session not found")


async def end_other_sessions(session: AsyncSession, user_id: int, *, current: str) -> None:
    """End all of the user's sessions but the one of the given family."""
    await _lock(session, User.id == user_id)
    await _revoke(session, RefreshToken.user_id == user_id, RefreshToken.family_id != current)


def clean_user_agent(text: str | None) -> str | None:
    """Return what a program says about itself, fit to be stored and shown."""
    printable = "".join(character for character in text or "" if character.isprintable())
    return printable.strip()[:MAX_USER_AGENT_LENGTH] or None


async def _prove(
    session: AsyncSession,
    passwords: Passwords,
    guard: LoginGuard,
    user: User,
    password: str,
    wrong: DomainError,
) -> None:
    """Make sure that the password is the user's, whose row is then locked."""
    stored = user.password_hash
    correct, new_hash = await passwords.verify(password, stored)
    if correct:
        # The password may have been changed meanwhile: a sign-in by the old one must not survive
        # the change, which ends those that it sees.
        correct = await _lock(
            session, and_(User.id == user.id, User.password_hash == stored), new_hash or stored
        )
    if not correct:
        await guard.count(user.email)
        raise wrong
    await guard.forgive(user.email)


async def _find_locked(session: AsyncSession, refresh_token: str) -> RefreshToken | None:
    """Find a token, with its user locked until the transaction ends."""
    digest = hash_refresh_token(refresh_token)
    owner = select(RefreshToken.user_id).where(RefreshToken.token_hash == digest)
    await _lock(session, User.id == owner.scalar_subquery())
    return await session.scalar(select(RefreshToken).where(RefreshToken.token_hash == digest))


async def _lock(
    session: AsyncSession, condition: ColumnElement[bool], password_hash: str | None = None
) -> bool:
    """Lock a user until the transaction ends, and say whether there is such a one.

    Of rotations and revocations that race, each must see what the one before it wrote: a
    revocation would miss the token that a rotation is about to insert. The lock is an update
    that changes nothing because SQLite takes its write lock on writing only.
    """
    values = {"password_hash": User.password_hash if password_hash is None else password_hash}
    locked = await session.execute(
        update(User).where(condition).values(values).returning(User.id),
        execution_options={"synchronize_session": False},
    )
    return locked.first() is not None


async def _revoke(session: AsyncSession, *conditions: ColumnElement[bool]) -> None:
    revoked = await session.execute(
        update(RefreshToken)
        .where(*conditions, RefreshToken.revoked_at.is_(None))
        .values(revoked_at=utc_now())
        .returning(RefreshToken.user_id, RefreshToken.family_id)
    )
    # One order for all, so that two that end several sessions cannot wait for each other.
    for user_id, family_id in sorted({(one, family) for one, family in revoked}):
        ended = SessionEnded(id=name_session(family_id))
        await events.record(session, user_id, "session.ended", ended)


async def _drop_expired(session: AsyncSession, user_id: int) -> None:
    """Drop what has expired, but of a family that lives on keep its oldest: it says since when."""
    now = utc_now()
    other = aliased(RefreshToken)
    same_family = other.family_id == RefreshToken.family_id
    await session.execute(
        delete(RefreshToken).where(
            RefreshToken.user_id == user_id,
            RefreshToken.expires_at < now,
            or_(
                exists().where(same_family, other.id < RefreshToken.id),
                ~exists().where(same_family, other.expires_at >= now),
            ),
        ),
        execution_options={"synchronize_session": False},
    )


def _issue(
    session: AsyncSession,
    settings: Settings,
    user_id: int,
    family_id: str,
    user_agent: str | None,
) -> Tokens:
    refresh_token = create_refresh_token()
    session.add(
        RefreshToken(
            user_id=user_id,
            family_id=family_id,
            token_hash=hash_refresh_token(refresh_token),
            expires_at=utc_now() + timedelta(days=settings.refresh_token_expire_days),
            user_agent=user_agent,
        )
    )
    return Tokens(
        access_token=create_access_token(user_id, family_id, settings),
        refresh_token=refresh_token,
        expires_in=settings.access_token_expire_minutes * 60,
    )
