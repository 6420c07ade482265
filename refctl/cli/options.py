"""The options that every command has."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from refctl.core.console import Console


@dataclass(frozen=True, slots=True)
class Context:
    """What a command gets beside its own parameters."""

    console: Console
    json: bool
    dry_run: bool
