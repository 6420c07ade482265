"""A store's file: encrypted whole, for whom it is, and for no other environment."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from pyrage import x25519

from refctl.core.errors import ConfigurationError
from refctl.core.paths import Paths
from refctl.core.redact import REDACTOR, Secret
from refctl.secrets import store
from refctl.secrets.store import Rotation, Sent, Store
from refctl.tools.age import Identity

if TYPE_CHECKING:
    from pathlib import Path

CANARY = "canary-Qm7xRk29ZtVn4LpYc8WsHd3Jf6Gb1Ea5"
NOW = datetime(2026, 11, 27, 10, tzinfo=UTC)
KEY = x25519.Identity.generate()
IDENTITY = Identity(Secret(str(KEY)), "x")
WHOM = (str(KEY.to_public()),)


def kept() -> Store:
    some = Store("production").with_entry("JWT_SECRET_KEY", Secret(CANARY), NOW)
    some = some.with_rotation("JWT_SECRET_KEY", Rotation("announced", NOW))
    digest = some.digest("github", "JWT_SECRET_KEY")
    return Store(
        some.name, some.entries, some.rotations, {"github": {"JWT_SECRET_KEY": Sent(digest, "t")}}
    )


def test_what_is_written_is_read_again_and_neither_name_nor_value_shows(tmp_path: Path) -> None:
    paths = Paths(tmp_path)
    file = store.file_of(paths, "production")
    file.parent.mkdir()
    file.write_text(store.write(kept(), WHOM))
    assert CANARY not in file.read_text()
    assert "JWT" not in file.read_text()
    found = store.read(paths, "production", IDENTITY)
    assert (found.entries, found.rotations) == (kept().entries, kept().rotations)
    assert (found.sent, found.recipients) == (kept().sent, WHOM)
    assert REDACTOR(f"it is {CANARY}") == "it is [REDACTED]"
    assert CANARY not in repr(found)


def test_one_environment_s_file_is_not_taken_for_another_s(tmp_path: Path) -> None:
    paths = Paths(tmp_path)
    (tmp_path / "secrets").mkdir()
    store.file_of(paths, "production").write_text(store.write(Store("development"), WHOM))
    with pytest.raises(ConfigurationError, match="is not the store production"):
        store.read(paths, "production", IDENTITY)


def test_nothing_is_an_empty_store(tmp_path: Path) -> None:
    assert store.read(Paths(tmp_path), "staging", IDENTITY) == Store("staging")


def test_recipients_are_lines_without_comments(tmp_path: Path) -> None:
    assert store.recipients(Paths(tmp_path)) == ()
    (tmp_path / "secrets").mkdir()
    file = tmp_path / "secrets/recipients.txt"
    file.write_text("# us\nage1a # alice\n\nage1b\nage1a\n")
    assert store.recipients(Paths(tmp_path)) == ("age1a", "age1b")


def test_what_a_target_does_not_know_is_unsent() -> None:
    some = kept()
    assert some.unsent("JWT_SECRET_KEY") == ()
    assert some.with_entry("JWT_SECRET_KEY", Secret("new"), NOW).unsent("JWT_SECRET_KEY") == (
        "github",
    )
    assert Store("x").with_entry("A", Secret("b"), NOW).unsent("A") == ()
