"""What the backend says of its own settings, by its `scripts.config`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from refctl.core.errors import StepFailedError
from refctl.core.plan import Run
from refctl.tools.proc import ask, interrupts
from refctl.workspace.ready import make_ready
from refctl.workspace.setup import Wanted

if TYPE_CHECKING:
    from refctl.core.config import Config
    from refctl.core.console import Console
    from refctl.core.paths import Paths

WANTED = Wanted(frontend=False, database=False, env=False)


def answer(paths: Paths, config: Config, console: Console, *arguments: str) -> dict[str, Any]:
    """Return what it answers; the backend is installed first, where that is needed.

    Raises:
        StepFailedError: it cannot answer; with its last words.

    """
    with interrupts():
        make_ready(paths, config, console, WANTED)
        said = ask(
            Run(
                (str(paths.backend_python), "-m", "scripts.config", *arguments),
                cwd=paths.backend,
            )
        )
    try:
        answer = json.loads(said.out)
    except ValueError:
        raise StepFailedError(
            f"the backend's scripts.config ended with exit code {said.code}",
            hint="correct what its last lines name",
            detail=tuple(said.err.splitlines()[-25:]),
        ) from None
    if not isinstance(answer, dict):
        raise StepFailedError("the backend's scripts.config did not answer with an object")
    return answer
