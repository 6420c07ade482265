"""What a killed run left behind: found by its record, ended by the next run.

A killed refctl cannot end its services; they would hold their ports for ever. Each service's
process id is recorded together with its start time, because ids are used again.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from refctl.core.paths import write_atomically
from refctl.tools.proc import end_group, group_lives, started_at

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

GRACE = 3.0


def remember(folder: Path, name: str, pid: int) -> None:
    """Record the process group of a service that was just started."""
    write_atomically(
        folder / f"{name}.json", json.dumps({"pid": pid, "started": started_at(pid)}) + "\n"
    )


def forget(folder: Path, name: str) -> None:
    """Drop the record of a service that has ended."""
    (folder / f"{name}.json").unlink(missing_ok=True)


def end(folder: Path, names: Iterable[str]) -> list[str]:
    """End what an earlier run of these services left behind; return whose it was.

    Call it only while holding the services' locks: a live run's services are not left behind.
    """
    ended = []
    for name in names:
        try:
            record = json.loads((folder / f"{name}.json").read_text())
            pid, started = int(record["pid"]), record["started"]
        except (OSError, ValueError, KeyError, TypeError):
            continue
        # No system gives an id to a new process while a group still bears it: with its leader
        # gone, a group of that id is the one that was recorded.
        now = started_at(pid)
        if started is not None and now in {started, None} and group_lives(pid):
            end_group(pid, grace=GRACE)
            ended.append(name)
        forget(folder, name)
    return ended
