"""Which secrets there have to be, and how they are made."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import pytest

from refctl.core.config import Config
from refctl.core.errors import ConfigurationError
from refctl.secrets.catalogue import Kind, kinds, make
from refctl.secrets.judgement import weakness

SCHEMA: dict[str, Any] = {
    "properties": {
        "APP_NAME": {"type": "string"},
        "DATABASE_URL": {"writeOnly": True, "description": "Where\nthe data is."},
        "JWT_SECRET_KEY": {"writeOnly": True},
        "JWT_SECRET_KEY_PREVIOUS": {"writeOnly": True},
        "DEMO_PASSWORD": {"writeOnly": True},
    }
}


def config(**sections: Any) -> Config:
    return Config.model_validate(sections)


def test_the_application_s_secrets_come_from_its_schema() -> None:
    found = kinds(SCHEMA, Config())
    three = ("development", "staging", "production")
    assert found == (
        Kind("DATABASE_URL", ("staging", "production"), 90, "url", about="Where the data is."),
        Kind("JWT_SECRET_KEY", three, 90, "key", overlaps=True),
        Kind("DEMO_PASSWORD", ("development",), 90, "password"),
    )


def test_workflows_and_the_configuration_add_theirs() -> None:
    settings = config(
        secrets={
            "rotate_days": 60,
            "variables": {
                "JWT_SECRET_KEY": {"rotate_days": 30},
                "AWS_SECRET_ACCESS_KEY": {"stores": ["production"], "rotate_days": 7},
            },
        }
    )
    found = {one.name: one for one in kinds(SCHEMA, settings, ["NPM_TOKEN", "GITHUB_TOKEN"])}
    assert found["NPM_TOKEN"] == Kind("NPM_TOKEN", ("repository",), 60)
    assert found["AWS_SECRET_ACCESS_KEY"] == Kind("AWS_SECRET_ACCESS_KEY", ("production",), 7)
    assert found["JWT_SECRET_KEY"].rotate_days == 30
    assert found["JWT_SECRET_KEY"].stores == ("development", "staging", "production")
    assert "GITHUB_TOKEN" not in found


def test_what_is_made_is_strong_and_never_twice_the_same() -> None:
    for kind in kinds(SCHEMA, Config()):
        some = {make(kind, "production", Config()).reveal() for _ in range(50)}
        assert len(some) == 50
        assert {weakness(kind.name, one) for one in some} == {""}


def test_a_database_s_address_is_completed_by_a_password() -> None:
    kind = kinds(SCHEMA, Config())[0]
    assert make(kind, "staging", Config()).reveal().startswith("postgresql://refapp:")
    settings = config(
        secrets={"databases": {"production": "postgresql://me@db.example:5433/x?sslmode=require"}}
    )
    parts = urlsplit(make(kind, "production", settings).reveal())
    assert (parts.username, parts.hostname, parts.port) == ("me", "db.example", 5433)
    assert (parts.path, parts.query, len(parts.password or "")) == ("/x", "sslmode=require", 32)


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("postgresql://me:canary-pw@db/x", "a password, in a file that everybody reads"),
        ("mysql://me@db/x", "not postgresql://USER@HOST/DATABASE"),
        ("postgresql://db/x", "not postgresql://"),
    ],
)
def test_a_wrong_address_is_named_by_its_key(address: str, words: str) -> None:
    settings = config(secrets={"databases": {"production": address}})
    with pytest.raises(ConfigurationError, match=r"databases\.production: ") as no:
        make(kinds(SCHEMA, settings)[0], "production", settings)
    assert words in str(no.value)
    assert "canary-pw" not in str(no.value)
