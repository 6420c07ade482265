"""Signing up, in and out."""

from typing import Annotated

from fastapi import APIRouter, Path, Request, Response, status

from app.api.deps import (
    CurrentIdentity,
    CurrentUser,
    LoginGuardDep,
    PasswordsDep,
    SessionDep,
    SettingsDep,
    require_trusted_origin,
)
from app.core.config import Settings
from app.core.errors import AuthenticationError
from app.models import User
from app.schemas.auth import (
    LoginRequest,
    PasswordChange,
    RefreshTokenBody,
    RegisterRequest,
    Session,
    SessionResponse,
    Transport,
    UserResponse,
)
from app.services import auth as service
from app.utils.openapi import problems

router = APIRouter(prefix="/auth", tags=["auth"])

SessionId = Annotated[
    str,
    Path(
        pattern="^[0-9a-f]{32}$",
        description="The id that the list of sessions shows",
        examples=["0f8fad5bd9cb469fa16570867728950e"],
    ),
]
REFRESH_DETAILS = {
    401: "The refresh token is not valid. Sign in again.",
    422: "refresh_token: String should have at least 1 character",
}


@router.post(
    "/register",
    status_code=status.HTTP_201_CREATED,
    response_description="The user and the tokens",
    responses=problems(
        *(400, 403, 409, 422, 429),
        details={422: "password: String should have at least 8 characters"},
    ),
)
async def register(
    body: RegisterRequest,
    request: Request,
    response: Response,
    session: SessionDep,
    settings: SettingsDep,
    passwords: PasswordsDep,
    guard: LoginGuardDep,
) -> Session:
    """Create a user and sign in."""
    if body.transport == "cookie":
        require_trusted_origin(request, settings)
    user = await service.register(
        session, passwords, guard, email=body.email, password=body.password, name=body.name
    )
    tokens = await service.open_session(session, settings, user, request.headers.get("user-agent"))
    return _deliver(response, settings, user, tokens, body.transport)


@router.post(
    "/login",
    response_description="The user and the tokens",
    responses=problems(
        *(400, 401, 403, 422, 429),
        details={401: "Email or password is wrong.", 422: "password: Field required"},
    ),
)
async def login(
    body: LoginRequest,
    request: Request,
    response: Response,
    session: SessionDep,
    settings: SettingsDep,
    passwords: PasswordsDep,
    guard: LoginGuardDep,
) -> Session:
    """Sign in."""
    if body.transport == "cookie":
        # Otherwise another site could sign its visitor in as somebody else.
        require_trusted_origin(request, settings)
    user = await service.authenticate(
        session, passwords, guard, email=body.email, password=body.password
    )
    tokens = await service.open_session(session, settings, user, request.headers.get("user-agent"))
    return _deliver(response, settings, user, tokens, body.transport)


@router.post(
    "/refresh",
    response_description="The user and the next tokens",
    responses=problems(400, 401, 403, 422, details=REFRESH_DETAILS),
)
async def refresh(
    request: Request,
    response: Response,
    session: SessionDep,
    settings: SettingsDep,
    body: RefreshTokenBody | None = None,
) -> Session:
    """Exchange a refresh token, from the body or else from the cookie, for the next one."""
    transport: Transport = "bearer"
    token = body.refresh_token if body else None
    if token is None:
        transport = "cookie"
        token = request.cookies.get(settings.refresh_cookie)
        if token is None:
            raise AuthenticationError("There is no refresh token. Sign in first.")
        require_trusted_origin(request, settings)
    user, tokens = await service.refresh_session(session, settings, token)
    return _deliver(response, settings, user, tokens, transport)


