"""Asking before something is lost."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from refctl.core.errors import UsageError

if TYPE_CHECKING:
    from refctl.core.console import Console


def confirm(console: Console, loss: str, question: str, *, yes: bool) -> None:
    """Return if the answer is yes, given beforehand or at the terminal.

    Raises:
        UsageError: it was no, or nobody can be asked.

    """
    if yes:
        return
    if not sys.stdin.isatty():
        raise UsageError(f"{loss}, and nobody can be asked", hint="add --yes")
    console.error(f"{loss}.")
    if input(f"{question} [y/N] ").strip().lower() not in {"y", "yes"}:
        raise UsageError("nothing was changed")
