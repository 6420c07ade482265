"""Bodies of the authentication endpoints."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, EmailStr, Field, StringConstraints

from app.schemas.base import BlankIsNone, NoNul, RequestModel, ResponseModel

Transport = Literal["bearer", "cookie"]
Email = Annotated[EmailStr, AfterValidator(str.lower)]
NewPassword = Annotated[str, StringConstraints(min_length=8, max_length=128), NoNul]
NameText = Annotated[str, StringConstraints(strip_whitespace=True, max_length=100), NoNul]


class LoginRequest(RequestModel):
    """Credentials, and how the tokens shall travel."""

    email: Email
    # No lower bound: a short password is wrong here, not malformed.
    password: Annotated[str, StringConstraints(max_length=128)]
    transport: Transport = "bearer"


class RegisterRequest(RequestModel):
    """A new user."""

    email: Email
    password: NewPassword
    name: Annotated[NameText | None, BlankIsNone] = None
    transport: Transport = "bearer"


class RefreshTokenBody(RequestModel):
    """A refresh token that did not come as a cookie."""

    refresh_token: Annotated[str, StringConstraints(min_length=1, max_length=256)]


class PasswordChange(RequestModel):
    """The present password, and the one that replaces it."""

    current_password: Annotated[str, StringConstraints(max_length=128)]
    new_password: NewPassword


class SessionResponse(ResponseModel):
    """A session, as its user may see it."""

    id: str
    created_at: datetime
    last_used_at: Annotated[datetime, Field(description="When its tokens were last renewed")]
    user_agent: Annotated[
        str | None, Field(description="What the program said of itself when it signed in")
    ]
    current: Annotated[bool, Field(description="Whether this request belongs to it")]


class UserResponse(ResponseModel):
    """A user, as the user may see it."""

    id: int
    email: str
    name: str | None
    created_at: datetime


class Session(ResponseModel):
    """The outcome of signing in; the tokens are null when they travel as cookies."""

    user: UserResponse
    token_type: Literal["bearer"]
    access_token: str | None
    refresh_token: str | None
    expires_in: Annotated[int, Field(description="Seconds until the access token expires")]
