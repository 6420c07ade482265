"""What stands between a command and the data that it removes."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

from refctl.core.confirm import confirm
from refctl.core.errors import UsageError
from refctl.core.lock import hold

if TYPE_CHECKING:
    from collections.abc import Iterator

    from refctl.core.paths import Paths
    from refctl.data.session import Session
    from refctl.data.target import Target


def require_named(session: Session, target: Target, command: str) -> None:
    """Raise if others rely on the database and only a variable says that it is the one."""
    if not target.is_local and session.environment is None:
        raise UsageError(
            f"ENVIRONMENT={target.environment}: its data is lost only where it is named",
            hint=f"refctl db {command} --environment {target.environment}",
        )


def confirm_loss(session: Session, target: Target, question: str) -> None:
    """Ask, unless there is nothing to lose."""
    if target.file is not None and not target.file.exists():
        return
    loss = f"This removes all data in {target.name} ({target.environment})"
    confirm(session.console, loss, question, yes=session.yes)


@contextmanager
def unused(paths: Paths, target: Target, purpose: str) -> Iterator[None]:
    """Keep `refctl dev` from serving the database meanwhile, or raise because it does."""
    with ExitStack() as stack:
        if target.is_local:
            stack.enter_context(hold(paths.state / "locks", "dev-backend", purpose=purpose))
        yield
