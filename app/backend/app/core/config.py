"""Settings, read from the environment and from `.env` files; `variables` says in which order."""

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, Literal, get_args
from urllib.parse import urlsplit

from pydantic import (
    EmailStr,
    Field,
    SecretStr,
    ValidationError,
    ValidationInfo,
    field_validator,
)
from pydantic.fields import FieldInfo
from pydantic_settings import (
    BaseSettings,
    DotEnvSettingsSource,
    EnvSettingsSource,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from app.core import variables
from app.core.variables import FILES, Found, Names, Problem, collect

BACKEND_DIR = variables.BACKEND_DIR

DEVELOPMENT_JWT_SECRET = "insecure-development-key-never-deploy-this"  # noqa: S105  # refused where it matters
MIN_SECRET_LENGTH = 32
MIN_DISTINCT_CHARACTERS = 10
PLACEHOLDERS = ("insecure", "change", "placeholder", "example", "replace", "your-", "your_", "todo")
DEPLOYED = ("staging", "production")
MASK = "[REDACTED]"
NEW_SECRET = 'python -c "import secrets; print(secrets.token_urlsafe(48))"'  # noqa: S105  # how to make one

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})

Environment = Literal["development", "test", "staging", "production"]


class ConfigurationError(Exception):
    """The configuration is not valid; says of every problem which variable, where and why."""

    def __init__(self, found: Found, problems: Sequence[Problem]) -> None:
        self.found = found
        self.problems = tuple(problems)
        super().__init__(
            "\n".join(
                (
                    f"The configuration of {found.environment} is not valid:",
                    *(f"  {problem}" for problem in self.problems),
                    *(f"  Note: {note}" for note in found.notes),
                    "All values and where they come from: python -m scripts.config show",
                )
            )
        )


class VariablesSource(EnvSettingsSource):
    """Gives pydantic what was found."""

    def __init__(self, settings_cls: type[BaseSettings], found: Found) -> None:
        super().__init__(settings_cls)
        self.env_vars = {name.lower(): one.text for name, one in found.variables.items()}

    def decode_complex_value(self, field_name: str, field: FieldInfo, value: Any) -> Any:
        """Leave what is not JSON to the field's own validation, which names it."""
        try:
            return super().decode_complex_value(field_name, field, value)
        except ValueError:
            return value