@router.post(
    "/logout",
    status_code=status.HTTP_204_NO_CONTENT,
    response_description="Signed out, or was not signed in",
    responses=problems(400, 403, 422, details=REFRESH_DETAILS),
)
async def logout(
    request: Request,
    response: Response,
    session: SessionDep,
    settings: SettingsDep,
    body: RefreshTokenBody | None = None,
) -> None:
    """End the session of a refresh token, from the body or else from the cookie."""
    if body is not None:
        await service.close_session(session, body.refresh_token)
        return
    cookies = (settings.access_cookie, settings.refresh_cookie)
    if not any(name in request.cookies for name in cookies):
        return  # and clear nothing: an untrusted form post arrives without cookies
    require_trusted_origin(request, settings)
    if token := request.cookies.get(settings.refresh_cookie):
        await service.close_session(session, token)
    for name in cookies:
        response.delete_cookie(
            name, httponly=True, samesite="lax", secure=settings.uses_secure_cookies
        )


@router.get(
    "/me",
    response_model=UserResponse,
    response_description="The user",
    responses=problems(401),
)
async def get_me(user: CurrentUser) -> User:
    """Return the signed-in user."""
    return user


@router.post(
    "/password",
    status_code=status.HTTP_204_NO_CONTENT,
    response_description="The new password holds",
    responses=problems(
        *(400, 401, 403, 422, 429), details={422: "current_password: This is not your password"}
    ),
)
async def change_password(
    body: PasswordChange,
    identity: CurrentIdentity,
    user: CurrentUser,
    session: SessionDep,
    passwords: PasswordsDep,
    guard: LoginGuardDep,
) -> None:
    """Set another password, and end all other sessions.

    A wrong present password is a refused field (422) and counts like a failed sign-in.
    """
    await service.change_password(
        session,
        passwords,
        guard,
        user,
        family_id=identity.family_id,
        current_password=body.current_password,
        new_password=body.new_password,
    )


@router.get(
    "/sessions",
    response_model=list[SessionResponse],
    response_description="The open sessions",
    responses=problems(401),
)
async def list_sessions(
    identity: CurrentIdentity, session: SessionDep
) -> list[service.ActiveSession]:
    """Return the open sessions of the signed-in user, the last used one first."""
    return await service.list_sessions(session, identity.user_id, current=identity.family_id)


@router.delete(
    "/sessions",
    status_code=status.HTTP_204_NO_CONTENT,
    response_description="All others are over",
    responses=problems(401, 403),
)
async def end_other_sessions(identity: CurrentIdentity, session: SessionDep) -> None:
    """End all sessions of the signed-in user but this one."""
    await service.end_other_sessions(session, identity.user_id, current=identity.family_id)


@router.delete(
    "/sessions/{session_id}",
    status_code=status.HTTP_204_NO_CONTENT,
    response_description="The session is over",
    responses=problems(
        *(401, 403, 404, 422),
        details={
            404: "Session not found",
            422: "session_id: String should match pattern '^[0-9a-f]{32}$'",
        },
    ),
)
async def end_session(
    session_id: SessionId, identity: CurrentIdentity, session: SessionDep
) -> None:
    """End one session, at once: its access token is refused from now on."""
    await service.end_session(session, identity.user_id, session_id)


def _deliver(
    response: Response,
    settings: Settings,
    user: User,
    tokens: service.Tokens,
    transport: Transport,
) -> Session:
    """Hand the tokens over, in the body or as cookies that scripts cannot read."""
    response.headers["Cache-Control"] = "no-store"
    in_body = transport == "bearer"
    if not in_body:
        refresh_age = settings.refresh_token_expire_days * 24 * 60 * 60
        for name, value, age in (
            (settings.access_cookie, tokens.access_token, tokens.expires_in),
            (settings.refresh_cookie, tokens.refresh_token, refresh_age),
        ):
            response.set_cookie(
                name,
                value,
                max_age=age,
                httponly=True,
                samesite="lax",
                secure=settings.uses_secure_cookies,
            )
    return Session(
        user=UserResponse.model_validate(user),
        token_type="bearer",  # noqa: S106  # a name, not a token
        access_token=tokens.access_token if in_body else None,
        refresh_token=tokens.refresh_token if in_body else None,
        expires_in=tokens.expires_in,
    )
