"""A store: the secrets of one environment, in one file that age encrypts."""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from refctl.core.errors import ConfigurationError
from refctl.core.redact import REDACTOR, Secret
from refctl.tools import age

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from refctl.core.paths import Paths
    from refctl.tools.age import Identity

SCHEMA = 1
FOLDER = "secrets"
RECIPIENTS = "recipients.txt"


@dataclass(frozen=True, slots=True)
class Entry:
    """A secret, and since when it is what it is."""

    value: Secret
    set_at: datetime


@dataclass(frozen=True, slots=True)
class Rotation:
    """A replacement under way: `announced`, then `swapped`."""

    phase: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Sent:
    """What a target was last given."""

    digest: str
    at: str
    """When, as the target itself tells it."""


@dataclass(frozen=True, slots=True)
class Store:
    """All of one environment."""

    name: str
    entries: Mapping[str, Entry] = field(default_factory=dict)
    rotations: Mapping[str, Rotation] = field(default_factory=dict)
    sent: Mapping[str, Mapping[str, Sent]] = field(default_factory=dict)
    """By target, then by the secret's name."""
    recipients: tuple[str, ...] = ()
    """Whom the file was last encrypted for."""
    salt: str = ""
    """Random, for digests that others see: without it, no value is guessed from one."""

    def with_entry(self, name: str, value: Secret, now: datetime) -> Store:
        """Return the store with a secret set."""
        return replace(self, entries={**self.entries, name: Entry(value, now)})

    def without(self, name: str) -> Store:
        """Return the store without a secret."""
        left = {key: entry for key, entry in self.entries.items() if key != name}
        return replace(self, entries=left)

    def with_rotation(self, name: str, rotation: Rotation | None) -> Store:
        """Return the store with a rotation under way, or with that ended."""
        left = {key: one for key, one in self.rotations.items() if key != name}
        return replace(self, rotations={**left, **({name: rotation} if rotation else {})})

    def digest(self, target: str, name: str) -> str:
        """Return what tells values of a secret apart."""
        value = self.entries[name].value.reveal()
        return hashlib.sha256(f"{target}\0{name}\0{value}".encode()).hexdigest()

    def salted(self) -> Store:
        """Return the store with a salt, which it keeps from then on."""
        return self if self.salt else replace(self, salt=secrets.token_hex(32))

    def mark(self, name: str) -> str:
        """Return what tells values of a secret apart where everybody may see it."""
        value = self.entries[name].value.reveal()
        keyed = hmac.new(bytes.fromhex(self.salt), f"{name}\0{value}".encode(), "sha256")
        return keyed.hexdigest()[:12]

    def unsent(self, name: str) -> tuple[str, ...]:
        """Return the targets that know this store and not this secret's present value."""
        return tuple(
            target
            for target, some in self.sent.items()
            if name not in some or some[name].digest != self.digest(target, name)
        )


def file_of(paths: Paths, name: str) -> Path:
    """Return where a store is."""
    return paths.root / FOLDER / f"{name}.age"


def recipients(paths: Paths) -> tuple[str, ...]:
    """Return the public keys that stores are encrypted for.

    Raises:
        ConfigurationError: the file is not text.

    """
    file = paths.root / FOLDER / RECIPIENTS
    if not file.is_file():
        return ()
    try:
        text = file.read_text("utf-8")
    except UnicodeDecodeError:
        raise ConfigurationError(
            f"{file} is not text", hint="put back what was there: git log -- secrets"
        ) from None
    lines = (line.partition("#")[0].strip() for line in text.splitlines())
    return tuple(dict.fromkeys(filter(None, lines)))


def read(paths: Paths, name: str, identity: Identity) -> Store:
    """Return a store; an empty one where there is no file. What it holds is never printed.

    Raises:
        ConfigurationError: the file is not for this identity, or is another store's.

    """
    file = file_of(paths, name)
    if not file.is_file():
        return Store(name)
    document = json.loads(age.decrypt(file, identity).reveal())
    # Anybody with a public key can write a file, and rename one: what it is for is inside.
    if document.get("schema") != SCHEMA or document.get("store") != name:
        raise ConfigurationError(
            f"{file} is not the store {name} of this version of refctl",
            hint="put the file back that was there: git log -- secrets",
        )
    for one in document["secrets"].values():
        REDACTOR.add(one["value"])
    return Store(
        name,
        {
            key: Entry(Secret(one["value"]), datetime.fromisoformat(one["set_at"]))
            for key, one in document["secrets"].items()
        },
        {
            key: Rotation(one["phase"], datetime.fromisoformat(one["at"]))
            for key, one in document["rotations"].items()
        },
        {
            target: {key: Sent(one["digest"], one["at"]) for key, one in some.items()}
            for target, some in document["sent"].items()
        },
        tuple(document["recipients"]),
        document.get("salt", ""),
    )


def write(store: Store, whom: tuple[str, ...]) -> str:
    """Return the encrypted text of a store's file."""
    document: dict[str, Any] = {
        "schema": SCHEMA,
        "store": store.name,
        "secrets": {
            name: {"value": entry.value.reveal(), "set_at": entry.set_at.isoformat()}
            for name, entry in sorted(store.entries.items())
        },
        "rotations": {
            name: {"phase": one.phase, "at": one.at.isoformat()}
            for name, one in sorted(store.rotations.items())
        },
        "sent": {
            target: {
                name: {"digest": one.digest, "at": one.at} for name, one in sorted(some.items())
            }
            for target, some in sorted(store.sent.items())
        },
        "recipients": list(whom),
        "salt": store.salted().salt,
    }
    return age.encrypt(Secret(json.dumps(document)), whom)


def now() -> datetime:
    """Return the time, to the second."""
    return datetime.now(UTC).replace(microsecond=0)
