"""Locks with an owner. The kernel frees them when the owner dies, so none is ever stale."""

from __future__ import annotations

import json
import os
import time
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from refctl.core.errors import LockedError
from refctl.core.paths import make_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


@contextmanager
def hold(
    folder: Path,
    name: str,
    *,
    purpose: str,
    wait: float = 0.0,
    on_wait: Callable[[str], None] | None = None,
) -> Iterator[None]:
    """Hold the lock `name` while the block runs, waiting up to `wait` seconds for it.

    Raises:
        LockedError: another process holds it; the message says which and since when.

    """
    from filelock import FileLock, Timeout

    make_folder(folder)
    owner = folder / f"{name}.owner.json"
    lock = FileLock(folder / f"{name}.lock")
    try:
        lock.acquire(timeout=0)
    except Timeout:
        if wait and on_wait:
            on_wait(f"Waiting: {_describe(owner)}.")
        try:
            lock.acquire(timeout=wait, poll_interval=0.1)
        except Timeout:
            raise LockedError(
                f"{purpose} has to wait: {_describe(owner)}",
                hint="stop it with Ctrl-C in its terminal, or wait for it to end",
            ) from None
    try:
        since = datetime.fromtimestamp(time.time(), UTC).isoformat(timespec="seconds")
        owner.write_text(json.dumps({"pid": os.getpid(), "since": since, "purpose": purpose}))
        yield
    finally:
        owner.unlink(missing_ok=True)
        lock.release()


def _describe(owner: Path) -> str:
    try:
        record = json.loads(owner.read_text())
    except (OSError, ValueError):
        return "another refctl is at work in this checkout"
    return (
        f"refctl with process id {record['pid']} is {record['purpose']} in this checkout"
        f" (since {record['since']})"
    )
