"""The empty databases that the benchmarks of the backend use."""

from __future__ import annotations

import tempfile
import warnings
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from contextlib import ExitStack


def create_database(stack: ExitStack, kind: str) -> str | None:
    """Return the address of a `sqlite` or `postgresql` one; None where it cannot be had."""
    folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
    if kind == "sqlite":
        return f"sqlite:///{folder / 'app.db'}"
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # without XDG_RUNTIME_DIR its import warns
            import pgserver
    except ImportError:
        return None
    server = pgserver.get_server(folder / "pg", cleanup_mode="delete")
    stack.callback(server.cleanup)
    return server.get_uri()
