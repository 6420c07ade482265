"""What is wrong with the secrets that are kept: pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from refctl.secrets.catalogue import PREVIOUS, is_placeholder

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from refctl.core.config_secrets import Secrets
    from refctl.secrets.catalogue import Kind
    from refctl.secrets.store import Store

KEY_LENGTH = 32
PASSWORD_LENGTH = 16
DISTINCT = 10
STALE = timedelta(days=7)
"""A replacement that rests for so long was forgotten."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something wrong, or soon to be."""

    store: str
    name: str
    problem: str
    hint: str
    grave: bool = True


def judge(
    stores: Mapping[str, Store], kinds: Sequence[Kind], config: Secrets, now: datetime
) -> list[Finding]:
    """Return everything that is wrong with these stores."""
    found: list[Finding] = []
    known = {kind.name: kind for kind in kinds}
    for name, store in stores.items():
        for kind in kinds:
            if name in kind.stores and kind.name not in store.entries:
                hint = f"refctl secrets {'init' if kind.make else f'set {kind.name}'} -e {name}"
                found.append(Finding(name, kind.name, "missing", hint))
        for secret in store.entries:
            found += _judge_one(store, secret, _kind_of(secret, known), config, now)
        for secret, rotation in store.rotations.items():
            if now - rotation.at > STALE:
                hint = f"refctl secrets rotate {secret} -e {name}"
                found.append(Finding(name, secret, "its replacement was begun and rests", hint))
    return [*found, *_shared(stores, known)]


def _kind_of(name: str, known: Mapping[str, Kind]) -> Kind | None:
    """Return what a secret is; the one before is what its key is."""
    return known.get(name) or known.get(name.removesuffix(PREVIOUS))


def _renewal(name: str, kind: Kind | None, store: str) -> str:
    """Return the command that replaces a secret: what is not made here comes by `set`."""
    if kind and kind.make:
        return f"refctl secrets rotate {kind.name} -e {store}"
    return f"refctl secrets set {name} -e {store}"


def _judge_one(
    store: Store, name: str, kind: Kind | None, config: Secrets, now: datetime
) -> Iterable[Finding]:
    entry = store.entries[name]
    strength = weakness(name, entry.value.reveal())
    again = _renewal(name, kind, store.name)
    if strength:
        yield Finding(store.name, name, strength, again)
    days = kind.rotate_days if kind else config.rotate_days
    due = entry.set_at + timedelta(days=days)
    if name.endswith(PREVIOUS) or name in store.rotations:
        return
    if due <= now:
        yield Finding(
            store.name,
            name,
            f"expired {_days(now - due)} ago" if (now - due).days else "expired today",
            again,
        )
    elif due - now <= timedelta(days=config.remind_days):
        problem = f"due in {_days(due - now)}"
        yield Finding(store.name, name, problem, again, grave=False)


def _days(span: timedelta) -> str:
    return f"{span.days} day{'' if span.days == 1 else 's'}"


def weakness(name: str, value: str) -> str:
    """Return what makes a value easy to guess, or nothing."""
    ours = _is_ours(name, value)
    address = ours and "://" in value
    try:
        word = unquote(urlsplit(value).password or "") if address else value
    except ValueError:
        return "not an address"
    if not word.strip():
        return "no password in it" if address else "empty"
    # Documents and addresses that others issue have all kinds of words in them.
    document = not ours and ("://" in word or word.lstrip().startswith("{"))
    if is_placeholder(word) and not document:
        return "a placeholder"
    least = PASSWORD_LENGTH if "PASSWORD" in name or address else KEY_LENGTH
    if ours and len(word) < least:
        return f"weak: {len(word)} characters, of {least}"
    return "weak: few different characters" if len(set(word)) < DISTINCT else ""


def _is_ours(name: str, value: str) -> bool:
    """Return whether we choose it: of a key that others issue, they choose length and form."""
    if name.startswith(("AWS_", "GCP_", "DOCKER_")):
        return False
    # A page of others, such as a webhook, is secret as a whole; a database asks for a password.
    if name.endswith("_URL"):
        return not value.startswith(("https://", "http://"))
    return name.endswith(("_SECRET_KEY", "_SECRET_KEY" + PREVIOUS, "PASSWORD"))


def _shared(stores: Mapping[str, Store], known: Mapping[str, Kind]) -> Iterable[Finding]:
    """Yield what is the same in two environments: who has one has the other."""
    seen: dict[tuple[str, str], str] = {}
    for store in stores.values():
        for name, entry in store.entries.items():
            if store.name in {"repository", "dependabot"}:
                continue
            key = (name, entry.value.reveal())
            if key in seen:
                problem = f"the same as in {seen[key]}"
                hint = _renewal(name, _kind_of(name, known), store.name)
                yield Finding(store.name, name, problem, hint)
            seen.setdefault(key, store.name)
