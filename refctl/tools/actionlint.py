"""actionlint: the syntax, the expressions and the scripts of workflows.

It comes as source or from its own download page: where it is missing, Go builds it, pinned.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from refctl.core.errors import StepFailedError
from refctl.core.plan import Run, Step
from refctl.tools.finding import Finding
from refctl.tools.proc import ask

if TYPE_CHECKING:
    from collections.abc import Sequence

NAME = "actionlint"
VERSION = "1.7.12"
HINT = (
    f"go install github.com/rhysd/actionlint/cmd/actionlint@v{VERSION}, or brew install actionlint"
)


def find_actionlint(tools: Path) -> Path | None:
    """Return the program: the pinned one, else PATH's or that of Go's own folder."""
    pinned = tools / f"{NAME}-{VERSION}" / NAME
    if pinned.is_file():
        return pinned
    # Go's folder is often not on PATH.
    found = shutil.which(NAME) or shutil.which(NAME, path=str(Path.home() / "go" / "bin"))
    return Path(found) if found else None


def install_actionlint(tools: Path) -> Step | None:
    """Return the step that builds it, or None where there is no Go."""
    go = shutil.which("go")
    if go is None:
        return None
    return Step(
        "actionlint",
        f"Get actionlint {VERSION}",
        (
            Run(
                (go, "install", f"github.com/rhysd/actionlint/cmd/actionlint@v{VERSION}"),
                cwd=tools.parent.parent,
                # As it is here: no other Go is fetched for it.
                env={"GOBIN": str(tools / f"actionlint-{VERSION}"), "GOTOOLCHAIN": "local"},
            ),
        ),
        fetches=True,
    )


def findings(program: Path, root: Path, files: Sequence[str]) -> list[Finding]:
    """Return what it has to say of these workflows.

    Raises:
        StepFailedError: it could not look.

    """
    said = ask(Run((str(program), "-no-color", "-format", "{{json .}}", *files), cwd=root))
    # 1 is for findings; anything else is a failure of its own.
    if said.code not in {0, 1}:
        raise StepFailedError(
            f"actionlint ended with exit code {said.code}",
            detail=tuple(said.err.splitlines()[-25:]),
        )
    return [
        Finding(
            one["message"], f"{NAME}/{one['kind']}", one["filepath"], one["line"], one["column"]
        )
        for one in json.loads(said.out or "[]") or []
    ]
