"""Where the token is found, with a real `gh` on PATH and a real keyring behind Python's."""

from __future__ import annotations

from typing import TYPE_CHECKING

import keyring
import pytest
from keyring.backend import KeyringBackend

from refctl.core.errors import ConfigurationError
from refctl.core.redact import REDACTOR
from refctl.tools.github.tokens import SERVICE, find_token

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

CANARY = "ghp_canary0000000000000000000000000000"


class Vault(KeyringBackend):
    """A keyring in memory."""

    priority = 1.0

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.kept[service, username]


@pytest.fixture
def vault() -> Iterator[Vault]:
    before, one = keyring.get_keyring(), Vault()
    keyring.set_keyring(one)
    yield one
    keyring.set_keyring(before)


@pytest.fixture
def gh(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Put a `gh` on PATH that knows github.com alone."""
    file = tmp_path / "gh"
    file.write_text(
        f'#!/bin/sh\n[ "$*" = "auth token --hostname github.com" ] || exit 1\necho {CANARY[:-1]}1\n'
    )
    file.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    return file


@pytest.mark.usefixtures("vault", "gh")
def test_the_environment_comes_first_and_github_token_before_gh_token() -> None:
    found = find_token(env={"GH_TOKEN": "other", "GITHUB_TOKEN": f" {CANARY}\n"})
    assert (found.value.reveal(), found.source) == (CANARY, "GITHUB_TOKEN")
    assert find_token(env={"GH_TOKEN": CANARY, "GITHUB_TOKEN": ""}).source == "GH_TOKEN"


@pytest.mark.usefixtures("vault", "gh")
def test_gh_comes_next_for_the_host_that_it_knows() -> None:
    found = find_token(env={})
    assert (found.value.reveal(), found.source) == (f"{CANARY[:-1]}1", "gh auth token")
    with pytest.raises(ConfigurationError, match=r"no token for GitHub at git\.example\.com") as no:
        find_token("git.example.com", {})
    for way in ("GITHUB_TOKEN", "GH_TOKEN", "gh auth login", "keyring"):
        assert way in no.value.hint


@pytest.mark.parametrize("value", ["{}\n{}", "{}é", "{} {}", "{}\x00"])
def test_a_token_that_can_be_none_is_refused_and_not_shown(value: str) -> None:
    given = value.replace("{}", CANARY)
    with pytest.raises(ConfigurationError, match="the token of GH_TOKEN is none") as no:
        find_token(env={"GH_TOKEN": given})
    assert CANARY not in f"{no.value} {no.value.hint}"


def test_the_keyring_comes_last(
    vault: Vault, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    vault.set_password(SERVICE, "github.com", CANARY)
    assert find_token(env={}).source == "the keyring"


def test_without_any_keyring_it_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")
    with pytest.raises(ConfigurationError, match="no token"):
        find_token(env={})


def test_a_token_never_shows_itself() -> None:
    found = find_token(env={"GITHUB_TOKEN": CANARY})
    assert CANARY not in f"{found} {found!r} {REDACTOR(f'said {CANARY}')}"
