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
from app.core.security import Passwords, read_access_token
from app.models import User

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})

bearer_scheme = HTTPBearer(
    auto_error=False,
    scheme_name="Bearer",
    bearerFormat="JWT",
    description="An access token, from registering, signing in or refreshing",
)


def get_app_settings(request: Request) -> Settings:
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
    """Give a request its session, and commit it once, before the response is sent."""
    database: Database = request.app.state.database
    async with database.sessions() as session:
        try:
            yield session
        except DomainError as error:
            if error.keeps_changes:
                await session.commit()
            raise
        await session.commit()


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


async def get_current_user(
    request: Request,
    session: SessionDep,
    settings: SettingsDep,
    bearer: Annotated[HTTPAuthorizationCredentials | None, Depends(bearer_scheme)],
) -> User:
    """Return the user whose access token came with the request."""
    if bearer is not None:
        token = bearer.credentials
    elif cookie := request.cookies.get(settings.access_cookie):
        if request.method not in SAFE_METHODS:
            require_trusted_origin(request, settings)
        token = cookie
    else:
        raise AuthenticationError("Sign in first.")
    user = await session.get(User, read_access_token(token, settings))
    if user is None:
        raise InvalidTokenError("The user no longer exists.")
    identify(user.id)
    return user


CurrentUser = Annotated[User, Depends(get_current_user)]
