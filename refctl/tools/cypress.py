"""Cypress's program, which its package downloads apart: where it is, if it is here."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path


def find_cypress(frontend: Path) -> str | None:
    """Return the installed program of the version that the frontend pins, or None."""
    try:
        manifest = json.loads((frontend / "node_modules/cypress/package.json").read_text())
    except (OSError, ValueError):
        return None
    given = os.environ.get("CYPRESS_CACHE_FOLDER")
    if given:
        cache = Path(given)
    elif sys.platform == "darwin":
        cache = Path.home() / "Library" / "Caches" / "Cypress"
    else:
        cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "Cypress"
    folder = cache / str(manifest["version"])
    for name in ("Cypress/Cypress", "Cypress.app/Contents/MacOS/Cypress"):
        if (folder / name).exists():
            return str(folder / name)
    return None
