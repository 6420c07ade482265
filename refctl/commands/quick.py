"""Answers that do not wait for Typer: it takes longer to import than they take."""

from __future__ import annotations

import gc
import os

from refctl.core.errors import RefctlError
from refctl.tools import history


def release_plan(*, json: bool) -> int:
    """`refctl release plan`, with `--json` or nothing."""
    # What is made here is needed until the end, which is near: there is nothing to collect.
    gc.disable()
    folder = os.getcwd()  # noqa: PTH109 - pathlib is slow to import
    try:
        begun = history.begin(folder)
        # While git looks.
        from refctl.cli.render import render
        from refctl.core.console import Console
        from refctl.release import preview

        result = preview.report(preview.look(folder, begun=begun))
    except RefctlError as error:
        error.command = "release plan"
        raise
    render(result, Console(), "release plan", json=json)
    return 0
