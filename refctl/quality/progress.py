"""How the suites of a run are shown while they run."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from refctl.core.console import without_controls
from refctl.core.plan import Step

if TYPE_CHECKING:
    from refctl.core.console import Console
    from refctl.core.progress import StepProgress
    from refctl.quality.report import Outcome
    from refctl.quality.suites import Suite

_FAR = re.compile(r"\[ *(\d+)%\]$|\((\d+) of (\d+)\)")
"""How pytest and Cypress say how far they are."""


class SuiteProgress:
    """Shows suites as they start, go on and end, as steps."""

    def __init__(self, console: Console, show: StepProgress) -> None:
        self._console = console
        self._show = show
        self._steps: dict[str, Step] = {}

    def started(self, suite: Suite) -> None:
        """Show that it runs."""
        self._steps[suite.name] = Step(suite.name, suite.name, ())
        self._show(self._steps[suite.name], "started")

    def heard(self, suite: Suite, line: str) -> None:
        """Show how far it is, where a line of its program says so."""
        step = self._steps.get(suite.name)  # a last line may come after the end
        if step and (found := _FAR.search(without_controls(line, colours=False).rstrip())):
            percent, part, parts = found.groups()
            far = f"{percent} %" if percent else f"{part}/{parts}"
            self._show.note(step, far)

    def ended(self, outcome: Outcome) -> None:
        """Show how it ended."""
        step = self._steps.pop(outcome.name, None)
        if outcome.status == "skipped":
            self._console.progress(f"  - {outcome.name} skipped")
        elif step is not None and outcome.status == "stopped":
            self._show.drop(step)
        elif step is not None:
            self._show(step, "done" if outcome.status == "passed" else "failed")
