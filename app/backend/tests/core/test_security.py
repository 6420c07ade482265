import hashlib
import hmac
import time
from datetime import timedelta
from typing import Any

import jwt
import pytest

from app.core.config import Settings
from app.core.database import utc_now
from app.core.errors import InvalidTokenError
from app.core.security import (
    Passwords,
    blind,
    create_access_token,
    create_refresh_token,
    hash_refresh_token,
    name_key,
    name_session,
    read_access_token,
)
from tests.databases import make_settings

OTHER = "another-secret-of-sufficient-length-0123"


@pytest.fixture
def settings() -> Settings:
    return make_settings()


def sign(
    settings: Settings, *, algorithm: str = "HS256", kid: str | None = "right", **changes: Any
) -> str:
    claims = {
        "sub": "7",
        "sid": "f",
        "iss": settings.jwt_issuer,
        "aud": settings.jwt_audience,
        "iat": utc_now(),
        "exp": utc_now() + timedelta(minutes=1),
        "jti": "x",
        "type": "access",
    }
    claims |= changes
    claims = {
        name: utc_now() + value if isinstance(value, timedelta) else value
        for name, value in claims.items()
        if value is not None
    }
    key = settings.jwt_secret_key.get_secret_value()
    headers = {"kid": name_key(key) if kid == "right" else kid}
    signing_key = key if algorithm != "none" else None
    return jwt.encode(claims, signing_key, algorithm=algorithm, headers=headers if kid else None)


def test_an_access_token_names_its_user_and_session(settings: Settings) -> None:
    for token in (create_access_token(7, "f", settings), sign(settings)):
        claims = read_access_token(token, settings)

        assert (claims.user_id, claims.family_id) == (7, "f")
        assert claims.expires_at > utc_now()


def test_the_name_of_a_key_says_nothing_about_it(settings: Settings) -> None:
    kid = jwt.get_unverified_header(create_access_token(7, "f", settings))["kid"]

    assert len(kid) == 16
    assert kid not in settings.jwt_secret_key.get_secret_value()


@pytest.mark.parametrize(
    "changes",
    [
        {"algorithm": "none"},
        {"algorithm": "HS512"},
        {"sub": "ada"},
        {"kid": None},
        {"kid": "unknown"},
        {"iss": "somebody"},
        {"aud": "somewhere"},
        {"type": "refresh"},
        # From the moment of signing: a test's name is the same whenever tests are gathered.
        {"exp": timedelta(seconds=-1)},
        {"iat": timedelta(hours=1)},
        *({claim: None} for claim in ("sub", "sid", "iss", "aud", "iat", "exp", "jti", "type")),
    ],
    ids=str,
)
def test_any_other_token_is_refused(settings: Settings, changes: dict[str, Any]) -> None:
    token = sign(settings, **changes)

    with pytest.raises(InvalidTokenError):
        read_access_token(token, settings)


def test_a_token_that_was_valid_before_expires_all_the_same(settings: Settings) -> None:
    token = sign(settings, exp=utc_now() + timedelta(seconds=2))
    claims = read_access_token(token, settings)
    assert read_access_token(token, settings) is claims  # kept

    while utc_now() < claims.expires_at:
        time.sleep(0.05)

    with pytest.raises(InvalidTokenError, match="expired"):
        read_access_token(token, settings)


def test_a_token_signed_with_another_key_is_refused(settings: Settings) -> None:
    with pytest.raises(InvalidTokenError):
        read_access_token(
            create_access_token(7, "f", make_settings(jwt_secret_key=OTHER)), settings
        )


def test_a_token_that_claims_the_right_key_but_has_another_is_refused(settings: Settings) -> None:
    kid = name_key(settings.jwt_secret_key.get_secret_value())
    forged = sign(make_settings(jwt_secret_key=OTHER), kid=kid)

    with pytest.raises(InvalidTokenError):
        read_access_token(forged, settings)


def test_a_token_outlives_the_replacement_of_its_key_but_not_its_removal(
    settings: Settings,
) -> None:
    token = create_access_token(7, "f", settings)
    replaced = make_settings(
        jwt_secret_key=OTHER, jwt_secret_key_previous=settings.jwt_secret_key.get_secret_value()
    )

    assert read_access_token(token, replaced).user_id == 7
    assert read_access_token(create_access_token(8, "f", replaced), replaced).user_id == 8
    with pytest.raises(InvalidTokenError):
        read_access_token(token, make_settings(jwt_secret_key=OTHER))


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


def test_a_token_says_nothing_but_what_it_must(settings: Settings) -> None:
    key = settings.jwt_secret_key.get_secret_value()
    first, second = (
        jwt.decode(
            create_access_token(7, "f", settings), key, algorithms=["HS256"], audience="refapp-api"
        )
        for _ in range(2)
    )

    assert first.keys() == {"sub", "sid", "iss", "aud", "iat", "exp", "jti", "type"}
    assert (first["sub"], first["sid"], first["type"]) == ("7", "f", "access")
    assert first["iss"] == settings.jwt_issuer
    assert first["exp"] - first["iat"] == settings.access_token_expire_minutes * 60
    assert abs(first["iat"] - time.time()) < 60
    assert first["jti"] != second["jti"]
    assert len(first["jti"]) == 32


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"type": "refresh"}, "This is not an access token."),
        ({"kid": "unknown"}, "The access token is signed with a key that is not in use."),
        ({"exp": timedelta(seconds=-1)}, "The access token has expired."),
        ({"aud": "somewhere"}, "The access token is not valid."),
        ({"sub": "ada"}, "The access token is not valid."),
    ],
)
def test_a_refused_token_is_told_why(
    settings: Settings, changes: dict[str, Any], said: str
) -> None:
    with pytest.raises(InvalidTokenError) as caught:
        read_access_token(sign(settings, **changes), settings)

    assert str(caught.value) == said


def test_what_was_found_valid_is_told_to_have_expired(settings: Settings) -> None:
    token = sign(settings)
    expires = read_access_token(token, settings).expires_at

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("app.core.security.utc_now", lambda: expires)
        with pytest.raises(InvalidTokenError) as caught:
            read_access_token(token, settings)

    assert str(caught.value) == "The access token has expired."


def test_what_clients_and_logs_are_told_is_a_digest_of_the_right_length() -> None:
    settings = make_settings(jwt_secret_key="k" * 40)

    assert name_key("k") == hashlib.sha256(b"kid:k").hexdigest()[:16]
    assert name_session("f") == hashlib.sha256(b"session:f").hexdigest()[:32]
    assert hash_refresh_token("t") == hashlib.sha256(b"t").hexdigest()
    assert blind("ada@example.com", settings) == (
        hmac.new(b"k" * 40, b"ada@example.com", hashlib.sha256).hexdigest()
    )


def test_a_refresh_token_is_long_and_never_the_same() -> None:
    first, second = create_refresh_token(), create_refresh_token()

    assert first != second
    assert len(first) == 43  # 256 bits, six a letter


async def test_a_hash_costs_what_the_settings_say() -> None:
    settings = make_settings(argon2_time_cost=2, argon2_memory_kib=16, argon2_parallelism=2)
    passwords = Passwords(settings)

    assert "$m=16,t=2,p=2$" in await passwords.hash("correct horse")
    assert passwords._get_hasher() is passwords._get_hasher()
