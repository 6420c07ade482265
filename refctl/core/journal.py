"""The journal of a run: newline-delimited JSON, on the disk before and after each step.

A line is written, flushed and fsync'd before a step begins and after it ends, so what a kill
leaves behind says which step was under way. A torn last line is that kill, and is passed over.
"""

from __future__ import annotations

import json
import os
import threading
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from refctl.core.paths import make_folder

if TYPE_CHECKING:
    from pathlib import Path

KEPT = 20


class Journal:
    """Appends the events of one run to `<folder>/<id>.jsonl`."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.Lock()

    @classmethod
    def begin(cls, folder: Path, name: str) -> Journal:
        """Open the journal of a new run of `name`, dropping the oldest of its kind."""
        make_folder(folder)
        for old in sorted(folder.glob(f"{name}-*.jsonl"))[: -KEPT + 1]:
            old.unlink(missing_ok=True)
        moment = datetime.now(UTC).strftime("%Y%m%dT%H%M%S.%fZ")
        return cls(folder / f"{name}-{moment}-{os.getpid()}.jsonl")

    def write(self, event: str, **fields: Any) -> None:
        """Append one event and wait until the disk has it."""
        entry = {"at": datetime.now(UTC).isoformat(), "event": event, **fields}
        data = (json.dumps(entry, ensure_ascii=False) + "\n").encode()
        with self._lock:
            descriptor = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            try:
                os.write(descriptor, data)
                os.fsync(descriptor)
            finally:
                os.close(descriptor)

    def events(self) -> list[dict[str, Any]]:
        """Return all whole events, oldest first."""
        if not self.path.exists():
            return []
        events = []
        for line in self.path.read_text(encoding="utf-8", errors="replace").splitlines():
            try:
                events.append(json.loads(line))
            except ValueError:
                continue  # torn by a kill
        return events

    def done(self) -> frozenset[str]:
        """Return the ids of the steps that ended well: what a resumed run skips."""
        return frozenset(e["step"] for e in self.events() if e["event"] == "step-done")

    @classmethod
    def unfinished_steps(cls, folder: Path, name: str) -> frozenset[str]:
        """Return the steps that no kept run ended well after they last began."""
        unfinished: set[str] = set()
        for path in sorted(folder.glob(f"{name}-*.jsonl")):
            journal = cls(path)
            unfinished = (unfinished | journal.unfinished()) - journal.done()
        return frozenset(unfinished)

    def unfinished(self) -> frozenset[str]:
        """Return the ids of the steps that began and did not end well."""
        begun = {e["step"] for e in self.events() if e["event"] == "step-started"}
        return frozenset(begun - self.done())
