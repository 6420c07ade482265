from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from app.core.config import BACKEND_DIR, DEVELOPMENT_JWT_SECRET, Settings, get_settings
from tests.databases import make_settings

RANDOM_SECRET = "Qm7xRk29ZtVn4LpYc8WsHd3Jf6Gb1Ea5"
VARIABLES = ("ENVIRONMENT", "DATABASE_URL", "JWT_SECRET_KEY")


@pytest.fixture(autouse=True)
def _bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in VARIABLES:
        monkeypatch.delenv(name)


def load(**values: Any) -> Settings:
    return Settings(_env_file=None, **values)


def deployed(**changes: Any) -> Settings:
    values: dict[str, Any] = {
        "environment": "production",
        "database_url": "postgresql://app:pw@db/app",
        "jwt_secret_key": RANDOM_SECRET,
    }
    return load(**(values | changes))


def test_development_needs_no_configuration() -> None:
    settings = load()

    assert settings.environment == "development"
    assert settings.database_url == f"sqlite+aiosqlite:///{BACKEND_DIR / 'app.db'}"
    assert settings.jwt_secret_key.get_secret_value() == DEVELOPMENT_JWT_SECRET
    assert settings.api_v1_prefix == "/api/v1"
    assert (settings.access_cookie, settings.refresh_cookie) == ("refapp_access", "refapp_refresh")
    assert not settings.uses_secure_cookies


def test_the_environment_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("APP_NAME", "Shop")
    monkeypatch.setenv("BACKEND_CORS_ORIGINS", "http://a.example, https://b.example/")

    settings = load()

    assert settings.app_name == "Shop"
    assert settings.backend_cors_origins == ["http://a.example", "https://b.example"]


def test_env_files_are_read_and_the_nearer_one_wins(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root, near = tmp_path / "root.env", tmp_path / "near.env"
    root.write_text("APP_NAME=Root\nACCESS_TOKEN_EXPIRE_MINUTES=5\nBACKEND_URL=http://b\n")
    near.write_text("APP_NAME=Near\n")

    settings = Settings(_env_file=(root, near))

    assert (settings.app_name, settings.access_token_expire_minutes) == ("Near", 5)
    monkeypatch.setenv("APP_NAME", "Environment")
    assert Settings(_env_file=(root, near)).app_name == "Environment"


def test_env_files_do_not_depend_on_the_working_directory() -> None:
    assert Settings.model_config["env_file"] == (
        BACKEND_DIR.parents[1] / ".env",
        BACKEND_DIR / ".env",
    )


@pytest.mark.parametrize(
    ("text", "origins"),
    [
        ('["http://a.example", "http://b.example"]', ["http://a.example", "http://b.example"]),
        ("http://a.example", ["http://a.example"]),
        ("", []),
    ],
)
def test_origins_are_a_json_list_or_a_comma_list(
    text: str, origins: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BACKEND_CORS_ORIGINS", text)

    assert load().backend_cors_origins == origins


@pytest.mark.parametrize("origins", ["*", "[not json", "a.example"])
def test_origins_that_would_trust_anyone_or_nobody_are_refused(origins: str) -> None:
    with pytest.raises(ValidationError, match="backend_cors_origins"):
        load(backend_cors_origins=origins)


@pytest.mark.parametrize(
    ("given", "normalised"),
    [
        ("sqlite:////data/app.db", "sqlite+aiosqlite:////data/app.db"),
        ("sqlite+aiosqlite:////data/app.db", "sqlite+aiosqlite:////data/app.db"),
        ("sqlite:///./app.db", f"sqlite+aiosqlite:///{BACKEND_DIR}/app.db"),
        ("sqlite:///a.db?timeout=9", f"sqlite+aiosqlite:///{BACKEND_DIR}/a.db?timeout=9"),
        ("sqlite://", "sqlite+aiosqlite://"),
        ("sqlite:///:memory:", "sqlite+aiosqlite:///:memory:"),
        ("postgresql://u:p@h/d", "postgresql+psycopg://u:p@h/d"),
        ("postgres://u:p@h/d?sslmode=require", "postgresql+psycopg://u:p@h/d?sslmode=require"),
        ("postgresql+asyncpg://h/d", "postgresql+psycopg://h/d"),
    ],
)
def test_database_urls_get_the_driver_that_is_installed(given: str, normalised: str) -> None:
    assert load(database_url=given).database_url == normalised


@pytest.mark.parametrize("url", ["mysql://h/d", "app.db", "sqlite", ""])
def test_other_databases_are_refused(url: str) -> None:
    with pytest.raises(ValidationError, match="must start with"):
        load(database_url=url)


@pytest.mark.parametrize("environment", ["staging", "production"])
def test_a_complete_deployment_is_accepted(environment: str) -> None:
    assert deployed(environment=environment).uses_secure_cookies


@pytest.mark.parametrize("environment", ["staging", "production"])
@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"jwt_secret_key": DEVELOPMENT_JWT_SECRET}, "random JWT_SECRET_KEY"),
        ({"jwt_secret_key": "please-change-me-please-change-me-"}, "random JWT_SECRET_KEY"),
        ({"jwt_secret_key": "ab" * 20}, "random JWT_SECRET_KEY"),
        ({"jwt_secret_key": RANDOM_SECRET[:31]}, "32 characters"),
        ({"jwt_secret_key": ""}, "32 characters"),
        ({"database_url": "sqlite:///app.db"}, "PostgreSQL"),
        ({"cookie_secure": False}, "COOKIE_SECURE"),
        ({"jwt_secret_key_previous": DEVELOPMENT_JWT_SECRET}, "random JWT_SECRET_KEY_PREVIOUS"),
        ({"jwt_secret_key_previous": RANDOM_SECRET[:31]}, "32 characters"),
        ({"backend_cors_origins": "https://a.example,http://b.example"}, "https:// origins"),
        ({"backend_cors_origins": "http://localhost.b.example"}, "https:// origins"),
        ({"backend_cors_origins": "https://*.a.example"}, "compared as it is"),
        ({"backend_cors_origins": "*"}, "must start with"),
    ],
)
def test_an_unsafe_deployment_is_refused(
    environment: str, changes: dict[str, Any], reason: str
) -> None:
    with pytest.raises(ValidationError, match=reason):
        deployed(environment=environment, **changes)


