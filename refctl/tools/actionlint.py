"""actionlint: from PATH, else built by Go at a pinned version.

It comes as source or from its own download page; no package has it built.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from refctl.core.plan import Run, Step

VERSION = "1.7.12"
HOW = (
    "actionlint is not here: install Go or actionlint "
    "(https://github.com/rhysd/actionlint), and put it on PATH"
)


def find_actionlint(tools: Path) -> Path | None:
    """Return the program: the pinned one, else PATH's."""
    pinned = tools / f"actionlint-{VERSION}" / "actionlint"
    if pinned.is_file():
        return pinned
    found = shutil.which("actionlint")
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
