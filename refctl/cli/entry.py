"""A command by name, before its module is imported."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Entry:
    """Where a command is, without importing it."""

    name: str
    help: str
    module: str