class Settings(BaseSettings):
    """Everything the environment can decide, validated once at start-up."""

    model_config = SettingsConfigDict(
        env_file=FILES,
        extra="ignore",
        frozen=True,
        # A validation error would otherwise print the rejected secret.
        hide_input_in_errors=True,
        # The text under a field describes it in the schema, in .env.example and in the docs.
        use_attribute_docstrings=True,
        validate_default=True,
    )

    environment: Environment = "development"
    """What this instance is for: development, test, staging or production."""
    debug: bool = False
    """Log more."""
    app_name: str = "Reference Todo API"
    """The title of the API."""
    api_v1_prefix: str = "/api/v1"
    """The path under which the API is served."""
    # NoDecode: the validator below also takes a comma list, which is not JSON.
    backend_cors_origins: Annotated[list[str], NoDecode] = ["http://localhost:3000"]
    """The origins that browsers may call from: a comma list or a JSON list."""

    database_url: str = Field(default=f"sqlite:///{BACKEND_DIR / 'app.db'}", repr=False)
    """SQLite or PostgreSQL; staging and production take PostgreSQL alone. A relative SQLite file
    starts from the backend's folder."""

    database_pool_size: int = Field(default=10, ge=1)
    """Connections that each process keeps open."""
    database_max_overflow: int = Field(default=10, ge=0)
    """More connections for a rush."""
    database_pool_timeout_seconds: float = Field(default=5, gt=0)
    """How long a request waits for a connection; then it is answered 503."""
    database_pool_recycle_seconds: int = Field(default=1_800, ge=1)
    """The age at which a connection is replaced."""
    database_connect_timeout_seconds: int = Field(default=5, ge=2)  # libpq takes no less
    """How long connecting to PostgreSQL may take."""
    database_busy_timeout_ms: int = Field(default=5_000, ge=0)  # SQLite's wait for its lock
    """How long SQLite waits for another writer."""
    database_statement_timeout_ms: int = Field(default=15_000, ge=0)  # PostgreSQL's; 0 is none
    """How long PostgreSQL works on one statement; 0 is without end."""

    jwt_secret_key: SecretStr = SecretStr(DEVELOPMENT_JWT_SECRET)
    """Signs access tokens: 32 random bytes or more (`openssl rand -base64 48`)."""
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

    argon2_time_cost: int = Field(default=3, ge=1)
    """Passes over the memory when hashing a password."""
    argon2_memory_kib: int = Field(default=65_536, ge=8)
    """Memory for hashing a password."""
    argon2_parallelism: int = Field(default=4, ge=1)
    """Lanes for hashing a password."""

    # The event stream.
    stream_heartbeat_seconds: float = Field(default=15, gt=0)
    """How often an idle event stream shows that it is alive."""
    stream_clients_per_user: int = Field(default=10, ge=1)
    """Event streams of one user in each process."""
    stream_clients_total: int = Field(default=2_000, ge=1)
    """Event streams in each process."""
    stream_queue_size: int = Field(default=256, ge=1)
    """Events that may wait for one client before it reads them from the database."""
    stream_stall_seconds: float = Field(default=30, gt=0)
    """How long a client may take nothing before its stream ends."""
    event_retention_days: int = Field(default=7, ge=1)
    """How long a client may be away and still resume its stream."""

    # Signing in: the key before this one, and how often it may fail.
    jwt_secret_key_previous: SecretStr | None = None
    """The key that JWT_SECRET_KEY replaced: what it signed is good until it expires."""
    login_max_failures: int = Field(default=5, ge=1)
    """Failed sign-ins for one account from one address until both are locked for each other."""
    login_lock_seconds: int = Field(default=60, ge=1)
    """The length of the first lock; each further failure doubles it."""
    login_lock_max_seconds: int = Field(default=900, ge=1)
    """The length of the longest lock."""
    login_max_failures_per_account: int = Field(default=50, ge=1)
    """Failed sign-ins for one account in one window, from anywhere."""
    login_max_failures_per_address: int = Field(default=100, ge=1)
    """Failed sign-ins and registrations from one address in one window."""
    login_window_minutes: int = Field(default=60, ge=1)
    """The length of the window."""

    # What a request may send.
    request_body_max_bytes: int = Field(default=1_048_576, ge=1)
    """The largest body of a request."""

    # Logs, metrics, and how the process serves. Tracing is configured by OpenTelemetry's own
    # variables (OTEL_…).
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] | None = None
    """The least that is logged: debug, info, warning or error; unset, DEBUG decides. The frontend
    takes it too."""
    log_file: Path | None = None
    """A file that the log goes to as well, as JSON lines."""
    log_rotation: str = "100 MB"
    """When the file is begun anew: a size, a time or an interval."""
    log_retention: str = "10 days"
    """How long old files are kept."""
    metrics_enabled: bool = True
    """Serve /metrics for Prometheus."""
    readiness_timeout_seconds: float = Field(default=2.0, gt=0)
    """How long the readiness probe waits for the database."""
    backend_host: str = "127.0.0.1"
    """The address that `python -m app.server` listens on."""
    backend_port: int = Field(default=8000, ge=0, le=65_535)
    """The port that `python -m app.server` listens on; 0 takes any."""
    forwarded_allow_ips: str = "127.0.0.1"
    """The proxies whose X-Forwarded-* headers are believed: a comma list, or *."""
    drain_seconds: float | None = Field(default=None, ge=0)
    """How long the server goes on accepting after it has stopped being ready; unset, 5 where
    deployed."""
    shutdown_grace_seconds: int = Field(default=20, ge=0)
    """How long requests under way may take when the server stops."""

    demo_email: EmailStr = "demo@example.com"
    """The demo user that is seeded in development."""
    demo_password: SecretStr = Field(default=SecretStr("demo-password"), min_length=8)
    """The demo user's password."""

    @property
    def is_deployed(self) -> bool:
        """Whether other people rely on this instance."""
        return self.environment in DEPLOYED

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

    @field_validator("log_level", mode="before")
    @classmethod
    def _ignore_case(cls, value: object) -> object:
        return value.upper() or None if isinstance(value, str) else value

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
            if "*" in origin:
                raise ValueError("an origin is compared as it is: * matches nothing")
        return [origin.rstrip("/") for origin in value]

    @field_validator("database_url")
    @classmethod
    def _choose_driver(cls, value: str, info: ValidationInfo) -> str:
        scheme, separator, rest = value.partition("://")
        match scheme.partition("+")[0]:
            case "sqlite" if separator:
                if _is_deployed(info):
                    raise ValueError(f"{_environment(info)} needs PostgreSQL, not SQLite")
                return f"sqlite+aiosqlite://{_absolute_sqlite_path(rest)}"
            case "postgresql" | "postgres" if separator:
                return f"postgresql+psycopg://{rest}"
        raise ValueError("must start with sqlite:// or postgresql://")

    @field_validator("backend_cors_origins")
    @classmethod
    def _check_encryption(cls, value: list[str], info: ValidationInfo) -> list[str]:
        if _is_deployed(info):
            for origin in value:
                # Whoever is on the way could write a page of such an origin. Nobody is on the
                # way to one's own machine.
                if origin.startswith("http://") and urlsplit(origin).hostname not in LOOPBACK:
                    raise ValueError(f"{_environment(info)} needs https:// origins")
        return value

    @field_validator("debug")
    @classmethod
    def _check_debug(cls, value: bool, info: ValidationInfo) -> bool:  # noqa: FBT001  # pydantic passes it by position
        if value and _environment(info) == "production":
            raise ValueError("production needs DEBUG off")
        return value

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
        if _is_deployed(info) and _is_placeholder(secret):
            raise ValueError(f"{_environment(info)} needs a random JWT_SECRET_KEY_PREVIOUS")
        return value

    @field_validator("jwt_secret_key")
    @classmethod
    def _check_secret(cls, value: SecretStr, info: ValidationInfo) -> SecretStr:
        secret = value.get_secret_value()
        if len(secret) < MIN_SECRET_LENGTH:
            raise ValueError(f"needs at least {MIN_SECRET_LENGTH} characters: {NEW_SECRET}")
        if _is_deployed(info) and _is_placeholder(secret):
            raise ValueError(f"{_environment(info)} needs a random JWT_SECRET_KEY: {NEW_SECRET}")
        return value

    @field_validator("cookie_secure")
    @classmethod
    def _check_cookies(cls, value: bool | None, info: ValidationInfo) -> bool | None:  # noqa: FBT001  # pydantic passes it by position
        if value is False and _is_deployed(info):
            raise ValueError(f"{_environment(info)} needs COOKIE_SECURE left on: remove it")
        return value

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Read the variables in this project's order, whatever files are given."""
        assert isinstance(dotenv_settings, DotEnvSettingsSource)
        given = dotenv_settings.env_file or ()
        files = (given,) if isinstance(given, str | Path) else given
        found = collect(cls.names(), os.environ, [Path(file) for file in files])
        if found.problems:
            raise ConfigurationError(found, found.problems)
        return init_settings, VariablesSource(settings_cls, found)

    @classmethod
    def names(cls) -> Names:
        """Return the variables that there are."""
        fields = cls.model_fields.items()
        return Names(
            known=frozenset(name.upper() for name, _ in fields),
            secrets=frozenset(name.upper() for name, field in fields if is_secret(field)),
        )


