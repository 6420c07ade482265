"""What a linter has to say of one place."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One remark."""

    file: str
    """Relative to the project."""
    line: int
    tool: str
    rule: str
    message: str
