"""What every target has in common: what was sent is remembered, and what was done is told."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from refctl.core.errors import UsageError
from refctl.core.result import Result, Table
from refctl.secrets.catalogue import ENVIRONMENTS
from refctl.secrets.store import Sent

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from refctl.secrets.session import Session
    from refctl.secrets.store import Store


def only_environments(name: str) -> None:
    """Refuse a store that no environment of the application reads.

    Raises:
        UsageError: it is one of GitHub's own.

    """
    if name not in ENVIRONMENTS:
        raise UsageError(f"{name} is GitHub's own", hint=f"refctl secrets sync -e {name}")


def differing(wanted: Mapping[str, str], there: Mapping[str, str]) -> dict[str, str]:
    """Return what has to be set where values can be read back, each with the reason."""
    return {
        name: "differs there" if name in there else "is not there"
        for name, value in wanted.items()
        if there.get(name) != value
    }


def remember(session: Session, store: Store, target: str, dates: Mapping[str, str]) -> None:
    """Write down what the target has now, each with when it says that it was set."""
    sent = {
        name: Sent(store.digest(target, name), dates[name])
        for name in store.entries
        if name in dates
    }
    # Not by what was just sent: a run that ended before this line left it to the next one.
    if store.sent.get(target) == sent:
        return
    after = replace(store, sent={**store.sent, target: sent})
    session.do([session.writing(after, f"Remember what {target} has of {store.name}")])


def told(
    session: Session,
    target: str,
    place: str,
    put: Mapping[str, str],
    gone: Sequence[str],
    lines: Sequence[str],
    more: Mapping[str, object] | None = None,
) -> Result:
    """Return what was sent, or would be, and why; `more` is for programs."""
    rows = tuple(
        [(name, "set", why) for name, why in put.items()]
        + [(name, "removed", "is no longer kept") for name in gone]
    )
    word = "would change" if session.dry_run else "changed"
    total = f"{place}: {len(rows)} {word}" if rows else f"{place}: nothing to do."
    return Result(
        data={
            "target": target,
            "place": place,
            "set": dict(put),
            "removed": list(gone),
            "applied": bool(rows) and not session.dry_run,
            **(more or {}),
        },
        table=Table(("secret", "is", "because it"), rows) if rows else None,
        lines=(*lines, total),
    )
