"""Where the data is."""

from pydantic import Field, ValidationInfo, field_validator

from app.core.config.section import Section, environment_of, is_deployed
from app.core.variables import BACKEND_DIR


class DatabaseSettings(Section):
    """The database, and how long it is waited for."""

    database_url: str = Field(default=f"sqlite:///{BACKEND_DIR / 'app.db'}", repr=False)
    """SQLite or PostgreSQL; staging and production take PostgreSQL alone. A relative SQLite file
    starts from the backend's folder."""

    database_pool_size: int = Field(default=10, ge=1)
    """Connections that each process keeps open."""
    database_max_overflow: int = Field(default=0, ge=0)
    """More connections for a rush; each is opened for a request and closed after it."""
    database_pool_timeout_seconds: float = Field(default=5, gt=0)
    """How long a request waits for its turn at a connection; then it is answered 503."""
    database_pool_recycle_seconds: int = Field(default=1_800, ge=1)
    """The age at which a connection is replaced."""
    database_connect_timeout_seconds: int = Field(default=5, ge=2)  # libpq takes no less
    """How long connecting to PostgreSQL may take."""
    database_busy_timeout_ms: int = Field(default=5_000, ge=0)  # SQLite's wait for its lock
    """How long SQLite waits for another writer."""
    database_statement_timeout_ms: int = Field(default=15_000, ge=0)  # PostgreSQL's; 0 is none
    """How long PostgreSQL works on one statement; 0 is without end."""

    @property
    def is_sqlite(self) -> bool:
        """Whether the database is SQLite."""
        return self.database_url.startswith("sqlite")

    @field_validator("database_url")
    @classmethod
    def _choose_driver(cls, value: str, info: ValidationInfo) -> str:
        scheme, separator, rest = value.partition("://")
        match scheme.partition("+")[0]:
            case "sqlite" if separator:
                if is_deployed(info):
                    raise ValueError(f"{environment_of(info)} needs PostgreSQL, not SQLite")
                return f"sqlite+aiosqlite://{_absolute_sqlite_path(rest)}"
            case "postgresql" | "postgres" if separator:
                return f"postgresql+psycopg://{rest}"
        raise ValueError("must start with sqlite:// or postgresql://")


def _absolute_sqlite_path(rest: str) -> str:
    """Anchor a relative file at the backend folder, so that every command opens the same one."""
    path, mark, query = rest.partition("?")
    name = path.removeprefix("/")
    if not name or name == ":memory:" or name.startswith("/"):
        return rest
    return f"/{BACKEND_DIR / name}{mark}{query}"
