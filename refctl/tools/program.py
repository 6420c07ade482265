"""Where a program is that may come with refctl's own environment."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path


def find(name: str) -> str | None:
    """Return the program beside this interpreter, else the one on PATH, else None."""
    own = Path(sys.executable).parent / name
    return str(own) if own.is_file() else shutil.which(name)
