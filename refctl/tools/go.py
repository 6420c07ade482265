"""Go: builds actionlint at a pinned version, which no registry that we use has built."""

from __future__ import annotations

import shutil
from pathlib import Path

from refctl.core.plan import Run, Step

ACTIONLINT_VERSION = "1.7.12"
ACTIONLINT_HOW = (
    "actionlint is not here: install Go or actionlint "
    "(https://github.com/rhysd/actionlint), and put it on PATH"
)


def find_actionlint(tools: Path) -> Path | None:
    """Return the program: the pinned one, else PATH's."""
    pinned = tools / f"actionlint-{ACTIONLINT_VERSION}" / "actionlint"
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
        f"Get actionlint {ACTIONLINT_VERSION}",
        (
            Run(
                (
                    go,
                    "install",
                    f"github.com/rhysd/actionlint/cmd/actionlint@v{ACTIONLINT_VERSION}",
                ),
                cwd=tools.parent.parent,
                # As it is here: no other Go is fetched for it.
                env={
                    "GOBIN": str(tools / f"actionlint-{ACTIONLINT_VERSION}"),
                    "GOTOOLCHAIN": "local",
                },
            ),
        ),
        fetches=True,
    )
