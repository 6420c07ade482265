"""Passwords and tokens."""

import asyncio
import hashlib
import hmac
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from app.core.config import Settings
from app.core.database import utc_now
from app.core.errors import InvalidTokenError

if TYPE_CHECKING:
    from pwdlib import PasswordHash

JWT_ALGORITHM = "HS256"
ACCESS_TOKEN_TYPE = "access"  # noqa: S105  # a name, not a token
EXPIRED = "The access token has expired."
REQUIRED_CLAIMS = ["sub", "sid", "iss", "aud", "exp", "iat", "jti", "type"]


@dataclass(frozen=True, slots=True)
class AccessClaims:
    """Who is signed in, and by which session."""

    user_id: int
    family_id: str
    expires_at: datetime


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


def create_access_token(user_id: int, family_id: str, settings: Settings) -> str:
    """Sign a short-lived token for the user's session."""
    import jwt

    now = utc_now()
    claims: dict[str, Any] = {
        "sub": str(user_id),  # a number is refused on decoding
        "sid": family_id,
        "iss": settings.jwt_issuer,
        "aud": settings.jwt_audience,
        "iat": now,
        "exp": now + timedelta(minutes=settings.access_token_expire_minutes),
        "jti": uuid4().hex,
        "type": ACCESS_TOKEN_TYPE,
    }
    key = settings.jwt_secret_key.get_secret_value()
    return jwt.encode(claims, key, algorithm=JWT_ALGORITHM, headers={"kid": name_key(key)})


def read_access_token(token: str, settings: Settings) -> AccessClaims:
    """Return what a valid access token says; its session may have ended all the same."""
    keys = tuple(
        secret.get_secret_value()
        for secret in (settings.jwt_secret_key, settings.jwt_secret_key_previous)
        if secret is not None
    )
    claims = _verify(token, keys, settings.jwt_issuer, settings.jwt_audience)
    if claims.expires_at <= utc_now():
        raise InvalidTokenError(EXPIRED)
    return claims


# A token comes with each of its session's requests, and what was found valid changes only by
# expiring; failures are not kept.
@lru_cache(maxsize=4096)
def _verify(token: str, keys: tuple[str, ...], issuer: str, audience: str) -> AccessClaims:
    import jwt

    try:
        claims = jwt.decode(
            token,
            _find_key(jwt.get_unverified_header(token).get("kid"), keys),
            algorithms=[JWT_ALGORITHM],
            issuer=issuer,
            audience=audience,
            options={"require": REQUIRED_CLAIMS},
        )
        if claims["type"] != ACCESS_TOKEN_TYPE:
            raise InvalidTokenError("This is not an access token.")
        return AccessClaims(
            user_id=int(claims["sub"]),
            family_id=str(claims["sid"]),
            expires_at=datetime.fromtimestamp(claims["exp"], UTC),
        )
    except jwt.ExpiredSignatureError as error:
        raise InvalidTokenError(EXPIRED) from error
    except (jwt.PyJWTError, ValueError) as error:
        raise InvalidTokenError("The access token is not valid.") from error


def name_key(key: str) -> str:
    """Return a key's `kid`, which tells keys apart and nothing about them."""
    return hashlib.sha256(f"kid:{key}".encode()).hexdigest()[:16]


def _find_key(kid: object, keys: Iterable[str]) -> str:
    for key in keys:
        if name_key(key) == kid:
            return key
    raise InvalidTokenError("The access token is signed with a key that is not in use.")


def blind(text: str, settings: Settings) -> str:
    """Return a digest that only the holder of the secret key can compute.

    Email and network addresses are few enough to try them all against a plain digest.
    """
    key = settings.jwt_secret_key.get_secret_value().encode()
    return hmac.digest(key, text.encode(), "sha256").hex()


def name_session(family_id: str) -> str:
    """Return the id under which clients know a session.

    A family's own id stands in access tokens: with the signing key and a user's number it is what
    a forger would need, so it belongs neither in other sessions' lists nor in logged paths.
    """
    return hashlib.sha256(f"session:{family_id}".encode()).hexdigest()[:32]


def create_refresh_token() -> str:
    """Return an opaque token with 256 bits of randomness."""
    return secrets.token_urlsafe(32)


def hash_refresh_token(token: str) -> str:
    """Return what is stored; a plain digest suffices because the token is random."""
    return hashlib.sha256(token.encode()).hexdigest()
