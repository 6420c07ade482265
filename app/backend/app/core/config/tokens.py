"""What says who is signed in."""

from pydantic import Field, SecretStr, ValidationInfo, field_validator

from app.core.config.section import Section, environment_of, is_deployed

DEVELOPMENT_JWT_SECRET = "insecure-development-key-never-deploy-this"  # noqa: S105  # refused where it matters
MIN_SECRET_LENGTH = 32
MIN_DISTINCT_CHARACTERS = 10
PLACEHOLDERS = ("insecure", "change", "placeholder", "example", "replace", "your-", "your_", "todo")
NEW_SECRET = 'python -c "import secrets; print(secrets.token_urlsafe(48))"'  # noqa: S105  # how to make one


class TokenSettings(Section):
    """Tokens, the keys that sign them, and the cookies that carry them."""

    jwt_secret_key: SecretStr = SecretStr(DEVELOPMENT_JWT_SECRET)
    """Signs access tokens: 32 random bytes or more (`openssl rand -base64 48`)."""
    jwt_secret_key_previous: SecretStr | None = None
    """The key that JWT_SECRET_KEY replaced: what it signed is good until it expires."""
    jwt_issuer: str = "refapp"
    """Who issues the tokens."""
    jwt_audience: str = "refapp-api"
    """Whom the tokens are for."""
    access_token_expire_minutes: int = Field(default=30, ge=1)
    """How long an access token is good for."""
    refresh_token_expire_days: int = Field(default=14, ge=1)
    """How long a session lasts without being used."""
    # Two tabs may refresh with the same token at once: the slower one is not a thief.
    refresh_token_grace_seconds: int = Field(default=30, ge=0)
    """How long a refresh token that was just used may be used again."""

    cookie_prefix: str = Field(default="refapp", pattern=r"^[A-Za-z0-9_-]+$")
    """Begins the names of cookies; the same for the frontend."""
    cookie_secure: bool | None = None
    """Whether cookies are Secure; unset, they are in staging and production."""

    @property
    def uses_secure_cookies(self) -> bool:
        """Whether cookies carry the Secure attribute."""
        return self.is_deployed if self.cookie_secure is None else self.cookie_secure

    @property
    def access_cookie(self) -> str:
        """The name of the cookie that carries the access token."""
        return f"{self.cookie_prefix}_access"

    @property
    def refresh_cookie(self) -> str:
        """The name of the cookie that carries the refresh token."""
        return f"{self.cookie_prefix}_refresh"

    @field_validator("jwt_secret_key_previous", mode="before")
    @classmethod
    def _blank_is_none(cls, value: object) -> object:
        return value or None

    @field_validator("jwt_secret_key_previous")
    @classmethod
    def _check_previous_secret(
        cls, value: SecretStr | None, info: ValidationInfo
    ) -> SecretStr | None:
        # What it signed is accepted, so it has to be as good as the present one.
        secret = value.get_secret_value() if value else None
        if secret is None:
            return None
        if len(secret) < MIN_SECRET_LENGTH:
            raise ValueError(f"needs at least {MIN_SECRET_LENGTH} characters")
        if is_deployed(info) and _is_placeholder(secret):
            raise ValueError(f"{environment_of(info)} needs a random JWT_SECRET_KEY_PREVIOUS")
        return value

    @field_validator("jwt_secret_key")
    @classmethod
    def _check_secret(cls, value: SecretStr, info: ValidationInfo) -> SecretStr:
        secret = value.get_secret_value()
        if len(secret) < MIN_SECRET_LENGTH:
            raise ValueError(f"needs at least {MIN_SECRET_LENGTH} characters: {NEW_SECRET}")
        if is_deployed(info) and _is_placeholder(secret):
            raise ValueError(f"{environment_of(info)} needs a random JWT_SECRET_KEY: {NEW_SECRET}")
        return value

    @field_validator("cookie_secure")
    @classmethod
    def _check_cookies(cls, value: bool | None, info: ValidationInfo) -> bool | None:  # noqa: FBT001  # pydantic passes it by position
        if value is False and is_deployed(info):
            raise ValueError(f"{environment_of(info)} needs COOKIE_SECURE left on: remove it")
        return value


def _is_placeholder(secret: str) -> bool:
    lowered = secret.lower()
    return len(set(secret)) < MIN_DISTINCT_CHARACTERS or any(p in lowered for p in PLACEHOLDERS)
