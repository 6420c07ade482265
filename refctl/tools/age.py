"""age: what encrypts secrets on the disk, and where the identity that decrypts them is kept."""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from refctl.core.errors import ConfigurationError
from refctl.core.paths import write_atomically
from refctl.core.redact import REDACTOR, Secret

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

VARIABLE = "REFCTL_AGE_IDENTITY"
FILE_VARIABLE = "REFCTL_AGE_IDENTITY_FILE"
SERVICE = "refctl:age"
ACCOUNT = "identity"
_PREFIX = "AGE-SECRET-KEY-1"
_OTHERS = stat.S_IRWXG | stat.S_IRWXO


@dataclass(frozen=True, slots=True)
class Identity:
    """A private key, and where it was found."""

    value: Secret
    source: str

    @property
    def recipient(self) -> str:
        """The public key that encrypts for it."""
        from pyrage import x25519

        return str(x25519.Identity.from_str(self.value.reveal()).to_public())


def default_file(env: Mapping[str, str] | None = None) -> Path:
    """Return where a person's identity is, unless a variable says otherwise."""
    env = os.environ if env is None else env
    named = env.get(FILE_VARIABLE)
    if named:
        return Path(named).expanduser()
    base = env.get("XDG_CONFIG_HOME") or str(Path(env.get("HOME", "~")).expanduser() / ".config")
    return Path(base) / "refctl" / "identity.txt"


def find(root: Path, env: Mapping[str, str] | None = None) -> Identity | None:
    """Return the identity: of the environment, of its file, of the keyring; None where none is.

    Raises:
        ConfigurationError: what is there is no identity, or others can read it.

    """
    env = os.environ if env is None else env
    if text := env.get(VARIABLE, "").strip():
        return _parse(text, VARIABLE)
    file = default_file(env)
    if file.is_file():
        _require_private(file, root)
        return _parse(file.read_text(encoding="utf-8"), str(file))
    if env.get(FILE_VARIABLE):
        raise ConfigurationError(f"{FILE_VARIABLE} names {file}, which is not there")
    return _from_keyring()


def create(root: Path, env: Mapping[str, str] | None = None) -> Identity:
    """Make an identity, and write it where only its owner can read it."""
    from pyrage import x25519

    file = default_file(env)
    _require_outside(file, root)
    made = x25519.Identity.generate()
    REDACTOR.add(str(made))
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    write_atomically(file, f"# public key: {made.to_public()}\n{made}\n", mode=0o600)
    return Identity(Secret(str(made)), str(file))


def encrypt(text: Secret, recipients: Iterable[str]) -> str:
    """Return the text as an armored age file that each of the recipients can read.

    Raises:
        ConfigurationError: one of them is no public key.

    """
    import pyrage

    keys = []
    for one in recipients:
        try:
            keys.append(pyrage.x25519.Recipient.from_str(one))
        except pyrage.RecipientError:
            raise ConfigurationError(
                f"{one[:12]}… is not an age public key",
                hint="correct secrets/recipients.txt: a line each, beginning with age1",
            ) from None
    sealed: bytes = pyrage.encrypt(text.reveal().encode(), keys, armored=True)
    return sealed.decode()


def decrypt(file: Path, identity: Identity) -> Secret:
    """Return what an armored age file holds.

    Raises:
        ConfigurationError: it is not for this identity, or was changed.

    """
    import pyrage

    key = pyrage.x25519.Identity.from_str(identity.value.reveal())
    try:
        return Secret(pyrage.decrypt(file.read_bytes(), [key]).decode())
    except pyrage.DecryptError as error:
        if "No matching keys" not in str(error):
            raise ConfigurationError(
                f"{file} is damaged: {error}",
                hint="put back what was there: git log -- secrets, then git checkout COMMIT -- "
                f"secrets/{file.name}",
            ) from None
        raise ConfigurationError(
            f"{file} cannot be read with the identity of {identity.source}: {error}",
            hint=f"it has to be encrypted for {identity.recipient}: somebody who can read it adds "
            "that line to secrets/recipients.txt and runs refctl secrets init",
        ) from None


def _parse(text: str, source: str) -> Identity:
    from pyrage import IdentityError, x25519

    lines = [line.strip() for line in text.splitlines()]
    key = next((line for line in lines if line.upper().startswith(_PREFIX)), "")
    REDACTOR.add(key)
    try:
        x25519.Identity.from_str(key)
    except IdentityError:
        raise ConfigurationError(
            f"{source} holds no age identity",
            hint=f"it has one line that begins with {_PREFIX}: age-keygen makes one",
        ) from None
    return Identity(Secret(key), source)


def _require_private(file: Path, root: Path) -> None:
    _require_outside(file, root)
    if stat.S_IMODE(file.stat().st_mode) & _OTHERS:
        raise ConfigurationError(f"others may read {file}", hint=f"chmod 600 {file}")


def _require_outside(file: Path, root: Path) -> None:
    if file.resolve().is_relative_to(root.resolve()):
        raise ConfigurationError(
            f"{file} is inside the repository, beside what it decrypts",
            hint=f"move it away, or name another place: {FILE_VARIABLE}",
        )


def _from_keyring() -> Identity | None:
    import keyring
    from keyring.errors import KeyringError

    try:
        value = keyring.get_password(SERVICE, ACCOUNT)
    except (KeyringError, RuntimeError):  # none is here, or it is locked
        return None
    return _parse(value, "the keyring") if value else None
