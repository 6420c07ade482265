"""zizmor: the security of workflows and of Dependabot's configuration."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

from refctl.core.errors import StepFailedError
from refctl.core.plan import Run
from refctl.tools.finding import Finding
from refctl.tools.proc import ask
from refctl.tools.program import find as find_program

if TYPE_CHECKING:
    from pathlib import Path

NAME = "zizmor"
TOKENS = ("GH_TOKEN", "GITHUB_TOKEN", "ZIZMOR_GITHUB_TOKEN")
HINT = "uv tool install zizmor, or brew install zizmor"


def find() -> str | None:
    """Return zizmor."""
    return find_program(NAME)


def findings(program: str, root: Path, folder: str, *, offline: bool = False) -> list[Finding]:
    """Return what it has to say, at its strictest useful, of a folder.

    With GH_TOKEN set it also asks GitHub, as for the commit that a version comment means, unless
    `offline`.

    Raises:
        StepFailedError: it could not look.

    """
    said = ask(
        Run(
            (
                *(program, "--quiet", "--no-progress", "--no-exit-codes"),
                *("--persona", "pedantic", "--format", "json-v1"),
                *(("--offline",) if offline else ()),
                folder,
            ),
            cwd=root,
            # A workflow that runs here has no token and passes an empty one on.
            env={name: None for name in TOKENS if not os.environ.get(name)},
        )
    )
    if said.code != 0:
        raise StepFailedError(
            f"zizmor ended with exit code {said.code}",
            detail=tuple(said.err.splitlines()[-25:]),
        )
    return [_finding(one, root) for one in json.loads(said.out)]


def _finding(one: dict[str, Any], root: Path) -> Finding:
    places = one["locations"]
    place = next((p for p in places if p["symbolic"]["kind"] == "Primary"), places[0])
    key = next(iter(place["symbolic"]["key"].values()))
    file = root / str(key.get("given_path") or key.get("verbatim_path"))
    start = place["concrete"]["location"]["start_point"]
    return Finding(
        f"{one['desc']}: {place['symbolic']['annotation']}",
        f"{NAME}/{one['ident']}",
        str(file.resolve().relative_to(root.resolve())),
        start["row"] + 1,
        start["column"] + 1,
    )
