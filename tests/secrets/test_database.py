"""What a database is told when its password is replaced, and when."""

from __future__ import annotations

import base64
import hmac
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from refctl.core.errors import UsageError
from refctl.core.redact import Secret
from refctl.secrets import database
from refctl.secrets.rotation import DONE, SWAPPED
from refctl.secrets.store import Rotation, Store

if TYPE_CHECKING:
    from refctl.core.plan import Step

NOW = datetime(2026, 11, 27, 10, tzinfo=UTC)
HOUR = timedelta(hours=1)
NAME = "DATABASE_URL"
URL = "postgresql://app:canary-pw@db:5432/x?sslmode=require"


def kept(url: str = URL) -> Store:
    return Store("production").with_entry(NAME, Secret(url), NOW - timedelta(days=99))


def turn(
    store: Store, at: datetime = NOW, *, at_once: bool = False
) -> tuple[Store, str, list[Step]]:
    done, steps = database.turn(store, NAME, Path("/x/sql"), now=at, overlap=HOUR, at_once=at_once)
    return done.store, done.phase, steps


def told(steps: list[Step]) -> str:
    content = steps[0].actions[0].content  # type: ignore[union-attr]  # a file is written first
    assert isinstance(content, Secret)
    return content.reveal()


@pytest.fixture(autouse=True)
def _psql(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "psql").touch(mode=0o755)
    monkeypatch.setenv("PATH", str(tmp_path))


def test_two_roles_take_turns() -> None:
    second, phase, steps = turn(kept())
    new = urlsplit(second.entries[NAME].value.reveal())
    assert (phase, new.username, new.hostname, new.query) == (
        SWAPPED,
        "app_next",
        "db",
        "sslmode=require",
    )
    assert "ALTER ROLE app_next SET role = 'app';" in told(steps)
    assert [step.id for step in steps] == ["tell", "try"]
    done, phase, steps = turn(second, NOW + HOUR)
    assert (phase, told(steps)) == (DONE, "ALTER ROLE app WITH PASSWORD NULL;\n")
    assert (done.entries, done.rotations) == (second.entries, {})
    third, _, steps = turn(done)
    assert urlsplit(third.entries[NAME].value.reveal()).username == "app"
    assert "CREATE ROLE" not in told(steps)


def test_the_old_password_is_not_shut_early() -> None:
    second, _, _ = turn(kept())
    with pytest.raises(UsageError, match="may be in use until 11:00 UTC"):
        turn(second, NOW + HOUR - timedelta(seconds=1))


def test_after_a_leak_the_same_role_gets_another_password() -> None:
    store, phase, steps = turn(kept().with_rotation(NAME, Rotation(SWAPPED, NOW)), at_once=True)
    assert (phase, store.rotations) == (DONE, {})
    new = urlsplit(store.entries[NAME].value.reveal())
    assert new.username == "app"
    assert new.password != "canary-pw"
    assert told(steps).startswith("ALTER ROLE app WITH LOGIN PASSWORD 'SCRAM-SHA-256$4096:")
    assert told(steps).endswith("ALTER ROLE app_next WITH PASSWORD NULL;\n")
    _, _, steps = turn(kept(), at_once=True)
    assert "app_next" not in told(steps)  # which may not be there


def test_no_password_is_in_what_the_database_is_told_or_on_a_command_line() -> None:
    store, _, steps = turn(kept())
    password = urlsplit(store.entries[NAME].value.reveal()).password
    assert password is not None
    assert password not in told(steps)
    text = str([step.as_json() for step in steps])
    assert password not in text
    assert "canary-pw" not in text
    assert "SCRAM" not in text


@pytest.mark.parametrize(
    "url", ["postgresql://db/x", 'postgresql://a"b@db/x', "postgresql://A-b@db/x"]
)
def test_a_role_that_would_have_to_be_quoted_is_refused(url: str) -> None:
    with pytest.raises(UsageError, match="names no role"):
        turn(kept(url))


def test_the_verifier_holds_the_keys_of_the_standard_s_example() -> None:
    # RFC 7677, section 3: what the server there proves that it knows.
    salt = base64.b64decode("W22ZaJ0SNY7soEsUEjb6gQ==")
    nonce = "rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0"
    first = "n=user,r=rOprNGfwEbeRWgbNEkqO"
    message = f"{first},r={nonce},s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096,c=biws,r={nonce}"
    keys = database.verifier("pencil", salt).rpartition("$")[2]
    server = base64.b64decode(keys.partition(":")[2])
    proof = base64.b64encode(hmac.digest(server, message.encode(), "sha256")).decode()
    assert proof == "6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4="