@pytest.mark.parametrize(
    "origin",
    [
        "https://a.example",
        "http://localhost:3000",
        "http://127.0.0.1:3000",
        "http://[::1]:3000",
    ],
)
def test_a_deployment_trusts_encrypted_origins_and_the_users_own_machine(origin: str) -> None:
    assert deployed(backend_cors_origins=origin).backend_cors_origins == [origin]


def test_debugging_is_for_other_places_than_production() -> None:
    assert deployed(environment="staging", debug=True).debug
    with pytest.raises(ValidationError, match="DEBUG off"):
        deployed(debug=True)


def test_a_blank_previous_secret_is_none() -> None:
    assert load(jwt_secret_key_previous="").jwt_secret_key_previous is None


def test_a_deployment_without_a_secret_is_refused() -> None:
    with pytest.raises(ValidationError, match="random JWT_SECRET_KEY"):
        load(environment="production", database_url="postgresql://db/app")


def test_an_unknown_environment_is_refused() -> None:
    with pytest.raises(ValidationError, match="environment"):
        load(environment="prod")


def test_secrets_are_neither_in_the_representation_nor_in_errors() -> None:
    settings = deployed(demo_password="demo-canary-1")
    assert "pw" not in repr(settings)
    assert RANDOM_SECRET not in repr(settings)
    assert "canary" not in repr(settings)

    with pytest.raises(ValidationError) as caught:
        load(jwt_secret_key="short-canary")
    assert "canary" not in str(caught.value)


def test_the_settings_of_the_process_are_read_once() -> None:
    get_settings.cache_clear()

    assert get_settings() is get_settings()


@pytest.mark.parametrize(
    ("field", "value", "is_good"),
    [
        ("log_rotation", "1 week", True),
        ("log_rotation", "banana", False),
        ("log_retention", "3 days", True),
        ("log_retention", "xyz", False),
    ],
)
def test_when_a_log_is_begun_anew_is_understood_before_it_is_needed(
    field: str, value: str, *, is_good: bool
) -> None:
    if is_good:
        assert getattr(make_settings(**{field: value}), field) == value
    else:
        with pytest.raises(ValidationError, match="Cannot parse"):
            make_settings(**{field: value})
