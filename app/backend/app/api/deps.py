"""What endpoints depend on."""

from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.config import Settings
from app.core.context import identify
from app.core.database import Database
from app.core.errors import (
    AuthenticationError,
    DomainError,
    ForbiddenError,
    InvalidTokenError,
)
from app.core.probes import Probes
from app.core.security import AccessClaims, Passwords, read_access_token
from app.models import User
from app.services import auth, events
from app.services.broker import Broker
from app.services.login_guard import LoginGuard

ENDED = "The session has ended. Sign in again."
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})

bearer_scheme = HTTPBearer(
    auto_error=False,
    scheme_name="Bearer",
    bearerFormat="JWT",
    description="An access token, from registering, signing in or refreshing",
)


async def get_app_settings(request: Request) -> Settings:
    """Return the settings that this application was created with."""
    settings: Settings = request.app.state.settings
    return settings


def get_passwords(request: Request) -> Passwords:
    """Return the password hasher."""
    passwords: Passwords = request.app.state.passwords
    return passwords


def get_probes(request: Request) -> Probes:
    """Return what tells whether this process should be sent requests."""
    probes: Probes = request.app.state.probes
    return probes


async def get_session(request: Request) -> AsyncIterator[AsyncSession]:
    """Give a request its session, and commit what it wrote once, before the response is sent."""
    database: Database = request.app.state.database
    broker: Broker = request.app.state.broker
    if request.method in SAFE_METHODS:
        async with database.turns, database.readers() as session:
            yield session
        return
    async with database.turns, database.sessions() as session:
        try:
            yield session
        except DomainError as error:
            if error.keeps_changes:
                await session.commit()
                broker.wake(events.take_changed_users(session))
            raise
        await session.commit()
        broker.wake(events.take_changed_users(session))


SettingsDep = Annotated[Settings, Depends(get_app_settings)]
PasswordsDep = Annotated[Passwords, Depends(get_passwords)]
ProbesDep = Annotated[Probes, Depends(get_probes)]
# The default scope would commit after the response: a failing commit would have answered 200.
SessionDep = Annotated[AsyncSession, Depends(get_session, scope="function")]


def require_trusted_origin(request: Request, settings: Settings) -> None:
    """Refuse a request that another site made the browser send (CSRF).

    Browsers set both headers themselves; a page cannot forge them.
    """
    if request.headers.get("sec-fetch-site") == "same-origin":
        return
    if request.headers.get("origin") in settings.backend_cors_origins:
        return
    raise ForbiddenError("A cookie is only accepted from a trusted origin.")


async def get_login_guard(
    request: Request, session: SessionDep, settings: SettingsDep
) -> LoginGuard:
    """Return what limits guessing from the client's address.

    Behind a proxy the server has to be told which proxies to believe (`--forwarded-allow-ips`).
    """
    return LoginGuard(session, settings, request.client.host if request.client else "")


LoginGuardDep = Annotated[LoginGuard, Depends(get_login_guard)]


async def get_claims(
    request: Request,
    bearer: Annotated[HTTPAuthorizationCredentials | None, Depends(bearer_scheme)],
) -> AccessClaims:
    """Return what a valid access token says that came with the request."""
    settings: Settings = request.app.state.settings
    token = _find_access_token(request, settings) if bearer is None else bearer.credentials
    return read_access_token(token, settings)


async def get_identity(
    # In this order, here and in endpoints: who has no token waits for no turn at the database.
    claims: Annotated[AccessClaims, Depends(get_claims)],
    session: SessionDep,
) -> AccessClaims:
    """Return the user and the session whose access token came with the request."""
    if not await auth.is_signed_in(session, claims.user_id, claims.family_id):
        raise InvalidTokenError(ENDED)
    identify(claims.user_id)
    return claims


def _find_access_token(request: Request, settings: Settings) -> str:
    cookie = request.cookies.get(settings.access_cookie)
    if not cookie:
        raise AuthenticationError("Sign in first.")
    if request.method not in SAFE_METHODS:
        require_trusted_origin(request, settings)
    return cookie


CurrentIdentity = Annotated[AccessClaims, Depends(get_identity)]


async def get_current_user(identity: CurrentIdentity, session: SessionDep) -> User:
    """Return the user whose access token came with the request."""
    user = await session.get(User, identity.user_id)
    if user is None:
        # Between the two questions, or where something else than this application deleted it.
        raise InvalidTokenError(ENDED)
    return user


CurrentUser = Annotated[User, Depends(get_current_user)]
