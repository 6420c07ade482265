"""Bodies of the authentication endpoints."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, EmailStr, Field, StringConstraints

from app.schemas.base import BlankIsNone, NoNul, RequestModel, ResponseModel, shown_as
from app.schemas.text import IS_LINE, IsVisible

Transport = Literal["bearer", "cookie"]
ChosenTransport = Annotated[
    Transport,
    Field(description="How the tokens travel: in the body, or as cookies that scripts cannot read"),
]
Email = Annotated[
    EmailStr, AfterValidator(str.lower), Field(description="In any case; stored in lower case")
]
NewPassword = Annotated[
    str,
    StringConstraints(min_length=8, max_length=128),
    NoNul,
    Field(description="The new password"),
]
# No lower bound: a short password is wrong here, not malformed.
PresentPassword = Annotated[
    str, StringConstraints(max_length=128), Field(description="The present password")
]
NameText = Annotated[
    str, StringConstraints(strip_whitespace=True, max_length=100), IsVisible, *IS_LINE
]

USER = {
    "id": 1,
    "email": "ada@example.com",
    "name": "Ada Lovelace",
    "created_at": "2026-01-02T03:04:05.678901Z",
}
REFRESH_TOKEN = "q1X4bJ0vW9m2Zr7tY5kN8cD3fG6hL1pS4uA0eR9iT2o"  # noqa: S105  # an example


class LoginRequest(RequestModel):
    """Credentials, and how the tokens shall travel."""

    model_config = shown_as({"email": "ada@example.com", "password": "correct horse battery"})

    email: Email
    password: PresentPassword
    transport: ChosenTransport = "bearer"


class RegisterRequest(RequestModel):
    """A new user."""

    model_config = shown_as(
        {
            "email": "ada@example.com",
            "password": "correct horse battery",
            "name": "Ada Lovelace",
            "transport": "bearer",
        }
    )

    email: Email
    password: NewPassword
    name: Annotated[NameText | None, BlankIsNone] = Field(
        default=None, description="How to address the user; spaces around it are dropped"
    )
    transport: ChosenTransport = "bearer"


class RefreshTokenBody(RequestModel):
    """A refresh token that did not come as a cookie."""

    model_config = shown_as({"refresh_token": REFRESH_TOKEN})

    refresh_token: Annotated[str, StringConstraints(min_length=1, max_length=256)] = Field(
        description="The last one that was given out: each can be exchanged once"
    )


class PasswordChange(RequestModel):
    """The present password, and the one that replaces it."""

    model_config = shown_as(
        {"current_password": "correct horse battery", "new_password": "staple battery horse"}
    )

    current_password: PresentPassword
    new_password: NewPassword


class SessionResponse(ResponseModel):
    """A session, as its user may see it."""

    model_config = shown_as(
        {
            "id": "0f8fad5bd9cb469fa16570867728950e",
            "created_at": "2026-01-02T03:04:05.678901Z",
            "last_used_at": "2026-01-02T13:14:15.161718Z",
            "user_agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
            "current": True,
        }
    )

    id: str = Field(description="What to name when it shall end")
    created_at: datetime = Field(description="When the user signed in")
    last_used_at: datetime = Field(description="When its tokens were last renewed")
    user_agent: str | None = Field(description="What the program said of itself when it signed in")
    current: bool = Field(description="Whether this request belongs to it")


class UserResponse(ResponseModel):
    """A user, as the user may see it."""

    model_config = shown_as(USER)

    id: int = Field(description="The user's number")
    email: str = Field(description="The address to sign in with, in lower case")
    name: str | None = Field(description="How to address the user; null if none was given")
    created_at: datetime = Field(description="When the user registered")


class Session(ResponseModel):
    """The outcome of signing in; the tokens are null when they travel as cookies."""

    model_config = shown_as(
        {
            "user": USER,
            "token_type": "bearer",
            "access_token": "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl",
            "refresh_token": REFRESH_TOKEN,
            "expires_in": 900,
        }
    )

    user: UserResponse = Field(description="Who is signed in now")
    token_type: Literal["bearer"] = Field(description="How the access token is sent")
    access_token: str | None = Field(description="A JWT for `Authorization: Bearer …`")
    refresh_token: str | None = Field(description="To be exchanged, once, for the next pair")
    expires_in: int = Field(description="Seconds until the access token expires")
