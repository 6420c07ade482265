"""What a database holds: the demo data, or nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from refctl.core.errors import ConfigurationError
from refctl.core.result import Result
from refctl.data import plans
from refctl.data.loss import confirm_loss, require_named, unused
from refctl.data.session import do, make_ready, preview
from refctl.data.target import find
from refctl.tools.proc import interrupts

if TYPE_CHECKING:
    from refctl.data.session import Session


def seed(session: Session) -> Result:
    """Add the demo data."""
    target = find(session.paths, session.environment)
    if not target.is_local:
        raise ConfigurationError(
            f"demo data has no place in {target.environment}",
            hint="refctl db seed --environment development",
        )
    todo = plans.seed(session.paths, target)
    if session.dry_run:
        return preview(session, target, todo)
    with interrupts():
        make_ready(session, target)
        said = do(session, todo)
    return Result(data={"database": target.name, "said": said}, lines=tuple(said))


def reset(session: Session) -> Result:
    """Empty the database, migrate it and, where it is local, seed it."""
    target = find(session.paths, session.environment)
    todo = plans.reset(session.paths, target)
    if session.dry_run:
        return preview(session, target, todo)
    require_named(session, target, "reset")
    confirm_loss(session, target, "Start over?")
    with interrupts(), unused(session.paths, target, "emptying the database"):
        make_ready(session, target)
        do(session, todo)
    filled = " and filled with the demo data" if target.is_local else ""
    return Result(
        data={"database": target.name}, lines=(f"{target.name} is empty, migrated{filled}.",)
    )
