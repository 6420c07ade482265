"""Replacing a secret while what uses it runs: pure, a phase a call.

A key that the application takes beside the one before goes in three steps, so that no replica ever
meets a signature that it cannot check: everybody learns the new one (as the previous one), then it
signs, then the old one is forgotten. Anything else is replaced at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from refctl.core.errors import UsageError
from refctl.secrets.catalogue import PREVIOUS
from refctl.secrets.store import Rotation

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime, timedelta

    from refctl.core.redact import Secret
    from refctl.secrets.store import Store

ANNOUNCED, SWAPPED, DONE = "announced", "swapped", "done"


@dataclass(frozen=True, slots=True)
class Turn:
    """The store after a phase, and what a person does next."""

    store: Store
    phase: str
    after: str


def turn(
    store: Store, name: str, make: Callable[[], Secret], *, now: datetime, overlap: timedelta
) -> Turn:
    """Go on with the replacement of a key that overlaps with the one before.

    Raises:
        UsageError: it is too early: somebody does not know the new key, or still has an old token.

    """
    under_way = store.rotations.get(name)
    previous = name + PREVIOUS
    deploy = f"refctl secrets sync -e {store.name}, deploy, then "
    again = f"refctl secrets rotate {name} -e {store.name}"
    if under_way is None:
        new = store.with_entry(previous, make(), now)
        new = new.with_rotation(name, Rotation(ANNOUNCED, now))
        return Turn(new, ANNOUNCED, f"the new key is known and signs nothing yet: {deploy}{again}")
    if behind := store.unsent(previous) or store.unsent(name):
        raise UsageError(
            f"{name} of {store.name}: {', '.join(behind)} does not know the new key yet",
            hint=f"refctl secrets sync -e {store.name}, and deploy",
        )
    if under_way.phase == ANNOUNCED:
        old, fresh = store.entries[name], store.entries[previous]
        new = store.with_entry(name, fresh.value, now).with_entry(previous, old.value, old.set_at)
        new = new.with_rotation(name, Rotation(SWAPPED, now))
        minutes = int(overlap.total_seconds() // 60)
        return Turn(new, SWAPPED, f"the new key signs: {deploy}after {minutes} minutes {again}")
    over = under_way.at + overlap
    if now < over:
        raise UsageError(
            f"{name} of {store.name}: what the old key signed is good until {over:%H:%M} UTC",
            hint=f"{again} after that; after a leak at once: --at-once",
        )
    new = store.without(previous).with_rotation(name, None)
    return Turn(new, DONE, f"the old key is forgotten: refctl secrets sync -e {store.name}, deploy")


def replace_at_once(store: Store, name: str, value: Secret, *, now: datetime) -> Turn:
    """Replace a secret without overlap: what the old one opened is shut."""
    new = store.with_entry(name, value, now).without(name + PREVIOUS).with_rotation(name, None)
    return Turn(new, DONE, f"replaced: refctl secrets sync -e {store.name}, and deploy")
