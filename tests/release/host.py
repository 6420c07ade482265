"""A host that keeps what it has in a file, so that a killed process leaves it as it was."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from refctl.core.errors import RemoteRefusedError
from refctl.release.hosting import Proposal, Published

if TYPE_CHECKING:
    from pathlib import Path


class FileHost:
    """Releases, workflow runs and pull requests in one JSON file.

    `fails` names a call that is refused: `before` it does anything, or `after`, as when only the
    answer is lost.
    """

    def __init__(self, file: Path, fails: str = "", when: str = "before") -> None:
        self._file = file
        self._fails = fails
        self._when = when

    def state(self) -> dict[str, Any]:
        """Return all that it has."""
        if not self._file.exists():
            return {"releases": {}, "runs": [], "proposals": {}}
        state: dict[str, Any] = json.loads(self._file.read_text())
        return state

    def _keep(self, call: str, state: dict[str, Any]) -> None:
        if self._fails == call and self._when == "before":
            raise RemoteRefusedError(f"{call}: 500")
        self._file.write_text(json.dumps(state))
        if self._fails == call:
            raise RemoteRefusedError(f"{call}: the connection was lost")

    def find(self, tag: str) -> Published | None:
        if self._fails == "find":
            raise RemoteRefusedError("find: 401")
        known = self.state()["releases"].get(tag)
        if known is None:
            return None
        sums = {n: hashlib.sha256(t.encode()).hexdigest() for n, t in known["assets"].items()}
        return Published(tag, known["draft"], sums)

    def create(self, tag: str, *, title: str, notes: str, prerelease: bool) -> Published:
        state = self.state()
        assert tag not in state["releases"], "a second release of one tag"
        state["releases"][tag] = {
            "title": title,
            "notes": notes,
            "prerelease": prerelease,
            "draft": True,
            "assets": {},
        }
        self._keep("create", state)
        return Published(tag, draft=True, assets={})

    def upload(self, release: Published, file: Path) -> None:
        state = self.state()
        assets = state["releases"][release.id]["assets"]
        assert file.name not in assets, "a second file of one name"
        assets[file.name] = file.read_text()
        self._keep("upload", state)

    def publish(self, release: Published, *, latest: bool) -> str:
        state = self.state()
        state["releases"][release.id] |= {"draft": False, "latest": latest}
        self._keep("publish", state)
        return f"https://host.example/{release.id}"

    def was_started(self, workflow: str, tag: str) -> bool:
        return [workflow, tag] in self.state()["runs"]

    def start(self, workflow: str, tag: str) -> None:
        state = self.state()
        state["runs"].append([workflow, tag])
        self._keep("start", state)

    def propose(self, *, head: str, base: str, title: str, body: str) -> Proposal:
        state = self.state()
        state["proposals"][head] = {"base": base, "title": title, "body": body}
        self._keep("propose", state)
        return Proposal(1, "https://host.example/pull/1")