@dataclass(frozen=True, slots=True)
class Loaded:
    """Valid settings and where they came from."""

    settings: Settings
    found: Found


def is_secret(field: FieldInfo) -> bool:
    """Return whether the field's value must not be shown."""
    return not field.repr or SecretStr in {field.annotation, *get_args(field.annotation)}


def _environment(info: ValidationInfo) -> str:
    return str(info.data.get("environment", ""))


def _is_deployed(info: ValidationInfo) -> bool:
    return _environment(info) in DEPLOYED


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


def load(*, environment: str | None = None, files: Sequence[Path] = FILES) -> Loaded:
    """Read and check everything, of another environment if one is named.

    Raises:
        ConfigurationError: with every problem at once.

    """
    found = collect(Settings.names(), os.environ, files, environment=environment)
    try:
        settings = Settings(_build_sources=((VariablesSource(Settings, found),), {}))
    except ValidationError as error:
        raise ConfigurationError(found, (*found.problems, *_problems(error, found))) from None
    if found.problems:
        raise ConfigurationError(found, found.problems)
    return Loaded(settings, found)


def _problems(error: ValidationError, found: Found) -> list[Problem]:
    problems = []
    for issue in error.errors(include_url=False, include_input=False):
        name = str(issue["loc"][0]).upper() if issue["loc"] else ""
        reason = issue["msg"].removeprefix("Value error, ")
        if name in Settings.names().secrets and name in found.variables:
            reason = reason.replace(found.variables[name].text or MASK, MASK)
        origin = found.origin(name) if name else "all together"
        problem = Problem(name, "not set" if origin == "default" else origin, reason)
        if problem not in problems:  # a list names itself once, not once an element
            problems.append(problem)
    return problems


@lru_cache
def load_process() -> Loaded:
    """Return what this process was configured with, or end it with what is wrong."""
    try:
        return load()
    except ConfigurationError as error:
        # Servers import the application: an exception would bury the message in their traceback.
        raise SystemExit(str(error)) from None


@lru_cache
def get_settings() -> Settings:
    """Return the settings of this process."""
    return load_process().settings
