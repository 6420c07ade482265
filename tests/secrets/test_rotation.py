"""The phases of a replacement, and that no replica ever meets a key that it does not know."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from refctl.core.errors import UsageError
from refctl.core.redact import Secret
from refctl.secrets.rotation import ANNOUNCED, DONE, SWAPPED, Turn, replace_at_once, turn
from refctl.secrets.store import Sent, Store

NOW = datetime(2026, 11, 27, 10, tzinfo=UTC)
HOUR = timedelta(hours=1)
NAME = "JWT_SECRET_KEY"


def go_on(store: Store, at: datetime = NOW) -> Turn:
    return turn(store, NAME, lambda: Secret("new"), now=at, overlap=HOUR)


def values(store: Store) -> dict[str, str]:
    return {name: entry.value.reveal() for name, entry in store.entries.items()}


def sent(store: Store) -> Store:
    some = {name: Sent(store.digest("github", name), "t") for name in store.entries}
    return replace(store, sent={"github": some})


OLD = Store("production").with_entry(NAME, Secret("old"), NOW - timedelta(days=99))


def test_the_new_key_is_known_then_signs_then_is_alone() -> None:
    first = go_on(OLD)
    assert (first.phase, values(first.store)) == (
        ANNOUNCED,
        {NAME: "old", f"{NAME}_PREVIOUS": "new"},
    )
    second = go_on(first.store)
    assert (second.phase, values(second.store)) == (
        SWAPPED,
        {NAME: "new", f"{NAME}_PREVIOUS": "old"},
    )
    assert second.store.entries[NAME].set_at == NOW
    third = go_on(second.store, NOW + HOUR)
    assert (third.phase, values(third.store)) == (DONE, {NAME: "new"})
    assert third.store.rotations == {}


def test_the_old_key_stays_as_long_as_what_it_signed() -> None:
    second = go_on(go_on(OLD).store).store
    with pytest.raises(UsageError, match="what the old key signed is good until 11:00 UTC"):
        go_on(second, NOW + HOUR - timedelta(seconds=1))


def test_a_key_does_not_sign_before_everybody_knows_it() -> None:
    first = go_on(sent(OLD)).store
    with pytest.raises(UsageError, match="github does not know the new key yet") as no:
        go_on(first)
    assert "refctl secrets sync -e production" in no.value.hint
    second = go_on(sent(first)).store
    with pytest.raises(UsageError, match="does not know the new key"):
        go_on(second, NOW + HOUR)
    assert go_on(sent(second), NOW + HOUR).phase == DONE


def test_after_a_leak_the_old_key_is_shut_at_once_in_any_phase() -> None:
    for store in (OLD, go_on(OLD).store, go_on(go_on(OLD).store).store):
        done = replace_at_once(store, NAME, Secret("fresh"), now=NOW)
        assert values(done.store) == {NAME: "fresh"}
        assert done.store.rotations == {}
