from datetime import timedelta
from typing import Any

import jwt
import pytest

from app.core.config import Settings
from app.core.database import utc_now
from app.core.errors import InvalidTokenError
from app.core.security import Passwords, create_access_token, read_access_token
from tests.databases import make_settings


@pytest.fixture
def settings() -> Settings:
    return make_settings()


def sign(settings: Settings, *, algorithm: str = "HS256", **changes: Any) -> str:
    claims = {
        "sub": "7",
        "iss": settings.jwt_issuer,
        "aud": settings.jwt_audience,
        "iat": utc_now(),
        "exp": utc_now() + timedelta(minutes=1),
        "jti": "x",
        "type": "access",
    }
    claims |= changes
    claims = {name: value for name, value in claims.items() if value is not None}
    key = settings.jwt_secret_key.get_secret_value() if algorithm != "none" else None
    return jwt.encode(claims, key, algorithm=algorithm)


def test_an_access_token_names_its_user(settings: Settings) -> None:
    assert read_access_token(create_access_token(7, settings), settings) == 7
    assert read_access_token(sign(settings), settings) == 7


@pytest.mark.parametrize(
    "changes",
    [
        {"algorithm": "none"},
        {"algorithm": "HS512"},
        {"sub": "ada"},
        {"iss": "somebody"},
        {"aud": "somewhere"},
        {"type": "refresh"},
        {"exp": utc_now() - timedelta(seconds=1)},
        {"iat": utc_now() + timedelta(hours=1)},
        *({claim: None} for claim in ("sub", "iss", "aud", "iat", "exp", "jti", "type")),
    ],
    ids=str,
)
def test_any_other_token_is_refused(settings: Settings, changes: dict[str, Any]) -> None:
    token = sign(settings, **changes)

    with pytest.raises(InvalidTokenError):
        read_access_token(token, settings)


def test_a_token_signed_with_another_key_is_refused(settings: Settings) -> None:
    other = make_settings(jwt_secret_key="another-secret-of-sufficient-length-0123")

    with pytest.raises(InvalidTokenError):
        read_access_token(create_access_token(7, other), settings)


async def test_a_password_verifies_against_its_hash_only(settings: Settings) -> None:
    passwords = Passwords(settings)
    stored = await passwords.hash("correct horse")

    assert stored.startswith("$argon2id$")
    assert await passwords.verify("correct horse", stored) == (True, None)
    assert await passwords.verify("wrong horse", stored) == (False, None)


async def test_a_hash_of_older_parameters_is_renewed(settings: Settings) -> None:
    stored = await Passwords(settings).hash("correct horse")
    stronger = Passwords(make_settings(argon2_time_cost=2))

    correct, renewed = await stronger.verify("correct horse", stored)

    assert correct
    assert renewed is not None
    assert "t=2" in renewed
