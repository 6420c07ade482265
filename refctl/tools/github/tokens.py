"""Where the token is: the environment, GitHub's own command line, the desktop's vault."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from refctl.core.errors import ConfigurationError
from refctl.core.plan import Run
from refctl.core.redact import REDACTOR, Secret
from refctl.tools import proc

if TYPE_CHECKING:
    from collections.abc import Mapping

VARIABLES = ("GITHUB_TOKEN", "GH_TOKEN")
SERVICE = "refctl:github"
PATIENCE = 10.0


@dataclass(frozen=True, slots=True)
class Token:
    """A token, and where it was found."""

    value: Secret
    source: str


def find_token(host: str = "github.com", env: Mapping[str, str] | None = None) -> Token:
    """Return the token for GitHub at that host.

    Raises:
        ConfigurationError: there is none.

    """
    env = os.environ if env is None else env
    for name in VARIABLES:
        if value := env.get(name, "").strip():
            return _token(value, name)
    for look in (_from_gh, _from_keyring):
        if (found := look(host)) is not None:
            return _token(*found)
    raise ConfigurationError(
        f"there is no token for GitHub at {host}",
        hint="put a token with the scope repo into GITHUB_TOKEN or GH_TOKEN, or gh auth login, "
        f"or keep it in the keyring: keyring set {SERVICE} {host}",
    )


def _token(value: str, source: str) -> Token:
    REDACTOR.add(value)
    if not value.isascii() or not value.isprintable() or " " in value:
        raise ConfigurationError(
            f"the token of {source} is none: line breaks, spaces or other than ASCII in it",
            hint=f"copy it again, one line alone, and set {source} anew",
        )
    return Token(Secret(value), source)


def _from_gh(host: str) -> tuple[str, str] | None:
    gh = shutil.which("gh")
    if gh is None:
        return None
    argv = (gh, "auth", "token", "--hostname", host)
    said = proc.ask(Run(argv, cwd=Path.cwd()), timeout=PATIENCE)
    value = said.out.strip()
    return (value, "gh auth token") if said.code == 0 and value else None


def _from_keyring(host: str) -> tuple[str, str] | None:
    import keyring
    from keyring.errors import KeyringError

    try:
        value = keyring.get_password(SERVICE, host)
    except (KeyringError, RuntimeError):  # none is here, or it is locked
        return None
    return (value, "the keyring") if value else None
