"""Settings, read from the environment and from `.env` files."""

import json
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import EmailStr, Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

BACKEND_DIR = Path(__file__).resolve().parents[2]
REPOSITORY_DIR = BACKEND_DIR.parents[1]

DEVELOPMENT_JWT_SECRET = "insecure-development-key-never-deploy-this"  # noqa: S105  # refused where it matters
MIN_SECRET_LENGTH = 32
MIN_DISTINCT_CHARACTERS = 10
PLACEHOLDERS = ("insecure", "change", "placeholder", "example", "replace", "your-", "your_", "todo")

Environment = Literal["development", "test", "staging", "production"]


class Settings(BaseSettings):
    """Everything the environment can decide, validated once at start-up."""

    model_config = SettingsConfigDict(
        # Absolute, so that the working directory does not decide; the later file wins.
        env_file=(REPOSITORY_DIR / ".env", BACKEND_DIR / ".env"),
        env_file_encoding="utf-8",
        extra="ignore",
        frozen=True,
        # A validation error would otherwise print the rejected secret.
        hide_input_in_errors=True,
    )

    environment: Environment = "development"
    debug: bool = False
    app_name: str = "Reference Todo API"
    api_v1_prefix: str = "/api/v1"
    # NoDecode: the validator below also takes a comma list, which is not JSON.
    backend_cors_origins: Annotated[list[str], NoDecode] = ["http://localhost:3000"]

    database_url: str = Field(default=f"sqlite:///{BACKEND_DIR / 'app.db'}", repr=False)

    jwt_secret_key: SecretStr = SecretStr(DEVELOPMENT_JWT_SECRET)
    jwt_issuer: str = "refapp"
    jwt_audience: str = "refapp-api"
    access_token_expire_minutes: int = Field(default=30, ge=1)
    refresh_token_expire_days: int = Field(default=14, ge=1)
    # Two tabs may refresh with the same token at once: the slower one is not a thief.
    refresh_token_grace_seconds: int = Field(default=30, ge=0)

    cookie_prefix: str = Field(default="refapp", pattern=r"^[A-Za-z0-9_-]+$")
    # Unset means: on wherever the application is served over TLS.
    cookie_secure: bool | None = None

    argon2_time_cost: int = Field(default=3, ge=1)
    argon2_memory_kib: int = Field(default=65_536, ge=8)
    argon2_parallelism: int = Field(default=4, ge=1)

    # Logs, metrics, and how the process serves. Tracing is configured by OpenTelemetry's own
    # variables (OTEL_…).
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] | None = None  # unset: `debug` decides
    log_file: Path | None = None
    log_rotation: str = "100 MB"
    log_retention: str = "10 days"
    metrics_enabled: bool = True
    readiness_timeout_seconds: float = Field(default=2.0, gt=0)
    backend_host: str = "127.0.0.1"
    backend_port: int = Field(default=8000, ge=0, le=65_535)
    # Addresses of the proxies whose X-Forwarded-* headers are believed.
    forwarded_allow_ips: str = "127.0.0.1"
    # Unset means: long enough for load balancers to notice where there are some.
    drain_seconds: float | None = Field(default=None, ge=0)
    shutdown_grace_seconds: int = Field(default=20, ge=0)

    demo_email: EmailStr = "demo@example.com"
    demo_password: SecretStr = Field(default=SecretStr("demo-password"), min_length=8)

    @property
    def is_deployed(self) -> bool:
        """Whether other people rely on this instance."""
        return self.environment in {"staging", "production"}

    @property
    def drains_for(self) -> float:
        """Seconds that the server goes on accepting after it has stopped being ready."""
        if self.drain_seconds is not None:
            return self.drain_seconds
        return 5.0 if self.is_deployed else 0.0

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

    @property
    def is_sqlite(self) -> bool:
        """Whether the database is SQLite."""
        return self.database_url.startswith("sqlite")

    @field_validator("api_v1_prefix")
    @classmethod
    def _normalise_prefix(cls, value: str) -> str:
        return "/" + value.strip("/")

    @field_validator("backend_cors_origins", mode="before")
    @classmethod
    def _parse_origins(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        if value.lstrip().startswith("["):
            return json.loads(value)
        return [origin for part in value.split(",") if (origin := part.strip())]

    @field_validator("backend_cors_origins")
    @classmethod
    def _check_origins(cls, value: list[str]) -> list[str]:
        for origin in value:
            if not origin.startswith(("http://", "https://")):
                # "*" among them: credentials may not be offered to everyone.
                raise ValueError("each origin must start with http:// or https://")
        return [origin.rstrip("/") for origin in value]

    @field_validator("database_url")
    @classmethod
    def _choose_driver(cls, value: str) -> str:
        scheme, separator, rest = value.partition("://")
        match scheme.partition("+")[0]:
            case "sqlite" if separator:
                return f"sqlite+aiosqlite://{_absolute_sqlite_path(rest)}"
            case "postgresql" | "postgres" if separator:
                return f"postgresql+psycopg://{rest}"
        raise ValueError("DATABASE_URL must start with sqlite:// or postgresql://")

    @field_validator("jwt_secret_key")
    @classmethod
    def _check_secret_length(cls, value: SecretStr) -> SecretStr:
        if len(value.get_secret_value()) < MIN_SECRET_LENGTH:
            raise ValueError(f"JWT_SECRET_KEY needs at least {MIN_SECRET_LENGTH} characters")
        return value

    @model_validator(mode="after")
    def _check_deployment(self) -> Self:
        if not self.is_deployed:
            return self
        if _is_placeholder(self.jwt_secret_key.get_secret_value()):
            raise ValueError(
                f"{self.environment} needs a random JWT_SECRET_KEY: "
                'python -c "import secrets; print(secrets.token_urlsafe(48))"'
            )
        if self.is_sqlite:
            raise ValueError(f"{self.environment} needs a PostgreSQL DATABASE_URL, not SQLite")
        if not self.uses_secure_cookies:
            raise ValueError(f"{self.environment} needs COOKIE_SECURE left on")
        return self


def _absolute_sqlite_path(rest: str) -> str:
    """Anchor a relative file at the backend folder, so that every command opens the same one."""
    path, mark, query = rest.partition("?")
    name = path.removeprefix("/")
    if not name or name == ":memory:" or name.startswith("/"):
        return rest
    return f"/{BACKEND_DIR / name}{mark}{query}"


def _is_placeholder(secret: str) -> bool:
    lowered = secret.lower()
    return len(set(secret)) < MIN_DISTINCT_CHARACTERS or any(p in lowered for p in PLACEHOLDERS)


@lru_cache
def get_settings() -> Settings:
    """Return the settings of this process."""
    return Settings()
