"""Making, setting, listing and replacing what is kept."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from refctl.core.errors import UsageError
from refctl.core.plan import Step, WriteFile
from refctl.core.result import Result, Table
from refctl.secrets import catalogue, database, rotation, store
from refctl.secrets.catalogue import PREVIOUS
from refctl.secrets.judgement import weakness
from refctl.tools import age

if TYPE_CHECKING:
    from collections.abc import Sequence

    from refctl.core.redact import Secret
    from refctl.secrets.catalogue import Kind
    from refctl.secrets.session import Session
    from refctl.secrets.store import Store

HEADER = "# Who can read the secrets of this folder: an age public key a line.\n"
NONE = store.Store("")


def init(session: Session, names: Sequence[str]) -> Result:
    """Make what is missing in these stores, and encrypt again for whom recipients.txt names now."""
    with session.locked():
        kinds = session.kinds()
        told = _make_readable(session)
        whom = store.recipients(session.paths)
        opened = session.open(names)
        made: dict[str, list[str]] = {}
        steps: list[Step] = []
        for name in names:
            before = opened.get(name, store.Store(name))
            after, new = _complete(session, before, kinds)
            if new:
                made[name] = new
            if name in opened and whom and set(before.recipients) != set(whom):
                told += _readers_changed(session, before, whom)
            if new or (name in opened and set(before.recipients) != set(whom)):
                title = f"Keep {', '.join(new) or 'the same'} for {name}"
                # Without an identity, a dry run can only say what would be made.
                steps += [session.writing(after, title)] if whom else []
        lines = session.do(steps)
    verb = "would make" if session.dry_run else "made"
    told += [f"{name}: {verb} {', '.join(some)}" for name, some in made.items()]
    if not steps and not made:
        told.append("Nothing to do: every secret that can be made is there.")
    waiting = [
        (name, kind.name)
        for name in names
        for kind in kinds
        if not kind.make and name in kind.stores and kind.name not in opened.get(name, NONE).entries
    ]
    told += [f"from elsewhere: refctl secrets set {secret} -e {name}" for name, secret in waiting]
    return Result(data={"made": made, "recipients": list(whom)}, lines=(*lines, *told))


def _make_readable(session: Session) -> list[str]:
    """Make sure that there is an identity, and that somebody can read; return what to tell."""
    root = session.paths.root
    identity, told = age.find(root), []
    if identity is None and not session.dry_run:
        identity = age.create(root)
        told = [f"Your identity is {identity.source}: keep a copy, nothing opens without it."]
    if identity is not None and not store.recipients(session.paths):
        file = root / store.FOLDER / store.RECIPIENTS
        action = WriteFile(file, f"{HEADER}{identity.recipient}\n")
        session.do([Step("recipients", "Name who can read secrets", (action,))])
    return told


def _readers_changed(session: Session, before: Store, whom: Sequence[str]) -> list[str]:
    """Say for whom a store is encrypted now, and that who is gone has read what is in it."""
    verb = "would be encrypted" if session.dry_run else "is encrypted"
    told = [f"{before.name}: {verb} anew for {', '.join(whom)}"]
    if gone := [one for one in before.recipients if one not in whom]:
        told.append(
            f"{before.name}: {', '.join(gone)} could read it: replace each secret in it "
            f"(refctl secrets list -e {before.name})"
        )
    return told


def _complete(session: Session, before: Store, kinds: Sequence[Kind]) -> tuple[Store, list[str]]:
    """Return the store with what it lacks and can be made here, and the names of that."""
    after, new = before, []
    for kind in kinds:
        if kind.make and before.name in kind.stores and kind.name not in before.entries:
            value = catalogue.make(kind, before.name, session.config)
            after = after.with_entry(kind.name, value, store.now())
            new.append(kind.name)
    return after, new


def put(session: Session, name: str, secret: str, value: Secret) -> Result:
    """Set a secret to a value that comes from elsewhere.

    Raises:
        UsageError: it is easily guessed, or would shut a key that what was signed still needs.

    """
    if problem := weakness(secret, value.reveal()):
        raise UsageError(
            f"{secret} of {name} is not set: the value is refused ({problem})",
            hint=f"give a stronger one: refctl secrets set {secret} -e {name} < FILE",
        )
    with session.locked():
        before = session.open((name,)).get(name, store.Store(name))
        there = before.entries.get(secret)
        if there is not None and there.value == value:
            return Result(
                data={"store": name, "name": secret, "changed": False},
                lines=(f"{secret} of {name} is that already.",),
            )
        if there is not None and any(k.name == secret and k.overlaps for k in session.kinds()):
            raise UsageError(
                f"{secret} of {name} is in use: to set another shuts what it signed",
                hint=f"refctl secrets rotate {secret} -e {name} (or --at-once after a leak)",
            )
        after = before.with_entry(secret, value, store.now()).with_rotation(secret, None)
        lines = session.do([session.writing(after, f"Set {secret} of {name}")])
    word = "would be set" if session.dry_run else "is set"
    return Result(
        data={"store": name, "name": secret, "changed": True},
        lines=(*lines, f"{secret} of {name} {word}."),
    )


def listing(session: Session, names: Sequence[str]) -> Result:
    """Return what is kept and when it is due, the most pressing first; no value."""
    rows: list[dict[str, Any]] = []
    now = store.now()
    for one in session.open(names).values():
        for name, entry in one.entries.items():
            days = _term(session, name)
            due = entry.set_at + timedelta(days=days)
            rows.append(
                {
                    "store": one.name,
                    "name": name,
                    "set_at": entry.set_at.isoformat(),
                    "age_days": (now - entry.set_at).days,
                    "due": due.date().isoformat(),
                    "due_in_days": (due - now).days,
                    "state": _state(one, name),
                    "kid": _kid(name, entry.value),
                    "sent": sorted(
                        target
                        for target, some in one.sent.items()
                        if name in some and some[name].digest == one.digest(target, name)
                    ),
                }
            )
    rows.sort(key=lambda row: (row["due"], row["store"], row["name"]))
    table = tuple(
        (
            *(row["store"], row["name"], f"{row['age_days']} days", row["due"]),
            *(row["state"], row["kid"] or "-", ", ".join(row["sent"]) or "-"),
        )
        for row in rows
    )
    columns = ("store", "secret", "age", "due", "state", "kid", "sent to")
    return Result(
        data={"secrets": rows},
        table=Table(columns, table) if rows else None,
        lines=() if rows else ("Nothing is kept: refctl secrets init",),
    )


def _term(session: Session, name: str) -> int:
    known = session.config.secrets.variables.get(name)
    return (known.rotate_days if known else None) or session.config.secrets.rotate_days


def _state(one: Store, name: str) -> str:
    base = name.removesuffix(PREVIOUS)
    if base in one.rotations:
        phase = one.rotations[base].phase
        if name != base:
            return "not used yet" if phase == rotation.ANNOUNCED else "still valid"
        return f"being replaced: {phase}"
    return "in use"


def _kid(name: str, value: Secret) -> str:
    """Return what tokens call a key, as the application does; it tells nothing of the key."""
    if not name.removesuffix(PREVIOUS).endswith("_SECRET_KEY"):
        return ""
    return hashlib.sha256(f"kid:{value.reveal()}".encode()).hexdigest()[:16]


def rotate(session: Session, name: str, secret: str, *, at_once: bool) -> Result:
    """Go on with a secret's replacement."""
    with session.locked():
        before = session.require(name)
        kinds = session.kinds()
        kind = next((one for one in kinds if one.name == secret), None)
        if kind is None and secret not in before.entries:
            there = sorted({*before.entries, *(k.name for k in kinds if name in k.stores)})
            raise UsageError(
                f"there is no {secret} of {name}; there are {', '.join(there)}",
                hint="refctl secrets list",
            )
        if kind is None or not kind.make or secret not in before.entries:
            raise UsageError(
                f"{secret} of {name} is not made here",
                hint=f"get a new one where it comes from, then: "
                f"refctl secrets set {secret} -e {name}",
            )
        overlap = timedelta(minutes=session.config.secrets.overlap_minutes)
        steps: list[Step] = []
        # A killed run could not remove it; under the lock none is in use.
        for left in session.paths.state.glob(database.SCRIPTS):
            left.unlink()
        script = database.script_in(session.paths.state)
        if kind.make == "url":
            done, steps = database.turn(
                before, secret, script, now=store.now(), overlap=overlap, at_once=at_once
            )
        elif kind.overlaps and not at_once:
            done = rotation.turn(
                before,
                secret,
                lambda: catalogue.make(kind, name, session.config),
                now=store.now(),
                overlap=overlap,
            )
        else:
            value = catalogue.make(kind, name, session.config)
            done = rotation.replace_at_once(before, secret, value, now=store.now())
        title = f"Replace {secret} of {name}: {done.phase}"
        # Kept only once the database has taken it.
        last = session.writing(done.store, title, needs=tuple(step.id for step in steps))
        try:
            lines = session.do([*steps, last])
        finally:
            script.unlink(missing_ok=True)
    return Result(
        data={"store": name, "name": secret, "phase": done.phase, "next": done.after},
        lines=(*lines, f"{secret} of {name}: {done.after}"),
    )
