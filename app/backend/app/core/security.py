"""Passwords and tokens."""

import asyncio
import hashlib
import secrets
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from app.core.config import Settings
from app.core.database import utc_now
from app.core.errors import InvalidTokenError

if TYPE_CHECKING:
    from pwdlib import PasswordHash

JWT_ALGORITHM = "HS256"
ACCESS_TOKEN_TYPE = "access"  # noqa: S105  # a name, not a token
REQUIRED_CLAIMS = ["sub", "iss", "aud", "exp", "iat", "jti", "type"]


class Passwords:
    """Argon2 hashes, computed in a thread: one takes tens of milliseconds of processor time."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._hasher: PasswordHash | None = None

    async def hash(self, password: str) -> str:
        """Return the hash to store."""
        return await asyncio.to_thread(self._get_hasher().hash, password)

    async def verify(self, password: str, stored: str) -> tuple[bool, str | None]:
        """Say whether the password is right, with a new hash if the parameters have changed."""
        return await asyncio.to_thread(self._get_hasher().verify_and_update, password, stored)

    def _get_hasher(self) -> "PasswordHash":
        if self._hasher is None:
            # Imported late: the server starts, and health answers, without it.
            from pwdlib import PasswordHash
            from pwdlib.hashers.argon2 import Argon2Hasher

            hasher = Argon2Hasher(
                time_cost=self._settings.argon2_time_cost,
                memory_cost=self._settings.argon2_memory_kib,
                parallelism=self._settings.argon2_parallelism,
            )
            self._hasher = PasswordHash((hasher,))
        return self._hasher


def create_access_token(user_id: int, settings: Settings) -> str:
    """Sign a short-lived token for the user."""
    import jwt

    now = utc_now()
    claims: dict[str, Any] = {
        "sub": str(user_id),  # a number is refused on decoding
        "iss": settings.jwt_issuer,
        "aud": settings.jwt_audience,
        "iat": now,
        "exp": now + timedelta(minutes=settings.access_token_expire_minutes),
        "jti": uuid4().hex,
        "type": ACCESS_TOKEN_TYPE,
    }
    return jwt.encode(claims, settings.jwt_secret_key.get_secret_value(), algorithm=JWT_ALGORITHM)


def read_access_token(token: str, settings: Settings) -> int:
    """Return the user id of a valid access token."""
    import jwt

    try:
        claims = jwt.decode(
            token,
            settings.jwt_secret_key.get_secret_value(),
            algorithms=[JWT_ALGORITHM],
            issuer=settings.jwt_issuer,
            audience=settings.jwt_audience,
            options={"require": REQUIRED_CLAIMS},
        )
        if claims["type"] != ACCESS_TOKEN_TYPE:
            raise InvalidTokenError("This is not an access token.")
        return int(claims["sub"])
    except jwt.ExpiredSignatureError as error:
        raise InvalidTokenError("The access token has expired.") from error
    except (jwt.PyJWTError, ValueError) as error:
        raise InvalidTokenError("The access token is not valid.") from error


def read_expiry(token: str) -> datetime:
    """Return when an access token ends that has been found valid already."""
    import jwt

    claims = jwt.decode(token, options={"verify_signature": False})
    return datetime.fromtimestamp(claims["exp"], UTC)


def create_refresh_token() -> str:
    """Return an opaque token with 256 bits of randomness."""
    return secrets.token_urlsafe(32)


def hash_refresh_token(token: str) -> str:
    """Return what is stored; a plain digest suffices because the token is random."""
    return hashlib.sha256(token.encode()).hexdigest()
