"""How long each suite took when it last ran whole: the longest start first."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from refctl.core.paths import write_atomically

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

USUAL: Mapping[str, float] = {"cli": 200.0, "backend": 160.0, "e2e": 100.0, "frontend": 60.0}
"""Seconds, until a run has said how long they take here."""


def read(file: Path) -> dict[str, float]:
    """Return the seconds of every suite; a file that is not whole counts as none."""
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
        return {**USUAL, **{str(name): float(seconds) for name, seconds in found.items()}}
    except (OSError, ValueError, TypeError, AttributeError):
        return dict(USUAL)


def write(file: Path, seconds: Mapping[str, float]) -> None:
    """Keep what was measured, beside what was known of the other suites."""
    known = {**read(file), **{name: round(taken, 1) for name, taken in seconds.items()}}
    write_atomically(file, json.dumps(known, indent=2, sort_keys=True) + "\n")
