"""What `check` refuses."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from refctl.core.config_secrets import Secrets
from refctl.core.redact import Secret
from refctl.secrets.catalogue import Kind
from refctl.secrets.judgement import judge, weakness
from refctl.secrets.store import Rotation, Store

NOW = datetime(2026, 11, 27, 10, tzinfo=UTC)
STRONG = "Qm7xRk29ZtVn4LpYc8WsHd3Jf6Gb1Ea5Uo0i"
JWT = Kind("JWT_SECRET_KEY", ("staging", "production"), 90, "key", overlaps=True)
TOKEN = Kind("NPM_TOKEN", ("repository",), 90)


@pytest.mark.parametrize(
    ("name", "value", "problem"),
    [
        ("JWT_SECRET_KEY", STRONG, ""),
        ("JWT_SECRET_KEY", "changeme-changeme-changeme-changeme", "a placeholder"),
        ("JWT_SECRET_KEY", "insecure-development-key-never-deploy-this", "a placeholder"),
        ("JWT_SECRET_KEY", "<your key>", "a placeholder"),
        ("JWT_SECRET_KEY", "${JWT}", "a placeholder"),
        ("JWT_SECRET_KEY", "Qm7xRk29ZtVn4LpYc8W", "weak: 19 characters, of 32"),
        ("JWT_SECRET_KEY", "ab" * 20, "weak: few different characters"),
        ("JWT_SECRET_KEY", "", "empty"),
        ("JWT_SECRET_KEY", "  ", "empty"),
        ("DEMO_PASSWORD", "Qm7xRk29Zt", "weak: 10 characters, of 16"),
        ("DATABASE_URL", f"postgresql://u:{STRONG}@db/x", ""),
        ("DATABASE_URL", "postgresql://u:password@db/x", "a placeholder"),
        ("DATABASE_URL", "postgresql://u:Qm7xRk29Zt@db/x", "weak: 10 characters, of 16"),
        ("DATABASE_URL", "postgresql://u@db/x", "no password in it"),
        ("DATABASE_URL", "postgresql://u:x@[db/x", "not an address"),
        ("AWS_ACCESS_KEY_ID", "AKIAQ7B2ZK4M9XW1", ""),
        ("NPM_TOKEN", "npm_Qm7xRk29ZtVn", ""),
        ("NPM_TOKEN", "aaaaaaaaaaaaaaaa", "weak: few different characters"),
        ("NPM_TOKEN", "<your token>", "a placeholder"),
        ("SLACK_URL", "https://hooks.example.com/T0/B1/Qm7xRk29ZtVn4LpYc8Ws", ""),
        ("SENTRY_DSN", "https://Qm7xRk29ZtVn4LpY@o1.example.com/42", ""),
        ("KEY_FILE", '{"type": "service_account", "token": "https://x.test"}', ""),
    ],
)
def test_what_is_easy_to_guess_is_named(name: str, value: str, problem: str) -> None:
    assert weakness(name, value) == problem


def problems(*stores: Store) -> list[tuple[str, str, str, bool]]:
    names = ("staging", "production", "repository")
    some = {name: Store(name) for name in names} | {one.name: one for one in stores}
    found = judge(some, (JWT, TOKEN), Secrets(), NOW)
    return [(one.store, one.name, one.problem, one.grave) for one in found]


def kept(name: str, days: int, value: str = STRONG) -> Store:
    return Store(name).with_entry(
        "JWT_SECRET_KEY", Secret(f"{value}{name}"), NOW - timedelta(days=days)
    )


def test_what_is_missing_is_told_with_how_to_get_it() -> None:
    assert problems() == [
        ("staging", "JWT_SECRET_KEY", "missing", True),
        ("production", "JWT_SECRET_KEY", "missing", True),
        ("repository", "NPM_TOKEN", "missing", True),
    ]
    (found,) = judge({"repository": Store("repository")}, (TOKEN,), Secrets(), NOW)
    assert found.hint == "refctl secrets set NPM_TOKEN -e repository"


def test_only_what_is_made_here_is_to_be_rotated() -> None:
    old = NOW - timedelta(days=100)
    token = Store("repository").with_entry("NPM_TOKEN", Secret(STRONG), old)
    stores = {"repository": token, "production": kept("production", 100)}
    hints = {one.name: one.hint for one in judge(stores, (JWT, TOKEN), Secrets(), NOW) if one.grave}
    assert hints["NPM_TOKEN"] == "refctl secrets set NPM_TOKEN -e repository"
    assert hints["JWT_SECRET_KEY"] == "refctl secrets rotate JWT_SECRET_KEY -e production"


@pytest.mark.parametrize(
    ("days", "problem"),
    [
        (75, None),
        (76, ("due in 14 days", False)),
        (89, ("due in 1 day", False)),
        (90, ("expired today", True)),
        (100, ("expired 10 days ago", True)),
    ],
)
def test_age_is_reminded_of_and_then_refused(days: int, problem: tuple[str, bool] | None) -> None:
    found = [
        (p, grave) for store, _, p, grave in problems(kept("staging", days)) if store == "staging"
    ]
    assert found == ([problem] if problem else [])


def test_two_environments_with_one_secret_are_one_environment() -> None:
    one = Store("staging").with_entry("JWT_SECRET_KEY", Secret(STRONG), NOW)
    two = Store("production").with_entry("JWT_SECRET_KEY", Secret(STRONG), NOW)
    assert ("production", "JWT_SECRET_KEY", "the same as in staging", True) in problems(one, two)


def test_a_replacement_that_rests_is_told_and_its_old_key_is_not_called_old() -> None:
    some = kept("staging", 100).with_entry(
        "JWT_SECRET_KEY_PREVIOUS", Secret(STRONG + "old"), NOW - timedelta(days=300)
    )
    fresh = some.with_rotation("JWT_SECRET_KEY", Rotation("swapped", NOW - timedelta(days=7)))
    assert [p for store, *p in problems(fresh) if store == "staging"] == []
    rests = some.with_rotation("JWT_SECRET_KEY", Rotation("swapped", NOW - timedelta(days=8)))
    (found,) = [p for store, _, p, _ in problems(rests) if store == "staging"]
    assert found == "its replacement was begun and rests"
