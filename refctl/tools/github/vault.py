"""GitHub's secrets: each place has a public key of its own, and takes sealed boxes alone."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from refctl.core.redact import Secret
    from refctl.tools.github.repository import Repository


@dataclass(frozen=True, slots=True)
class Place:
    """Where a secret goes: the repository's actions, Dependabot, or an environment."""

    kind: str
    """`actions`, `dependabot` or `environment`."""
    environment: str = ""

    @property
    def parts(self) -> tuple[str, ...]:
        """Its path within the repository."""
        if self.kind == "environment":
            return ("environments", self.environment, "secrets")
        return (self.kind, "secrets")

    def __str__(self) -> str:
        return f"environment {self.environment}" if self.environment else self.kind


@dataclass(frozen=True, slots=True)
class PublicKey:
    """What seals a box for one place."""

    id: str
    key: str

    def seal(self, value: Secret) -> dict[str, str]:
        """Return the body that sets a secret to the value."""
        from nacl.public import PublicKey as NaclKey
        from nacl.public import SealedBox

        box = SealedBox(NaclKey(base64.b64decode(self.key)))
        sealed = box.encrypt(value.reveal().encode())
        return {"encrypted_value": base64.b64encode(sealed).decode(), "key_id": self.id}


def public_key(repository: Repository, place: Place) -> PublicKey:
    """Return the public key of a place."""
    found: dict[str, Any] = repository.client.get(repository.at(*place.parts, "public-key"))
    return PublicKey(found["key_id"], found["key"])


def names(repository: Repository, place: Place) -> dict[str, str]:
    """Return the secrets that a place has, each with when it was last set; nobody gets values."""
    some = repository.client.all(repository.at(*place.parts), key="secrets")
    return {one["name"]: one["updated_at"] for one in some}


def put(repository: Repository, place: Place, key: PublicKey, name: str, value: Secret) -> bool:
    """Set a secret; return whether it is new."""
    path = repository.at(*place.parts, name)
    return repository.client.request("PUT", path, body=key.seal(value)).status == 201  # noqa: PLR2004 - created
