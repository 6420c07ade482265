"""actionlint: the syntax, the expressions and the scripts of workflows."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from refctl.core.errors import StepFailedError
from refctl.core.plan import Run
from refctl.tools.finding import Finding
from refctl.tools.proc import ask
from refctl.tools.program import find as find_program

if TYPE_CHECKING:
    from collections.abc import Sequence

NAME = "actionlint"
VERSION = "1.7.12"
HINT = (
    f"go install github.com/rhysd/actionlint/cmd/actionlint@v{VERSION}, or brew install actionlint"
)


def find() -> str | None:
    """Return actionlint; Go's own folder counts, as it is often not on PATH."""
    return find_program(NAME) or shutil.which(NAME, path=str(Path.home() / "go" / "bin"))


def findings(program: str, root: Path, files: Sequence[str]) -> list[Finding]:
    """Return what it has to say of these workflows.

    Raises:
        StepFailedError: it could not look.

    """
    said = ask(Run((program, "-no-color", "-format", "{{json .}}", *files), cwd=root))
    # 1 is for findings; anything else is a failure of its own.
    if said.code not in {0, 1}:
        raise StepFailedError(
            f"actionlint ended with exit code {said.code}",
            detail=tuple(said.err.splitlines()[-25:]),
        )
    return [
        Finding(one["filepath"], one["line"], NAME, one["kind"], one["message"])
        for one in json.loads(said.out or "[]") or []
    ]
